//! The window of a transposed convolution.

use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::formula::{Window, overflow};

/// Output size of a transposed convolution along one axis, in elements:
/// `O = (I - 1)*S - 2P + dilation*(K - 1) + 1 + output_padding`.
///
/// `input` is I, `kernel` K, `stride` S, `padding` P on either side, which is
/// taken off here; `output_padding` is added at the end.
///
/// Source: PyTorch's `ConvTranspose2d`.
///
/// # Errors
///
/// [`Error::NothingLeft`] when the padding takes off everything,
/// [`Error::OutputPadding`] when the output padding is as large as the stride and
/// the dilation, [`Error::TooSmall`] for an input, kernel, stride or dilation of 0,
/// [`Error::Overflow`] when a number does not fit.
///
/// ```
/// use shapewise_core::formula::conv_transpose_output_size;
///
/// assert_eq!(conv_transpose_output_size(28, 2, 2, 0, 0, 1), Ok(56)); // U-Net
/// assert_eq!(conv_transpose_output_size(4, 4, 2, 1, 0, 1), Ok(8)); // DCGAN
/// assert!(conv_transpose_output_size(1, 3, 2, 2, 0, 1).is_err());
/// ```
pub const fn conv_transpose_output_size(
    input: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    output_padding: usize,
    dilation: usize,
) -> Result<usize, Error> {
    let window = Window {
        name: "kernel",
        size: kernel,
        stride,
        padding: (padding, padding),
        dilation,
    };
    window.transposed_size(input, output_padding)
}

impl Window {
    /// How many elements the taps of a transposed convolution reach from an axis
    /// of `input` elements, nothing taken off: `(input - 1)*stride + reach`.
    ///
    /// # Errors
    ///
    /// [`Error::TooSmall`] for an input, size, stride or dilation of 0,
    /// [`Error::Overflow`].
    pub const fn transposed_span(&self, input: usize) -> Result<usize, Error> {
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(error) => return Err(error),
        };
        if self.stride == 0 {
            return Err(Error::TooSmall {
                argument: "stride",
                least: 1,
            });
        }
        let Some(steps) = input.checked_sub(1) else {
            return Err(Error::TooSmall {
                argument: "input",
                least: 1,
            });
        };
        match steps.checked_mul(self.stride) {
            Some(last) => match last.checked_add(reach) {
                Some(span) => Ok(span),
                None => Err(overflow("the output size")),
            },
            None => Err(overflow("the output size")),
        }
    }

    /// The output size of a transposed convolution on an axis of `input`
    /// elements: the span that its taps reach, less the padding, and
    /// `output_padding` more at the end.
    ///
    /// # Errors
    ///
    /// As [`conv_transpose_output_size`].
    pub const fn transposed_size(
        &self,
        input: usize,
        output_padding: usize,
    ) -> Result<usize, Error> {
        let span = match self.transposed_span(input) {
            Ok(span) => span,
            Err(error) => return Err(error),
        };
        if output_padding >= self.stride && output_padding >= self.dilation {
            return Err(Error::OutputPadding {
                output_padding: Extents::new(&[output_padding]),
                stride: Extents::new(&[self.stride]),
                dilation: Extents::new(&[self.dilation]),
            });
        }
        let (Some(output), Some(padding)) = (
            span.checked_add(output_padding),
            self.padding.0.checked_add(self.padding.1),
        ) else {
            return Err(overflow("the output size"));
        };
        if output <= padding {
            return Err(Error::NothingLeft {
                padding: Sides::new(
                    Extents::new(&[self.padding.0]),
                    Extents::new(&[self.padding.1]),
                ),
                output: Extents::new(&[output]),
            });
        }
        Ok(output - padding)
    }

    /// The padding and output padding with which the output of a transposed
    /// convolution has `input*stride` elements: `padding = same`. With an
    /// `output_padding` of its own it is half of the window at both ends, and the
    /// output has `(input - 1)*stride + reach % 2 + output_padding` elements.
    ///
    /// Source: Keras's `Conv2DTranspose`; the odd element at the end, as in
    /// TensorFlow's `SAME`.
    ///
    /// # Errors
    ///
    /// [`Error::TooSmall`], [`Error::Overflow`].
    pub const fn transposed_same_padding(
        &self,
        output_padding: Option<usize>,
    ) -> Result<((usize, usize), usize), Error> {
        let reach = match self.reach() {
            Ok(reach) => reach,
            Err(error) => return Err(error),
        };
        if let Some(output_padding) = output_padding {
            return Ok(((reach / 2, reach / 2), output_padding));
        }
        let total = reach.saturating_sub(self.stride);
        let lacking = self.stride.saturating_sub(reach);
        Ok(((total / 2, total - total / 2), lacking))
    }
}
