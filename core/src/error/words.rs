//! Words and lists that several messages have.

use crate::argument::{Accepts, Argument};
use crate::extents::Extents;
use crate::number::gcd;
use crate::text::{Text, same};

pub(super) const fn dilated(dilation: &Extents) -> bool {
    let mut axis = 0;
    while axis < dilation.len() {
        if dilation.at(axis) != 1 {
            return true;
        }
        axis += 1;
    }
    false
}

/// The article before a noun.
pub(super) const fn article(noun: &str) -> &'static str {
    if same(noun, "image") { "an " } else { "a " }
}

pub(super) const fn axes(text: &mut Text, count: usize) {
    text.size(count)
        .str(if count == 1 { " axis" } else { " axes" });
}

pub(super) const fn spatial_axes(text: &mut Text, count: usize) {
    match count {
        0 => text.str("no spatial axes"),
        1 => text.str("1 spatial axis"),
        _ => text.size(count).str(" spatial axes"),
    };
}

/// The numbers that divide both values: all when they are few.
pub(super) const fn divisors(text: &mut Text, value: usize, also: usize) {
    let a = gcd(value, also);
    let mut shown = 0;
    let mut i = 1;
    while i <= a && shown < 12 {
        if a.is_multiple_of(i) {
            text.str(if shown == 0 { "" } else { ", " }).size(i);
            shown += 1;
        }
        // Large numbers: stop looking where the list would be too long anyway.
        if i > 4096 {
            break;
        }
        i += 1;
    }
    if i <= a {
        text.str(", ...");
    }
}

/// What an argument takes, in words.
pub(super) const fn accepted(text: &mut Text, argument: &Argument) {
    let Accepts {
        int,
        float,
        bool,
        extents,
        sides,
        range,
        value,
        equation,
        keywords,
    } = argument.accepts;
    let mut first = true;
    let parts = [
        (float, "a number"),
        (int && !float, "a whole number"),
        (extents, "an extent per axis (`3x3`)"),
        (sides, "a pair per axis (`[(0, 1), (0, 1)]`)"),
        (bool, "`true` or `false`"),
        (range, "a range (`0..4`)"),
        (value, "a labelled value"),
        (equation, "an equation (`\"lk,km->lm\"`)"),
    ];
    let mut i = 0;
    while i < parts.len() {
        if parts[i].0 {
            text.str(if first { "" } else { ", " }).str(parts[i].1);
            first = false;
        }
        i += 1;
    }
    let mut i = 0;
    while i < keywords.len() {
        text.str(if first { "" } else { ", " })
            .str("`")
            .str(keywords[i])
            .str("`");
        first = false;
        i += 1;
    }
}

pub(super) const fn range(text: &mut Text, argument: &Argument) {
    let (least, most) = argument.range;
    if least == 0.0 && most == 1.0 {
        text.str("between 0 and 1");
    } else if least == 0.0 {
        text.str("0 or more");
    } else if least == f64::MIN_POSITIVE {
        text.str("more than 0");
    } else {
        text.str("within its range");
    }
}
