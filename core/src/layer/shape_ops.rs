//! Changes of shape: no parameters, no MACs.

use core::fmt;

use crate::catalogue::{Accepts, Args, Argument, Entry, family};
use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::formula;
use crate::graph::Convention;
use crate::graph::convention::elements;
use crate::layer::{self, Memory, Receptive, Tensor, attempt};
use crate::shape::Shape;
use crate::value::Value;

mod border;
mod channels;
mod order;
mod part;
mod patches;
mod seen;
mod upsample;

pub use border::{Fill, Pad};
pub use channels::Parts;
pub use patches::Patches;
pub use upsample::{Interpolation, Upsample};

/// The kinds of shape change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `flatten`.
    Flatten,
    /// `reshape`.
    Reshape,
    /// `permute`.
    Permute,
    /// `to_sequence`.
    ToSequence,
    /// `pad`.
    Pad,
    /// `crop`.
    Crop,
    /// `roll`.
    Roll,
    /// `slice`.
    Slice,
    /// `first`.
    First,
    /// `last`.
    Last,
    /// `mean`.
    Mean,
    /// `unfold`.
    Unfold,
    /// `fold`.
    Fold,
    /// `channel_shuffle`.
    ChannelShuffle,
    /// `channel_split`.
    ChannelSplit,
    /// `pixel_shuffle`.
    PixelShuffle,
    /// `pixel_unshuffle`.
    PixelUnshuffle,
    /// `upsample`.
    Upsample,
}

const ORDER: Argument = Argument::keyword(
    "order",
    "the order of the elements in memory",
    &["channels_first", "channels_last"],
)
.default(Value::Keyword("channels_first"));
const KERNEL: Argument = Argument::extents("kernel", "extent of a patch on each axis", 1)
    .positional()
    .aliases(&["kernel_size", "sizes"]);
const STRIDE: Argument = Argument::extents("stride", "how far one patch is from the next", 1)
    .default(Value::Int(1))
    .aliases(&["strides"]);
const DILATION: Argument = Argument::extents("dilation", "distance between a patch's elements", 1)
    .default(Value::Int(1))
    .aliases(&["rates"]);
const PATCH_PADDING: Argument =
    Argument::sides("padding", "zeros around the whole", &[]).default(Value::Int(0));
const FACTOR: Argument = Argument::int("factor", "by how much each side changes", 1).positional();

const fn range(name: &'static str, doc: &'static str) -> Argument {
    Argument::int(name, doc, 0)
        .accepting(Accepts {
            range: true,
            ..Accepts::NOTHING
        })
        .default_is("all")
}

