//! Pooling.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family};
use crate::error::Error;
use crate::formula;
use crate::layer::window::Window;
use crate::layer::{self, Tensor, attempt};
use crate::shape::Shape;
use crate::value::Value;

/// The kinds of pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `max_pool`.
    Max,
    /// `avg_pool`.
    Average,
}

const KERNEL: Argument = Argument::extents("kernel", "extent of the window on each axis", 1)
    .positional()
    .aliases(&["kernel_size", "pool_size"]);
const STRIDE: Argument = Argument::extents("stride", "how far the window moves", 1)
    .default_is("the kernel")
    .aliases(&["strides"]);
const PADDING: Argument = Argument::sides(
    "padding",
    "what is added around the input, at most half of the kernel",
    &["same", "half"],
)
.default(Value::Int(0));
const DILATION: Argument =
    Argument::extents("dilation", "distance between the elements of the window", 1)
        .default(Value::Int(1));
const CEIL_MODE: Argument = Argument::bool(
    "ceil_mode",
    "whether the output size is rounded up, the last window starting inside",
)
.default(Value::Bool(false));
const COUNT_INCLUDE_PAD: Argument = Argument::bool(
    "count_include_pad",
    "whether the padding counts in the average",
)
.default(Value::Bool(true));

family! {
    /// Max pooling: the largest element of each window, per channel.
    ///
    /// - Output: `floor((I - dilation*(P_s - 1) - 1 + 2P) / S) + 1` on each axis, rounded up with
    ///   `ceil_mode`.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `MaxPool1d`, `MaxPool2d`, `MaxPool3d`.
    max_pool: layer::Kind::Pooling(Kind::Max), |entry| entry
        .arguments(&[KERNEL, STRIDE, PADDING, DILATION, CEIL_MODE])
        .aliases(&["MaxPool1d", "MaxPool2d", "MaxPool3d", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "maxpool", "max_pool2d", "MaxPool"]);

    /// Average pooling: the mean of each window, per channel.
    ///
    /// - Output: `floor((I - P_s + 2P) / S) + 1` on each axis, rounded up with `ceil_mode`.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `AvgPool1d`, `AvgPool2d`, `AvgPool3d`.
    avg_pool: layer::Kind::Pooling(Kind::Average), |entry| entry
        .arguments(&[KERNEL, STRIDE, PADDING, CEIL_MODE, COUNT_INCLUDE_PAD])
        .aliases(&["AvgPool1d", "AvgPool2d", "AvgPool3d", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "avgpool", "avg_pool2d", "AvgPool", "AveragePool", "average_pool", "mean_pool"]);
}

/// A pooling layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pooling {
    /// `max_pool`.
    Max(Pool),
    /// `avg_pool`.
    Average {
        /// The window and how it moves.
        pool: Pool,
        /// Whether the padding counts in the average.
        count_include_pad: bool,
    },
}

/// The window of a pooling layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The window and how it moves.
    pub window: Window,
    /// Whether the output size is rounded up. What this adds at the end is not
    /// part of the window's padding.
    pub ceil_mode: bool,
}

impl Pooling {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let pool = attempt!(Pool::build(args, &inputs[0]));
        Ok(match kind {
            Kind::Max => Self::Max(pool),
            Kind::Average => Self::Average {
                pool,
                count_include_pad: args.bool("count_include_pad"),
            },
        })
    }

    const fn pool(&self) -> &Pool {
        match self {
            Self::Max(pool) | Self::Average { pool, .. } => pool,
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        let pool = self.pool();
        let spatial = attempt!(pool.window.output(&inputs[0], pool.ceil_mode));
        match Shape::from_parts(spatial, inputs[0].channels()) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        let pool = self.pool();
        pool.window.explain(&inputs[0], pool.ceil_mode, f)
    }
}

impl Pool {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.spatial_rank() < 1 || input.spatial_rank() > 3 {
            return Err(Error::InputRank {
                needs: "a sequence, an image or a volume",
                input: *input,
            });
        }
        let window = attempt!(Window::build(args, input, None));
        let mut axis = 0;
        while axis < window.kernel.len() {
            let half = window.kernel.at(axis) / 2;
            // `same` may need more than half at the end of a short input; the
            // frameworks that have it allow that.
            if !args.is("padding", "same")
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
        Ok(Self {
            window,
            ceil_mode: args.bool("ceil_mode"),
        })
    }
}
