//! What convolution and pooling share: windows over the spatial axes.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::{Extents, Sides};
use crate::formula;
use crate::layer::explain::Lines;
use crate::shape::Shape;
use crate::value::Value;
use crate::window::Window;

impl Window {
    /// The window that the arguments `kernel`, `stride`, `padding` and
    /// `dilation` describe. Without a `stride`, it moves by `stride_default`, or
    /// by its own size where that is `None`.
    pub(super) const fn build(
        args: &Args,
        input: &Shape,
        stride_default: Option<usize>,
    ) -> Result<Self, Error> {
        let mut window = attempt!(Self::unpadded(args, input, stride_default));
        window.padding = match args.get(name!("padding")) {
            Value::Keyword(_) => attempt!(window.keyword_padding(args, input)),
            _ => attempt!(args.sides(name!("padding"), input)),
        };
        Ok(window)
    }

    /// The window of [`Window::build`] without its padding.
    pub(super) const fn unpadded(
        args: &Args,
        input: &Shape,
        stride_default: Option<usize>,
    ) -> Result<Self, Error> {
        let axes = input.spatial_rank();
        if axes < 1 || axes > 3 {
            return Err(Error::InputRank {
                needs: Needs::Positions,
                input: *input,
            });
        }
        let kernel = attempt!(args.extents(name!("kernel"), input));
        let own_stride = match stride_default {
            Some(stride) => Extents::splat(stride, axes),
            None => kernel,
        };
        let stride = attempt!(args.per_axis_or(name!("stride"), input, own_stride));
        let one = Extents::splat(1, axes);
        let dilation = attempt!(args.per_axis_or(name!("dilation"), input, one));
        Ok(Self {
            kernel,
            stride,
            padding: Sides::none(axes),
            dilation,
        })
    }

    /// The window along one axis.
    pub(crate) const fn axis(&self, axis: usize) -> formula::Window {
        formula::Window {
            name: "kernel",
            size: self.kernel.values[axis],
            stride: self.stride.values[axis],
            padding: self.padding.at(axis),
            dilation: self.dilation.values[axis],
        }
    }

    /// The positions of the window on each spatial axis of the input.
    pub(super) const fn output(&self, input: &Shape, ceil_mode: bool) -> Result<Extents, Error> {
        let spatial = input.spatial();
        let mut output = spatial;
        let mut axis = 0;
        while axis < spatial.len {
            match self.axis(axis).output_size(spatial.values[axis], ceil_mode) {
                Ok(size) => output.values[axis] = size,
                // Told for all axes at once.
                Err(Error::WindowTooLarge { argument, .. }) => {
                    return Err(Error::WindowTooLarge {
                        argument,
                        input: spatial,
                        window: self.kernel,
                        padding: self.padding,
                        dilation: self.dilation,
                    });
                }
                Err(error) => return Err(error),
            }
            axis += 1;
        }
        Ok(output)
    }

    /// The error for windows that leave the end of an axis unseen.
    pub(super) const fn inexact_stride(&self, input: &Extents) -> Option<Error> {
        let mut unseen = Extents::splat(0, input.len());
        let mut axis = 0;
        while axis < input.len() {
            if let Ok(elements) = self.axis(axis).unseen(input.at(axis)) {
                unseen = unseen.with(axis, elements);
            }
            axis += 1;
        }
        if Sides::symmetric(unseen).is_zero() {
            return None;
        }
        Some(Error::InexactStride {
            input: *input,
            window: *self,
            unseen,
        })
    }

    /// Writes the formula of each axis; axes with the same numbers share a line.
    pub(super) fn explain(
        &self,
        input: &Shape,
        ceil_mode: bool,
        lines: &mut Lines<'_>,
    ) -> fmt::Result {
        let spatial = input.spatial();
        let Ok(output) = self.output(input, ceil_mode) else {
            return Ok(());
        };
        let numbers = |axis: usize| (self.axis(axis), spatial.at(axis));
        lines.axes(output, numbers, |(window, size), f| {
            let rounding = if ceil_mode { "ceil" } else { "floor" };
            write!(f, "{rounding}(({size} - ")?;
            if window.dilation == 1 {
                write!(f, "{}", window.size)?;
            } else {
                write!(f, "{}*({} - 1) - 1", window.dilation, window.size)?;
            }
            match window.padding {
                (before, after) if before == after => write!(f, " + 2*{before}")?,
                (before, after) => write!(f, " + {before} + {after}")?,
            }
            write!(f, ") / {}) + 1", window.stride)?;
            if ceil_mode && window.starts_beyond(*size) {
                // Rounded up, the last window would see nothing of the input.
                f.write_str(" - 1")?;
            }
            Ok(())
        })
    }

    /// The padding that a keyword stands for.
    const fn keyword_padding(&self, args: &Args, input: &Shape) -> Result<Sides, Error> {
        if args.is(name!("padding"), "half") {
            return self.half_padding();
        }
        let axes = input.spatial_rank();
        let causal = args.is(name!("padding"), "causal");
        if causal && axes != 1 {
            return Err(Error::KeywordNeeds {
                argument: "padding",
                keyword: "causal",
                needs: Needs::Sequence,
                input: *input,
                instead: Some("same"),
            });
        }
        let mut before = Extents::splat(0, axes);
        let mut after = before;
        let mut axis = 0;
        while axis < axes {
            let window = self.axis(axis);
            let sides = if causal {
                (attempt!(window.reach()) - 1, 0)
            } else {
                attempt!(window.same_padding(input.spatial().at(axis)))
            };
            before = before.with(axis, sides.0);
            after = after.with(axis, sides.1);
            axis += 1;
        }
        Ok(Sides::new(before, after))
    }

    /// `dilation*(kernel - 1)/2` on both sides.
    pub(super) const fn half_padding(&self) -> Result<Sides, Error> {
        let mut both = self.kernel;
        let mut axis = 0;
        while axis < both.len() {
            if self.kernel.at(axis).is_multiple_of(2) {
                return Err(Error::EvenWindow {
                    window: self.kernel,
                    dilation: self.dilation,
                });
            }
            both = both.with(axis, (attempt!(self.axis(axis).reach()) - 1) / 2);
            axis += 1;
        }
        Ok(Sides::symmetric(both))
    }
}

/// The elements of an input that is padded before a window moves over it, since its two sides
/// differ: what they have in common is left to the kernel. Nothing where they are alike.
///
/// Source: PyTorch's `_convolution_same`.
pub(super) const fn padded(window: &Window, input: &Shape) -> Option<u64> {
    if window.padding.is_symmetric() {
        return None;
    }
    let spatial = input.spatial();
    let mut elements = input.channels() as u64;
    let mut axis = 0;
    while axis < spatial.len() {
        let (before, after) = window.padding.at(axis);
        let extent = spatial.at(axis) as u64;
        let extent = extent.saturating_add(before.abs_diff(after) as u64);
        elements = elements.saturating_mul(extent);
        axis += 1;
    }
    Some(elements)
}
