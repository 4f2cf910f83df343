//! The errors about the padding of windows.

use super::fix::{set, uniform};
use crate::error::{Error, Fix};
use crate::extents::{Extents, Sides};
use crate::number::larger;
use crate::shape::axis_name;
use crate::text::Text;
use crate::value::Value;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::PaddingOverHalf { window, padding } => {
            text.str("padding ")
                .sides(padding)
                .str(" is more than half of the ");
            text.extents(window).str(" window of ").str(layer);
        }
        Error::PaddingOverInput {
            argument,
            mode,
            padding,
            input,
            ..
        } => {
            text.str("padding ").sides(padding).str(" of ").str(layer);
            text.str(" is more than `").str(argument);
            text.str(" = ").str(mode);
            text.str("` finds in the ").extents(input).str(" input");
        }
        Error::OutputPadding {
            output_padding,
            stride,
            dilation,
        } => {
            let sides = Sides::symmetric(*output_padding);
            text.str("output_padding ").sides(&sides);
            text.str(" of ").str(layer);
            text.str(" is not smaller than stride ");
            text.sides(&Sides::symmetric(*stride)).str(" or dilation ");
            text.sides(&Sides::symmetric(*dilation));
        }
        Error::NothingLeft { padding, output } => {
            text.str("padding ").sides(padding);
            text.str(" leaves nothing of the ").extents(output);
            text.str(" that ").str(layer).str(" makes");
        }
        _ => {}
    }
}

/// The arithmetic that shows it, on the first axis where it goes wrong.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    match error {
        Error::PaddingOverHalf { window, padding } => {
            let mut axis = 0;
            while axis < window.len() {
                let half = window.at(axis) / 2;
                let before = padding.before().at(axis);
                let after = padding.after().at(axis);
                let most = if before > after { before } else { after };
                if most > half {
                    text.str("padding <= ")
                        .size(window.at(axis))
                        .str("/2, rounded down: ");
                    text.size(most).str(" > ").size(half);
                    break;
                }
                axis += 1;
            }
        }
        Error::PaddingOverInput {
            padding,
            input,
            short,
            ..
        } => padding_over_input(text, padding, input, *short),
        Error::OutputPadding {
            output_padding,
            stride,
            dilation,
        } => {
            let mut axis = 0;
            while axis < output_padding.len() {
                let larger = larger(stride.at(axis), dilation.at(axis));
                if output_padding.at(axis) >= larger {
                    text.str("output_padding < the larger of stride and dilation, but ");
                    text.size(output_padding.at(axis)).str(" >= ").size(larger);
                    text.str(" on ").str(axis_name(axis, output_padding.len()));
                    break;
                }
                axis += 1;
            }
        }
        Error::NothingLeft { padding, output } => {
            let mut axis = 0;
            while axis < output.len() {
                let lost = match padding.total(axis) {
                    Some(total) => total,
                    None => usize::MAX,
                };
                if lost >= output.at(axis) {
                    text.str("the padding of both sides < (input - 1)*stride + ");
                    text.str("dilation*(kernel - 1) + 1 + output_padding, but ");
                    text.size(lost).str(" >= ").size(output.at(axis));
                    text.str(" on ").str(axis_name(axis, output.len()));
                    break;
                }
                axis += 1;
            }
        }
        _ => {}
    }
}

/// The argument at which the error is shown.
pub(super) const fn argument(error: &Error) -> &'static str {
    match error {
        Error::OutputPadding { .. } => "output_padding",
        _ => "padding",
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        Error::PaddingOverHalf { window, .. } => {
            let mut most = *window;
            let mut axis = 0;
            while axis < most.len() {
                most = most.with(axis, window.at(axis) / 2);
                axis += 1;
            }
            [set("padding", uniform(most)), Fix::None, Fix::None]
        }
        Error::PaddingOverInput {
            argument,
            input,
            short,
            ..
        } => {
            let mut most = input.at(0);
            let mut axis = 1;
            while axis < input.len() {
                if input.at(axis) < most {
                    most = input.at(axis);
                }
                axis += 1;
            }
            let most = Value::Int(most.saturating_sub(*short) as u64);
            let zeros = set(argument, Value::Keyword("zeros"));
            [set("padding", most), zeros, Fix::None]
        }
        Error::OutputPadding {
            output_padding,
            stride,
            dilation,
        } => {
            let mut most = *output_padding;
            let mut axis = 0;
            while axis < most.len() {
                let larger = larger(stride.at(axis), dilation.at(axis));
                if most.at(axis) >= larger {
                    most = most.with(axis, larger.saturating_sub(1));
                }
                axis += 1;
            }
            [set("output_padding", uniform(most)), Fix::None, Fix::None]
        }
        Error::NothingLeft { .. } => {
            let same = set("padding", Value::Keyword("same"));
            [set("padding", Value::Int(0)), same, Fix::None]
        }
        _ => [Fix::None; 3],
    }
}

const fn padding_over_input(text: &mut Text, padding: &Sides, input: &Extents, short: usize) {
    let mut axis = 0;
    while axis < input.len() {
        let most = larger(padding.before().at(axis), padding.after().at(axis));
        if most > input.at(axis).saturating_sub(short) {
            let (less, more) = if short == 0 {
                ("<=", " > ")
            } else {
                ("<", " >= ")
            };
            text.str("padding ").str(less).str(" input, but ");
            text.size(most).str(more).size(input.at(axis));
            text.str(" on ").str(axis_name(axis, input.len()));
            break;
        }
        axis += 1;
    }
}
