//! Values that only rustc knows, as generated code computes with them.
//!
//! All of them are whole numbers of the language's [arithmetic](crate::arithmetic)
//! until they become an extent or a count, so that what is less than 0 on the way
//! is told of with its numbers.

use crate::arithmetic::{Comparison, Operation};
use crate::graph::{Figure, Graph};
use crate::shape::{Axis, Shape};
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
    let mut text = failure.headline(left, right);
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
    let mut text = Text::new();
    text.str("`").str(condition).str("` is ");
    text.str(if found { "true" } else { "false" });
    text.str(", but the layers were chosen as if it were ");
    text.str(if taken { "true" } else { "false" });
    text.str(": the macro cannot know these values\nhelp: write the numbers of the condition, or pass it to the block as a parameter");
    panic!("{}", text.as_str())
}

/// Stops where the macro could not follow the shapes.
///
/// # Panics
///
/// Always.
#[track_caller]
pub const fn lost(called: &str) -> ! {
    let mut text = Text::new();
    text.str("the shapes could not be followed beyond ")
        .str(called);
    text.str(": it fits here, but with none of the values that the macro tried in the place of those that only rustc knows\nhelp: write `=> shape` with numbers before it, or give the network's const generics defaults with which all layers fit");
    panic!("{}", text.as_str())
}

/// Checks a budget.
///
/// # Panics
///
/// When it does not hold.
#[track_caller]
pub const fn budget(graph: &Graph, figure: Figure, comparison: Comparison, bound: u64) {
    let value = figure.number(graph);
    if !graph.exact() && !matches!(figure, Figure::Activations) {
        let mut text = Text::new();
        text.str(figure.metric().as_str())
            .str(" of ")
            .str(graph.name());
        text.str(" cannot be asserted: a custom layer does not say what it costs");
        panic!("{}", text.as_str())
    }
    if comparison.of(value as i128, bound as i128) {
        return;
    }
    let metric = figure.metric();
    let metric = metric.as_str();
    let mut text = Text::new();
    text.str(metric).str(" ").str(comparison.symbol());
    text.str(" ").int(bound);
    text.str(" does not hold: ")
        .str(graph.name())
        .str(" has ")
        .int(value);
    if value > bound {
        text.str("\n  difference   ")
            .int(value - bound)
            .str(" more");
    } else if value < bound {
        text.str("\n  difference   ")
            .int(bound - value)
            .str(" less");
    }
    if matches!(comparison, Comparison::Equal) {
        text.str("\nhelp: `assert ")
            .str(metric)
            .str(" == ")
            .int(value)
            .str(";`");
    }
    panic!("{}", text.as_str())
}
