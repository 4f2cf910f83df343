//! Signs between layers and values that are none of the grammar's: `a + b`, `enc -> linear(20)`,
//! `left, right: ...`.

use proc_macro2::Ident;
use syn::Token;
use syn::parse::ParseStream;

use super::tokens::{expected, ident, skip};
use super::tree::{Argument, Call, Expression, ExpressionKind, Unit, UnitKind};
use crate::report::{Error, Place};

/// The word of a unit that is nothing else.
fn bare(unit: &Unit) -> Option<&Ident> {
    match &unit.kind {
        UnitKind::Call(call) if call.parentheses.is_none() && call.prefix.is_empty() => {
            Some(&call.name)
        }
        _ => None,
    }
}

/// The labels of `left, right: ...`, of which the last is next, and the error that they
/// stand in no parentheses.
pub(super) fn bare_labels(units: &[Unit], input: ParseStream<'_>) -> Option<(Vec<Ident>, Error)> {
    let mut names: Vec<Ident> = units
        .iter()
        .map(|unit| bare(unit).cloned())
        .collect::<Option<_>>()?;
    let first = units.first()?.place;
    let last = Place::at(input.span());
    names.push(ident(input)?);
    skip(input, 1);
    let list: Vec<String> = names.iter().map(ToString::to_string).collect();
    let error = Error::new(
        first.to(last),
        "the labels of several results stand in parentheses",
    );
    Some((names, error.help(format!("write `({})`", list.join(", ")))))
}

/// Makes a layer of values that are added or multiplied by an operator: `a + b`; the error
/// that says so.
pub(super) fn sum(unit: &mut Unit, input: ParseStream<'_>) -> Option<Error> {
    input
        .cursor()
        .punct()
        .filter(|(sign, _)| !matches!(sign.as_char(), ',' | ';' | '='))?;
    let (sign, layer) = match () {
        () if input.peek(Token![+]) => ("+", "add"),
        () if input.peek(Token![-]) && !input.peek(Token![->]) => ("-", "sub"),
        () if input.peek(Token![*]) => ("*", "mul"),
        () => return None,
    };
    let first = bare(unit)?.clone();
    let mut names = vec![first];
    let mut place = unit.place;
    while input.peek(Token![+]) || input.peek(Token![-]) || input.peek(Token![*]) {
        skip(input, 1);
        place = place.to(Place::at(input.span()));
        names.push(ident(input)?);
    }
    let list: Vec<String> = names.iter().map(ToString::to_string).collect();
    let error = Error::new(
        place,
        format!("`{sign}` works on numbers; values of the network have a layer for it"),
    );
    let argument = |name: &Ident| Argument {
        name: None,
        value: Expression {
            kind: ExpressionKind::Word(name.clone()),
            place: Place::at(name.span()),
        },
        to: None,
    };
    unit.kind = UnitKind::Call(Call {
        prefix: String::new(),
        path: None,
        name: Ident::new(layer, place.first),
        arguments: names.iter().map(argument).collect(),
        parentheses: Some(place.last),
        applied: None,
    });
    unit.place = place;
    Some(error.help(format!("write `{layer}({})`", list.join(", "))))
}

/// The error for `enc -> linear(20)`: what is a label begins the statement, and layers stand
/// between commas.
pub(super) fn arrow(
    units: &mut Vec<Unit>,
    from: &mut Option<Expression>,
    input: ParseStream<'_>,
    known: &[String],
) -> Error {
    let place = Place::at(input.span());
    let arrow = expected(input, "`,` or `;`");
    skip(input, 2);
    let headline = "`->` does not lead from one layer to the next";
    if let [unit] = units.as_slice()
        && from.is_none()
        && let Some(word) = bare(unit)
        && known.iter().any(|label| word == label)
    {
        let word = word.clone();
        let error = Error::new(unit.place.to(arrow.place()), headline);
        *from = Some(Expression {
            kind: ExpressionKind::Word(word.clone()),
            place: Place::at(word.span()),
        });
        units.clear();
        return error.help(format!("write `from {word},`"));
    }
    Error::new(place.to(arrow.place()), headline).help("write `,`")
}
