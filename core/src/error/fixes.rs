//! What to write instead of what does not fit.

use crate::error::{Agreement, Counted, Error};
use crate::extents::{Extents, MAX_RANK, Sides};
use crate::number::{gcd, larger};
use crate::shape::Shape;
use crate::text::same;
use crate::value::Value;

/// A change to a layer that may make it fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fix {
    /// No change.
    None,
    /// Give the argument this value.
    Set {
        /// The argument.
        argument: &'static str,
        /// Its new value.
        value: Value,
    },
    /// Put this unit before the layer.
    Before(&'static str),
    /// Write this layer instead: its name, with the first argument's value
    /// kept and `kernel` added where one is given.
    Instead {
        /// The other layer.
        layer: &'static str,
        /// Its kernel.
        kernel: Extents,
    },
}

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
        Error::PaddingOverHalf { window, .. } => {
            let mut most = *window;
            let mut axis = 0;
            while axis < most.len() {
                most = most.with(axis, window.at(axis) / 2);
                axis += 1;
            }
            [set("padding", uniform(most)), Fix::None, Fix::None]
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
        Error::AxisCount {
            argument,
            given,
            input,
        } => {
            // `80x1` on a sequence: the one was meant for an axis that is not there.
            let value = given.at(0);
            if input.spatial_rank() == 1 && given.len() == 2 && given.at(1) == 1 {
                let along = set(argument, extents(Extents::splat(value, 1)));
                return [along, Fix::None, Fix::None];
            }
            // A list for another rank, all numbers alike, was meant for all axes.
            let mut axis = 1;
            while axis < given.len() {
                if given.at(axis) != value {
                    return [Fix::None; 3];
                }
                axis += 1;
            }
            if input.spatial_rank() == 0 {
                return [Fix::None; 3];
            }
            let all = Extents::splat(value, input.spatial_rank());
            [set(argument, extents(all)), Fix::None, Fix::None]
        }
        Error::NotDivisible {
            argument,
            divisor,
            value,
            also,
            ..
        } => {
            let (below, above) = nearest_divisors(*divisor, *value, *also);
            let below = set(argument, Value::Int(below as u64));
            match above {
                Some(above) => [below, set(argument, Value::Int(above as u64)), Fix::None],
                None => [below, Fix::None, Fix::None],
            }
        }
        Error::LinearOnImage { input, .. } => [
            Fix::Before("flatten"),
            Fix::Instead {
                layer: "conv",
                kernel: Extents::splat(1, input.spatial_rank()),
            },
            set("per_position", Value::Bool(true)),
        ],
        Error::TooSmall { argument, least } => {
            [set(argument, Value::Int(*least)), Fix::None, Fix::None]
        }
        Error::KeywordNeeds { argument, .. } if same(argument, "padding") => {
            [set(argument, Value::Keyword("same")), Fix::None, Fix::None]
        }
        Error::Operands {
            shapes,
            agree: Agreement::Broadcast,
            ..
        } if per_channel(&shapes[0], &shapes[1]) || per_channel(&shapes[1], &shapes[0]) => {
            [set("broadcast", Value::Bool(true)), Fix::None, Fix::None]
        }
        // The positions of an image, one after the other.
        Error::InputRank { needs, input } if input.rank() > 2 && same(needs, "a sequence") => {
            [Fix::Before("to_sequence"), Fix::None, Fix::None]
        }
        Error::TooLarge { argument, most, .. } => [
            set(argument, Value::Int(*most as u64)),
            Fix::None,
            Fix::None,
        ],
        Error::CountDiffers {
            argument,
            given,
            what: Counted::Elements,
            value,
            ..
        } => [last_of(argument, given, *value), Fix::None, Fix::None],
        // Windows and their padding.
        Error::WindowOverInput { window, input } => {
            let smaller = set("kernel", extents(shrink(window, input)));
            [smaller, Fix::None, Fix::None]
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

/// Whether `shape` is `1x1xC` or `C` to the C channels of `full`.
pub(crate) const fn per_channel(shape: &Shape, full: &Shape) -> bool {
    if shape.channels() != full.channels() {
        return false;
    }
    let mut axis = 0;
    while axis < shape.spatial_rank() {
        if shape.extents().at(axis) != 1 {
            return false;
        }
        axis += 1;
    }
    shape.rank() == 1 || shape.rank() == full.rank()
}

/// One number where all axes have the same, else the list.
const fn uniform(extents: Extents) -> Value {
    let mut axis = 1;
    while axis < extents.len() {
        if extents.at(axis) != extents.at(0) {
            return Value::Extents(extents);
        }
        axis += 1;
    }
    Value::Int(extents.at(0) as u64)
}

/// A number per axis, as kernels are written.
const fn extents(extents: Extents) -> Value {
    Value::Extents(extents)
}

/// The least symmetric padding, the same on all axes, with which the window fits.
const fn least_padding(input: &Extents, window: &Extents, dilation: &Extents) -> usize {
    let mut least = 0;
    let mut axis = 0;
    while axis < window.len() && axis < MAX_RANK {
        let reach = dilation
            .at(axis)
            .saturating_mul(window.at(axis).saturating_sub(1))
            .saturating_add(1);
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
pub(super) const fn most_dilation(
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

/// The nearest numbers below and above `wanted` that divide both values.
const fn nearest_divisors(wanted: usize, value: usize, also: usize) -> (usize, Option<usize>) {
    let divisor = gcd(value, also);
    let mut below = 1;
    let mut above = None;
    // Divisors come in pairs around the square root.
    // Beyond any network's size only small ones, and theirs, are looked for.
    let mut i: usize = 1;
    while i <= divisor / i && i <= 1 << 16 {
        if divisor.is_multiple_of(i) {
            let pair = [i, divisor / i];
            let mut k = 0;
            while k < 2 {
                let candidate = pair[k];
                if candidate < wanted && candidate > below {
                    below = candidate;
                }
                if candidate > wanted {
                    above = match above {
                        Some(nearest) if nearest < candidate => Some(nearest),
                        _ => Some(candidate),
                    };
                }
                k += 1;
            }
        }
        i += 1;
    }
    (below, above)
}

/// The fix that gives one argument a value.
const fn set(argument: &'static str, value: Value) -> Fix {
    Fix::Set { argument, value }
}
