//! Windows of pooling.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::Extents;
use crate::layer::explain::Lines;
use crate::shape::{Shape, axis_name};
use crate::window::Window;

/// The window of a pooling layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The window and how it moves.
    pub window: Window,
    /// Whether the output size is rounded up. What this adds at the end is not
    /// part of the window's padding.
    pub ceil_mode: bool,
}

impl Pool {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let window = attempt!(Window::build(args, input, None));
        let mut axis = 0;
        while axis < window.kernel.len() {
            let half = window.kernel.at(axis) / 2;
            // `same` may need more than half at the end of a short input; the
            // frameworks that have it allow that.
            if !args.is(name!("padding"), "same")
                && (window.padding.before().at(axis) > half
                    || window.padding.after().at(axis) > half)
            {
                return Err(Error::PaddingOverHalf {
                    window: window.kernel,
                    padding: window.padding,
                });
            }
            axis += 1;
        }
        let pool = Self {
            window,
            ceil_mode: args.bool(name!("ceil_mode")),
        };
        attempt!(pool.window.output(input, pool.ceil_mode));
        Ok(pool)
    }

    /// Whether the window suits an average.
    ///
    /// On a volume it must fit the input without padding. Source: PyTorch's
    /// `AvgPool3d`, which alone among its pooling layers asks this.
    pub(super) const fn averages(&self, input: &Shape) -> Result<(), Error> {
        let spatial = input.spatial();
        let mut axis = 0;
        while axis < spatial.len() {
            if spatial.len() == 3 && self.window.kernel.at(axis) > spatial.at(axis) {
                return Err(Error::WindowOverInput {
                    window: self.window.kernel,
                    input: spatial,
                });
            }
            axis += 1;
        }
        Ok(())
    }
}

/// Writes which elements each window covers, a line per axis:
/// `height: 6 windows of 12/6 = 2`.
pub(super) fn explain_adaptive(
    input: &Extents,
    size: &Extents,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    for axis in 0..size.len() {
        let (from, to) = (input.at(axis), size.at(axis));
        let name = axis_name(axis, size.len());
        if to > 0 && from % to == 0 {
            let each = from / to;
            lines.output(name, format_args!("{to} windows of {from}/{to}"), each)?;
        } else {
            let ends = format_args!("from floor(i*{from}/{to}) to ceil((i + 1)*{from}/{to})");
            lines.formula(name, format_args!("{to} windows, {ends}"))?;
        }
    }
    Ok(())
}
