//! The errors about changes of shape and what acts on one axis.

use super::fix::{extents, set};
use crate::error::{Counted, Error, Fix};
use crate::extents::Extents;
use crate::text::Text;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::OutOfBounds {
            argument,
            value,
            most,
            what,
            input,
        } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" reaches ").size(*value).str(", but its input ");
            text.shape(input)
                .str(" has ")
                .size(*most)
                .str(" ")
                .str(what);
        }
        Error::NotMultiple {
            what,
            value,
            of,
            because,
        } => {
            text.str(layer).str(" takes a multiple of ").size(*of);
            text.str(" ")
                .str(what)
                .str(" (")
                .str(because)
                .str("), but ");
            text.size(*value).str(" come in");
        }
        Error::CountDiffers {
            argument,
            given,
            count,
            what,
            value,
            input,
        } => {
            text.str("`").str(argument).str(" = ").extents(given);
            text.str("` of ").str(layer).str(" makes ").int(*count);
            text.str(" ")
                .str(what.noun())
                .str(", but its input ")
                .shape(input);
            text.str(" has ").int(*value);
        }
        Error::NotPermutation {
            argument,
            given,
            input,
        } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" must name each of the ").size(input.rank());
            text.str(" axes of its input ")
                .shape(input)
                .str(" once, not ");
            list(text, given);
        }
        Error::EmptyAxis {
            argument,
            axis,
            extent,
            input,
            ..
        } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" leaves nothing of the ")
                .str(axis)
                .str(" ")
                .size(*extent);
            text.str(" of its input ").shape(input);
        }
        _ => {}
    }
}

/// The arithmetic that shows it.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    match error {
        Error::NotMultiple { value, of, .. } => {
            text.size(*value).str(" = ").size(*of).str("*");
            if let (Some(whole), Some(rest)) = (value.checked_div(*of), value.checked_rem(*of)) {
                text.size(whole).str(" + ").size(rest);
            }
        }
        Error::EmptyAxis {
            extent,
            taken: Some(taken),
            ..
        } => {
            text.str("less than ")
                .size(*extent)
                .str(" taken away, but ");
            text.size(*taken).str(" >= ").size(*extent);
        }
        _ => {}
    }
}

/// The argument at which the error is shown.
pub(super) const fn argument(error: &Error) -> Option<&'static str> {
    match error {
        Error::OutOfBounds { argument, .. }
        | Error::CountDiffers { argument, .. }
        | Error::NotPermutation { argument, .. }
        | Error::EmptyAxis { argument, .. } => Some(argument),
        _ => None,
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        Error::CountDiffers {
            argument,
            given,
            what: Counted::Elements,
            value,
            ..
        } => [last_of(argument, given, *value), Fix::None, Fix::None],
        _ => [Fix::None; 3],
    }
}

/// `[1, 0, 2]`: numbers that are not extents.
const fn list(text: &mut Text, numbers: &Extents) {
    text.str("[");
    let mut i = 0;
    while i < numbers.len() {
        text.str(if i == 0 { "" } else { ", " }).size(numbers.at(i));
        i += 1;
    }
    text.str("]");
}

/// The list with another last number, so that the product of all is `value`.
const fn last_of(argument: &'static str, given: &Extents, value: u64) -> Fix {
    let last = given.len().saturating_sub(1);
    let mut rest = value;
    let mut axis = 0;
    while axis < last {
        let extent = given.at(axis) as u64;
        if extent == 0 || !rest.is_multiple_of(extent) {
            return Fix::None;
        }
        rest /= extent;
        axis += 1;
    }
    if given.is_empty() || rest > usize::MAX as u64 {
        return Fix::None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "compared before")]
    let all = given.with(last, rest as usize);
    set(argument, extents(all))
}
