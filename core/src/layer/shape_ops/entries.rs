//! What changes of shape are called and take.

use super::{
    IndexSelect, Pad, Parts, Patches, Upsample, border, channels, order, part, select, upsample,
};
use crate::argument::{Accepts, Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::attempt;
use crate::extents::{Extents, Sides};
use crate::shape::Shape;
use crate::value::Value;

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
    /// A change of shape.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum ShapeOp, const fn unchecked(args, inputs);

    /// Flattening: all elements as one vector.
    ///
    /// The elements come in the order in which PyTorch has them, so that published weights fit: channels
    /// first, and in a network, where the order is not written, position by position of a sequence
    /// that no convolution made. `order = channels_last` is Keras's. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Flatten`, Keras's `Flatten`.
    flatten = Flatten {
        /// Whether the elements are taken with the channels last.
        channels_last: bool = is_channels_last(args),
    }, |entry| entry
        .arguments(&[ORDER]).aliases(&["Flatten"]);

    /// Other extents for the same elements.
    ///
    /// The shape is in the notation, channels last; the elements keep the order in which PyTorch has
    /// them: channels first, and in a network, where the order is not written, as what makes or reads
    /// a sequence has it. `order = channels_last` is Keras's. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Tensor.reshape` and `Unflatten`, Keras's `Reshape`.
    reshape = Reshape {
        /// What comes out.
        shape: Shape = attempt!(order::target(args, &inputs[0])),
        /// Whether the elements are taken with the channels last.
        channels_last: bool = is_channels_last(args),
    }, |entry| entry
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
    permute = Permute {
        /// Which axis of the input each axis of the output is.
        axes: Extents = attempt!(order::axes(args, &inputs[0])),
    }, |entry| entry
        .arguments(&[Argument::extents("axes", "which axis of the input each axis of the output is", 0)
            .positional()
            .aliases(&["dims"])])
        .aliases(&["Permute", "transpose"]);

    /// The positions of an image or a volume as a sequence: HxWxC to (H*W)xC, row by row.
    ///
    /// No parameters, no MACs. Source: PyTorch's `flatten(2).transpose(1, 2)` of vision transformers.
    to_sequence = ToSequence, |entry| entry;

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
    pad = Pad(Pad = attempt!(Pad::build(args, &inputs[0]))), |entry| entry
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
    crop = Crop {
        /// What is taken away at each side.
        sides: Sides = attempt!(border::cropping(args, &inputs[0])),
    }, |entry| entry
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
    roll = Roll {
        /// How far the elements move on each axis.
        shift: Extents = attempt!(args.per_axis(name!("shift"), &inputs[0])),
        /// Whether they move towards the start.
        reverse: bool = args.bool(name!("reverse")),
    }, |entry| entry
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
    slice = Slice {
        /// The first element that stays on each axis.
        start: Extents = attempt!(part::ranges(args, &inputs[0])).0,
        /// The one after the last that stays on each axis.
        end: Extents = attempt!(part::ranges(args, &inputs[0])).1,
    }, |entry| entry
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
    first = First, |entry| entry;

    /// The last position of a sequence, as a vector.
    ///
    /// No parameters, no MACs. Source: `x[:, -1]` of recurrent networks in PyTorch.
    last = Last, |entry| entry;

    /// The slices of an axis that indices name, which are a value of their own.
    ///
    /// `index_select(index = label)` takes positions of a sequence: of `LxF` and a vector of K indices,
    /// `KxF`.
    ///
    /// - Output: the input's shape, with K elements along the axis.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `index_select`, of each sample by its own indices.
    index_select = IndexSelect(IndexSelect = attempt!(IndexSelect::build(args, inputs))), |entry| entry
        .arguments(&[
            Argument::value("index", "the indices, a vector").positional(),
            Argument::keyword(
                "axis",
                "the axis along which they count",
                &["length", "channels", "features", "depth", "height", "width"],
            )
            .default(Value::Keyword("length"))
            .aliases(&["dim"]),
        ])
        .aliases(&["IndexSelect", "take"]);

    /// Elements of an axis that indices name, a place of its own for each element.
    ///
    /// `index` has the input's extents, or 1 where it is the same along an axis, and along the axis any
    /// number K. Numbers are taken for indices by leaving out what is behind the point.
    ///
    /// - Output: the input's shape, with K elements along the axis.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `gather`.
    gather = Gather(IndexSelect = attempt!(IndexSelect::gather(args, inputs))), |entry| entry
        .arguments(&[
            Argument::value("index", "the indices").positional(),
            Argument::keyword(
                "axis",
                "the axis along which they count",
                &["channels", "features", "length", "depth", "height", "width"],
            )
            .default(Value::Keyword("channels"))
            .aliases(&["dim"]),
        ])
        .aliases(&["take_along_dim", "GatherElements"]);

    /// Elements repeated: axes of 1 become longer, and new axes stand in front.
    ///
    /// `expand([12, 64])` makes of a vector of 64 features twelve positions with it.
    ///
    /// - Output: the shape that is written.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `expand`.
    expand = Expand {
        /// The shape that comes out.
        shape: Shape = attempt!(select::expanded(args, &inputs[0])),
    }, |entry| entry
        .arguments(&[Argument::extents("shape", "the shape that comes out", 1).positional()])
        .aliases(&["RepeatVector", "broadcast_to", "repeat_interleave", "Expand"]);

    /// Patches of an image, a sequence or a volume, as a sequence with a patch per position.
    ///
    /// - Output: as many positions as a convolution would have, `K*K*C` features.
    /// - No parameters, no MACs.
    ///
    /// The features are ordered channel by channel, as in PyTorch; `order = channels_last` puts the
    /// channels of an element together. Source: PyTorch's `Unfold`, there for images only.
    unfold = Unfold(Patches = attempt!(Patches::of(args, &inputs[0]))), |entry| entry
        .arguments(&[KERNEL, STRIDE, PATCH_PADDING, DILATION, ORDER])
        .aliases(&["Unfold", "im2col", "extract_patches"]);

    /// An image, a sequence or a volume from a sequence of patches, which are added where they overlap.
    ///
    /// - Output: `size`, and the input's features divided by the elements of the kernel.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `Fold`, there for images only.
    fold = Fold(Patches = attempt!(Patches::folded(args, &inputs[0]))), |entry| entry
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
    channel_shuffle = ChannelShuffle {
        /// The number of groups.
        groups: usize = attempt!(channels::groups(args, &inputs[0])),
    }, |entry| entry
        .arguments(&[Argument::int("groups", "number of groups that the channels are split into", 1)
            .positional()])
        .aliases(&["ChannelShuffle"]);

    /// The channels in parts, each a result of its own.
    ///
    /// `channel_split(2)` makes two equal parts, `channel_split([16, 48])` parts of 16 and 48
    /// channels. No parameters, no MACs.
    ///
    /// Source: PyTorch's `chunk` (with equal parts) and `split`.
    channel_split = ChannelSplit(Parts = attempt!(Parts::build(args, &inputs[0]))), |entry| entry
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
    pixel_shuffle = PixelShuffle {
        /// r, by how much each side grows.
        factor: usize = attempt!(args.int(name!("factor"))),
        /// Whether the channels are grouped as with channels last.
        channels_last: bool = is_channels_last(args),
    }, |entry| entry
        .arguments(&[FACTOR.aliases(&["upscale_factor", "block_size"]), ORDER])
        .aliases(&["PixelShuffle", "depth_to_space", "DepthToSpace"]);

    /// Pixel unshuffle: blocks of r x r pixels become channels.
    ///
    /// - Output: `H/r` x `W/r` x `C*r^2`; r must divide height and width.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `PixelUnshuffle`; with `order = channels_last` TensorFlow's `space_to_depth`.
    pixel_unshuffle = PixelUnshuffle {
        /// r, by how much each side shrinks.
        factor: usize = attempt!(args.int(name!("factor"))),
        /// Whether the channels are grouped as with channels last.
        channels_last: bool = is_channels_last(args),
    }, |entry| entry
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
    upsample = Upsample(Upsample = attempt!(Upsample::build(args, &inputs[0]))), |entry| entry
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

const fn is_channels_last(args: &Args) -> bool {
    args.is(name!("order"), "channels_last")
}
