//! Statements: labels, where the flow restarts, units, and what is expected of them.

use proc_macro2::{Delimiter, Ident};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::elsewhere::{Assigned, assigned, is_elsewhere, is_prefixed, kept};
use super::expression::expression;
use super::signs::{arrow, bare_labels, sum};
use super::tokens::{expected, group, ident, inside, list, skip};
use super::tree::{Attributes, Expect, Expression, Item, Statement, Unit, UnitKind};
use super::unit::unit;
use super::{Parsed, Parser};
use crate::report::{Error, Place};

/// Whether a labelled statement begins here.
pub(super) fn at_label(input: ParseStream<'_>) -> bool {
    let name = input.peek(Ident::peek_any) || input.peek(syn::token::Paren);
    name && input.peek2(Token![:]) && !input.peek2(Token![::])
}

/// `from label,`
fn restart(input: ParseStream<'_>) -> Parsed<Option<Expression>> {
    let word = input.cursor().ident();
    if word.is_none_or(|(name, _)| name != "from") || input.peek2(syn::token::Paren) {
        return Ok(None);
    }
    skip(input, 1);
    let from = expression(input)?;
    if input.peek(Token![,]) {
        skip(input, 1);
    } else if !(input.is_empty() || input.peek(Token![;]) || input.peek(Token![=>])) {
        return Err(expected(input, "`,` and a layer"));
    }
    Ok(Some(from))
}

/// What stands before a `=`: a label, or the variable of what is not written in this
/// language. Such a layer is an error, which tells of the whole statement.
fn defined(
    Assigned { label, error }: Assigned,
    units: &[Unit],
    labels: &mut Vec<Ident>,
    parser: &mut Parser,
) -> (bool, Option<Ident>) {
    let [unit] = units else {
        parser.errors.push(error);
        labels.push(label);
        return (false, None);
    };
    if !is_elsewhere(unit) {
        parser.errors.push(error);
        labels.push(label);
        return (false, None);
    }
    match kept(label.clone(), unit) {
        Some(label) => {
            labels.push(label);
            (true, None)
        }
        None => (true, Some(label)),
    }
}

/// What stands before the units of a statement.
struct Begun {
    start: Place,
    labels: Vec<Ident>,
    assigned: Option<Assigned>,
    from: Option<Expression>,
}

/// The units of a statement.
struct Read {
    units: Vec<Unit>,
    /// All of the statement so far.
    place: Place,
    /// Whether the last of them ends in a brace.
    braced: bool,
    /// The comma behind the last.
    comma: Option<Place>,
}

pub(super) fn statement(
    attributes: Attributes,
    input: ParseStream<'_>,
    items: &mut Vec<Item>,
    parser: &mut Parser,
) -> Parsed<()> {
    let mut begun = begun(input)?;
    let mut read = Read {
        units: Vec::new(),
        place: begun
            .from
            .as_ref()
            .map_or(begun.start, |from| begun.start.to(from.place)),
        braced: false,
        comma: None,
    };
    while !(input.is_empty() || input.peek(Token![;]) || input.peek(Token![=>])) {
        if relabelled(&mut begun, &mut read, input, parser) {
            continue;
        }
        let unit = unit(input, parser)?;
        if !joined(unit, &mut begun, &mut read, input, parser) {
            break;
        }
    }
    items.push(finished(attributes, begun, read, input, parser)?);
    Ok(())
}

fn begun(input: ParseStream<'_>) -> Parsed<Begun> {
    let start = Place::at(input.span());
    let labels = labels(input)?;
    let assigned = if labels.is_empty() {
        assigned(input)
    } else {
        None
    };
    Ok(Begun {
        start,
        labels,
        assigned,
        from: restart(input)?,
    })
}

/// Takes units for the labels of several results that are written without parentheses.
fn relabelled(
    begun: &mut Begun,
    read: &mut Read,
    input: ParseStream<'_>,
    parser: &mut Parser,
) -> bool {
    if !read.units.is_empty()
        && at_label(input)
        && let Some((names, error)) = bare_labels(&read.units, input)
        && begun.labels.is_empty()
        && begun.from.is_none()
    {
        parser.errors.push(error);
        begun.labels = names;
        read.units.clear();
        return true;
    }
    false
}

/// Adds a unit, and what joins it to the next; whether there may be one.
fn joined(
    mut unit: Unit,
    begun: &mut Begun,
    read: &mut Read,
    input: ParseStream<'_>,
    parser: &mut Parser,
) -> bool {
    if let Some(error) = sum(&mut unit, input) {
        parser.errors.push(error);
    }
    read.place = begun.start.to(unit.place);
    read.braced = ends_in_brace(&unit);
    read.units.push(unit);
    read.comma = None;
    if input.peek(Token![->]) && input.peek3(Ident::peek_any) {
        let error = arrow(&mut read.units, &mut begun.from, input, &parser.labels);
        parser.errors.push(error);
        return true;
    }
    if input.peek(Token![,]) {
        read.comma = Some(Place::at(input.span()));
        skip(input, 1);
        read.braced = false;
        return true;
    }
    false
}

