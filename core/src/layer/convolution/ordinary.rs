//! `conv` and `depthwise_conv`.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::Tensor;
use crate::layer::explain::{Lines, product};
use crate::layer::parametrization::{self, Parametrization};
use crate::shape::Shape;
use crate::window::Window;

/// The hyperparameters of `conv` and `depthwise_conv`.
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
    /// What the padding is made of.
    pub padding_mode: PaddingMode,
    /// How the weight is made of other tensors, where it is.
    pub parametrization: Option<Parametrization>,
}

/// What the padding around the input of a convolution is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaddingMode {
    /// `zeros`.
    Zeros,
    /// `reflect`: the elements beyond the edge element, backwards.
    Reflect,
    /// `replicate`: the edge element.
    Replicate,
    /// `circular`: the elements of the other end.
    Circular,
}

impl PaddingMode {
    const fn build(args: &Args) -> Self {
        match args.word(name!("padding_mode")).as_bytes() {
            b"reflect" => Self::Reflect,
            b"replicate" => Self::Replicate,
            b"circular" => Self::Circular,
            _ => Self::Zeros,
        }
    }

    /// Whether the input has the elements of which the padding is made.
    ///
    /// Source: PyTorch's `torch.nn.functional.pad`.
    const fn check(self, window: &Window, input: &Shape) -> Result<(), Error> {
        let (mode, short) = match self {
            Self::Zeros | Self::Replicate => return Ok(()),
            // The edge element itself is not taken.
            Self::Reflect => ("reflect", 1),
            Self::Circular => ("circular", 0),
        };
        let spatial = input.spatial();
        let mut axis = 0;
        while axis < spatial.len() {
            let most = spatial.at(axis).saturating_sub(short);
            if window.padding.before().at(axis) > most || window.padding.after().at(axis) > most {
                return Err(Error::PaddingOverInput {
                    argument: "padding_mode",
                    mode,
                    padding: window.padding,
                    input: spatial,
                    short,
                });
            }
            axis += 1;
        }
        Ok(())
    }
}

impl Conv {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        Self::build_with(args, input, PaddingMode::build(args))
    }

    /// That of a layer whose padding is of this.
    pub(super) const fn build_with(
        args: &Args,
        input: &Shape,
        mode: PaddingMode,
    ) -> Result<Self, Error> {
        let channels = attempt!(args.int(name!("channels")));
        let groups = attempt!(args.int(name!("groups")));
        Self::with_channels(args, input, [channels, groups], mode)
    }

    pub(super) const fn build_depthwise(args: &Args, input: &Shape) -> Result<Self, Error> {
        let multiplier = attempt!(args.int(name!("multiplier")));
        match input.channels().checked_mul(multiplier) {
            Some(channels) => {
                let mode = PaddingMode::build(args);
                Self::with_channels(args, input, [channels, input.channels()], mode)
            }
            None => Err(formula::overflow("the number of channels")),
        }
    }

    const fn with_channels(
        args: &Args,
        input: &Shape,
        [out_channels, groups]: [usize; 2],
        padding_mode: PaddingMode,
    ) -> Result<Self, Error> {
        let conv = Self {
            in_channels: input.channels(),
            out_channels,
            window: attempt!(Window::build(args, input, Some(1))),
            groups,
            bias: args.bool(name!("bias")),
            padding_mode,
            parametrization: attempt!(Parametrization::build(args, input.spatial_rank() + 2, 0)),
        };
        attempt!(conv.padding_mode.check(&conv.window, input));
        attempt!(conv.weights());
        attempt!(conv.output(input));
        Ok(conv)
    }

    /// The number of weights.
    pub(super) const fn weights(&self) -> Result<u64, Error> {
        formula::conv_weights(
            self.window.kernel.as_slice(),
            self.in_channels,
            self.out_channels,
            self.groups,
        )
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let spatial = attempt!(self.window.output(input, false));
        match Shape::from_parts(spatial, self.out_channels) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self.weight() {
            Some(weight) => {
                parametrization::tensor(index, weight, self.bias_features(), &self.parametrization)
            }
            None => None,
        }
    }

    /// The extents of the weight.
    pub(super) const fn weight(&self) -> Option<Extents> {
        let in_group = self.in_channels / self.groups;
        kernel_tensor(self.out_channels, in_group, &self.window.kernel)
    }

    const fn bias_features(&self) -> Option<usize> {
        if self.bias {
            Some(self.out_channels)
        } else {
            None
        }
    }

    pub(super) const fn macs(&self, input: &Shape) -> Result<u64, Error> {
        let output = attempt!(self.output(input));
        let what = "the number of multiply-accumulates";
        match output.positions() {
            Some(positions) => formula::product(positions, attempt!(self.weights()), what),
            None => Err(formula::overflow(what)),
        }
    }

    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        self.window.explain(input, false, lines)?;
        let (Ok(weights), Some(weight)) = (self.weights(), self.weight()) else {
            return Ok(());
        };
        let (normed, bias) = (self.parametrization.as_ref(), self.bias_features());
        parametrization::explain(normed, &weight, self.product(), bias, lines)?;
        if let (Ok(output), Ok(macs)) = (self.output(input), self.macs(input)) {
            lines.macs(output.spatial(), weights, macs)?;
        }
        Ok(())
    }

    /// `3*3*(64/2)*128`: the weights as a product.
    pub(super) fn product(&self) -> impl fmt::Display {
        let Self {
            in_channels,
            out_channels,
            groups,
            window,
            ..
        } = *self;
        fmt::from_fn(move |f| {
            write!(f, "{}*", product(window.kernel))?;
            if groups == 1 {
                write!(f, "{in_channels}*{out_channels}")
            } else {
                write!(f, "({in_channels}/{groups})*{out_channels}")
            }
        })
    }
}

/// The extents of a weight: two channel axes, then the kernel.
pub(super) const fn kernel_tensor(
    first: usize,
    second: usize,
    kernel: &Extents,
) -> Option<Extents> {
    match *kernel.as_slice() {
        [a] => Extents::try_new(&[first, second, a]),
        [a, b] => Extents::try_new(&[first, second, a, b]),
        [a, b, c] => Extents::try_new(&[first, second, a, b, c]),
        _ => None,
    }
}
