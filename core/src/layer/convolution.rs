//! Convolutions.

use core::fmt;

use crate::argument::Argument;
use crate::entry::{Entry, family};
use crate::error::{Error, attempt};
use crate::layer::Convention;
use crate::layer::convention::{elements, plus};
use crate::layer::explain::Lines;
use crate::layer::parametrization::{
    NORM_DIM, OLD_NAMES, POWER_ITERATIONS, Parametrization, SPECTRAL_NORM, WEIGHT_NORM,
};
use crate::layer::{self, Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

mod deformable;
mod kept;
mod ordinary;
mod separable;
mod transposed;

pub use deformable::DeformableConv;
pub use ordinary::{Conv, PaddingMode};
pub use separable::SeparableConv;
pub use transposed::ConvTranspose;

const CHANNELS: Argument = Argument::int("channels", "number of kernels, N", 1)
    .positional()
    .aliases(&["out_channels", "filters"]);
const KERNEL: Argument = Argument::extents("kernel", "extent of the kernel on each axis", 1)
    .positional()
    .aliases(&["kernel_size"]);
const MULTIPLIER: Argument =
    Argument::int("multiplier", "number of kernels for each input channel", 1)
        .default(Value::Int(1))
        .aliases(&["depth_multiplier"]);
const STRIDE: Argument = Argument::extents("stride", "how far the kernel moves", 1)
    .default(Value::Int(1))
    .aliases(&["strides"]);
const PADDING: Argument = Argument::sides(
    "padding",
    "what is added around the input",
    &["same", "half", "causal"],
)
.default(Value::Int(0));
const PADDING_MODE: Argument = Argument::keyword(
    "padding_mode",
    "what the padding is made of",
    &["zeros", "reflect", "replicate", "circular"],
)
.default(Value::Keyword("zeros"));
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
    /// A convolution.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Convolution, const fn build(args, inputs);

    /// Convolution: N kernels slide over 1, 2 or 3 spatial axes.
    ///
    /// - Output: `floor((I - dilation*(K - 1) - 1 + 2P) / S) + 1` on each axis, N channels.
    /// - Parameters: `weight` of `K*K*C/groups*N`, `bias` of N.
    /// - MACs: output positions x `K*K*C/groups*N`.
    ///
    /// `padding_mode = reflect` needs a padding smaller than the input, `circular` one that is no
    /// larger.
    ///
    /// With `weight_norm` the weight is `g * v / |v|`, each slice of v along the axis `norm_dim` (or
    /// `all` of it) with a length g of its own: parameters
    /// `parametrizations.weight.original0` and `original1`. With `spectral_norm` it is
    /// `parametrizations.weight.original` divided by its largest singular value, which is kept as
    /// two vectors: buffers `parametrizations.weight.0._u` and `_v`, of as many elements as the
    /// weight has rows and columns. `old_names = true` gives the names of PyTorch's older functions:
    /// `weight_g`, `weight_v`; `weight_orig`, `weight_u`, `weight_v`.
    ///
    /// Source: PyTorch's `Conv1d`, `Conv2d`, `Conv3d`; `same` as in TensorFlow and ONNX; PyTorch's
    /// `parametrizations.weight_norm` and `spectral_norm`.
    conv = Conv(Conv = attempt!(Conv::build(args, &inputs[0]))), |entry| entry
        .arguments(&[
            CHANNELS, KERNEL, STRIDE, PADDING, DILATION, GROUPS, BIAS, PADDING_MODE,
            WEIGHT_NORM, SPECTRAL_NORM, NORM_DIM, POWER_ITERATIONS, OLD_NAMES,
        ])
        .weighted()
        .aliases(&["Conv1d", "Conv2d", "Conv3d", "Conv1D", "Conv2D", "Conv3D", "conv1d", "conv2d", "conv3d", "convolution"]);

    /// Depthwise convolution: each input channel has `multiplier` kernels of its own.
    ///
    /// - Output: as `conv`, `C*multiplier` channels.
    /// - Parameters: `weight` of `K*K*C*multiplier`, `bias` of `C*multiplier`.
    /// - MACs: output positions x `K*K*C*multiplier`.
    ///
    /// `weight_norm` and `spectral_norm` make the weight as they do for `conv`.
    ///
    /// Source: Keras's `DepthwiseConv2D`; PyTorch's `Conv2d` with as many groups as channels.
    depthwise_conv = Depthwise(Conv = attempt!(Conv::build_depthwise(args, &inputs[0]))), |entry| entry
        .arguments(&[
            KERNEL, MULTIPLIER, STRIDE, PADDING, DILATION, BIAS, PADDING_MODE,
            WEIGHT_NORM, SPECTRAL_NORM, NORM_DIM, POWER_ITERATIONS, OLD_NAMES,
        ])
        .weighted()
        .aliases(&["DepthwiseConv1D", "DepthwiseConv2D", "depthwise", "depthwise_conv2d", "dwconv"]);

    /// Separable convolution: a depthwise convolution without bias, then N kernels of extent 1.
    ///
    /// - Output: as `conv`, N channels.
    /// - Parameters: `depthwise.weight` of `K*K*C*multiplier`, `pointwise.weight` of
    ///   `C*multiplier*N`, `pointwise.bias` of N.
    /// - MACs: output positions x `(K*K*C*multiplier + C*multiplier*N)`.
    ///
    /// Source: Keras's `SeparableConv1D`, `SeparableConv2D`.
    separable_conv = Separable(SeparableConv = attempt!(SeparableConv::build(args, &inputs[0]))), |entry| entry
        .arguments(&[CHANNELS, KERNEL, MULTIPLIER, STRIDE, PADDING, DILATION, BIAS, PADDING_MODE])
        .weighted()
        .aliases(&["SeparableConv1D", "SeparableConv2D", "depthwise_separable_conv", "sepconv", "SeparableConv"]);

    /// Transposed convolution: each input position spreads N kernels over the output.
    ///
    /// - Output: `(I - 1)*S - 2P + dilation*(K - 1) + 1 + output_padding` on each axis, N channels;
    ///   with `padding = same`, `I*S`.
    /// - Parameters: `weight` of `K*K*C*N/groups`, `bias` of N.
    /// - MACs: input positions x `K*K*C*N/groups`.
    ///
    /// `weight_norm` and `spectral_norm` make the weight as they do for `conv`. Its first axis are the
    /// channels that come in, its second those that go out.
    ///
    /// Source: PyTorch's `ConvTranspose1d`, `ConvTranspose2d`, `ConvTranspose3d`; `same` as Keras's
    /// `Conv2DTranspose`.
    conv_transpose = Transpose(ConvTranspose = attempt!(ConvTranspose::build(args, &inputs[0]))), |entry| entry
        .arguments(&[
            CHANNELS,
            KERNEL,
            STRIDE,
            Argument::sides("padding", "what is taken off the output", &["same", "half"])
                .default(Value::Int(0)),
            Argument::extents("output_padding", "what is added at the end of the output", 0)
                .default_is("0"),
            DILATION,
            GROUPS,
            BIAS,
            WEIGHT_NORM,
            SPECTRAL_NORM,
            NORM_DIM,
            POWER_ITERATIONS,
            OLD_NAMES,
        ])
        .weighted()
        .aliases(&["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "ConvTranspose", "conv_transpose2d", "deconv", "deconvolution", "transposed_conv", "upconv"]);

    /// Deformable convolution: each tap of the kernels is moved, at each position, by an offset, and read
    /// between the elements of the image.
    ///
    /// Another layer makes the offsets, and the factors: `offset: conv(2*3*3, 3x3, padding = half);
    /// from x, deformable_conv(64, 3x3, offset, padding = half);`.
    ///
    /// - `offset`: a row and a column for each tap, at each position of the output: `2*K*K` channels. A
    ///   multiple of it has offsets of their own for as many groups of channels. Tap by tap, of each the row
    ///   before the column.
    /// - `mask`: what each tap is multiplied by: `K*K` channels for each such group.
    /// - Output, parameters and MACs: as `conv`. What lies outside of the image is 0, and no MACs are counted for
    ///   reading between elements.
    ///
    /// Source: torchvision's `DeformConv2d`; Dai et al. 2017, and with `mask` Zhu et al. 2018.
    deformable_conv = Deformable(DeformableConv = attempt!(DeformableConv::build(args, inputs))), |entry| entry
        .arguments(&[
            CHANNELS,
            KERNEL,
            Argument::value("offset", "offsets of the taps: `2*K*K` channels").positional(),
            Argument::value("mask", "factors of the taps: `K*K` channels")
                .default_is("no factors"),
            STRIDE,
            PADDING,
            DILATION,
            GROUPS,
            BIAS,
        ])
        .weighted()
        .aliases(&["DeformConv2d", "deform_conv2d", "DeformConv", "DCN", "DCNv2", "ModulatedDeformConv2d", "deform_conv"]);
}

impl Convolution {
    /// The window that moves by the stride, where there is one.
    pub(super) const fn window(&self) -> Option<&layer::Window> {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => Some(&conv.window),
            Self::Separable(conv) => Some(conv.window()),
            Self::Deformable(layer) => Some(&layer.conv.window),
            Self::Transpose(_) => None,
        }
    }

    /// How the weight is made of other tensors, where it is.
    pub(super) const fn parametrization(&self) -> Option<Parametrization> {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.parametrization,
            Self::Separable(_) | Self::Deformable(_) => None,
            Self::Transpose(conv) => conv.parametrization,
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.output(&inputs[0]),
            Self::Separable(conv) => conv.output(&inputs[0]),
            Self::Deformable(layer) => layer.conv.output(&inputs[0]),
            Self::Transpose(conv) => conv.output(&inputs[0]),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.tensor(index),
            Self::Separable(conv) => conv.tensor(index),
            Self::Deformable(layer) => layer.conv.tensor(index),
            Self::Transpose(conv) => conv.tensor(index),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.macs(&inputs[0]),
            Self::Separable(conv) => conv.macs(&inputs[0]),
            Self::Deformable(layer) => layer.conv.macs(&inputs[0]),
            Self::Transpose(conv) => conv.macs(&inputs[0]),
        }
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let macs = attempt!(self.macs(inputs));
        let bias = match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.bias,
            Self::Separable(conv) => conv.bias,
            // An operator that no tool knows.
            Self::Deformable(_) => {
                return match convention {
                    Convention::Torchvision => Ok(macs),
                    _ => Ok(0),
                };
            }
            Self::Transpose(conv) => conv.bias,
        };
        match convention {
            Convention::Ptflops if bias => {
                plus(macs, elements(1, &attempt!(self.output(inputs, 0))))
            }
            _ => Ok(macs),
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], place: usize) -> Receptive {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => Receptive::window(&conv.window),
            Self::Separable(conv) => Receptive::window(conv.window()),
            Self::Deformable(layer) => layer.receptive(place),
            Self::Transpose(conv) => conv.receptive(),
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.explain(&inputs[0], lines),
            Self::Separable(conv) => conv.explain(&inputs[0], lines),
            Self::Deformable(layer) => layer.explain(inputs, lines),
            Self::Transpose(conv) => conv.explain(&inputs[0], lines),
        }
    }
}
