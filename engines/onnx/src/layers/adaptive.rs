//! Adaptive pooling: windows whose extents follow from the size that comes out.

use shapewise_core::Extents;

use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::{Elements, Value, batched, ints, sizes};

/// The mean of each window of a value with its channels first.
pub(super) fn average(said: &mut Said<'_>, x: &Value, size: &Extents) -> Result<Value, Error> {
    if let Some(kernel) = even(x, size) {
        return evenly(said, "AveragePool", x, &kernel);
    }
    let mut x = x.clone();
    for axis in 0..size.len() {
        let (from, to) = (x.size(axis + 2), size.at(axis));
        if from == to {
            continue;
        }
        let windows = Windows::along(said, from, to)?;
        // Aligned with the axes of the windows; those behind have any extent.
        let behind = vec![1; x.rank() - axis - 3];
        let with = |extents: &[usize]| sizes(&[extents, &behind[..]].concat());
        let inside = said.builder.compare("Less", &windows.places, &windows.ends);
        let inside = said
            .builder
            .reshape(&inside, with(&[to, windows.longest]))?;
        let counts = said.builder.binary("Sub", &windows.ends, &windows.starts);
        let counts = said.builder.cast(&counts, Elements::Numbers);
        let counts = said.builder.reshape(&counts, with(&[to, 1]))?;
        let elements = windows.elements(said, &x, axis + 2)?;
        let zero = said.builder.number(0.0);
        let elements = said.builder.choose(&inside, &elements, &zero);
        // Divided before they are added up: a sum can be above half precision.
        let shares = said.builder.binary("Div", &elements, &counts);
        x = said
            .builder
            .reduce("ReduceSum", &shares, &[axis + 3], false)?;
    }
    Ok(x)
}

/// The largest element of each window of a value with its channels first.
pub(super) fn max(said: &mut Said<'_>, x: &Value, size: &Extents) -> Result<Value, Error> {
    if let Some(kernel) = even(x, size) {
        return evenly(said, "MaxPool", x, &kernel);
    }
    let mut x = x.clone();
    for axis in 0..size.len() {
        let (from, to) = (x.size(axis + 2), size.at(axis));
        if from == to {
            continue;
        }
        let windows = Windows::along(said, from, to)?;
        let elements = windows.elements(said, &x, axis + 2)?;
        x = said
            .builder
            .reduce("ReduceMax", &elements, &[axis + 3], false)?;
    }
    Ok(x)
}

/// The windows along an axis, calculated in the model: as constants they would
/// take as many numbers as the axis has elements.
///
/// The `i`th of `to` windows of `from` elements begins at `floor(i*from / to)` and
/// ends before `ceil((i+1)*from / to)`. Source: PyTorch's `AdaptiveAvgPool2d`.
struct Windows {
    /// A row per window.
    starts: Value,
    ends: Value,
    /// A row of `longest` places per window; those of shorter windows go beyond
    /// their end.
    places: Value,
    longest: usize,
}

impl Windows {
    fn along(said: &mut Said<'_>, from: usize, to: usize) -> Result<Self, Error> {
        let longest = longest(from, to).ok_or(Error::Overflow)?;
        let divisor = said.builder.integer(to)?;
        let multiples = said.builder.range(to, from)?;
        let multiples = said.builder.reshape(&multiples, sizes(&[to, 1]))?;
        let starts = said.builder.binary("Div", &multiples, &divisor);
        // What rounds the quotient of the next multiple up.
        let next = from.checked_add(to - 1).ok_or(Error::Overflow)?;
        let next = said.builder.integer(next)?;
        let ends = said.builder.binary("Add", &multiples, &next);
        let ends = said.builder.binary("Div", &ends, &divisor);
        let steps = said.builder.range(longest, 1)?;
        let places = said.builder.binary("Add", &starts, &steps);
        Ok(Self {
            starts,
            ends,
            places,
            longest,
        })
    }

    /// The elements of every window side by side; short windows repeat their last.
    fn elements(&self, said: &mut Said<'_>, x: &Value, axis: usize) -> Result<Value, Error> {
        let one = said.builder.integer(1)?;
        let last = said.builder.binary("Sub", &self.ends, &one);
        let places = said.builder.binary("Min", &self.places, &last);
        said.builder.gather(x, &places, axis)
    }
}

/// The extent of the longest window. With both numbers in lowest terms, some window
/// begins `to - 1` parts of an element after a whole one.
fn longest(from: usize, to: usize) -> Option<usize> {
    let common = divisor(from, to);
    let (from, to) = (from / common, to / common);
    from.checked_add(to - 1)
        .map(|elements| elements.div_ceil(to))
}

/// The greatest common divisor.
pub(super) fn divisor(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        _ => divisor(b, a % b),
    }
}

/// The kernel of an ordinary pool that does the same, where all windows are the
/// same.
fn even(x: &Value, size: &Extents) -> Option<Vec<usize>> {
    (0..size.len())
        .map(|axis| {
            let from = x.size(axis + 2);
            from.is_multiple_of(size.at(axis))
                .then(|| from / size.at(axis))
        })
        .collect()
}

fn evenly(
    said: &mut Said<'_>,
    operator: &str,
    x: &Value,
    kernel: &[usize],
) -> Result<Value, Error> {
    let dims = batched(said.results[0].channels_first().as_slice());
    let kernel = ints(kernel)?;
    let attributes = vec![
        ("kernel_shape", Attribute::Ints(kernel.clone())),
        ("strides", Attribute::Ints(kernel)),
    ];
    Ok(said.builder.node(operator, &[x], attributes, dims))
}

#[cfg(test)]
mod tests {
    use super::longest;

    #[test]
    fn the_longest_window_is_that_of_all() {
        for from in 1..60usize {
            for to in 1..60 {
                let windows = (0..to).map(|i| ((i + 1) * from).div_ceil(to) - i * from / to);
                assert_eq!(longest(from, to), windows.max(), "{from} to {to}");
            }
        }
        assert_eq!(longest(usize::MAX, usize::MAX - 1), None);
    }
}