/// What stands behind the units.
fn finished(
    attributes: Attributes,
    begun: Begun,
    read: Read,
    input: ParseStream<'_>,
    parser: &mut Parser,
) -> Parsed<Item> {
    let Begun {
        start,
        mut labels,
        assigned,
        from,
    } = begun;
    let Read {
        units,
        mut place,
        mut braced,
        comma,
    } = read;
    if units.is_empty() && from.is_none() {
        return Err(expected(input, "a layer"));
    }
    let mut expect = None;
    if input.peek(Token![=>]) {
        skip(input, 2);
        braced = false;
        let (value, end) = expectation(input)?;
        place = start.to(end);
        expect = Some(value);
    }
    parser.labels.extend(labels.iter().map(ToString::to_string));
    let (foreign, variable) = match assigned {
        Some(assigned) => defined(assigned, &units, &mut labels, parser),
        None => (false, None),
    };
    let mut statement = Statement {
        attributes,
        labels,
        from,
        units,
        expect,
        foreign,
        variable,
        place,
    };
    if input.peek(Token![;]) {
        skip(input, 1);
        return Ok(Item::Statement(statement));
    }
    if braced {
        return Ok(Item::Statement(statement));
    }
    let next = begins_unit(input);
    let elsewhere = foreign || statement.units.last().is_some_and(is_prefixed);
    if elsewhere && statement.expect.is_none() && (next || at_label(input) || input.is_empty()) {
        statement.foreign = true;
        if let Some(comma) = comma {
            statement.place = start.to(comma);
        }
    } else if at_label(input) {
        // What follows is a statement of its own: this one is whole.
        let end = Place::at(statement.place.last);
        let error = Error::new(end, "expected `;` at the end of the statement");
        parser.errors.push(error.help("`;` after it"));
    } else if next {
        parser.errors.push(missing_separator(input, &statement));
    } else if !input.is_empty() {
        // The last one may end without it, as in Rust.
        return Err(missing_separator(input, &statement));
    }
    Ok(Item::Statement(statement))
}

/// Whether a unit begins here: the statement before it lacks its end.
fn begins_unit(input: ParseStream<'_>) -> bool {
    let word = input.cursor().ident().map(|(word, _)| word.to_string());
    let is_unit = input.peek2(syn::token::Paren)
        || input.peek2(Token![,])
        || input.peek2(Token![;])
        || input.peek2(Token![.])
        || input.peek2(Token![=]) && !input.peek2(Token![==]);
    word.is_some_and(|word| !matches!(word.as_str(), "shortcut" | "else" | "as")) && is_unit
}

/// A statement that goes on where it should not.
fn missing_separator(input: ParseStream<'_>, statement: &Statement) -> Error {
    if statement.expect.is_some() {
        let error = expected(input, "`;`");
        return if input.peek(Ident::peek_any) {
            error.help("`;` before it")
        } else {
            error
        };
    }
    let error = expected(input, "`,`, `=>` or `;`");
    if input.peek(Ident::peek_any) {
        return error.help("`,` before it, or `;` where a statement ends");
    }
    if input.peek(Token![->]) {
        return error.help("write `=>`");
    }
    error
}

pub(super) fn labels(input: ParseStream<'_>) -> Parsed<Vec<Ident>> {
    if at_label(input) && !input.peek(syn::token::Paren) {
        let label = ident(input);
        skip(input, 1);
        return Ok(label.into_iter().collect());
    }
    if input.peek(syn::token::Paren) && input.peek2(Token![:]) {
        let Some(names) = group(input, Delimiter::Parenthesis) else {
            return Ok(Vec::new());
        };
        skip(input, 1);
        let labels = inside(&names, |input| {
            list(input, |input| {
                ident(input).ok_or_else(|| expected(input, "a label"))
            })
        })?;
        if labels.is_empty() {
            let place = Place::at(names.span_open()).to(Place::at(names.span_close()));
            return Err(Error::new(place, "there is no label in the parentheses"));
        }
        return Ok(labels);
    }
    Ok(Vec::new())
}

fn expectation(input: ParseStream<'_>) -> Parsed<(Expect, Place)> {
    let span = input.span();
    if input.peek(Token![?]) {
        skip(input, 1);
        return Ok((Expect::Hole(span), Place::at(span)));
    }
    if input.peek(syn::token::Paren)
        && let Some(shapes) = group(input, Delimiter::Parenthesis)
    {
        let end = Place::at(shapes.span_close());
        return Ok((
            Expect::Shapes(inside(&shapes, |input| list(input, expression))?),
            end,
        ));
    }
    if input.is_empty() || input.peek(Token![;]) {
        return Err(expected(input, "a shape after `=>`")
            .help("`=> ?` asks for the shape, without `=>` none is checked"));
    }
    let shape: Expression = expression(input)?;
    let place = shape.place;
    Ok((Expect::Shapes(vec![shape]), place))
}

fn ends_in_brace(unit: &Unit) -> bool {
    matches!(
        unit.kind,
        UnitKind::Group(_)
            | UnitKind::Residual(_)
            | UnitKind::Merge(_)
            | UnitKind::Repeat(_)
            | UnitKind::If(_)
    )
}
