//! The words of the errors about changes of shape and what acts on one axis.

use crate::error::Error;
use crate::extents::Extents;
use crate::text::Text;

/// What is wrong; nothing for another error.
pub(super) const fn headline(text: &mut Text, error: &Error, layer: &str) {
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

/// The arithmetic; nothing for another error.
pub(super) const fn needs(text: &mut Text, error: &Error) {
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
