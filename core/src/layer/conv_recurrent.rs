//! Sequences of images, frame by frame.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::extents::{Extents, Sides};
use crate::formula::{self, size_product, size_sum};
use crate::layer::Convention;
use crate::layer::explain::{Figured, Lines, product};
use crate::layer::kept::{Backward, Cache, Kept};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;
use crate::window::Window;

family! {
    const fn unchecked(args, inputs) -> ConvRecurrent;

    /// Convolutional long short-term memory: an `lstm` whose states are images, and whose products are a
    /// convolution.
    ///
    /// Frames come one behind the other, `frames x height x width x C`; N channels remember. In each step one
    /// convolution over the frame and the hidden state makes all gates, in the order i, f, o, g:
    /// `c = f*c + i*g`, `h = o*tanh(c)`. Both states begin at 0.
    ///
    /// - Results: the sequence, `frames x height x width x N`; the hidden state after the last frame and the cell
    ///   state, `height x width x N` each. With `return_sequence = false` the first result is the last hidden
    ///   state.
    /// - Parameters: `conv.weight` of `4N x (C + N) x K x K`, `conv.bias` of 4N.
    /// - MACs: frames x height x width x the weights.
    ///
    /// The kernel is odd and padded by half, so that images keep their size; stacks are a `repeat`. Source: Shi et al.
    /// 2015, without the weights from the cell to the gates, as most published code has it; its names are those of
    /// `ndrplz/ConvLSTM_pytorch`, each cell of which is one layer here.
    conv_lstm: |entry| entry
        .arguments(&[
            Argument::int("channels", "channels of the states, N", 1)
                .positional()
                .aliases(&["hidden_dim", "hidden_channels", "filters"]),
            Argument::extents("kernel", "extent of the kernel on each axis, odd", 1)
                .positional()
                .aliases(&["kernel_size"]),
            Argument::bool("bias", "whether a bias is added per gate and channel")
                .default(Value::Bool(true))
                .aliases(&["use_bias"]),
            Argument::bool("return_sequence", "whether the first result holds every frame, not only the last")
                .default(Value::Bool(true))
                .aliases(&["return_sequences", "return_all_layers"]),
        ])
        .results(&["sequence", "hidden", "cell"])
        .weighted()
        .aliases(&["ConvLSTM", "ConvLSTM2D", "ConvLSTM2d", "ConvLSTMCell", "convlstm"]),
        attempt!(ConvRecurrent::build(args, &inputs[0]));
}

/// The hyperparameters of `conv_lstm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvRecurrent {
    /// C, the channels of a frame.
    pub in_channels: usize,
    /// N, the channels of the states.
    pub channels: usize,
    /// The height and the width of a frame.
    pub frame: [usize; 2],
    /// The kernel and its padding.
    pub window: Window,
    /// Whether a bias is added.
    pub bias: bool,
    /// Whether the first result holds every frame.
    pub return_sequence: bool,
}

pub(super) const fn build(
    place: u8,
    args: &Args,
    inputs: &[Shape],
) -> Result<ConvRecurrent, Error> {
    let layer = attempt!(unchecked(place, args, inputs));
    attempt!(layer.macs(inputs));
    Ok(layer)
}

impl ConvRecurrent {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let [_, height, width, in_channels] = *input.extents().as_slice() else {
            return Err(Error::InputRank {
                needs: Needs::Words("frames of images, `frames x height x width x channels`"),
                input: *input,
            });
        };
        let frame = Shape::new(&[height, width, in_channels]);
        let mut window = Window {
            kernel: attempt!(args.extents(name!("kernel"), &frame)),
            stride: Extents::splat(1, 2),
            padding: Sides::none(2),
            dilation: Extents::splat(1, 2),
        };
        window.padding = attempt!(window.half_padding());
        let channels = attempt!(args.int(name!("channels")));
        attempt!(size_product(4, channels, "the channels of the gates"));
        attempt!(size_sum(in_channels, channels, "the channels of a step"));
        Ok(Self {
            in_channels,
            channels,
            frame: [height, width],
            window,
            bias: args.bool(name!("bias")),
            return_sequence: args.bool(name!("return_sequence")),
        })
    }

    /// The channels of all gates together.
    const fn gates(&self) -> usize {
        4 * self.channels
    }

    const fn weights(&self) -> Result<u64, Error> {
        formula::conv_weights(
            self.window.kernel.as_slice(),
            self.in_channels + self.channels,
            self.gates(),
            1,
        )
    }

    pub(super) const fn results(&self) -> usize {
        3
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let extents = inputs[0].extents();
        let shape = if result == 0 && self.return_sequence {
            inputs[0].with_channels(self.channels)
        } else {
            Shape::try_new(&[extents.at(1), extents.at(2), self.channels])
        };
        match shape {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let kernel = self.window.kernel;
        match (index, self.bias) {
            (0, _) => {
                let read = self.in_channels + self.channels;
                let extents = [self.gates(), read, kernel.at(0), kernel.at(1)];
                Some(Tensor::new("conv.weight", &extents, Role::Weight))
            }
            (1, true) => Some(Tensor::new("conv.bias", &[self.gates()], Role::Bias)),
            _ => None,
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        match inputs[0].positions() {
            Some(positions) => formula::product(positions, attempt!(self.weights()), what),
            None => Err(formula::overflow(what)),
        }
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        // Convolutions, which all tools know.
        self.macs(inputs)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    /// Of each frame what the convolution reads, the four gates, the cell before and its tangent.
    ///
    /// Source: PyTorch's `cat`, `conv2d`, `sigmoid`, `tanh` and `mul`, one after the other.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let each = (self.channels as u64).saturating_mul(7);
        let each = each.saturating_add(self.in_channels as u64);
        Kept::NOTHING.values(pass.positions(&inputs[0]).saturating_mul(each))
    }

    /// Both states.
    pub(super) const fn cache(&self) -> Cache {
        let [height, width] = self.frame;
        let state = (height as u64).saturating_mul(width as u64);
        let state = state.saturating_mul(self.channels as u64);
        Cache::state(state.saturating_mul(2))
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::Whole
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let Ok(weights) = self.weights() else {
            return Ok(());
        };
        let (read, channels) = (self.in_channels, self.channels);
        let kernel = product(self.window.kernel);
        let formula = format_args!("{kernel}*({read} + {channels})*4*{channels}");
        lines.params(formula, weights, self.bias.then_some(self.gates()))?;
        if let (Some(positions), Ok(macs)) = (inputs[0].positions(), self.macs(inputs)) {
            let formula = format_args!("{positions}*{}", Grouped(weights));
            lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
        }
        Ok(())
    }
}
