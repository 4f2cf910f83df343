//! Pooling.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::Convention;
use crate::layer::convention::elements;
use crate::layer::explain::Lines;
use crate::layer::receptive::{MAX_AXES, Reach};
use crate::layer::{self, Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

mod kept;
mod pool;

pub use pool::Pool;

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
const DIVISOR_OVERRIDE: Argument = Argument::int(
    "divisor_override",
    "what the sum is divided by instead of the number of elements",
    1,
)
.default_is("the number of elements");
const NORM_TYPE: Argument = Argument::float(
    "norm_type",
    "the power, p: 1 is the sum, infinity the maximum",
    f64::MIN_POSITIVE,
    f64::INFINITY,
)
.aliases(&["p"]);
const SIZE: Argument = Argument::extents("size", "extent of the output on each axis", 1)
    .positional()
    .aliases(&["output_size"]);

family! {
    /// A pooling layer.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Pooling, const fn unchecked(args, inputs);

    /// Max pooling: the largest element of each window, per channel.
    ///
    /// - Output: `floor((I - dilation*(P_s - 1) - 1 + 2P) / S) + 1` on each axis, rounded up with
    ///   `ceil_mode`.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `MaxPool1d`, `MaxPool2d`, `MaxPool3d`.
    max_pool = Max(Pool = attempt!(Pool::build(args, &inputs[0]))), |entry| entry
        .arguments(&[KERNEL, STRIDE, PADDING, DILATION, CEIL_MODE])
        .aliases(&["MaxPool1d", "MaxPool2d", "MaxPool3d", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "maxpool", "max_pool2d", "MaxPool"]);

    /// Average pooling: the mean of each window, per channel.
    ///
    /// - Output: `floor((I - P_s + 2P) / S) + 1` on each axis, rounded up with `ceil_mode`.
    /// - No parameters, no MACs.
    ///
    /// On a volume the window must fit the input without its padding, as in PyTorch, unless the
    /// padding is `same`.
    ///
    /// Source: PyTorch's `AvgPool1d`, `AvgPool2d`, `AvgPool3d`.
    avg_pool = Average {
        /// The window and how it moves.
        pool: Pool = {
            let pool = attempt!(Pool::build(args, &inputs[0]));
            if !args.is(name!("padding"), "same") {
                attempt!(pool.averages(&inputs[0]));
            }
            pool
        },
        /// Whether the padding counts in the average.
        count_include_pad: bool = args.bool(name!("count_include_pad")),
        /// What the sum is divided by instead of the number of elements.
        divisor_override: Option<usize> = if args.has(name!("divisor_override")) {
            Some(attempt!(args.int(name!("divisor_override"))))
        } else {
            None
        },
    }, |entry| entry
        .arguments(&[KERNEL, STRIDE, PADDING, CEIL_MODE, COUNT_INCLUDE_PAD, DIVISOR_OVERRIDE])
        .aliases(&["AvgPool1d", "AvgPool2d", "AvgPool3d", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "avgpool", "avg_pool2d", "AvgPool", "AveragePool", "average_pool", "mean_pool"]);

    /// Power-average pooling: the p-th root of the sum of each window's p-th powers, per channel.
    ///
    /// - Output: `floor((I - P_s) / S) + 1` on each axis, rounded up with `ceil_mode`.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `LPPool1d`, `LPPool2d`, `LPPool3d`.
    lp_pool = Power {
        /// The window and how it moves.
        pool: Pool = {
            let pool = attempt!(Pool::build(args, &inputs[0]));
            attempt!(pool.averages(&inputs[0]));
            pool
        },
        /// The power.
        norm_type: f64 = args.float(name!("norm_type")),
    }, |entry| entry
        .arguments(&[KERNEL, NORM_TYPE, STRIDE, CEIL_MODE])
        .aliases(&["LPPool1d", "LPPool2d", "LPPool3d", "LpPool", "lp_pool2d"]);

    /// Average pooling to a given size, with windows as even as the input allows.
    ///
    /// - Output: `size`. Window i of O covers the elements from `floor(i*I/O)` up to
    ///   `ceil((i + 1)*I/O)`, the last excluded.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `AdaptiveAvgPool1d`, `AdaptiveAvgPool2d`, `AdaptiveAvgPool3d`.
    adaptive_avg_pool = AdaptiveAverage {
        /// The spatial extents of the output.
        size: Extents = attempt!(args.extents(name!("size"), &inputs[0])),
    }, |entry| entry
        .arguments(&[SIZE])
        .aliases(&["AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "adaptive_avg_pool2d"]);

    /// Max pooling to a given size, with windows as even as the input allows.
    ///
    /// - Output: `size`. Window i of O covers the elements from `floor(i*I/O)` up to
    ///   `ceil((i + 1)*I/O)`, the last excluded.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `AdaptiveMaxPool1d`, `AdaptiveMaxPool2d`, `AdaptiveMaxPool3d`.
    adaptive_max_pool = AdaptiveMax {
        /// The spatial extents of the output.
        size: Extents = attempt!(args.extents(name!("size"), &inputs[0])),
    }, |entry| entry
        .arguments(&[SIZE])
        .aliases(&["AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D", "adaptive_max_pool2d"]);

    /// Global average pooling: the mean of each channel, as a vector.
    ///
    /// Output: C features. No parameters, no MACs. Source: Keras's `GlobalAveragePooling2D`.
    global_avg_pool = GlobalAverage, |entry| entry
        .aliases(&["GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalAveragePool", "GlobalAvgPool", "gap"]);

    /// Global max pooling: the largest element of each channel, as a vector.
    ///
    /// Output: C features. No parameters, no MACs. Source: Keras's `GlobalMaxPooling2D`.
    global_max_pool = GlobalMax, |entry| entry
        .aliases(&["GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GlobalMaxPool", "gmp"]);
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Pooling, Error> {
    let axes = inputs[0].spatial_rank();
    if axes < 1 || axes > 3 {
        return Err(Error::InputRank {
            needs: Needs::Positions,
            input: inputs[0],
        });
    }
    unchecked(place, args, inputs)
}

impl Pooling {
    /// The window that moves by the stride, where one can leave elements out.
    pub(super) const fn window(&self) -> Option<&layer::Window> {
        match self {
            Self::Max(pool) | Self::Average { pool, .. } | Self::Power { pool, .. }
                if !pool.ceil_mode =>
            {
                Some(&pool.window)
            }
            _ => None,
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        let input = &inputs[0];
        let spatial = match self {
            Self::Max(pool) | Self::Average { pool, .. } | Self::Power { pool, .. } => {
                attempt!(pool.window.output(input, pool.ceil_mode))
            }
            Self::AdaptiveAverage { size } | Self::AdaptiveMax { size } => *size,
            Self::GlobalAverage | Self::GlobalMax => Extents::EMPTY,
        };
        match Shape::from_parts(spatial, input.channels()) {
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

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let input = &inputs[0];
        let times = match (convention, self) {
            (Convention::Fvcore, Self::AdaptiveAverage { .. } | Self::GlobalAverage) => {
                (input.spatial_rank() == 2) as u64
            }
            (Convention::Ptflops, Self::Power { .. } | Self::GlobalAverage | Self::GlobalMax) => 1,
            (Convention::Ptflops, _) => 2,
            _ => 0,
        };
        elements(times, input)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Max(pool) | Self::Average { pool, .. } | Self::Power { pool, .. } => {
                Receptive::window(&pool.window)
            }
            Self::AdaptiveAverage { size } | Self::AdaptiveMax { size } => {
                let spatial = inputs[0].spatial();
                let mut reach = [Reach::SAME; MAX_AXES];
                let mut axis = 0;
                while axis < size.len() {
                    reach[axis] = Reach::adaptive(spatial.at(axis), size.at(axis));
                    axis += 1;
                }
                Receptive::each(reach)
            }
            Self::GlobalAverage | Self::GlobalMax => Receptive::Whole,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let input = &inputs[0];
        match self {
            Self::Max(pool) | Self::Average { pool, .. } | Self::Power { pool, .. } => {
                pool.window.explain(input, pool.ceil_mode, lines)
            }
            Self::AdaptiveAverage { size } | Self::AdaptiveMax { size } => {
                pool::explain_adaptive(&input.spatial(), size, lines)
            }
            Self::GlobalAverage | Self::GlobalMax => {
                lines.output("features", "one per channel", input.channels())
            }
        }
    }
}
