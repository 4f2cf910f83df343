//! The errors about arguments by themselves and on their input.

use super::fix::{extents, set};
use super::words::{accepted, article, axes, divisors, range, spatial_axes};
use crate::error::{Error, Fix};
use crate::extents::Extents;
use crate::number::gcd;
use crate::text::Text;
use crate::value::Value;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::KeywordNeeds {
            argument,
            keyword,
            needs,
            input,
            ..
        } => {
            text.str("`")
                .str(argument)
                .str(" = ")
                .str(keyword)
                .str("` is for ")
                .str(needs.words());
            text.str(", but ")
                .str(layer)
                .str(" has ")
                .str(article(input.noun()));
            text.str(input.noun()).str(": ").shape(input);
        }
        Error::AxisCount {
            argument,
            given,
            input,
        } => {
            text.str(argument)
                .str(" `")
                .extents(given)
                .str("` of ")
                .str(layer)
                .str(" has ");
            axes(text, given.len());
            text.str(", but its input ").shape(input).str(" has ");
            spatial_axes(text, input.spatial_rank());
        }
        Error::NotDivisible {
            argument,
            divisor,
            what,
            value,
            ..
        } => {
            text.str("`")
                .str(argument)
                .str(" = ")
                .size(*divisor)
                .str("` does not divide the ");
            text.size(*value).str(" ").str(what).str(" of ").str(layer);
        }
        Error::Missing { argument } => {
            text.str(layer).str(" needs `").str(argument).str("`");
        }
        Error::WrongType { argument } => {
            text.str("`")
                .str(argument.name)
                .str("` of ")
                .str(layer)
                .str(" takes ");
            accepted(text, argument);
        }
        Error::TooSmall { argument, least } => {
            text.str("`")
                .str(argument)
                .str("` of ")
                .str(layer)
                .str(" must be at least ");
            text.int(*least);
        }
        Error::TooLarge {
            argument,
            value,
            most,
            what,
        } => {
            text.str("`").str(argument).str(" = ").size(*value);
            text.str("` of ").str(layer).str(" must be at most ");
            text.size(*most).str(", ").str(what);
        }
        Error::OutOfRange { argument } => {
            text.str("`")
                .str(argument.name)
                .str("` of ")
                .str(layer)
                .str(" must be ");
            range(text, argument);
        }
        Error::Requires { argument, other } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" needs `").str(other).str("`");
        }
        Error::Excludes { argument, other } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" cannot stand together with `")
                .str(other)
                .str("`");
        }
        _ => {}
    }
}

/// The arithmetic that shows it.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    let Error::NotDivisible {
        divisor,
        value,
        also,
        ..
    } = error
    else {
        return;
    };
    text.size(*value).str(" = ").size(*divisor).str("*");
    if let Some(times) = value.checked_div(*divisor) {
        let rest = *value - times * *divisor;
        text.size(times).str(" + ").size(rest);
    }
    text.str("; possible are ");
    divisors(text, *value, *also);
}

/// The argument at which the error is shown.
pub(super) const fn argument(error: &Error) -> Option<&'static str> {
    match error {
        Error::KeywordNeeds { argument, .. }
        | Error::AxisCount { argument, .. }
        | Error::NotDivisible { argument, .. }
        | Error::Missing { argument }
        | Error::TooSmall { argument, .. }
        | Error::TooLarge { argument, .. }
        | Error::Requires { argument, .. }
        | Error::Excludes { argument, .. } => Some(argument),
        Error::WrongType { argument } | Error::OutOfRange { argument } => Some(argument.name),
        _ => None,
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        Error::KeywordNeeds {
            argument,
            instead: Some(instead),
            ..
        } => [set(argument, Value::Keyword(instead)), Fix::None, Fix::None],
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
        Error::TooSmall { argument, least } => {
            [set(argument, Value::Int(*least)), Fix::None, Fix::None]
        }
        Error::TooLarge { argument, most, .. } => [
            set(argument, Value::Int(*most as u64)),
            Fix::None,
            Fix::None,
        ],
        // Where the other one is a switch.
        Error::Requires { other, .. } => [set(other, Value::Bool(true)), Fix::None, Fix::None],
        _ => [Fix::None; 3],
    }
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
