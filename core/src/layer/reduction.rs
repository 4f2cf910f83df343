//! Reductions: one number of many, along axes.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::extents::{Extents, MAX_RANK};
use crate::formula;
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Kept};
use crate::layer::receptive::{MAX_AXES, Moved, Reach};
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::{Axis, Shape};
use crate::value::Value;

const AXIS: Argument = Argument::keyword(
    "axis",
    "the axis that is reduced, or all positions",
    &[
        "positions",
        "channels",
        "features",
        "depth",
        "height",
        "width",
        "length",
    ],
)
.default(Value::Keyword("positions"))
.aliases(&["dim"]);
const KEEP: Argument = Argument::bool("keep", "whether the axis stays, with an extent of 1")
    .default(Value::Bool(false))
    .aliases(&["keepdim"]);
const ARGUMENTS: &[Argument] = &[AXIS, KEEP];

family! {
    /// A reduction.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Reduction, const fn unchecked(args, inputs);

    /// The mean over all positions, per channel, as a vector; with `axis` over that axis.
    ///
    /// No parameters, no MACs. Source: PyTorch's `x.mean([2, 3])`.
    mean = Mean(Reduced = attempt!(Reduced::build(args, &inputs[0]))), |entry| entry
        .arguments(ARGUMENTS)
        .aliases(&["reduce_mean"]);

    /// The sum over all positions, per channel, as a vector; with `axis` over that axis.
    ///
    /// No parameters, no MACs. Source: PyTorch's `sum`.
    sum = Sum(Reduced = attempt!(Reduced::build(args, &inputs[0]))), |entry| entry
        .arguments(ARGUMENTS)
        .aliases(&["reduce_sum"]);

    /// The largest over all positions, per channel, as a vector; with `axis` over that axis.
    ///
    /// No parameters, no MACs. Source: PyTorch's `amax`.
    max = Max(Reduced = attempt!(Reduced::build(args, &inputs[0]))), |entry| entry
        .arguments(ARGUMENTS)
        .aliases(&["amax", "reduce_max"]);

    /// The least over all positions, per channel, as a vector; with `axis` over that axis.
    ///
    /// No parameters, no MACs. Source: PyTorch's `amin`.
    min = Min(Reduced = attempt!(Reduced::build(args, &inputs[0]))), |entry| entry
        .arguments(ARGUMENTS)
        .aliases(&["amin", "reduce_min"]);

    /// The logarithm of the sum of exponentials over all positions, per channel, as a vector; with `axis`
    /// over that axis.
    ///
    /// No parameters, no MACs. Source: PyTorch's `logsumexp`.
    logsumexp = LogSumExp(Reduced = attempt!(Reduced::build(args, &inputs[0]))), |entry| entry
        .arguments(ARGUMENTS)
        .aliases(&["LogSumExp", "log_sum_exp"]);

    /// The place of the largest along an axis, the first where there are several.
    ///
    /// Without `axis`, a vector's place is among its elements, a sequence's among its positions. What comes
    /// out are indices. No parameters, no MACs. Source: PyTorch's `argmax`.
    argmax = Argmax(Reduced = attempt!(Reduced::of_one_axis(args, &inputs[0]))), |entry| entry
        .arguments(&[AXIS.default_is("the positions, of a vector its elements"), KEEP])
        .aliases(&["ArgMax"]);
}

/// The axes that are reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// Whether each axis of the notation is.
    pub axes: [bool; MAX_RANK],
    /// Whether they stay, with an extent of 1.
    pub keep: bool,
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Reduction, Error> {
    let layer = attempt!(unchecked(place, args, inputs));
    attempt!(layer.output(inputs, 0));
    Ok(layer)
}

impl Reduced {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let mut axes = [false; MAX_RANK];
        let word = args.word(name!("axis"));
        match Axis::named(word) {
            Some(axis) => match input.place(axis) {
                Some(place) => axes[place] = true,
                None => {
                    return Err(Error::KeywordNeeds {
                        argument: "axis",
                        keyword: word,
                        needs: Needs::Axis(axis),
                        input: *input,
                        instead: None,
                    });
                }
            },
            None => {
                if input.spatial_rank() == 0 {
                    return Err(Error::InputRank {
                        needs: Needs::Positions,
                        input: *input,
                    });
                }
                let mut axis = 0;
                while axis < input.spatial_rank() {
                    axes[axis] = true;
                    axis += 1;
                }
            }
        }
        Ok(Self {
            axes,
            keep: args.bool(name!("keep")),
        })
    }

    const fn of_one_axis(args: &Args, input: &Shape) -> Result<Self, Error> {
        if args.has(name!("axis")) && !args.is(name!("axis"), "positions") {
            return Self::build(args, input);
        }
        if input.rank() > 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("vectors and sequences, or an `axis`"),
                input: *input,
            });
        }
        let mut axes = [false; MAX_RANK];
        axes[0] = true;
        Ok(Self {
            axes,
            keep: args.bool(name!("keep")),
        })
    }

    const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let mut left = Extents::EMPTY;
        let mut axis = 0;
        while axis < input.rank() {
            let extent = match (self.axes[axis], self.keep) {
                (false, _) => Some(input.extents().at(axis)),
                (true, true) => Some(1),
                (true, false) => None,
            };
            if let Some(extent) = extent
                && let Some(more) = left.push(extent)
            {
                left = more;
            }
            axis += 1;
        }
        if left.is_empty() {
            // One number is a vector of one.
            left = Extents::new(&[1]);
        }
        match Shape::from_extents(left) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    /// Positions that stay move with their axis.
    const fn receptive(&self, input: &Shape) -> Receptive {
        let vector = input.rank() == 1;
        let mut reach = [Reach::SAME; MAX_AXES];
        let mut axis = 0;
        let mut any = false;
        while axis < input.spatial_rank() && axis < MAX_AXES {
            if self.axes[axis] {
                reach[axis] = Reach::Whole;
                any = true;
            }
            axis += 1;
        }
        if vector || (any && !self.keep) {
            return Receptive::Whole;
        }
        let seen = Receptive::each(reach);
        // An image without its channels has its width as features.
        if self.axes[input.rank() - 1] && !self.keep && input.rank() == 2 {
            return seen.moved(Moved::By(0));
        }
        seen
    }
}

impl Reduction {
    /// The axes that are reduced.
    #[must_use]
    pub const fn reduced(&self) -> &Reduced {
        match self {
            Self::Mean(reduced)
            | Self::Sum(reduced)
            | Self::Max(reduced)
            | Self::Min(reduced)
            | Self::LogSumExp(reduced)
            | Self::Argmax(reduced) => reduced,
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        self.reduced().output(&inputs[0])
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        _inputs: &[Shape],
    ) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    /// Where the largest are, by the input and the result.
    ///
    /// Source: PyTorch's `amax`, `logsumexp`; `mean` and `sum` keep nothing.
    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        match self {
            Self::Mean(_) | Self::Sum(_) | Self::Argmax(_) => Kept::NOTHING,
            Self::Max(_) | Self::Min(_) | Self::LogSumExp(_) => Kept::RESULT.input(0),
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        self.reduced().receptive(&inputs[0])
    }

    pub(super) fn explain(&self, _inputs: &[Shape], _lines: &mut Lines<'_>) -> fmt::Result {
        Ok(())
    }
}
