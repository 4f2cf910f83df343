//! Values that only rustc knows, as generated code computes with them.
//!
//! All of them are whole numbers of the language's [arithmetic](crate::arithmetic)
//! until they become an extent or a count, so that what is less than 0 on the way
//! is told of with its numbers.

use crate::arithmetic::{Comparison, Operation};
use crate::figure::{Amount, Figure};
use crate::graph::Graph;
use crate::plan::Asked;
use crate::shape::{Axis, Shape, axis_name};
use crate::text::Text;

/// A constant of the user's.
#[must_use]
pub const fn int(value: usize) -> i128 {
    value as i128
}

/// An extent of a value of the network.
///
/// # Panics
///
/// When the value has no such axis.
#[must_use]
#[track_caller]
pub const fn axis(shape: Shape, axis: Axis, name: &str) -> i128 {
    if let Some(extent) = shape.axis(axis) {
        return extent as i128;
    }
    let mut text = Text::new();
    text.str("the value ").shape(&shape).str(", ");
    text.str(if shape.rank() == 3 { "an " } else { "a " });
    text.str(shape.noun()).str(", has no `").str(name).str("`");
    panic!("{}", text.as_str())
}

/// A number that is to be a count: `channels`, `heads`, a bound.
///
/// # Panics
///
/// When it is less than 0 or does not fit 64 bits.
#[must_use]
#[track_caller]
pub const fn count(value: i128) -> u64 {
    if value >= 0 && value <= u64::MAX as i128 {
        #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
        #[expect(clippy::cast_sign_loss, reason = "compared just before")]
        return value as u64;
    }
    let mut text = Text::new();
    text.signed(value).str(if value < 0 {
        " is less than 0, so it is no count"
    } else {
        " does not fit 64 bits"
    });
    panic!("{}", text.as_str())
}

/// A number that is to be an extent.
///
/// # Panics
///
/// When it is less than 0 or does not fit `usize`.
#[must_use]
#[track_caller]
pub const fn extent(value: i128) -> usize {
    let count = count(value);
    #[expect(clippy::cast_possible_truncation, reason = "compared just after")]
    let extent = count as usize;
    assert!(extent as u64 == count, "an extent does not fit `usize`");
    extent
}

/// A shape of such extents.
///
/// # Panics
///
/// When one of them is 0, or their product does not fit 64 bits.
#[must_use]
#[track_caller]
pub const fn shape(extents: &[usize]) -> Shape {
    let shape = match Shape::try_new(extents) {
        Some(shape) => shape,
        None => panic!("a shape has 1 to 5 extents, none of them 0"),
    };
    assert!(
        shape.checked_elements().is_some(),
        "the number of elements of the shape does not fit 64 bits"
    );
    shape
}

/// What an operation makes of two numbers. The operands are as they were written.
///
/// # Panics
///
/// When it has no result, with what the macro says of numbers that it knows.
#[must_use]
#[track_caller]
pub const fn calculate(operation: Operation, a: i128, b: i128, left: &str, right: &str) -> i128 {
    let failure = match operation.of(a, b) {
        Ok(value) => return value,
        Err(failure) => failure,
    };
    let (right, within) = Text::apart(right);
    let mut text = failure.headline(left, right);
    text.str(within);
    let help = failure.help(left, right);
    if !help.is_empty() {
        text.str("\nhelp: ").str(help.as_str());
    }
    panic!("{}", text.as_str())
}

/// Holds rustc's values to what the macro took for granted when it chose the
/// layers: that `condition` is `taken`.
///
/// # Panics
///
/// When it is not.
#[track_caller]
pub const fn guard(found: bool, taken: bool, condition: &str) {
    if found == taken {
        return;
    }
    let (condition, within) = Text::apart(condition);
    let mut text = Text::new();
    text.str("`").str(condition).str("` is ");
    text.str(if found { "true" } else { "false" });
    text.str(", but the layers were chosen as if it were ");
    text.str(if taken { "true" } else { "false" });
    text.str(": the macro cannot know these values").str(within);
    text.str("\nhelp: write the numbers of the condition, or pass it to the block as a parameter");
    panic!("{}", text.as_str())
}

