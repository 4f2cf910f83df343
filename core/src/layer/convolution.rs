//! Convolutions.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family};
use crate::error::Error;
use crate::extents::Extents;
use crate::formula;
use crate::layer::window::Window;
use crate::layer::{self, Tensor, attempt, weight_and_bias};
use crate::shape::Shape;
use crate::value::Value;

/// The kinds of convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `conv`.
    Conv,
}

const CHANNELS: Argument = Argument::int("channels", "number of kernels, N", 1)
    .positional()
    .aliases(&["out_channels", "filters"]);
const KERNEL: Argument = Argument::extents("kernel", "extent of the kernel on each axis", 1)
    .positional()
    .aliases(&["kernel_size"]);
const STRIDE: Argument = Argument::extents("stride", "how far the kernel moves", 1)
    .default(Value::Int(1))
    .aliases(&["strides"]);
const PADDING: Argument = Argument::sides(
    "padding",
    "zeros around the input",
    &["same", "half", "causal"],
)
.default(Value::Int(0));
const DILATION: Argument = Argument::extents("dilation", "distance between the kernel's taps", 1)
    .default(Value::Int(1))
    .aliases(&["dilation_rate"]);
const GROUPS: Argument = Argument::int(
    "groups",
    "number of groups that the channels are split into",
    1,
)
.default(Value::Int(1));
const BIAS: Argument = Argument::bool("bias", "whether a bias is added per kernel")
    .default(Value::Bool(true))
    .aliases(&["use_bias"]);

family! {
    /// Convolution: N kernels slide over 1, 2 or 3 spatial axes.
    ///
    /// - Output: `floor((I - dilation*(K - 1) - 1 + 2P) / S) + 1` on each axis, N channels.
    /// - Parameters: `weight` of `K*K*C/groups*N`, `bias` of N.
    /// - MACs: output positions x `K*K*C/groups*N`.
    ///
    /// Source: PyTorch's `Conv1d`, `Conv2d`, `Conv3d`; `same` as in TensorFlow and ONNX.
    conv: layer::Kind::Convolution(Kind::Conv), |entry| entry
        .arguments(&[CHANNELS, KERNEL, STRIDE, PADDING, DILATION, GROUPS, BIAS])
        .weighted()
        .aliases(&["Conv1d", "Conv2d", "Conv3d", "Conv1D", "Conv2D", "Conv3D", "conv1d", "conv2d", "conv3d", "convolution"]);
}

/// A convolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Convolution {
    /// An ordinary convolution.
    Conv(Conv),
}

/// The hyperparameters of `conv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// C, the channels that come in.
    pub in_channels: usize,
    /// N, the number of kernels.
    pub out_channels: usize,
    /// The kernel and how it moves.
    pub window: Window,
    /// The number of groups.
    pub groups: usize,
    /// Whether a bias is added.
    pub bias: bool,
}

impl Convolution {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        match kind {
            Kind::Conv => Ok(Self::Conv(attempt!(Conv::build(args, &inputs[0])))),
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Conv(conv) => conv.output(&inputs[0]),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::Conv(conv) => conv.tensor(index),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Conv(conv) => conv.macs(&inputs[0]),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::Conv(conv) => conv.explain(&inputs[0], f),
        }
    }
}

impl Conv {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.spatial_rank() < 1 || input.spatial_rank() > 3 {
            return Err(Error::InputRank {
                needs: "a sequence, an image or a volume",
                input: *input,
            });
        }
        let conv = Self {
            in_channels: input.channels(),
            out_channels: attempt!(args.int("channels")),
            window: attempt!(Window::build(args, input, Some(1))),
            groups: attempt!(args.int("groups")),
            bias: args.bool("bias"),
        };
        attempt!(conv.weights());
        Ok(conv)
    }

    const fn weights(&self) -> Result<u64, Error> {
        formula::conv_weights(
            self.window.kernel.as_slice(),
            self.in_channels,
            self.out_channels,
            self.groups,
        )
    }

    const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let spatial = attempt!(self.window.output(input, false));
        match Shape::from_parts(spatial, self.out_channels) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    const fn tensor(&self, index: usize) -> Option<Tensor> {
        let mut extents = Extents::new(&[self.out_channels, self.in_channels / self.groups]);
        let mut axis = 0;
        while axis < self.window.kernel.len() {
            extents = match extents.push(self.window.kernel.at(axis)) {
                Some(extents) => extents,
                None => return None,
            };
            axis += 1;
        }
        let bias = if self.bias {
            Some(self.out_channels)
        } else {
            None
        };
        weight_and_bias(index, extents, bias)
    }

    const fn macs(&self, input: &Shape) -> Result<u64, Error> {
        let output = attempt!(self.output(input));
        let what = "the number of multiply-accumulates";
        match output.positions() {
            Some(positions) => formula::product(positions, attempt!(self.weights()), what),
            None => Err(formula::overflow(what)),
        }
    }

    fn explain(&self, input: &Shape, f: &mut dyn fmt::Write) -> fmt::Result {
        self.window.explain(input, false, f)?;
        let Ok(weights) = self.weights() else {
            return Ok(());
        };
        let Self {
            in_channels,
            out_channels,
            groups,
            ..
        } = *self;
        f.write_str("parameters: ")?;
        for extent in self.window.kernel.as_slice() {
            write!(f, "{extent}*")?;
        }
        if groups == 1 {
            write!(f, "{in_channels}*{out_channels}")?;
        } else {
            write!(f, "({in_channels}/{groups})*{out_channels}")?;
        }
        layer::explain_params(weights, self.bias.then_some(out_channels), f)?;
        if let (Ok(output), Ok(macs)) = (self.output(input), self.macs(input)) {
            layer::explain_macs(output.spatial(), weights, macs, f)?;
        }
        Ok(())
    }
}
