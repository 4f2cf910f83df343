//! State spaces: sequences by a state that goes from position to position.

use core::fmt;

use crate::argument::{Argument, Name, name};
use crate::entry::{Args, Entry, Inputs, family};
use crate::error::{Agreement, Error, Needs, attempt};
use crate::formula::{self, product_of};
use crate::layer::Convention;
use crate::layer::explain::{Figured, Lines};
use crate::layer::kept::{Backward, Cache, Kept};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;

family! {
    const fn unchecked(args, inputs) -> StateSpace;

    /// Linear recurrence: a number for each feature, which every position multiplies and adds to.
    ///
    /// From `decay` and `x` of the same shape: what comes out at a position is `h = decay*h + x`, with 0
    /// before the first.
    ///
    /// - Output: the shape of `x`.
    /// - No parameters.
    /// - MACs: `L*D`, which other tools do not see.
    ///
    /// Source: De et al. 2024, Griffin (the RG-LRU of RecurrentGemma); Feng et al. 2024, minGRU.
    linear_recurrence: |entry| entry
        .arguments(&[
            Argument::value("decay", "what is kept of the number before").positional().aliases(&["a", "gate"]),
            Argument::value("x", "what is added").positional().aliases(&["b", "input"]),
        ])
        .inputs(Inputs::Arguments)
        .aliases(&["rg_lru", "RGLRU", "linear_scan", "associative_scan"]),
        StateSpace::Recurrence(attempt!(Recurrence::build(args, inputs)));

    /// Selective scan: each feature has a state of n numbers, which every position changes by what it is.
    ///
    /// From `x` of D features, the steps `delta` (D features, or one for each of `heads`), and `b` and `c`
    /// of n features (or n for each of `groups`): the state h becomes `exp(delta*A)*h + delta*b*x`, and what
    /// comes out is `c*h + D*x`, with `A = -exp(A_log)`.
    ///
    /// - Output: the shape of `x`.
    /// - Parameters: `A_log` of `D x n` and `D` of D; with `heads` one number of each for each head.
    /// - MACs: `3*L*D*n`, the products with the state, which other tools do not see.
    ///
    /// Source: Gu and Dao 2023, Mamba (`selective_scan_fn`); with `heads` Dao and Gu 2024, Mamba-2.
    selective_scan: |entry| entry
        .arguments(&[
            Argument::value("x", "what the states are made of").positional().aliases(&["u"]),
            Argument::value("delta", "the size of the steps, not less than 0").positional().aliases(&["dt"]),
            Argument::value("b", "how what comes in changes the state").positional().aliases(&["B"]),
            Argument::value("c", "how the state is read").positional().aliases(&["C"]),
            Argument::int("heads", "heads, all features of which have steps in common", 1)
                .default_is("a step for each feature")
                .aliases(&["num_heads"]),
            Argument::int("groups", "groups of heads, each with a `b` and a `c` of its own", 1)
                .default_is("one")
                .aliases(&["n_groups"]),
        ])
        .inputs(Inputs::Arguments)
        .weighted()
        .aliases(&["selective_scan_fn", "mamba_scan", "ssd", "ssm"]),
        StateSpace::Selective(attempt!(SelectiveScan::build(args, inputs)));
}

/// A layer with a state that goes from position to position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateSpace {
    /// `selective_scan`.
    Selective(SelectiveScan),
    /// `linear_recurrence`.
    Recurrence(Recurrence),
}

impl StateSpace {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(match self {
            Self::Selective(scan) => inputs[scan.places[0]],
            Self::Recurrence(recurrence) => inputs[recurrence.places[1]],
        })
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::Selective(scan) => scan.tensor(index),
            Self::Recurrence(_) => None,
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Selective(scan) => scan.macs(inputs),
            Self::Recurrence(recurrence) => recurrence.macs(inputs),
        }
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        _inputs: &[Shape],
    ) -> Result<u64, Error> {
        // A fused function, or operators, which no tool knows.
        Ok(0)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        match self {
            Self::Selective(scan) => scan.keeps(),
            // What each position multiplies, and what by.
            Self::Recurrence(recurrence) => Kept::RESULT.input(recurrence.places[0]),
        }
    }

    /// The state of every feature.
    ///
    /// Source: `transformers`' Mamba and Mamba-2, `recurrent_states`.
    pub(super) const fn cache(&self) -> Cache {
        Cache::state(match self {
            Self::Selective(scan) => (scan.features as u64).saturating_mul(scan.states as u64),
            Self::Recurrence(recurrence) => recurrence.features as u64,
        })
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::Whole
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::Selective(scan) => scan.explain(inputs, lines),
            Self::Recurrence(recurrence) => {
                let x = &inputs[recurrence.places[1]];
                if let (Some(length), Ok(macs)) = (x.positions(), recurrence.macs(inputs)) {
                    let formula = format_args!("{length}*{}", x.features());
                    lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
                }
                Ok(())
            }
        }
    }
}

/// The hyperparameters of `linear_recurrence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Which inputs are `decay` and `x`.
    pub places: [usize; 2],
    /// D, the features of both.
    pub features: usize,
}

