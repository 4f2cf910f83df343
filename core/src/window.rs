//! The window that convolution and pooling move over their input.

use crate::extents::{Extents, Sides};

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
