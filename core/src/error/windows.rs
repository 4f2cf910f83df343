//! The errors about windows.

use super::fix::{extents, set, uniform};
use super::words::dilated;
use crate::error::{Error, Fix};
use crate::extents::{Extents, MAX_RANK, Sides};
use crate::shape::axis_name;
use crate::text::Text;
use crate::value::Value;
use crate::window::reach;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::WindowTooLarge {
            argument,
            input,
            window,
            dilation,
            ..
        } => {
            text.str(argument).str(" ").extents(window);
            if dilated(dilation) {
                text.str(", dilated by ")
                    .sides(&Sides::symmetric(*dilation))
                    .str(",");
            }
            text.str(" does not fit the ")
                .extents(input)
                .str(" input of ")
                .str(layer);
        }
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
        Error::EvenWindow { window, .. } => {
            text.str("`padding = half` needs an odd kernel, but ")
                .str(layer);
            text.str(" has ").extents(window);
        }
        Error::WindowOverInput { window, input } => {
            text.str("kernel ").extents(window);
            text.str(" of ").str(layer).str(" is larger than its ");
            text.extents(input).str(" input without padding");
        }
        _ => {}
    }
}

/// The arithmetic that shows it.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    match error {
        Error::WindowTooLarge {
            argument,
            input,
            window,
            padding,
            dilation,
        } => {
            text.str("input + 2*padding >= ");
            if dilated(dilation) {
                text.str("dilation*(").str(argument).str(" - 1) + 1");
            } else {
                text.str(argument);
            }
            text.str(", but ");
            too_large(text, input, window, padding, dilation);
        }
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
        Error::EvenWindow { window, .. } => {
            let mut axis = 0;
            while axis < window.len() {
                if window.at(axis) % 2 == 0 {
                    text.str("dilation*(kernel - 1)/2 on both sides: (");
                    text.size(window.at(axis))
                        .str(" - 1)/2 is not a whole number");
                    break;
                }
                axis += 1;
            }
        }
        Error::WindowOverInput { window, input } => {
            text.str("input >= kernel for an average over a volume, but ");
            let none = Sides::none(window.len());
            let one = Extents::splat(1, window.len());
            too_large(text, input, window, &none, &one);
        }
        _ => {}
    }
}

/// The argument at which the error is shown.
pub(super) const fn argument(error: &Error) -> Option<&'static str> {
    match error {
        // The window itself fits: its dilation is what does not.
        Error::WindowTooLarge {
            input,
            window,
            padding,
            dilation,
            ..
        } if most_dilation(input, window, padding, dilation).is_some() => Some("dilation"),
        Error::WindowTooLarge { argument, .. } => Some(argument),
        Error::InexactStride { .. } => Some("stride"),
        Error::WindowOverInput { .. } => Some("kernel"),
        _ => Some("padding"),
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        Error::WindowTooLarge {
            argument,
            input,
            window,
            padding,
            dilation,
        } => {
            let least = least_padding(input, window, dilation);
            let least = set("padding", Value::Int(least as u64));
            // The window itself fits: its dilation is what does not.
            let smaller = match most_dilation(input, window, padding, dilation) {
                Some(most) => set("dilation", Value::Int(most as u64)),
                None => set(argument, extents(shrink(window, input))),
            };
            [least, set("padding", Value::Keyword("same")), smaller]
        }
        Error::InexactStride { input, window, .. } => {
            let mut before = window.padding.before();
            let mut after = window.padding.after();
            let mut axis = 0;
            while axis < input.len() {
                if let Ok(dropped) = window.axis(axis).dropped(input.at(axis))
                    && dropped > 0
                {
                    let more = window.stride.at(axis) - dropped;
                    before = before.with(axis, before.at(axis).saturating_add(more / 2));
                    after = after.with(axis, after.at(axis).saturating_add(more - more / 2));
                }
                axis += 1;
            }
            let sides = Sides::new(before, after);
            let tiling = if sides.is_symmetric() {
                uniform(before)
            } else {
                Value::Sides(sides)
            };
            [
                set("padding", tiling),
                set("padding", Value::Keyword("same")),
                Fix::None,
            ]
        }
        Error::EvenWindow { window, .. } => {
            let mut odd = *window;
            let mut axis = 0;
            while axis < odd.len() {
                odd = odd.with(axis, window.at(axis) | 1);
                axis += 1;
            }
            [
                set("padding", Value::Keyword("same")),
                set("kernel", extents(odd)),
                Fix::None,
            ]
        }
        // Windows and their padding.
        Error::WindowOverInput { window, input } => {
            let smaller = set("kernel", extents(shrink(window, input)));
            [smaller, Fix::None, Fix::None]
        }
        _ => [Fix::None; 3],
    }
}

