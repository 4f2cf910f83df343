//! Statements, assertions and `let`.

use proc_macro2::{Delimiter, Ident};
use shapewise_core::arithmetic::Comparison;
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::attributes::attributes;
use super::elsewhere::{Assigned, assigned, is_elsewhere, is_prefixed, kept};
use super::expression::expression;
use super::signs::{arrow, bare_labels, sum};
use super::tokens::{expected, group, ident, inside, list, skip};
use super::tree::{
    Assertion, Attributes, Body, Broken, Expect, Expression, Id, Item, Let, Statement, Unit,
    UnitKind,
};
use super::unit::unit;
use super::{Parsed, Parser};
use crate::report::{Error, Place};

/// All items of a body. After one that cannot be read, the next is tried.
pub(super) fn items(input: ParseStream<'_>, items: &mut Vec<Item>, parser: &mut Parser) {
    while !input.is_empty() {
        if input.peek(Token![;]) {
            skip(input, 1);
            continue;
        }
        let labels = labels(&input.fork()).unwrap_or_default();
        let start = input.cursor();
        match item(input, parser) {
            Ok(item) => items.extend(item),
            Err(error) => {
                parser.errors.push(error);
                let stuck = input.cursor() == start;
                let expect = if at_label(input) && !stuck {
                    None
                } else {
                    recover(input)
                };
                items.push(Item::Broken(Broken { labels, expect }));
            }
        }
    }
}

/// Skips to the next statement: beyond a semicolon, or to a label. A shape
/// that is expected on the way is kept: checking goes on from there.
fn recover(input: ParseStream<'_>) -> Option<Expression> {
    let mut expect = None;
    while !input.is_empty() {
        if input.peek(Token![;]) {
            skip(input, 1);
            break;
        }
        if input.peek(Token![=>]) {
            skip(input, 2);
            expect = expression(&input.fork()).ok();
            continue;
        }
        skip(input, 1);
        if at_label(input) {
            break;
        }
    }
    expect
}

/// Whether a labelled statement begins here.
fn at_label(input: ParseStream<'_>) -> bool {
    let name = input.peek(Ident::peek_any) || input.peek(syn::token::Paren);
    name && input.peek2(Token![:]) && !input.peek2(Token![::])
}

