//! The words of the errors about inputs that do not agree.

use super::axis_name;
use crate::error::{Agreement, per_channel};
use crate::shape::Shape;
use crate::text::Text;

/// `55x55x96 and 27x27x96 of `add` differ on height and width`.
pub(super) const fn headline(text: &mut Text, shapes: &[Shape; 2], agree: Agreement, layer: &str) {
    let [first, second] = shapes;
    text.str("the inputs ").shape(first).str(" and ");
    text.shape(second).str(" of ").str(layer);
    if matches!(agree, Agreement::Product) {
        text.str(" cannot be multiplied as matrices");
    } else if first.rank() == second.rank() || matches!(agree, Agreement::Features) {
        text.str(" differ on ");
        let mut first_told = true;
        let mut axis = 0;
        while axis < first.rank() {
            if differs(shapes, agree, axis) {
                text.str(if first_told { "" } else { " and " });
                text.str(name(first, axis));
                first_told = false;
            }
            axis += 1;
        }
    } else {
        text.str(" have ").size(first.rank()).str(" and ");
        text.size(second.rank()).str(" axes");
    }
}

/// `equal shapes, but 55 != 27 on height`.
pub(super) const fn needs(text: &mut Text, shapes: &[Shape; 2], agree: Agreement) {
    let [first, second] = shapes;
    text.str(match agree {
        Agreement::Shapes => "equal shapes",
        Agreement::Broadcast if per_channel(first, second) || per_channel(second, first) => {
            "equal shapes, or `broadcast = true` for one per channel"
        }
        Agreement::Broadcast => "equal shapes",
        Agreement::Positions => "equal extents on all axes but the last",
        Agreement::Features => "equal features",
        Agreement::Product => "the features of the first to be the positions of the second",
    });
    if matches!(agree, Agreement::Product) {
        text.str(", but ").size(first.features());
        text.str(" != ").size(second.extents().at(0));
        return;
    }
    let mut first_told = true;
    let mut axis = 0;
    while axis < first.rank() {
        if differs(shapes, agree, axis) {
            let (have, want) = pair(shapes, agree, axis);
            text.str(if first_told { ", but " } else { ", and " });
            text.size(have).str(" != ").size(want);
            text.str(" on ").str(name(first, axis));
            first_told = false;
        }
        axis += 1;
    }
}

/// `2`, `2 to 64`.
pub(super) const fn range(text: &mut Text, least: usize, most: usize) {
    text.size(least);
    if most > least {
        text.str(" to ").size(most);
    }
    text.str(" operands");
}

/// Whether the shapes differ on an axis of the first, where they should not.
const fn differs(shapes: &[Shape; 2], agree: Agreement, axis: usize) -> bool {
    let last = axis + 1 == shapes[0].rank();
    let compared = match agree {
        Agreement::Positions => !last && shapes[0].rank() == shapes[1].rank(),
        Agreement::Features => last,
        _ => shapes[0].rank() == shapes[1].rank(),
    };
    let (have, want) = pair(shapes, agree, axis);
    compared && have != want
}

/// The extents that are compared on an axis of the first.
const fn pair(shapes: &[Shape; 2], agree: Agreement, axis: usize) -> (usize, usize) {
    match agree {
        Agreement::Features => (shapes[0].features(), shapes[1].features()),
        _ => (shapes[0].extents().at(axis), shapes[1].extents().at(axis)),
    }
}

/// What an axis of a shape is called, the last one included.
const fn name(shape: &Shape, axis: usize) -> &'static str {
    if axis + 1 < shape.rank() {
        axis_name(axis, shape.spatial_rank())
    } else if shape.rank() >= 3 {
        "channels"
    } else {
        "features"
    }
}
