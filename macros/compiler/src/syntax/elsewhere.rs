//! Statements as other frameworks write them: `x = layers.Dense(10)(x)`.

use proc_macro2::Ident;
use syn::Token;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative as _;

use super::tokens::{expected, ident, skip};
use super::tree::{Expression, ExpressionKind, Unit, UnitKind};
use crate::report::{Error, Place};

/// A label as other languages write it: `conv1 = ...`, `self.conv1 = ...`.
pub(super) struct Assigned {
    /// What it is called.
    pub(super) label: Ident,
    /// What is told of it.
    pub(super) error: Error,
}

/// The label at the beginning of a statement that is written so.
pub(super) fn assigned(input: ParseStream<'_>) -> Option<Assigned> {
    let (_, after) = input.cursor().ident()?;
    let (sign, _) = after.punct()?;
    if !matches!(sign.as_char(), '=' | '.') {
        return None;
    }
    let ahead = input.fork();
    let start = Place::at(ahead.span());
    let mut written = String::new();
    let mut label = ident(&ahead)?;
    while ahead.peek(Token![.]) {
        written.push_str(&format!("{label}."));
        skip(&ahead, 1);
        label = ident(&ahead)?;
    }
    if !ahead.peek(Token![=]) || ahead.peek(Token![==]) || ahead.peek(Token![=>]) {
        return None;
    }
    let error = if written.is_empty() {
        expected(&ahead, &format!("`:` after the label `{label}`")).help("write `:`")
    } else {
        let place = start.to(Place::at(ahead.span()));
        let headline = format!("`{written}{label} =`: a label is one word before `:`");
        Error::new(place, headline).help(format!("write `{label}:`"))
    };
    skip(&ahead, 1);
    input.advance_to(&ahead);
    Some(Assigned { label, error })
}

/// Whether this is a layer of another framework by its path: `nn.Linear(10)`.
pub(super) fn is_prefixed(unit: &Unit) -> bool {
    matches!(&unit.kind, UnitKind::Call(call) if !call.prefix.is_empty())
}

/// Whether this looks like a layer of another framework: `nn.Linear(10)`, `Dense(10)`.
pub(super) fn is_elsewhere(unit: &Unit) -> bool {
    let UnitKind::Call(call) = &unit.kind else {
        return false;
    };
    let class = call.name.to_string().starts_with(char::is_uppercase);
    is_prefixed(unit) || class && call.parentheses.is_some()
}

/// The name of a variable as a label: not that of the flow, as in
/// `x = layers.Dense(10)(x)`, of a whole model, or of what comes in and goes out.
pub(super) fn kept(name: Ident, unit: &Unit) -> Option<Ident> {
    let UnitKind::Call(call) = &unit.kind else {
        return Some(name);
    };
    let is_name = |value: &Expression| match &value.kind {
        ExpressionKind::Word(word) => *word == name,
        ExpressionKind::List(list) => list
            .iter()
            .any(|value| matches!(&value.kind, ExpressionKind::Word(word) if *word == name)),
        _ => false,
    };
    let mut values = call.applied.iter().chain([&call.arguments]).flatten();
    let flows = values.any(|argument| is_name(&argument.value));
    let whole = name == "model" || name == "net";
    let port = matches!(
        name.to_string().as_str(),
        "inputs" | "input" | "outputs" | "output"
    );
    (!flows && !whole && !port && call.name != "Input").then_some(name)
}