fn item(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Option<Item>> {
    let attributes = attributes(input)?;
    let labelled = at_label(input);
    if !labelled && input.peek(Token![let]) {
        return binding(attributes, input, parser).map(|binding| Some(Item::Let(binding)));
    }
    let asserts = input
        .cursor()
        .ident()
        .is_some_and(|(name, _)| name == "assert");
    if !labelled && asserts && input.peek2(Ident::peek_any) {
        if let Some(attribute) = attributes.list.first() {
            let headline = format!("an `assert` has no attribute `{}`", attribute.name);
            let error = Error::new(attribute.place, headline);
            let comment = attribute.name == "doc";
            parser.errors.push(error.help(if comment {
                "a comment begins with `//`"
            } else {
                "leave it out"
            }));
        }
        return assertion(input, parser).map(|assertion| Some(Item::Assertion(assertion)));
    }
    if !labelled && begins_block(input) {
        let start = Place::at(input.span());
        let block = super::items::block(attributes, input, parser)?;
        let place = start.to(Place::at(block.name.span()));
        let error = Error::new(place, "a block stands beside the network, not inside of it");
        parser.errors.push(error.help("move it before `struct`"));
        parser.blocks.push(block);
        return Ok(None);
    }
    statement(attributes, input, parser).map(|statement| Some(Item::Statement(statement)))
}

/// Whether a block is declared here: `block Name(...) {`.
fn begins_block(input: ParseStream<'_>) -> bool {
    if input
        .cursor()
        .ident()
        .is_none_or(|(word, _)| word != "block")
    {
        return false;
    }
    let ahead = input.fork();
    skip(&ahead, 1);
    if ident(&ahead).is_none() {
        return false;
    }
    let _ = group(&ahead, Delimiter::Parenthesis);
    ahead.peek(syn::token::Brace)
}

fn binding(attributes: Attributes, input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Let> {
    skip(input, 1);
    let name = ident(input).ok_or_else(|| expected(input, "a name"))?;
    if !input.peek(Token![=]) {
        return Err(expected(input, "`=` and a value"));
    }
    skip(input, 1);
    let value = expression(input)?;
    end(input, "`;` after the value", parser)?;
    Ok(Let {
        attributes,
        name,
        value,
    })
}

fn assertion(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Assertion> {
    let start = Place::at(input.span());
    skip(input, 1);
    let metric = ident(input).ok_or_else(|| expected(input, "a metric"))?;
    let comparison = if input.peek(Token![==]) {
        Comparison::Equal
    } else if input.peek(Token![<=]) {
        Comparison::LessOrEqual
    } else if input.peek(Token![>=]) {
        Comparison::GreaterOrEqual
    } else if input.peek(Token![<]) {
        Comparison::Less
    } else if input.peek(Token![>]) {
        Comparison::Greater
    } else if input.peek(Token![=]) {
        return Err(expected(input, "a comparison").help("write `==`"));
    } else {
        return Err(expected(input, "`==`, `<=`, `>=`, `<` or `>` and a bound"));
    };
    let tokens = comparison.symbol().len();
    skip(input, tokens);
    let bound = expression(input)?;
    let place = start.to(bound.place);
    end(input, "`;` after the bound", parser)?;
    Ok(Assertion {
        metric,
        comparison,
        bound,
        place,
    })
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
    } else if !input.peek(Token![;]) && !input.peek(Token![=>]) {
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

fn statement(
    attributes: Attributes,
    input: ParseStream<'_>,
    parser: &mut Parser,
) -> Parsed<Statement> {
    let start = Place::at(input.span());
    let mut labels = labels(input)?;
    let assigned = if labels.is_empty() {
        assigned(input)
    } else {
        None
    };
    let mut from = restart(input)?;
    let mut units: Vec<Unit> = Vec::new();
    let mut place = from.as_ref().map_or(start, |from| start.to(from.place));
    let mut braced = false;
    let mut comma = None;
    while !(input.is_empty() || input.peek(Token![;]) || input.peek(Token![=>])) {
        if !units.is_empty()
            && at_label(input)
            && let Some((names, error)) = bare_labels(&units, input)
            && labels.is_empty()
            && from.is_none()
        {
            parser.errors.push(error);
            labels = names;
            units.clear();
            continue;
        }
        let mut unit = unit(input, parser)?;
        if let Some(error) = sum(&mut unit, input) {
            parser.errors.push(error);
        }
        place = start.to(unit.place);
        braced = ends_in_brace(&unit);
        units.push(unit);
        if input.peek(Token![->]) && input.peek3(Ident::peek_any) {
            parser
                .errors
                .push(arrow(&mut units, &mut from, input, &parser.labels));
            comma = None;
        } else if input.peek(Token![,]) {
            comma = Some(Place::at(input.span()));
            skip(input, 1);
            braced = false;
        } else {
            comma = None;
            break;
        }
    }
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
        return Ok(statement);
    }
    if braced {
        return Ok(statement);
    }
    let next = begins_unit(input);
    let elsewhere = foreign || statement.units.last().is_some_and(is_prefixed);
    if elsewhere && statement.expect.is_none() && (next || at_label(input) || input.is_empty()) {
        statement.foreign = true;
        if let Some(comma) = comma {
            statement.place = start.to(comma);
        }
    } else if at_label(input) || input.is_empty() {
        // What follows is a statement of its own: this one is whole.
        let end = Place::at(statement.place.last);
        let error = Error::new(end, "expected `;` at the end of the statement");
        parser.errors.push(error.help("`;` after it"));
    } else if next {
        parser.errors.push(missing_separator(input, &statement));
    } else {
        return Err(missing_separator(input, &statement));
    }
    Ok(statement)
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

fn labels(input: ParseStream<'_>) -> Parsed<Vec<Ident>> {
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

/// The semicolon at the end of an item; where the next item begins, only that is missing.
fn end(input: ParseStream<'_>, what: &str, parser: &mut Parser) -> Parsed<()> {
    if input.peek(Token![;]) {
        skip(input, 1);
        return Ok(());
    }
    let error = expected(input, what);
    if !input.peek(Ident::peek_any) {
        return Err(error);
    }
    parser.errors.push(error.help("`;` before it"));
    Ok(())
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

impl Body {
    /// A body of one unit: the rest of an `else if`.
    pub(super) fn of_unit(id: Id, kind: UnitKind, place: Place) -> Self {
        let unit = Unit {
            id,
            attributes: Attributes::default(),
            kind,
            place,
        };
        let statement = Statement {
            attributes: Attributes::default(),
            labels: Vec::new(),
            from: None,
            units: vec![unit],
            expect: None,
            foreign: false,
            variable: None,
            place,
        };
        Self {
            items: vec![Item::Statement(statement)],
            end: place.last,
        }
    }
}
