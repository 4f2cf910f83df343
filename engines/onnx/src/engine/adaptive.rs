//! Windows whose places are calculated in the model: adaptive pooling and patches.

use shapewise_lower::{Along, AvgPool, Elements, Made, MaxPool, Operations};

use super::{Onnx, Operand};
use crate::Error;
use crate::value::{Value, sizes};

impl Onnx {
    /// The mean of each window of a value with its channels first.
    pub(super) fn adaptive_means(&mut self, x: Operand, size: &[usize]) -> Made<Self> {
        let mut x = self.solid(x)?;
        if let Some(kernel) = even(&x, size) {
            let options = AvgPool {
                kernel: &kernel,
                stride: &kernel,
                padding: &vec![(0, 0); kernel.len()],
                count_include_pad: true,
            };
            return self.avg_pool(x.into(), &options);
        }
        for (axis, &to) in size.iter().enumerate() {
            let from = x.size(axis + 2);
            if from == to {
                continue;
            }
            let windows = Windows::along(self, from, to)?;
            // Aligned with the axes of the windows; those behind have any extent.
            let behind = vec![1; x.rank() - axis - 3];
            let with = |extents: &[usize]| sizes(&[extents, &behind[..]].concat());
            let inside = self.builder.compare("Less", &windows.places, &windows.ends);
            let inside = self
                .builder
                .reshape(&inside, with(&[to, windows.longest]))?;
            let counts = self.builder.binary("Sub", &windows.ends, &windows.starts);
            let counts = self.builder.cast(&counts, Elements::Float);
            let counts = self.builder.reshape(&counts, with(&[to, 1]))?;
            let elements = windows.elements(self, &x, axis + 2)?;
            let zero = self.builder.number(0.0);
            let elements = self.builder.choose(&inside, &elements, &zero);
            // Divided before they are added up: a sum can be above half precision.
            let shares = self.builder.binary("Div", &elements, &counts);
            x = self
                .builder
                .reduce("ReduceSum", &shares, &[axis + 3], false)?;
        }
        Ok(x.into())
    }

    /// The largest element of each window of a value with its channels first.
    pub(super) fn adaptive_maxima(&mut self, x: Operand, size: &[usize]) -> Made<Self> {
        let mut x = self.solid(x)?;
        if let Some(kernel) = even(&x, size) {
            let options = MaxPool {
                kernel: &kernel,
                stride: &kernel,
                padding: &vec![(0, 0); kernel.len()],
                dilation: &vec![1; kernel.len()],
            };
            return self.max_pool(x.into(), &options);
        }
        for (axis, &to) in size.iter().enumerate() {
            let from = x.size(axis + 2);
            if from == to {
                continue;
            }
            let windows = Windows::along(self, from, to)?;
            let elements = windows.elements(self, &x, axis + 2)?;
            x = self
                .builder
                .reduce("ReduceMax", &elements, &[axis + 3], false)?;
        }
        Ok(x.into())
    }

    /// Patches along an axis, which becomes two.
    pub(super) fn patches(&mut self, x: Operand, axis: usize, along: Along) -> Made<Self> {
        let x = self.solid(x)?;
        let count = along.count(x.size(axis));
        let starts = self.builder.range(count, along.stride)?;
        let starts = self.builder.reshape(&starts, sizes(&[count, 1]))?;
        let steps = self.builder.range(along.kernel, along.dilation)?;
        let places = self.builder.binary("Add", &starts, &steps);
        Ok(self.builder.gather(&x, &places, axis)?.into())
    }
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
    fn along(onnx: &mut Onnx, from: usize, to: usize) -> Result<Self, Error> {
        let builder = &mut onnx.builder;
        let longest = longest(from, to).ok_or(Error::Overflow)?;
        let divisor = builder.integer(to)?;
        let multiples = builder.range(to, from)?;
        let multiples = builder.reshape(&multiples, sizes(&[to, 1]))?;
        let starts = builder.binary("Div", &multiples, &divisor);
        // What rounds the quotient of the next multiple up.
        let next = from.checked_add(to - 1).ok_or(Error::Overflow)?;
        let next = builder.integer(next)?;
        let ends = builder.binary("Add", &multiples, &next);
        let ends = builder.binary("Div", &ends, &divisor);
        let steps = builder.range(longest, 1)?;
        let places = builder.binary("Add", &starts, &steps);
        Ok(Self {
            starts,
            ends,
            places,
            longest,
        })
    }

    /// The elements of every window side by side; short windows repeat their last.
    fn elements(&self, onnx: &mut Onnx, x: &Value, axis: usize) -> Result<Value, Error> {
        let one = onnx.builder.integer(1)?;
        let last = onnx.builder.binary("Sub", &self.ends, &one);
        let places = onnx.builder.binary("Min", &self.places, &last);
        onnx.builder.gather(x, &places, axis)
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
fn divisor(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        _ => divisor(b, a % b),
    }
}

/// The kernel of an ordinary pool that does the same, where all windows are the
/// same.
fn even(x: &Value, size: &[usize]) -> Option<Vec<usize>> {
    let axes = size.iter().enumerate();
    axes.map(|(axis, to)| {
        let from = x.size(axis + 2);
        from.is_multiple_of(*to).then(|| from / to)
    })
    .collect()
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
