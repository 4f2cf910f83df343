//! The window that convolution and pooling move over their input.

use crate::extents::{Extents, Sides};

/// How many elements a window covers along an axis, from the first to the last:
/// `dilation*(size - 1) + 1`. Nothing where that does not fit, or a number is 0.
pub(crate) const fn reach(size: usize, dilation: usize) -> Option<usize> {
    if size == 0 || dilation == 0 {
        return None;
    }
    match dilation.checked_mul(size - 1) {
        Some(span) => span.checked_add(1),
        None => None,
    }
}

/// A window over all spatial axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its size.
    pub kernel: Extents,
    /// How far it moves.
    pub stride: Extents,
    /// What is added around the input.
    pub padding: Sides,
    /// The distance between the elements that it covers.
    pub dilation: Extents,
}