family! {
    /// Flattening: all elements as one vector.
    ///
    /// The elements come in the order in which PyTorch has them, channels first, so that published
    /// weights fit; `order = channels_last` is Keras's. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Flatten`, Keras's `Flatten`.
    flatten: layer::Kind::ShapeOp(Kind::Flatten), |entry| entry
        .arguments(&[ORDER]).aliases(&["Flatten"]);

    /// Other extents for the same elements.
    ///
    /// The shape is in the notation, channels last; the elements keep the order in which PyTorch has
    /// them, channels first, or Keras with `order = channels_last`. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Tensor.reshape` and `Unflatten`, Keras's `Reshape`.
    reshape: layer::Kind::ShapeOp(Kind::Reshape), |entry| entry
        .arguments(&[
            Argument::extents("shape", "the new extents, channels last", 1)
                .positional()
                .aliases(&["target_shape", "unflattened_size"]),
            ORDER,
        ])
        .aliases(&["Reshape", "view", "Unflatten", "unflatten"]);

    /// The axes in another order.
    ///
    /// `axes = [1, 0, 2]` makes WxHxC of HxWxC: each axis of the output says which axis of the input
    /// it is, counted from 0 in the notation. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Tensor.permute`, Keras's `Permute` (which counts from 1).
    permute: layer::Kind::ShapeOp(Kind::Permute), |entry| entry
        .arguments(&[Argument::extents("axes", "which axis of the input each axis of the output is", 0)
            .positional()
            .aliases(&["dims"])])
        .aliases(&["Permute", "transpose"]);

    /// The positions of an image or a volume as a sequence: HxWxC to (H*W)xC, row by row.
    ///
    /// No parameters, no MACs. Source: PyTorch's `flatten(2).transpose(1, 2)` of vision transformers.
    to_sequence: layer::Kind::ShapeOp(Kind::ToSequence), |entry| entry;

    /// Padding around the input.
    ///
    /// `padding` is one number, one per axis or a pair per axis. What is filled in is `mode`: `zeros`,
    /// the `constant` of `value`, the input mirrored without its edge (`reflect`, less than the input
    /// on each side), its edge (`replicate`), or its other end (`circular`, at most the input).
    ///
    /// - Output: before + I + after on each axis.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `ZeroPad2d`, `ConstantPad2d`, `ReflectionPad2d`, `ReplicationPad2d`,
    /// `CircularPad2d`.
    pad: layer::Kind::ShapeOp(Kind::Pad), |entry| entry
        .arguments(&[
            Argument { required: true, ..Argument::sides("padding", "what is added around the input", &[]) }
                .positional(),
            Argument::keyword("mode", "what is filled in", &["zeros", "constant", "reflect", "replicate", "circular"])
                .default(Value::Keyword("zeros")),
            Argument::float("value", "the constant of `mode = constant`", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(0.0)),
        ])
        .aliases(&["ZeroPad1d", "ZeroPad2d", "ZeroPad3d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d", "CircularPad1d", "CircularPad2d", "CircularPad3d", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"]);

    /// Cropping: to a size around the centre, or a number of elements at each side.
    ///
    /// Of an odd number that is taken away, the one more is taken at the end.
    ///
    /// - Output: the size, or I - before - after on each axis.
    /// - No parameters, no MACs.
    ///
    /// Source: Keras's `CenterCrop` and `Cropping2D`.
    crop: layer::Kind::ShapeOp(Kind::Crop), |entry| entry
        .arguments(&[
            Argument::extents("size", "the extents that stay, around the centre", 1)
                .positional()
                .default_is("what `sides` leaves"),
            Argument::sides("sides", "what is taken away at each side", &[])
                .default_is("what `size` leaves")
                .aliases(&["cropping"]),
        ])
        .aliases(&["CenterCrop", "Cropping1D", "Cropping2D", "Cropping3D", "center_crop"]);

    /// The elements moved along the spatial axes; what leaves at the end comes in at the start.
    ///
    /// `reverse = true` moves them towards the start. Output: the input's shape. No parameters, no
    /// MACs.
    ///
    /// Source: PyTorch's `roll`.
    roll: layer::Kind::ShapeOp(Kind::Roll), |entry| entry
        .arguments(&[
            Argument::extents("shift", "how far the elements move on each axis", 0)
                .positional()
                .aliases(&["shifts"]),
            Argument::bool("reverse", "whether they move towards the start").default(Value::Bool(false)),
        ]);

    /// A part of one or several axes: `slice(channels = 0..16, height = 2..30)`.
    ///
    /// Ranges are half open. Output: `end - start` on each axis named. No parameters, no MACs.
    ///
    /// Source: indexing of tensors in Python.
    slice: layer::Kind::ShapeOp(Kind::Slice), |entry| entry
        .arguments(&[
            range("channels", "the channels that stay"),
            range("features", "the features that stay: `channels` by the word for sequences"),
            range("depth", "the part of the depth that stays"),
            range("height", "the rows that stay"),
            range("width", "the columns that stay"),
            range("length", "the positions that stay"),
        ])
        .aliases(&["narrow", "index_select"]);

    /// The first position of a sequence, as a vector: where a class token stands.
    ///
    /// No parameters, no MACs. Source: `x[:, 0]` of transformers in PyTorch.
    first: layer::Kind::ShapeOp(Kind::First), |entry| entry;

    /// The last position of a sequence, as a vector.
    ///
    /// No parameters, no MACs. Source: `x[:, -1]` of recurrent networks in PyTorch.
    last: layer::Kind::ShapeOp(Kind::Last), |entry| entry;

    /// The mean over all positions, per channel, as a vector.
    ///
    /// No parameters, no MACs. Source: PyTorch's `x.mean([2, 3])`.
    mean: layer::Kind::ShapeOp(Kind::Mean), |entry| entry.aliases(&["reduce_mean"]);

    /// Patches of an image, a sequence or a volume, as a sequence with a patch per position.
    ///
    /// - Output: as many positions as a convolution would have, `K*K*C` features.
    /// - No parameters, no MACs.
    ///
    /// The features are ordered channel by channel, as in PyTorch; `order = channels_last` puts the
    /// channels of an element together. Source: PyTorch's `Unfold`, there for images only.
    unfold: layer::Kind::ShapeOp(Kind::Unfold), |entry| entry
        .arguments(&[KERNEL, STRIDE, PATCH_PADDING, DILATION, ORDER])
        .aliases(&["Unfold", "im2col", "extract_patches"]);

    /// An image, a sequence or a volume from a sequence of patches, which are added where they overlap.
    ///
    /// - Output: `size`, and the input's features divided by the elements of the kernel.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `Fold`, there for images only.
    fold: layer::Kind::ShapeOp(Kind::Fold), |entry| entry
        .arguments(&[
            Argument::extents("size", "the spatial extents that come out", 1)
                .positional()
                .aliases(&["output_size"]),
            KERNEL,
            STRIDE,
            PATCH_PADDING,
            DILATION,
            ORDER,
        ])
        .aliases(&["Fold", "col2im"]);

    /// Channel shuffle: the channels of each group dealt out to all groups.
    ///
    /// Output: the input's shape; the groups must divide the channels. No parameters, no MACs.
    ///
    /// Source: PyTorch's `ChannelShuffle`; Zhang et al. 2018 (ShuffleNet).
    channel_shuffle: layer::Kind::ShapeOp(Kind::ChannelShuffle), |entry| entry
        .arguments(&[Argument::int("groups", "number of groups that the channels are split into", 1)
            .positional()])
        .aliases(&["ChannelShuffle"]);

    /// The channels in parts, each a result of its own.
    ///
    /// `channel_split(2)` makes two equal parts, `channel_split([16, 48])` parts of 16 and 48
    /// channels. No parameters, no MACs.
    ///
    /// Source: PyTorch's `chunk` (with equal parts) and `split`.
    channel_split: layer::Kind::ShapeOp(Kind::ChannelSplit), |entry| entry
        .arguments(&[Argument::extents("parts", "number of equal parts, or the channels of each", 1)
            .positional()
            .aliases(&["chunks", "split_size"])])
        .results(&[])
        .aliases(&["chunk", "split", "tensor_split"]);

    /// Pixel shuffle: channels become pixels, r^2 of them.
    ///
    /// - Output: `H*r` x `W*r` x `C/r^2`.
    /// - No parameters, no MACs.
    ///
    /// The r^2 channels that make a block of pixels follow each other, as in PyTorch;
    /// `order = channels_last` is TensorFlow's `depth_to_space`. Source: PyTorch's `PixelShuffle`; Shi et
    /// al. 2016.
    pixel_shuffle: layer::Kind::ShapeOp(Kind::PixelShuffle), |entry| entry
        .arguments(&[FACTOR.aliases(&["upscale_factor", "block_size"]), ORDER])
        .aliases(&["PixelShuffle", "depth_to_space", "DepthToSpace"]);

    /// Pixel unshuffle: blocks of r x r pixels become channels.
    ///
    /// - Output: `H/r` x `W/r` x `C*r^2`; r must divide height and width.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `PixelUnshuffle`; with `order = channels_last` TensorFlow's `space_to_depth`.
    pixel_unshuffle: layer::Kind::ShapeOp(Kind::PixelUnshuffle), |entry| entry
        .arguments(&[FACTOR.aliases(&["downscale_factor", "block_size"]), ORDER])
        .aliases(&["PixelUnshuffle", "space_to_depth", "SpaceToDepth"]);

    /// A larger or smaller version of a sequence, an image or a volume, by interpolation.
    ///
    /// Either `scale`, a number for all axes (`2`, `1.5`) or one per axis (`2x3`), or `size`.
    ///
    /// - Output: `floor(I*scale)` on each axis, or the size.
    /// - No parameters, no MACs.
    ///
    /// `linear` is for sequences, `bilinear` and `bicubic` for images, `trilinear` for volumes.
    /// Source: PyTorch's `Upsample`.
    upsample: layer::Kind::ShapeOp(Kind::Upsample), |entry| entry
        .arguments(&[
            Argument { range: (0.0, f64::INFINITY), ..Argument::extents("scale", "what the extents are multiplied by", 1) }
                .accepting(Accepts { int: true, float: true, extents: true, ..Accepts::NOTHING })
                .positional()
                .default_is("what `size` makes")
                .aliases(&["scale_factor"]),
            Argument::extents("size", "the spatial extents that come out", 1)
                .default_is("what `scale` makes"),
            Argument::keyword("mode", "how values in between are found", upsample::MODES)
                .default(Value::Keyword("nearest"))
                .aliases(&["interpolation"]),
            Argument::bool("align_corners", "whether the corners of input and output are the same points")
                .default(Value::Bool(false)),
        ])
        .aliases(&["Upsample", "UpSampling1D", "UpSampling2D", "UpSampling3D", "interpolate", "resize", "UpsamplingNearest2d", "UpsamplingBilinear2d"]);
}

/// A change of shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShapeOp {
    /// `flatten`.
    Flatten {
        /// Whether the elements are taken with the channels last.
        channels_last: bool,
    },
    /// `reshape`.
    Reshape {
        /// What comes out.
        shape: Shape,
        /// Whether the elements are taken with the channels last.
        channels_last: bool,
    },
    /// `permute`.
    Permute {
        /// Which axis of the input each axis of the output is.
        axes: Extents,
    },
    /// `to_sequence`.
    ToSequence,
    /// `pad`.
    Pad(Pad),
    /// `crop`.
    Crop {
        /// What is taken away at each side.
        sides: Sides,
    },
    /// `roll`.
    Roll {
        /// How far the elements move on each axis.
        shift: Extents,
        /// Whether they move towards the start.
        reverse: bool,
    },
    /// `slice`.
    Slice {
        /// The first element that stays on each axis.
        start: Extents,
        /// The one after the last that stays on each axis.
        end: Extents,
    },
    /// `first`.
    First,
    /// `last`.
    Last,
    /// `mean` over the positions.
    Mean,
    /// `unfold`.
    Unfold(Patches),
    /// `fold`.
    Fold(Patches),
    /// `channel_shuffle`.
    ChannelShuffle {
        /// The number of groups.
        groups: usize,
    },
    /// `channel_split`.
    ChannelSplit(Parts),
    /// `pixel_shuffle`.
    PixelShuffle {
        /// r, by how much each side grows.
        factor: usize,
        /// Whether the channels are grouped as with channels last.
        channels_last: bool,
    },
    /// `pixel_unshuffle`.
    PixelUnshuffle {
        /// r, by how much each side shrinks.
        factor: usize,
        /// Whether the channels are grouped as with channels last.
        channels_last: bool,
    },
    /// `upsample`.
    Upsample(Upsample),
}

impl ShapeOp {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let channels_last = args.is("order", "channels_last");
        let op = match kind {
            Kind::Flatten => Self::Flatten { channels_last },
            Kind::Reshape => Self::Reshape {
                shape: attempt!(order::target(args, input)),
                channels_last,
            },
            Kind::Permute => Self::Permute {
                axes: attempt!(order::axes(args, input)),
            },
            Kind::ToSequence => Self::ToSequence,
            Kind::Pad => Self::Pad(attempt!(Pad::build(args, input))),
            Kind::Crop => Self::Crop {
                sides: attempt!(border::cropping(args, input)),
            },
            Kind::Roll => Self::Roll {
                shift: attempt!(args.per_axis("shift", input)),
                reverse: args.bool("reverse"),
            },
            Kind::Slice => {
                let (start, end) = attempt!(part::ranges(args, input));
                Self::Slice { start, end }
            }
            Kind::First => Self::First,
            Kind::Last => Self::Last,
            Kind::Mean => Self::Mean,
            Kind::Unfold => Self::Unfold(attempt!(Patches::of(args, input))),
            Kind::Fold => Self::Fold(attempt!(Patches::folded(args, input))),
            Kind::ChannelShuffle => Self::ChannelShuffle {
                groups: attempt!(channels::groups(args, input)),
            },
            Kind::ChannelSplit => Self::ChannelSplit(attempt!(Parts::build(args, input))),
            Kind::PixelShuffle => Self::PixelShuffle {
                factor: attempt!(args.int("factor")),
                channels_last,
            },
            Kind::PixelUnshuffle => Self::PixelUnshuffle {
                factor: attempt!(args.int("factor")),
                channels_last,
            },
            Kind::Upsample => Self::Upsample(attempt!(Upsample::build(args, input))),
        };
        // Everything that can be wrong is told when the layer is built.
        attempt!(op.output(inputs, 0));
        Ok(op)
    }

    pub(super) const fn results(&self) -> usize {
        match self {
            Self::ChannelSplit(parts) => parts.len(),
            _ => 1,
        }
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let input = &inputs[0];
        match self {
            Self::Flatten { .. } => order::flattened(input),
            Self::Reshape { shape, .. } => Ok(*shape),
            Self::Permute { axes } => Ok(order::permuted(axes, input)),
            Self::ToSequence => order::sequence(input),
            Self::Pad(pad) => pad.output(input),
            Self::Crop { sides } => border::cropped(sides, input),
            Self::Roll { .. } | Self::ChannelShuffle { .. } => Ok(*input),
            Self::Slice { start, end } => part::between(start, end, input),
            Self::First | Self::Last => part::one_position(input),
            Self::Mean => part::mean(input),
            Self::Unfold(patches) => patches.unfold(input),
            Self::Fold(patches) => patches.fold(),
            Self::ChannelSplit(parts) => parts.output(input, result),
            Self::PixelShuffle { factor, .. } => channels::to_pixels(*factor, input),
            Self::PixelUnshuffle { factor, .. } => channels::from_pixels(*factor, input),
            Self::Upsample(upsample) => upsample.output(input),
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
        let Self::Upsample(upsample) = self else {
            return Ok(0);
        };
        let image = inputs[0].spatial_rank() == 2;
        let times = match (convention, upsample.mode) {
            (Convention::Fvcore, Interpolation::Nearest) if image => 1,
            (Convention::Fvcore, Interpolation::Bilinear) => 4,
            (Convention::Ptflops, _) => 1,
            _ => 0,
        };
        elements(times, &attempt!(self.output(inputs, 0)))
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            Self::Flatten { .. } | Self::Reshape { .. } => Memory::Alias,
            _ => Memory::Fresh,
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        seen::receptive(self, &inputs[0])
    }

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        let input = &inputs[0];
        match self {
            Self::Flatten { .. } => order::explain_product("features", input.extents(), f),
            Self::Reshape { .. } => order::explain_product("elements", input.extents(), f),
            Self::ToSequence => order::explain_product("length", input.spatial(), f),
            Self::Pad(pad) => border::explain(&pad.padding, '+', input, f),
            Self::Crop { sides } => border::explain(sides, '-', input, f),
            Self::Slice { start, end } => part::explain(start, end, input, f),
            Self::Unfold(patches) => patches.explain(input, f),
            Self::Fold(patches) => patches.explain_fold(input, f),
            Self::ChannelSplit(parts) => parts.explain(input, f),
            Self::PixelShuffle { factor, .. } => {
                channels::explain_pixels(*factor, ('*', '/'), input, f)
            }
            Self::PixelUnshuffle { factor, .. } => {
                channels::explain_pixels(*factor, ('/', '*'), input, f)
            }
            Self::Upsample(upsample) => upsample.explain(input, f),
            Self::Permute { .. }
            | Self::Roll { .. }
            | Self::First
            | Self::Last
            | Self::Mean
            | Self::ChannelShuffle { .. } => Ok(()),
        }
    }
}

