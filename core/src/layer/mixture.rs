//! Mixtures of experts: of many parts a position uses a few.

use core::fmt;

use crate::argument::{Name, name};
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::formula::{self, product_of, size_product, sum};
use crate::layer::Convention;
use crate::layer::explain::{Figured, Lines};
use crate::layer::kept::{Backward, Kept};
use crate::layer::{Memory, Receptive};
use crate::number::Grouped;
use crate::shape::Shape;

mod entries;
mod tensors;

pub use entries::{ENTRIES, names};

/// The hyperparameters of `mixture_of_experts`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixture {
    /// H, the features that come in and go out.
    pub in_features: usize,
    /// E, the number of experts.
    pub experts: usize,
    /// k, how many of them a position uses.
    pub active: usize,
    /// I, the features between both linear layers of each.
    pub features: usize,
    /// What stands between both.
    pub activation: ExpertActivation,
    /// Whether a second linear layer is multiplied in.
    pub gated: bool,
    /// Whether gates and what they are multiplied with alternate.
    pub interleaved: bool,
    /// Whether the experts' weights have what comes in first.
    pub transposed: bool,
    /// Whether each expert has tensors of its own, and what they are called.
    pub projections: Projections,
    /// Whether the experts' linear layers add biases.
    pub bias: bool,
    /// How experts are chosen.
    pub router: Router,
    /// What gates stay below, and what they are multiplied with in size.
    pub limit: Option<f64>,
    /// What is added to what gates are multiplied with.
    pub up_offset: f64,
    /// The features of an expert that all positions use.
    pub shared: Option<usize>,
    /// Whether what it makes is multiplied by a gate.
    pub shared_gate: bool,
}

/// How experts are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Router {
    /// Whether logits are added to a bias.
    pub bias: bool,
    /// Whether scores are sigmoids and no softmax.
    pub sigmoid: bool,
    /// Whether the scores of those that are used add up to 1.
    pub normalize: bool,
    /// What scores are multiplied by.
    pub scale: f64,
    /// Whether scores weigh what goes into the experts, and not what comes out.
    pub weigh_inputs: bool,
    /// Whether a bias is added for choosing only.
    pub correction_bias: bool,
    /// The groups of experts.
    pub groups: usize,
    /// How many of them are used.
    pub active_groups: usize,
    /// Whether a group is chosen by its best two, not its best expert.
    pub by_two: bool,
}

/// Whether the weights of the experts are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projections {
    /// Those of all experts are one tensor: `experts.gate_up_proj`.
    Joined,
    /// Each expert has its own: `experts.0.gate_proj.weight`.
    Separate,
    /// Each expert has its own, by numbers: `experts.0.w1.weight`.
    Numbered,
}

/// What stands between the linear layers of an expert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpertActivation {
    /// `x*sigmoid(x)`
    Silu,
    /// `gelu`
    Gelu,
    /// `gelu` with a tangent.
    GeluTanh,
    /// `x*sigmoid(1.702*x)`
    QuickGelu,
    /// `max(0, x)`
    Relu,
    /// `max(0, x)^2`
    SquaredRelu,
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Mixture, Error> {
    let layer = attempt!(entries::unchecked(place, args, inputs));
    let mut index = 0;
    while let Some(tensor) = layer.tensor(index) {
        if tensor.elements().is_none() {
            return Err(formula::overflow("the number of parameters"));
        }
        index += 1;
    }
    attempt!(layer.macs(inputs));
    Ok(layer)
}

const fn at_most(
    argument: Name,
    value: usize,
    most: usize,
    what: &'static str,
) -> Result<(), Error> {
    if value > most {
        return Err(Error::TooLarge {
            argument: argument.text,
            value,
            most,
            what,
        });
    }
    Ok(())
}

