//! The window of a convolution or a pool along one axis.

use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::formula::{overflow, too_small};
use crate::window::reach;

/// A window that slides along one axis: a kernel of a convolution or a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The argument that gives the size, for errors.
    pub name: &'static str,
    /// How many elements it covers.
    pub size: usize,
    /// How many elements it moves by.
    pub stride: usize,
    /// Padding before the first and after the last element.
    pub padding: (usize, usize),
    /// The distance between the elements that it covers.
    pub dilation: usize,
}

impl Window {
    /// How many elements lie between its first and its last, both included:
    /// `dilation*(size - 1) + 1`.
    ///
    /// # Errors
    ///
    /// [`Error::TooSmall`] for a size or dilation of 0, [`Error::Overflow`].
    pub const fn reach(&self) -> Result<usize, Error> {
        if self.size == 0 {
            return Err(too_small(self.name));
        }
        if self.dilation == 0 {
            return Err(too_small("dilation"));
        }
        match reach(self.size, self.dilation) {
            Some(reach) => Ok(reach),
            None => Err(overflow("the size of the dilated window")),
        }
    }

    /// The number of its positions on an axis of `input` elements:
    /// `floor((input + padding - reach) / stride) + 1`.
    ///
    /// With `ceil_mode` the division rounds up, except that a window must not
    /// start beyond the input and its padding on the left. A window that is
    /// larger than the padded input by less than the stride has one position.
    ///
    /// Source: PyTorch's `pooling_output_shape`.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLarge`], [`Error::TooSmall`], [`Error::Overflow`] as
    /// in [`conv_output_size`](crate::formula::conv_output_size).
    pub const fn output_size(&self, input: usize, ceil_mode: bool) -> Result<usize, Error> {
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(error) => return Err(error),
        };
        if self.stride == 0 {
            return Err(too_small("stride"));
        }
        let (before, after) = self.padding;
        if before > usize::MAX - input || after > usize::MAX - input - before {
            return Err(overflow("the padded input"));
        }
        let padded = input + before + after;
        if ceil_mode && padded < reach && reach - padded < self.stride {
            return Ok(1);
        }
        if padded < reach {
            return Err(Error::WindowTooLarge {
                argument: self.name,
                input: Extents::new(&[input]),
                window: Extents::new(&[self.size]),
                padding: Sides::new(
                    Extents::new(&[self.padding.0]),
                    Extents::new(&[self.padding.1]),
                ),
                dilation: Extents::new(&[self.dilation]),
            });
        }
        let steps = padded - reach;
        let floor = steps / self.stride;
        if ceil_mode && !steps.is_multiple_of(self.stride) {
            // The window at `floor + 1` starts here; it counts when that is
            // still inside the input or its padding on the left.
            let start = match (floor + 1).checked_mul(self.stride) {
                Some(start) => start,
                None => return Ok(floor + 1),
            };
            if start < input + self.padding.0 {
                return Ok(floor + 2);
            }
        }
        Ok(floor + 1)
    }

    /// Whether rounding up adds a window that starts beyond the input and its
    /// padding on the left, which [`Window::output_size`] then leaves out.
    #[must_use]
    pub const fn starts_beyond(&self, input: usize) -> bool {
        match (self.output_size(input, false), self.dropped(input)) {
            (Ok(floor), Ok(dropped)) => match floor.checked_mul(self.stride) {
                Some(start) => dropped > 0 && start >= input.saturating_add(self.padding.0),
                None => false,
            },
            _ => false,
        }
    }

    /// How many elements at the end of the padded axis no window reaches, when
    /// the stride does not divide what is left; 0 when the windows tile.
    ///
    /// # Errors
    ///
    /// As [`Window::output_size`].
    pub const fn dropped(&self, input: usize) -> Result<usize, Error> {
        match (self.output_size(input, false), self.reach()) {
            (Ok(_), Ok(reach)) => {
                let padded = input + self.padding.0 + self.padding.1;
                Ok((padded - reach) % self.stride)
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// How many elements at the end of the input itself no window reaches: what
    /// is [dropped](Window::dropped) beyond the padding.
    ///
    /// # Errors
    ///
    /// As [`Window::output_size`].
    pub const fn unseen(&self, input: usize) -> Result<usize, Error> {
        match self.dropped(input) {
            Ok(dropped) => Ok(dropped.saturating_sub(self.padding.1)),
            Err(error) => Err(error),
        }
    }

    /// The padding with which the output has `ceil(input / stride)` elements,
    /// the odd element at the end: `padding = same`.
    ///
    /// Source: TensorFlow's `SAME`, ONNX's `SAME_UPPER`.
    ///
    /// # Errors
    ///
    /// [`Error::TooSmall`], [`Error::Overflow`].
    pub const fn same_padding(&self, input: usize) -> Result<(usize, usize), Error> {
        if self.stride == 0 {
            return Err(too_small("stride"));
        }
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(error) => return Err(error),
        };
        let positions = input.div_ceil(self.stride);
        let covered = match positions.saturating_sub(1).checked_mul(self.stride) {
            Some(last) => match last.checked_add(reach) {
                Some(covered) => covered,
                None => return Err(overflow("the padding")),
            },
            None => return Err(overflow("the padding")),
        };
        let total = covered.saturating_sub(input);
        Ok((total / 2, total - total / 2))
    }
}