impl Recurrence {
    const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let decay = attempt!(given(args, name!("decay"), inputs));
        let x = attempt!(given(args, name!("x"), inputs));
        let (first, second) = (&inputs[decay], &inputs[x]);
        if first.extents().at(0) != second.extents().at(0) {
            return Err(differ(inputs, [decay, x], Agreement::Positions));
        }
        if first.features() != second.features() {
            return Err(differ(inputs, [decay, x], Agreement::Features));
        }
        Ok(Self {
            places: [decay, x],
            features: second.features(),
        })
    }

    const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let x = &inputs[self.places[1]];
        match x.positions() {
            Some(length) => product_of(&[length, x.features() as u64], what),
            None => Err(formula::overflow(what)),
        }
    }
}

/// The place of an input that an argument names, which is a sequence.
const fn given(args: &Args, argument: Name, inputs: &[Shape]) -> Result<usize, Error> {
    let place = match args.place(argument) {
        Some(place) if place < inputs.len() => place,
        _ => {
            return Err(Error::Missing {
                argument: argument.text,
            });
        }
    };
    if inputs[place].rank() != 2 {
        return Err(Error::InputRank {
            needs: Needs::Sequence,
            input: inputs[place],
        });
    }
    Ok(place)
}

/// The hyperparameters of `selective_scan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectiveScan {
    /// Which inputs are `x`, `delta`, `b` and `c`.
    pub places: [usize; 4],
    /// D, the features of `x`.
    pub features: usize,
    /// n, the numbers of a feature's state.
    pub states: usize,
    /// The heads, where all features of one have steps in common.
    pub heads: Option<usize>,
    /// The groups of heads with a `b` and a `c` of their own.
    pub groups: usize,
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<StateSpace, Error> {
    let layer = attempt!(unchecked(place, args, inputs));
    attempt!(layer.macs(inputs));
    Ok(layer)
}

const fn divides(
    argument: &'static str,
    divisor: usize,
    what: &'static str,
    value: usize,
) -> Result<(), Error> {
    if divisor > 0 && value.is_multiple_of(divisor) {
        return Ok(());
    }
    Err(Error::NotDivisible {
        argument,
        divisor,
        what,
        value,
        also: value,
    })
}

impl SelectiveScan {
    const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let names = [name!("x"), name!("delta"), name!("b"), name!("c")];
        let mut places = [0; 4];
        let mut i = 0;
        while i < 4 {
            places[i] = attempt!(given(args, names[i], inputs));
            let input = &inputs[places[i]];
            let first = &inputs[places[0]];
            if input.extents().at(0) != first.extents().at(0) {
                return Err(differ(inputs, [places[0], places[i]], Agreement::Positions));
            }
            i += 1;
        }
        let [x, delta, b, c] = [
            &inputs[places[0]],
            &inputs[places[1]],
            &inputs[places[2]],
            &inputs[places[3]],
        ];
        if b.features() != c.features() {
            return Err(differ(inputs, [places[2], places[3]], Agreement::Features));
        }
        let heads = if args.has(name!("heads")) {
            let heads = attempt!(args.int(name!("heads")));
            attempt!(divides("heads", heads, "features of `x`", x.features()));
            if delta.features() != heads {
                return Err(Error::InputRank {
                    needs: Needs::Words("a step for each head as its `delta`"),
                    input: *delta,
                });
            }
            Some(heads)
        } else {
            if delta.features() != x.features() {
                return Err(differ(inputs, [places[0], places[1]], Agreement::Features));
            }
            None
        };
        let groups = if args.has(name!("groups")) {
            attempt!(args.int(name!("groups")))
        } else {
            1
        };
        let divided = match heads {
            Some(heads) => heads,
            None => x.features(),
        };
        attempt!(divides("groups", groups, "heads", divided));
        attempt!(divides("groups", groups, "features of `b`", b.features()));
        Ok(Self {
            places,
            features: x.features(),
            states: b.features() / groups,
            heads,
            groups,
        })
    }

    const fn tensor(&self, index: usize) -> Option<Tensor> {
        match (index, self.heads) {
            (0, None) => Some(Tensor::new(
                "A_log",
                &[self.features, self.states],
                Role::Weight,
            )),
            (0, Some(heads)) => Some(Tensor::new("A_log", &[heads], Role::Weight)),
            (1, None) => Some(Tensor::new("D", &[self.features], Role::Weight)),
            (1, Some(heads)) => Some(Tensor::new("D", &[heads], Role::Weight)),
            _ => None,
        }
    }

    const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let Some(length) = inputs[self.places[0]].positions() else {
            return Err(formula::overflow(what));
        };
        product_of(&[3, length, self.features as u64, self.states as u64], what)
    }

    /// All that comes in: the kernel of Mamba calculates the states again.
    const fn keeps(&self) -> Kept {
        let [x, delta, b, c] = self.places;
        Kept::NOTHING.input(x).input(delta).input(b).input(c)
    }

    fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))?;
        let length = inputs[self.places[0]].positions();
        if let (Some(length), Ok(macs)) = (length, self.macs(inputs)) {
            let formula = format_args!("3*{length}*{}*{}", self.features, self.states);
            lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
        }
        Ok(())
    }
}

const fn differ(inputs: &[Shape], places: [usize; 2], agree: Agreement) -> Error {
    Error::Operands {
        places,
        shapes: [inputs[places[0]], inputs[places[1]]],
        agree,
    }
}