/// Stops where the macro could not follow the shapes.
///
/// # Panics
///
/// Always.
#[track_caller]
pub const fn lost(called: &str) -> ! {
    let (called, within) = Text::apart(called);
    let mut text = Text::new();
    text.str("the shapes could not be followed beyond ")
        .str(called);
    text.str(": it fits here, but with none of the values that the macro tried in the place of those that only rustc knows");
    text.str(within);
    text.str("\nhelp: write `=> shape` with numbers before it, or give the network's const generics defaults with which all layers fit");
    panic!("{}", text.as_str())
}

/// Checks a budget of a plan.
///
/// # Panics
///
/// When it does not hold, or where the plan cannot be.
#[track_caller]
pub const fn plan(graph: &Graph, asked: &Asked, comparison: Comparison, bound: Amount) {
    let bound = at(bound, 0);
    let metric = asked.metric();
    let mut text = Text::new();
    text.str(metric);
    if !graph.exact() {
        text.str(" of ").str(graph.name());
        text.str(" cannot be asserted: a custom layer does not say what it costs");
        panic!("{}", text.as_str())
    }
    let bytes = asked.of(graph).bytes();
    if comparison.of(bytes as i128, bound as i128) {
        return;
    }
    text.str(" ").str(comparison.symbol()).str(" ").int(bound);
    text.str(" does not hold: ").str(graph.name());
    text.str(" needs ").int(bytes).str(" bytes on a device");
    panic!("{}", text.as_str())
}

/// Checks a budget.
///
/// # Panics
///
/// When it does not hold, or where the bound is no number for each axis.
#[track_caller]
pub const fn budget(graph: &Graph, figure: Figure, comparison: Comparison, bound: Amount) {
    let metric = figure.metric();
    let mut text = Text::new();
    text.str(metric.as_str());
    if !graph.exact() && !matches!(figure, Figure::Activations | Figure::ReceptiveField) {
        text.str(" of ").str(graph.name());
        text.str(" cannot be asserted: a custom layer does not say what it costs");
        panic!("{}", text.as_str())
    }
    let found = figure.of(graph);
    let axes = match (found, bound) {
        (Amount::Axes(found), Amount::Axes(bound)) if found.len() != bound.len() => None,
        (Amount::Axes(found), Amount::Number(_)) if found.len() != 1 => None,
        (Amount::Axes(found), _) => Some(found.len()),
        _ => Some(1),
    };
    let Some(axes) = axes else {
        text.str(" is a number for each axis: ");
        amount(text.str(graph.name()).str(" has "), found);
        panic!("{}", text.as_str())
    };
    let mut differences = Text::new();
    let mut axis = 0;
    while axis < axes {
        let (found, bound) = (at(found, axis), at(bound, axis));
        if !comparison.of(found as i128, bound as i128) {
            differences.str(if differences.is_empty() { "" } else { ", " });
            if found == bound {
                differences.str("equal");
            } else {
                differences.int(found.abs_diff(bound));
                differences.str(if found > bound { " more" } else { " less" });
            }
            if axes > 1 {
                differences.str(" on ").str(axis_name(axis, axes));
            }
        }
        axis += 1;
    }
    if differences.is_empty() {
        return;
    }
    amount(text.str(" ").str(comparison.symbol()).str(" "), bound);
    text.str(" does not hold: ").str(graph.name());
    amount(text.str(" has "), found);
    text.str("\n  difference   ").str(differences.as_str());
    if matches!(comparison, Comparison::Equal) {
        text.str("\nhelp: `assert ").str(metric.as_str());
        amount(text.str(" == "), found).str(";`");
    }
    panic!("{}", text.as_str())
}

/// Adds an amount to a text.
const fn amount(text: &mut Text, amount: Amount) -> &mut Text {
    match amount {
        Amount::Number(number) => text.int(number),
        Amount::Axes(axes) => text.extents(&axes),
        Amount::Truth(truth) => text.str(if truth { "true" } else { "false" }),
    }
}

/// The number of an axis, or the number that there is.
const fn at(amount: Amount, axis: usize) -> u64 {
    match amount {
        Amount::Number(number) => number,
        Amount::Axes(axes) => axes.at(axis) as u64,
        Amount::Truth(truth) => truth as u64,
    }
}
