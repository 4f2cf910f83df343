//! `conv_transpose`.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::{Extents, Sides};
use crate::formula;
use crate::layer::Tensor;
use crate::layer::convolution::ordinary::kernel_tensor;
use crate::layer::explain::{Lines, product};
use crate::layer::parametrization::{self, Parametrization};
use crate::layer::receptive::{MAX_AXES, Reach, Receptive};
use crate::shape::Shape;
use crate::value::Value;
use crate::window::Window;

/// The hyperparameters of `conv_transpose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTranspose {
    /// C, the channels that come in.
    pub in_channels: usize,
    /// N, the channels that go out.
    pub out_channels: usize,
    /// The kernel and how it moves over the output. Its padding is taken off the
    /// output.
    pub window: Window,
    /// What is added at the end of each axis of the output.
    pub output_padding: Extents,
    /// The number of groups.
    pub groups: usize,
    /// Whether a bias is added.
    pub bias: bool,
    /// How the weight is made of other tensors, where it is.
    pub parametrization: Option<Parametrization>,
}

impl ConvTranspose {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let mut window = attempt!(Window::unpadded(args, input, Some(1)));
        let given = if args.has(name!("output_padding")) {
            Some(attempt!(args.per_axis(name!("output_padding"), input)))
        } else {
            None
        };
        let mut output_padding = match given {
            Some(given) => given,
            None => Extents::splat(0, input.spatial_rank()),
        };
        match args.get(name!("padding")) {
            Value::Keyword(_) if args.is(name!("padding"), "half") => {
                window.padding = attempt!(window.half_padding());
            }
            Value::Keyword(_) => {
                (window.padding, output_padding) = attempt!(same_padding(&window, given));
            }
            _ => window.padding = attempt!(args.sides(name!("padding"), input)),
        }
        let conv = Self {
            in_channels: input.channels(),
            out_channels: attempt!(args.int(name!("channels"))),
            window,
            output_padding,
            groups: attempt!(args.int(name!("groups"))),
            bias: args.bool(name!("bias")),
            // The channels that go out.
            parametrization: attempt!(Parametrization::build(args, input.spatial_rank() + 2, 1)),
        };
        attempt!(conv.weights());
        attempt!(conv.output(input));
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

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let spatial = input.spatial();
        let mut output = spatial;
        let mut axis = 0;
        while axis < spatial.len() {
            let window = self.window.axis(axis);
            match window.transposed_size(spatial.at(axis), self.output_padding.at(axis)) {
                Ok(size) => output = output.with(axis, size),
                // Told for all axes at once.
                Err(Error::OutputPadding { .. }) => {
                    return Err(Error::OutputPadding {
                        output_padding: self.output_padding,
                        stride: self.window.stride,
                        dilation: self.window.dilation,
                    });
                }
                Err(Error::NothingLeft { .. }) => return Err(self.nothing_left(input)),
                Err(error) => return Err(error),
            }
            axis += 1;
        }
        match Shape::from_parts(output, self.out_channels) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    /// The error of a padding that takes off the whole output.
    const fn nothing_left(&self, input: &Shape) -> Error {
        let spatial = input.spatial();
        let mut output = spatial;
        let mut axis = 0;
        while axis < spatial.len() {
            let span = match self.window.axis(axis).transposed_span(spatial.at(axis)) {
                Ok(span) => span,
                Err(error) => return error,
            };
            output = output.with(axis, span.saturating_add(self.output_padding.at(axis)));
            axis += 1;
        }
        Error::NothingLeft {
            padding: self.window.padding,
            output,
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
        let out_group = self.out_channels / self.groups;
        kernel_tensor(self.in_channels, out_group, &self.window.kernel)
    }

    const fn bias_features(&self) -> Option<usize> {
        if self.bias {
            Some(self.out_channels)
        } else {
            None
        }
    }

    pub(super) const fn macs(&self, input: &Shape) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        match input.positions() {
            Some(positions) => formula::product(positions, attempt!(self.weights()), what),
            None => Err(formula::overflow(what)),
        }
    }

    /// The positions of the input whose kernels reach a position of the output.
    pub(super) const fn receptive(&self) -> Receptive {
        let mut reach = [Reach::SAME; MAX_AXES];
        let mut axis = 0;
        while axis < self.window.kernel.len() {
            reach[axis] = Reach::spread(&self.window.axis(axis));
            axis += 1;
        }
        Receptive::each(reach)
    }

    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        self.explain_output(input, lines)?;
        let (Ok(weights), Some(weight)) = (self.weights(), self.weight()) else {
            return Ok(());
        };
        let (from, to, groups) = (self.in_channels, self.out_channels, self.groups);
        let product = fmt::from_fn(|f| {
            write!(f, "{}*", product(self.window.kernel))?;
            if groups == 1 {
                write!(f, "{from}*{to}")
            } else {
                write!(f, "{from}*({to}/{groups})")
            }
        });
        let (normed, bias) = (self.parametrization.as_ref(), self.bias_features());
        parametrization::explain(normed, &weight, product, bias, lines)?;
        match self.macs(input) {
            Ok(macs) => lines.macs(input.spatial(), weights, macs),
            Err(_) => Ok(()),
        }
    }

    /// Writes the formula of each axis; axes with the same numbers share a line.
    fn explain_output(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        let Ok(output) = self.output(input) else {
            return Ok(());
        };
        let numbers = |axis: usize| {
            let added = self.output_padding.at(axis);
            (self.window.axis(axis), added, input.spatial().at(axis))
        };
        lines.axes(output.spatial(), numbers, |(window, added, size), f| {
            write!(f, "({size} - 1)*{}", window.stride)?;
            match window.padding {
                (before, after) if before == after => write!(f, " - 2*{before}")?,
                (before, after) => write!(f, " - {before} - {after}")?,
            }
            if window.dilation == 1 {
                write!(f, " + {}", window.size)?;
            } else {
                write!(f, " + {}*({} - 1) + 1", window.dilation, window.size)?;
            }
            match *added {
                0 => Ok(()),
                added => write!(f, " + {added}"),
            }
        })
    }
}

/// The padding and output padding of `padding = same` on every axis.
const fn same_padding(
    window: &Window,
    output_padding: Option<Extents>,
) -> Result<(Sides, Extents), Error> {
    let axes = window.kernel.len();
    let mut before = Extents::splat(0, axes);
    let mut after = before;
    let mut added = before;
    let mut axis = 0;
    while axis < axes {
        let given = match output_padding {
            Some(given) => Some(given.at(axis)),
            None => None,
        };
        let (sides, end) = attempt!(window.axis(axis).transposed_same_padding(given));
        before = before.with(axis, sides.0);
        after = after.with(axis, sides.1);
        added = added.with(axis, end);
        axis += 1;
    }
    Ok((Sides::new(before, after), added))
}