impl Mixture {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.rank() > 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("vectors or sequences"),
                input: *input,
            });
        }
        let experts = attempt!(args.int(name!("experts")));
        let active = attempt!(args.int(name!("active")));
        attempt!(at_most(
            name!("active"),
            active,
            experts,
            "the number of experts"
        ));
        let features = attempt!(args.int(name!("features")));
        attempt!(size_product(2, features, "the features of an expert"));
        let shared = if args.has(name!("shared_features")) {
            Some(attempt!(args.int(name!("shared_features"))))
        } else {
            None
        };
        if args.bool(name!("shared_gate")) && shared.is_none() {
            return Err(Error::Requires {
                argument: "shared_gate",
                other: "shared_features",
            });
        }
        let gated = args.bool(name!("gated"));
        if args.bool(name!("interleaved")) && !gated {
            return Err(Error::Requires {
                argument: "interleaved",
                other: "gated",
            });
        }
        let projections = attempt!(Projections::build(args));
        // An expert that is not used would add what its biases make of nothing.
        if args.bool(name!("weigh_inputs")) && args.bool(name!("bias")) {
            return Err(Error::Excludes {
                argument: "weigh_inputs",
                other: "bias",
            });
        }
        let word = name!("activation");
        Ok(Self {
            in_features: input.features(),
            experts,
            active,
            features,
            activation: if args.is(word, "gelu") {
                ExpertActivation::Gelu
            } else if args.is(word, "gelu_tanh") {
                ExpertActivation::GeluTanh
            } else if args.is(word, "quick_gelu") {
                ExpertActivation::QuickGelu
            } else if args.is(word, "relu") {
                ExpertActivation::Relu
            } else if args.is(word, "squared_relu") {
                ExpertActivation::SquaredRelu
            } else {
                ExpertActivation::Silu
            },
            gated,
            interleaved: args.bool(name!("interleaved")),
            transposed: args.bool(name!("transposed")),
            projections,
            bias: args.bool(name!("bias")),
            router: attempt!(Router::build(args, experts, active)),
            limit: if args.has(name!("limit")) {
                Some(args.float(name!("limit")))
            } else {
                None
            },
            up_offset: args.float(name!("up_offset")),
            shared,
            shared_gate: args.bool(name!("shared_gate")),
        })
    }

    /// The features of the first linear layer of an expert.
    #[must_use]
    pub const fn joined(&self) -> usize {
        if self.gated {
            2 * self.features
        } else {
            self.features
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    /// The parameters of an expert.
    const fn of_expert(&self) -> Result<u64, Error> {
        let what = "the number of parameters";
        let (h, i, joined) = (
            self.in_features as u64,
            self.features as u64,
            self.joined() as u64,
        );
        let up = attempt!(product_of(&[h, joined], what));
        let down = attempt!(product_of(&[h, i], what));
        let weights = attempt!(sum(up, down, what));
        if self.bias {
            return sum(weights, attempt!(sum(joined, h, what)), what);
        }
        Ok(weights)
    }

    /// The parameters of all experts, without the router and the one that all positions use.
    #[must_use]
    pub const fn of_experts(&self) -> u64 {
        match self.of_expert() {
            Ok(each) => each.saturating_mul(self.experts as u64),
            Err(_) => 0,
        }
    }

    /// The parameters that a position does not use.
    #[must_use]
    pub const fn inactive(&self) -> u64 {
        match self.of_expert() {
            Ok(each) => each.saturating_mul((self.experts - self.active) as u64),
            Err(_) => 0,
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        let Some(positions) = inputs[0].positions() else {
            return Err(formula::overflow(what));
        };
        let (h, i, joined) = (
            self.in_features as u64,
            self.features as u64,
            self.joined() as u64,
        );
        let router = attempt!(product_of(&[h, self.experts as u64], what));
        let both = attempt!(sum(joined, i, what));
        let used = attempt!(product_of(&[self.active as u64, h, both], what));
        let mut each = attempt!(sum(router, used, what));
        if let Some(shared) = self.shared {
            let all = attempt!(product_of(&[3, h, shared as u64], what));
            let gate = if self.shared_gate { h } else { 0 };
            each = attempt!(sum(each, attempt!(sum(all, gate, what)), what));
        }
        product_of(&[positions, each], what)
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        // Products with weights, which all tools count alike.
        self.macs(inputs)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    /// What the experts of each position read and make: the position itself, gates, what they are
    /// multiplied with, and the results; and the scores of all experts.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let positions = pass.positions(&inputs[0]);
        let (h, i, k) = (
            self.in_features as u64,
            self.features as u64,
            self.active as u64,
        );
        let within = if self.gated { 4 } else { 2 };
        let used = i.saturating_mul(within).saturating_add(h.saturating_mul(2));
        let mut each = used.saturating_mul(k).saturating_add(self.experts as u64);
        if let Some(shared) = self.shared {
            each = each.saturating_add((shared as u64).saturating_mul(4));
        }
        let mut kept = Kept::INPUT.indices(positions.saturating_mul(k));
        kept.split.values = positions.saturating_mul(each);
        kept
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
        Receptive::per_position(&inputs[place])
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))?;
        let (positions, macs) = (inputs[0].positions(), self.macs(inputs));
        if let (Some(positions), Ok(macs)) = (positions, macs) {
            let Self {
                in_features: h,
                experts,
                active,
                features,
                ..
            } = self;
            let times = if self.gated { 3 } else { 2 };
            let formula = fmt::from_fn(|f| {
                write!(
                    f,
                    "{positions}*({h}*{experts} + {active}*{times}*{h}*{features}"
                )?;
                if let Some(shared) = self.shared {
                    let gate = if self.shared_gate { " + 1" } else { "" };
                    write!(f, " + {h}*(3*{shared}{gate})")?;
                }
                f.write_str(")")
            });
            lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
        }
        Ok(())
    }
}

impl Router {
    const fn build(args: &Args, experts: usize, active: usize) -> Result<Self, Error> {
        let groups = attempt!(args.int(name!("groups")));
        if !experts.is_multiple_of(groups) {
            return Err(Error::NotDivisible {
                argument: "groups",
                divisor: groups,
                what: "experts",
                value: experts,
                also: experts,
            });
        }
        let active_groups = if args.has(name!("active_groups")) {
            attempt!(args.int(name!("active_groups")))
        } else {
            groups
        };
        attempt!(at_most(
            name!("active_groups"),
            active_groups,
            groups,
            "the number of groups"
        ));
        attempt!(at_most(
            name!("active"),
            active,
            experts / groups * active_groups,
            "the experts of the groups that are used"
        ));
        Ok(Self {
            bias: args.bool(name!("router_bias")),
            sigmoid: args.is(name!("scores"), "sigmoid"),
            normalize: args.bool(name!("normalize")),
            scale: args.float(name!("scale")),
            weigh_inputs: args.bool(name!("weigh_inputs")),
            correction_bias: args.bool(name!("correction_bias")),
            groups,
            active_groups,
            by_two: args.is(name!("group_score"), "top2"),
        })
    }
}
