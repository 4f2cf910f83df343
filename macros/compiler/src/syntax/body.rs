//! Bodies: statements, bindings and assertions in their order. After a mistake it goes on
//! at the next.

use proc_macro2::{Delimiter, Ident, TokenStream};
use shapewise_core::arithmetic::Comparison;
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::attributes::attributes;
use super::expression::{argument, expression};
use super::statement::{at_label, labels, statement};
use super::tokens::{expected, group, ident, inside, list, skip};
use super::tree::{
    Assertion, Attributes, Body, Broken, Expression, ExpressionKind, Id, Item, Let, Statement,
    Unit, UnitKind,
};
use super::{Parsed, Parser};
use crate::report::{Error, Place};

/// All items of a body. After one that cannot be read, the next is tried.
pub(super) fn items(input: ParseStream<'_>, items: &mut Vec<Item>, parser: &mut Parser) {
    while !input.is_empty() {
        if input.peek(Token![;]) {
            skip(input, 1);
            continue;
        }
        let begins = input.fork();
        let labels = attributes(&begins).and_then(|_| labels(&begins));
        let labels = labels.unwrap_or_default();
        let start = input.cursor();
        if let Err(error) = item(input, items, parser) {
            parser.errors.push(error);
            items.push(broken(labels, input.cursor() == start, input));
        }
    }
}

/// What is known of an item that could not be parsed; the input is then at the next.
fn broken(labels: Vec<Ident>, stuck: bool, input: ParseStream<'_>) -> Item {
    let expect = if at_label(input) && !stuck {
        None
    } else {
        recover(input)
    };
    Item::Broken(Broken { labels, expect })
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

// A level of nested structures takes the frames of all that parse it, and unoptimised
// ones have a place for whatever stands in any branch: so what is not on the way to the
// next level is in functions of its own.

fn item(input: ParseStream<'_>, items: &mut Vec<Item>, parser: &mut Parser) -> Parsed<()> {
    let attributes = attributes(input)?;
    match no_statement(attributes, input, items, parser)? {
        Some(attributes) => statement(attributes, input, items, parser),
        None => Ok(()),
    }
}

/// Parses an item that is no statement; of a statement, gives the attributes back.
fn no_statement(
    attributes: Attributes,
    input: ParseStream<'_>,
    items: &mut Vec<Item>,
    parser: &mut Parser,
) -> Parsed<Option<Attributes>> {
    let labelled = at_label(input);
    if !labelled && input.peek(Token![let]) {
        match input.peek2(Ident::peek_any) {
            true => items.push(Item::Let(binding(attributes, input, parser)?)),
            false => bindings(input, items, parser)?,
        }
        return Ok(None);
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
        items.push(Item::Assertion(assertion(input, parser)?));
        return Ok(None);
    }
    if !labelled && begins_block(input) {
        let start = Place::at(input.span());
        let block = super::items::block(attributes, TokenStream::new(), input, parser)?;
        let place = start.to(Place::at(block.name.span()));
        let error = Error::new(place, "a block stands beside the network, not inside of it");
        parser.errors.push(error.help("move it before `struct`"));
        parser.blocks.push(block);
        return Ok(None);
    }
    Ok(Some(attributes))
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
        let error = expected(input, "`=` and a value");
        return Err(if input.peek(Token![:]) {
            error.help(format!("a `let` has no type: `let {name} = ...;`"))
        } else {
            error
        });
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

/// `let (a, b) = (3, 4);`, which is told of and taken for a `let` each.
fn bindings(input: ParseStream<'_>, items: &mut Vec<Item>, parser: &mut Parser) -> Parsed<()> {
    let start = Place::at(input.span());
    skip(input, 1);
    let pattern = group(input, Delimiter::Parenthesis);
    let Some(pattern) = pattern.or_else(|| group(input, Delimiter::Bracket)) else {
        return Err(expected(input, "a name"));
    };
    let names = inside(&pattern, |input| {
        list(input, |input| {
            ident(input).ok_or_else(|| expected(input, "a name"))
        })
    })?;
    if !input.peek(Token![=]) {
        return Err(expected(input, "`=` and a value"));
    }
    skip(input, 1);
    let value = expression(input)?;
    let place = start.to(value.place);
    end(input, "`;` after the value", parser)?;
    let values: Vec<Expression> = match &value.kind {
        ExpressionKind::Tuple(values) | ExpressionKind::List(values) => values.clone(),
        _ => (0..names.len() as u64)
            .map(|place| Expression {
                kind: ExpressionKind::Index(
                    Box::new(value.clone()),
                    Box::new(Expression {
                        kind: ExpressionKind::Int(place),
                        place: value.place,
                    }),
                ),
                place: value.place,
            })
            .collect(),
    };
    let pairs = names.iter().zip(&values);
    let each: Vec<String> = pairs
        .map(|(name, value)| format!("let {name} = {value}"))
        .collect();
    let error = Error::new(place, "a `let` defines one name");
    parser.errors.push(match names.len() == values.len() {
        true => error.help(format!("write `{}`", each.join("; "))),
        false => error,
    });
    items.extend(names.into_iter().zip(values).map(|(name, value)| {
        Item::Let(Let {
            attributes: Attributes::default(),
            name,
            value,
        })
    }));
    Ok(())
}

fn assertion(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Assertion> {
    let start = Place::at(input.span());
    skip(input, 1);
    let metric = ident(input).ok_or_else(|| expected(input, "a metric"))?;
    let plan = match group(input, Delimiter::Parenthesis) {
        Some(plan) => Some(inside(&plan, |input| list(input, argument))?),
        None => None,
    };
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
        plan,
        comparison,
        bound,
        place,
    })
}

/// The semicolon at the end of an item, which the last of a body may leave out; where the
/// next item begins, only that is missing.
fn end(input: ParseStream<'_>, what: &str, parser: &mut Parser) -> Parsed<()> {
    if input.peek(Token![;]) {
        skip(input, 1);
        return Ok(());
    }
    if input.is_empty() {
        return Ok(());
    }
    let error = expected(input, what);
    if !input.peek(Ident::peek_any) {
        return Err(error);
    }
    parser.errors.push(error.help("`;` before it"));
    Ok(())
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
