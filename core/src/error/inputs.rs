//! The errors about inputs that the layer does not take, or that do not agree.

use super::fix::set;
use super::words::article;
use crate::error::{Agreement, Error, Fix};
use crate::extents::Extents;
use crate::shape::Shape;
use crate::text::Text;
use crate::value::Value;

/// What is wrong.
pub(super) const fn headline(error: &Error, layer: &str, text: &mut Text) {
    match error {
        Error::InputRank { needs, input } => {
            text.str(layer)
                .str(" takes ")
                .str(needs.words())
                .str(", but its input ")
                .shape(input);
            text.str(" is ")
                .str(article(input.noun()))
                .str(input.noun());
        }
        Error::LinearOnImage { input, .. } => {
            text.str(layer)
                .str(" takes a vector or a sequence, but its input ")
                .shape(input);
            text.str(" is ")
                .str(article(input.noun()))
                .str(input.noun());
        }
        Error::DeclaredInput { declared, input } => {
            text.str(layer)
                .str(" declares ")
                .int(*declared)
                .str(" input ");
            text.str(input.last_axis_name())
                .str(", but ")
                .size(input.channels());
            text.str(" come in");
        }
        Error::Operands { shapes, agree, .. } => {
            disagreement(text, shapes, *agree, layer);
        }
        Error::ValueShape {
            argument,
            given,
            wanted,
            ..
        } => {
            text.str("`").str(argument).str("` of ").str(layer);
            text.str(" is ").shape(given);
            text.str(", but has to be ").shape(wanted);
        }
        Error::HeadFeatures { features, heads } => {
            text.str("the heads of queries and keys of ").str(layer);
            text.str(" differ: ").size(features[0]).str("/");
            text.size(heads[0]).str(" and ").size(features[1]);
            text.str("/").size(heads[1]).str(" features");
        }
        Error::OperandCount { given, least, most } => {
            text.str(layer).str(" takes ");
            operands(text, *least, *most);
            text.str(", but ").size(*given);
            text.str(if *given == 1 { " is" } else { " are" })
                .str(" given");
        }
        _ => {}
    }
}

/// The arithmetic that shows it.
pub(super) const fn needs(error: &Error, text: &mut Text) {
    match error {
        Error::LinearOnImage { input, features } => {
            text.str("one row of inputs; flattened, ")
                .shape(input)
                .str(" is ");
            if let Some(elements) = input.checked_elements() {
                text.int(elements)
                    .str(", and ")
                    .int(elements)
                    .str(" -> ")
                    .size(*features);
                text.str(" a fully connected layer");
            }
        }
        Error::Operands { shapes, agree, .. } => agreement(text, shapes, *agree),
        Error::ValueShape { because, .. } => {
            text.str(because);
        }
        _ => {}
    }
}

/// The argument at which the error is shown.
pub(super) const fn argument(error: &Error) -> Option<&'static str> {
    match error {
        Error::ValueShape { argument, .. } => Some(argument),
        _ => None,
    }
}

/// What could be written instead.
pub(super) const fn fixes(error: &Error) -> [Fix; 3] {
    match error {
        // The positions of an image, one after the other.
        Error::InputRank { needs, input } if input.rank() > 2 && needs.is_sequence() => {
            [Fix::Before("to_sequence"), Fix::None, Fix::None]
        }
        Error::LinearOnImage { input, .. } => [
            Fix::Before("flatten"),
            Fix::Instead {
                layer: "conv",
                kernel: Extents::splat(1, input.spatial_rank()),
            },
            set("per_position", Value::Bool(true)),
        ],
        Error::Operands {
            shapes,
            agree: Agreement::Broadcast,
            ..
        } if per_channel(&shapes[0], &shapes[1]) || per_channel(&shapes[1], &shapes[0]) => {
            [set("broadcast", Value::Bool(true)), Fix::None, Fix::None]
        }
        Error::Operands {
            shapes,
            agree: Agreement::Beside(_),
            ..
        } => match only_difference(shapes) {
            Some(axis) => {
                let name = shapes[0].axis_name(axis);
                [set("axis", Value::Keyword(name)), Fix::None, Fix::None]
            }
            None => [Fix::None; 3],
        },
        _ => [Fix::None; 3],
    }
}

/// `55x55x96 and 27x27x96 of `add` differ on height and width`.
const fn disagreement(text: &mut Text, shapes: &[Shape; 2], agree: Agreement, layer: &str) {
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
                text.str(first.axis_name(axis));
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
const fn agreement(text: &mut Text, shapes: &[Shape; 2], agree: Agreement) {
    let [first, second] = shapes;
    if matches!(agree, Agreement::Product) {
        return product(text, first, second);
    }
    text.str(match agree {
        Agreement::Shapes => "equal shapes",
        Agreement::Broadcast if per_channel(first, second) || per_channel(second, first) => {
            "equal shapes, or `broadcast = true` for one per channel"
        }
        Agreement::Broadcast => "equal shapes",
        Agreement::Positions => "equal extents on all axes but the last",
        Agreement::Beside(place) if place + 1 == first.rank() => {
            "equal extents on all axes but the last"
        }
        Agreement::Beside(_) => "equal extents on all other axes",
        Agreement::Features => "equal features",
        Agreement::Product => "matrices that can be multiplied",
    });
    let mut first_told = true;
    let mut axis = 0;
    while axis < first.rank() {
        if differs(shapes, agree, axis) {
            let (have, want) = pair(shapes, agree, axis);
            text.str(if first_told { ", but " } else { ", and " });
            text.size(have).str(" != ").size(want);
            text.str(" on ").str(first.axis_name(axis));
            first_told = false;
        }
        axis += 1;
    }
}

/// What is in front of two matrices is the same, or how they would meet.
const fn product(text: &mut Text, first: &Shape, second: &Shape) {
    let rank = first.rank();
    let mut axis = 0;
    while axis + 2 < rank {
        let (have, want) = (first.extents().at(axis), second.extents().at(axis));
        if have != want {
            text.str("equal extents in front of the matrices, but ")
                .size(have);
            text.str(" != ")
                .size(want)
                .str(" on ")
                .str(first.axis_name(axis));
            return;
        }
        axis += 1;
    }
    text.str("the features of the first to be the positions of the second, but ");
    text.size(first.features()).str(" != ");
    text.size(second.extents().at(rank.saturating_sub(2)));
}

/// `2`, `2 to 64`.
const fn operands(text: &mut Text, least: usize, most: usize) {
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
        Agreement::Beside(place) => axis != place && shapes[0].rank() == shapes[1].rank(),
        Agreement::Features => last,
        _ => shapes[0].rank() == shapes[1].rank(),
    };
    let (have, want) = pair(shapes, agree, axis);
    compared && have != want
}

/// The axis on which two shapes differ, where it is one.
const fn only_difference(shapes: &[Shape; 2]) -> Option<usize> {
    let [first, second] = shapes;
    if first.rank() != second.rank() {
        return None;
    }
    let (mut found, mut axis) = (None, 0);
    while axis < first.rank() {
        if first.extents().at(axis) != second.extents().at(axis) {
            if found.is_some() {
                return None;
            }
            found = Some(axis);
        }
        axis += 1;
    }
    found
}

/// The extents that are compared on an axis of the first.
const fn pair(shapes: &[Shape; 2], agree: Agreement, axis: usize) -> (usize, usize) {
    match agree {
        Agreement::Features => (shapes[0].features(), shapes[1].features()),
        _ => (shapes[0].extents().at(axis), shapes[1].extents().at(axis)),
    }
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
