//! State spaces: sequences by a state that goes from position to position.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, Inputs, family};
use crate::error::{Agreement, Error, Needs, attempt};
use crate::formula::{self, product_of};
use crate::layer::Convention;
use crate::layer::explain::{Figured, Lines};
use crate::layer::kept::{Backward, Kept};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;

family! {
    const fn unchecked(args, inputs) -> StateSpace;

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
        attempt!(StateSpace::build(args, inputs));
}

/// The hyperparameters of `selective_scan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateSpace {
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

impl StateSpace {
    const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let names = [name!("x"), name!("delta"), name!("b"), name!("c")];
        let mut places = [0; 4];
        let mut i = 0;
        while i < 4 {
            places[i] = match args.place(names[i]) {
                Some(place) if place < inputs.len() => place,
                _ => {
                    return Err(Error::Missing {
                        argument: names[i].text,
                    });
                }
            };
            let input = &inputs[places[i]];
            if input.rank() != 2 {
                return Err(Error::InputRank {
                    needs: Needs::Sequence,
                    input: *input,
                });
            }
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

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[self.places[0]])
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
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

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let Some(length) = inputs[self.places[0]].positions() else {
            return Err(formula::overflow(what));
        };
        product_of(&[3, length, self.features as u64, self.states as u64], what)
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

    /// All that comes in: the kernel of Mamba calculates the states again.
    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        let [x, delta, b, c] = self.places;
        Kept::NOTHING.input(x).input(delta).input(b).input(c)
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::Whole
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
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
