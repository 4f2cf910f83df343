//! `separable_conv`.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::{Extents, Sides};
use crate::formula;
use crate::layer::convolution::{Conv, PaddingMode};
use crate::layer::explain::Lines;
use crate::layer::{Tensor, TensorName};
use crate::shape::Shape;
use crate::window::Window;

/// The hyperparameters of `separable_conv`: two convolutions, one after the
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeparableConv {
    /// The first, without a bias: each channel has kernels of its own.
    pub depthwise: Conv,
    /// N, the number of kernels of the second.
    pub out_channels: usize,
    /// Whether the second adds a bias.
    pub bias: bool,
}

impl SeparableConv {
    /// The window of the first convolution, the only one that moves by a stride.
    pub(super) const fn window(&self) -> &Window {
        &self.depthwise.window
    }

    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let mut depthwise = attempt!(Conv::build_depthwise(args, input));
        depthwise.bias = false;
        let conv = Self {
            depthwise,
            out_channels: attempt!(args.int(name!("channels"))),
            bias: args.bool(name!("bias")),
        };
        attempt!(conv.weights());
        Ok(conv)
    }

    /// The second convolution: kernels of extent 1 over all channels of the
    /// first.
    #[must_use]
    pub const fn pointwise(&self) -> Conv {
        let axes = self.depthwise.window.kernel.len();
        let one = Extents::splat(1, axes);
        Conv {
            in_channels: self.depthwise.out_channels,
            out_channels: self.out_channels,
            window: Window {
                kernel: one,
                stride: one,
                padding: Sides::none(axes),
                dilation: one,
            },
            groups: 1,
            bias: self.bias,
            padding_mode: PaddingMode::Zeros,
            parametrization: None,
        }
    }

    const fn weights(&self) -> Result<u64, Error> {
        let depthwise = attempt!(self.depthwise.weights());
        let pointwise = attempt!(self.pointwise().weights());
        formula::sum(depthwise, pointwise, "the number of weights")
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        self.pointwise()
            .output(&attempt!(self.depthwise.output(input)))
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let (tensor, name) = match index {
            0 => (self.depthwise.tensor(0), "depthwise.weight"),
            1 => (self.pointwise().tensor(0), "pointwise.weight"),
            2 => (self.pointwise().tensor(1), "pointwise.bias"),
            _ => return None,
        };
        match tensor {
            Some(mut tensor) => {
                tensor.name = TensorName::plain(name);
                Some(tensor)
            }
            None => None,
        }
    }

    pub(super) const fn macs(&self, input: &Shape) -> Result<u64, Error> {
        let middle = attempt!(self.depthwise.output(input));
        let depthwise = attempt!(self.depthwise.macs(input));
        let pointwise = attempt!(self.pointwise().macs(&middle));
        formula::sum(depthwise, pointwise, "the number of multiply-accumulates")
    }

    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        self.depthwise.window.explain(input, false, lines)?;
        let Ok(weights) = self.weights() else {
            return Ok(());
        };
        let pointwise = self.pointwise();
        let product = fmt::from_fn(|f| {
            let (first, second) = (self.depthwise.product(), pointwise.product());
            write!(f, "{first} + {second}")
        });
        lines.params(product, weights, self.bias.then_some(self.out_channels))?;
        if let (Ok(output), Ok(macs)) = (self.output(input), self.macs(input)) {
            lines.macs(output.spatial(), weights, macs)?;
        }
        Ok(())
    }
}
