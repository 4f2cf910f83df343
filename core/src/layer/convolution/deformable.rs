//! `deformable_conv`.

use core::fmt;

use super::{Conv, PaddingMode};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::formula;
use crate::layer::Receptive;
use crate::layer::explain::{Lines, product};
use crate::layer::kept::{Backward, Kept};
use crate::shape::Shape;

/// The hyperparameters of `deformable_conv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeformableConv {
    /// The kernels, and how they move where nothing is offset.
    pub conv: Conv,
    /// Which input says how far the taps move.
    pub offset: usize,
    /// Which input the taps are multiplied by.
    pub mask: Option<usize>,
    /// The groups of channels that have offsets and factors of their own.
    pub offset_groups: usize,
}

impl DeformableConv {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        if input.rank() != 3 {
            return Err(Error::InputRank {
                needs: Needs::Words("an image"),
                input: *input,
            });
        }
        let offset = match args.place(name!("offset")) {
            Some(place) if place < inputs.len() => place,
            _ => return Err(Error::Missing { argument: "offset" }),
        };
        let mask = match args.place(name!("mask")) {
            Some(place) if place < inputs.len() => Some(place),
            _ => None,
        };
        let conv = attempt!(Conv::build_with(args, input, PaddingMode::Zeros));
        let mut layer = Self {
            conv,
            offset,
            mask,
            offset_groups: 1,
        };
        let (taps, output) = (attempt!(layer.taps()), attempt!(conv.output(input)));
        let given = &inputs[offset];
        // As torchvision, which finds the groups by the channels that there are.
        if let Some(both) = taps.checked_mul(2)
            && given.channels().is_multiple_of(both)
            && given.channels() > 0
        {
            layer.offset_groups = given.channels() / both;
        }
        let groups = layer.offset_groups;
        let because =
            "a row and a column for each tap of the kernel, at each position of the output";
        attempt!(beside(
            "offset",
            given,
            &output,
            &[2, taps, groups],
            because
        ));
        if !input.channels().is_multiple_of(groups) {
            return Err(Error::NotDivisible {
                argument: "offset",
                divisor: groups,
                what: "the input channels",
                value: input.channels(),
                also: input.channels(),
            });
        }
        if let Some(mask) = mask {
            let because = "a factor for each tap of the kernel, at each position of the output";
            attempt!(beside(
                "mask",
                &inputs[mask],
                &output,
                &[taps, groups],
                because
            ));
        }
        Ok(layer)
    }

    /// The elements of the kernel.
    const fn taps(&self) -> Result<usize, Error> {
        let kernel = self.conv.window.kernel;
        match kernel.at(0).checked_mul(kernel.at(1)) {
            Some(taps) => Ok(taps),
            None => Err(formula::overflow("the number of taps")),
        }
    }

    /// The input, the offsets, the factors: the kernel finds the taps again.
    ///
    /// Source: torchvision's `deform_conv2d`, which makes zeros where there is no mask, a number for each
    /// sample, and where there is no bias, one for each channel.
    pub(super) const fn keeps(&self, pass: &Backward) -> Kept {
        let mut kept = Kept::INPUT.input(self.offset);
        kept = match self.mask {
            Some(mask) => kept.input(mask),
            None => kept.values(pass.samples),
        };
        match self.conv.bias {
            true => kept,
            false => kept.values(self.conv.out_channels as u64),
        }
    }

    pub(super) const fn receptive(&self, place: usize) -> Receptive {
        // An offset may lead anywhere.
        match place {
            0 => Receptive::Whole,
            _ => Receptive::SAME,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        self.conv.explain(&inputs[0], lines)?;
        if self.offset_groups > 1 {
            let channels = inputs[self.offset].channels();
            let kernel = product(self.conv.window.kernel);
            let formula = format_args!("{channels}/(2*{kernel})");
            lines.output("offset groups", formula, self.offset_groups)?;
        }
        Ok(())
    }
}

/// Whether a value has the positions of the output and so many channels.
const fn beside(
    argument: &'static str,
    given: &Shape,
    output: &Shape,
    factors: &[usize],
    because: &'static str,
) -> Result<(), Error> {
    let what = "the channels of a value beside the input";
    let (mut channels, mut i) = (1usize, 0);
    while i < factors.len() {
        channels = match channels.checked_mul(factors[i]) {
            Some(channels) => channels,
            None => return Err(formula::overflow(what)),
        };
        i += 1;
    }
    match output.with_channels(channels) {
        Some(wanted) if wanted.equals(given) => Ok(()),
        Some(wanted) => Err(Error::ValueShape {
            argument,
            given: *given,
            wanted,
            because,
        }),
        None => Err(formula::overflow(what)),
    }
}
