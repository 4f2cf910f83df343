//! The words of the errors about windows and their padding.

use super::{axis_name, too_large};
use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::number::larger;
use crate::text::Text;

/// What is wrong; nothing for another error.
pub(super) const fn headline(text: &mut Text, error: &Error, layer: &str) {
    match error {
        Error::InexactStride {
            input,
            window,
            unseen,
        } => {
            text.str("stride ").sides(&Sides::symmetric(window.stride));
            text.str(" of ").str(layer).str(" leaves ");
            let mut first = true;
            let mut axis = 0;
            while axis < unseen.len() {
                if unseen.at(axis) > 0 {
                    text.str(if first { "" } else { " and " });
                    text.size(unseen.at(axis))
                        .str(" of ")
                        .size(input.at(axis))
                        .str(" along the ");
                    text.str(axis_name(axis, unseen.len()));
                    first = false;
                }
                axis += 1;
            }
            text.str(" in no window");
        }
        Error::WindowOverInput { window, input } => {
            text.str("kernel ").extents(window);
            text.str(" of ").str(layer).str(" is larger than its ");
            text.extents(input).str(" input without padding");
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

/// The arithmetic, on the first axis where it goes wrong; nothing for another
/// error.
pub(super) const fn needs(text: &mut Text, error: &Error) {
    match error {
        Error::InexactStride {
            input,
            window,
            unseen,
        } => {
            let mut axis = 0;
            while axis < unseen.len() && unseen.at(axis) == 0 {
                axis += 1;
            }
            let along = window.axis(axis);
            if let (Ok(reach), Ok(dropped)) = (along.reach(), along.dropped(input.at(axis))) {
                let padded = input.at(axis) + along.padding.0 + along.padding.1;
                text.str("input + padding - window = stride*n, but ");
                text.size(input.at(axis))
                    .str(" + ")
                    .size(along.padding.0 + along.padding.1);
                text.str(" - ")
                    .size(reach)
                    .str(" = ")
                    .size(along.stride)
                    .str("*");
                text.size((padded - reach) / along.stride)
                    .str(" + ")
                    .size(dropped);
                text.str("; an input of ")
                    .size(input.at(axis).saturating_sub(dropped));
                text.str(" or ")
                    .size(input.at(axis).saturating_add(along.stride - dropped));
                text.str(" tiles");
            }
        }
        Error::WindowOverInput { window, input } => {
            text.str("input >= kernel for an average over a volume, but ");
            let none = Sides::none(window.len());
            let one = Extents::splat(1, window.len());
            too_large(text, input, window, &none, &one);
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