/// A shape that a rule put together: what has no place in one is too large,
/// since no rule makes an extent of 0.
const fn shape(shape: Option<Shape>) -> Result<Shape, Error> {
    match shape {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

/// A number of elements as an extent.
const fn extent(elements: Option<u64>) -> Result<usize, Error> {
    match elements {
        #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
        Some(elements) if elements <= usize::MAX as u64 => Ok(elements as usize),
        _ => Err(formula::overflow("the number of elements")),
    }
}

/// A list that is not one number per spatial axis; a single number is a list of
/// one.
const fn list(args: &Args, name: &'static str) -> Result<Extents, Error> {
    match args.get(name) {
        Value::Extents(extents) => Ok(extents),
        _ => Ok(Extents::new(&[attempt!(args.int(name))])),
    }
}

/// The name of the axis at `place` of a value of this rank.
const fn axis_name(place: usize, input: &Shape) -> &'static str {
    if place < input.spatial_rank() {
        return crate::error::axis_name(place, input.spatial_rank());
    }
    if input.rank() > 2 {
        "channels"
    } else {
        "features"
    }
}

/// That the input has positions: not for vectors.
const fn spatial(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() == 0 {
        return Err(Error::InputRank {
            needs: "a sequence, an image or a volume",
            input: *input,
        });
    }
    Ok(())
}
