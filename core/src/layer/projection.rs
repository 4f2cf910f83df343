//! What brings the shortcut of a residual to the shape of its body.

use core::fmt;

use crate::entry::Entry;
use crate::extents::Extents;
use crate::layer::{convolution, dense};
use crate::shape::Shape;

/// The one layer that makes a shape of another, as the shortcut of a residual has
/// it: a convolution of single positions, or a linear layer on a vector.
///
/// ```
/// use shapewise_core::Shape;
/// use shapewise_core::layer::Projection;
///
/// let from = Shape::new(&[56, 56, 64]);
/// let projection = Projection::between(&from, &Shape::new(&[28, 28, 128])).unwrap();
/// assert_eq!(projection.to_string(), "conv(128, 1x1, stride = 2)");
/// assert_eq!(Projection::between(&from, &Shape::new(&[27, 27, 128])), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    channels: usize,
    kernel: Extents,
    stride: usize,
}

impl Projection {
    /// The layer that makes `to` of `from`, where one does with a stride of 1 or 2.
    #[must_use]
    pub fn between(from: &Shape, to: &Shape) -> Option<Self> {
        let (before, after) = (from.spatial(), to.spatial());
        let strided = |stride: usize| {
            let mut axes = before.as_slice().iter().zip(after.as_slice());
            before.len() == after.len() && axes.all(|(a, b)| a.div_ceil(stride) == *b)
        };
        let stride = [1, 2].into_iter().find(|stride| strided(*stride))?;
        Some(Self {
            channels: to.channels(),
            kernel: Extents::splat(1, after.len()),
            stride,
        })
    }

    fn entry(&self) -> &'static Entry {
        if self.kernel.is_empty() {
            dense::names::linear
        } else {
            convolution::names::conv
        }
    }
}

impl fmt::Display for Projection {
    /// The layer as it is written in a network.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}", self.entry().name, self.channels)?;
        if !self.kernel.is_empty() {
            write!(f, ", {}", self.kernel)?;
        }
        if self.stride > 1 {
            write!(f, ", stride = {}", self.stride)?;
        }
        f.write_str(")")
    }
}