/// `3 < 5 on height and width`: each axis on which the window is too large.
const fn too_large(
    text: &mut Text,
    input: &Extents,
    window: &Extents,
    padding: &Sides,
    dilation: &Extents,
) {
    let mut first = true;
    let mut axis = 0;
    while axis < window.len() {
        let (have, want) = padded_and_reach(axis, input, window, padding, dilation);
        if have < want {
            // Axes with the same numbers are told together.
            let mut told = false;
            let mut earlier = 0;
            while earlier < axis {
                let (h, w) = padded_and_reach(earlier, input, window, padding, dilation);
                told = told || (h == have && w == want);
                earlier += 1;
            }
            if !told {
                text.str(if first { "" } else { ", and " });
                let total = have.saturating_sub(input.at(axis));
                if total > 0 {
                    text.size(input.at(axis)).str(" + ").size(total).str(" = ");
                }
                text.size(have).str(" < ");
                if dilation.at(axis) > 1 {
                    text.size(dilation.at(axis))
                        .str("*(")
                        .size(window.at(axis))
                        .str(" - 1) + 1 = ");
                }
                text.size(want)
                    .str(" on ")
                    .str(axis_name(axis, window.len()));
                let mut later = axis + 1;
                while later < window.len() {
                    let (h, w) = padded_and_reach(later, input, window, padding, dilation);
                    if h == have && w == want {
                        text.str(" and ").str(axis_name(later, window.len()));
                    }
                    later += 1;
                }
                first = false;
            }
        }
        axis += 1;
    }
}

const fn padded_and_reach(
    axis: usize,
    input: &Extents,
    window: &Extents,
    padding: &Sides,
    dilation: &Extents,
) -> (usize, usize) {
    let padded = match padding.total(axis) {
        Some(total) => input.at(axis).saturating_add(total),
        None => usize::MAX,
    };
    (padded, reach_along(axis, window, dilation))
}

/// How many elements the window covers on an axis; what does not fit is all there are.
const fn reach_along(axis: usize, window: &Extents, dilation: &Extents) -> usize {
    match reach(window.at(axis), dilation.at(axis)) {
        Some(reach) => reach,
        None => usize::MAX,
    }
}

/// The least symmetric padding, the same on all axes, with which the window fits.
const fn least_padding(input: &Extents, window: &Extents, dilation: &Extents) -> usize {
    let mut least = 0;
    let mut axis = 0;
    while axis < window.len() && axis < MAX_RANK {
        let reach = reach_along(axis, window, dilation);
        let lacking = reach.saturating_sub(input.at(axis)).div_ceil(2);
        if lacking > least {
            least = lacking;
        }
        axis += 1;
    }
    least
}

/// The largest dilation, the same on all axes, with which the window fits;
/// nothing where it does not fit at all, or has none.
const fn most_dilation(
    input: &Extents,
    window: &Extents,
    padding: &Sides,
    dilation: &Extents,
) -> Option<usize> {
    let mut most = usize::MAX;
    let mut dilated = false;
    let mut axis = 0;
    while axis < window.len() {
        dilated = dilated || dilation.at(axis) > 1;
        let padded = match padding.total(axis) {
            Some(total) => input.at(axis).saturating_add(total),
            None => usize::MAX,
        };
        if let Some(steps) = padded
            .saturating_sub(1)
            .checked_div(window.at(axis).saturating_sub(1))
            && steps < most
        {
            most = steps;
        }
        axis += 1;
    }
    if dilated && most > 0 && most < usize::MAX {
        Some(most)
    } else {
        None
    }
}

/// The largest window that is no larger than the input on any axis.
const fn shrink(window: &Extents, input: &Extents) -> Extents {
    let mut smaller = *window;
    let mut axis = 0;
    while axis < window.len() {
        if smaller.at(axis) > input.at(axis) {
            smaller = smaller.with(axis, input.at(axis));
        }
        axis += 1;
    }
    smaller
}
