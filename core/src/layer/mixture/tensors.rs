//! The tensors of mixtures, joined or each expert's own.

use super::{Mixture, Projections};
use crate::argument::name;
use crate::entry::Args;
use crate::error::Error;
use crate::extents::Extents;
use crate::layer::{Role, Tensor, TensorName};

impl Projections {
    /// What is about joined weights means nothing of others.
    pub(super) const fn build(args: &Args) -> Result<Self, Error> {
        let word = name!("projections");
        let projections = if args.is(word, "separate") {
            Self::Separate
        } else if args.is(word, "numbered") {
            Self::Numbered
        } else {
            return Ok(Self::Joined);
        };
        let argument = if args.bool(name!("interleaved")) {
            "interleaved"
        } else if args.bool(name!("transposed")) {
            "transposed"
        } else {
            return Ok(projections);
        };
        Err(Error::Excludes {
            argument,
            other: "projections",
        })
    }
}

impl Mixture {
    pub(in crate::layer) const fn tensor(&self, index: usize) -> Option<Tensor> {
        if matches!(self.projections, Projections::Joined) {
            return self.joined_tensor(index);
        }
        let first = self.before_experts();
        let (own, joined) = (self.tensors_of_experts(), 2 + 2 * self.bias as usize);
        if index < first {
            self.joined_tensor(index)
        } else if index - first < own {
            Some(self.own_tensor(index - first))
        } else {
            self.joined_tensor(index - own + joined)
        }
    }

    /// Whether a tensor is the experts', each of which has its part of it.
    pub(crate) const fn is_of_experts(&self, index: usize) -> bool {
        let first = self.before_experts();
        first <= index && index - first < self.tensors_of_experts()
    }

    /// The tensors before those of the experts: the router's.
    const fn before_experts(&self) -> usize {
        1 + self.router.bias as usize
    }

    /// How many tensors the experts have.
    const fn tensors_of_experts(&self) -> usize {
        let biases = 1 + self.bias as usize;
        match self.projections {
            Projections::Joined => 2 * biases,
            _ => self.linears() * biases * self.experts,
        }
    }

    /// The linear layers of an expert.
    const fn linears(&self) -> usize {
        2 + self.gated as usize
    }

    /// A tensor of one expert, in the order in which they are written in Python.
    const fn own_tensor(&self, place: usize) -> Tensor {
        let biases = 1 + self.bias as usize;
        let each = self.linears() * biases;
        let (expert, place) = (place / each, place % each);
        let (layer, bias) = (place / biases, place % biases == 1);
        let numbered = matches!(self.projections, Projections::Numbered);
        let (h, i) = (self.in_features, self.features);
        // By numbers the one that leads back is the second.
        let (suffixes, [out, from]) = match (numbered, layer, self.gated) {
            (false, 0, true) => ([".gate_proj.weight", ".gate_proj.bias"], [i, h]),
            (false, 0, false) | (false, 1, true) => ([".up_proj.weight", ".up_proj.bias"], [i, h]),
            (false, ..) => ([".down_proj.weight", ".down_proj.bias"], [h, i]),
            (true, 0, _) => ([".w1.weight", ".w1.bias"], [i, h]),
            (true, 1, _) => ([".w2.weight", ".w2.bias"], [h, i]),
            (true, ..) => ([".w3.weight", ".w3.bias"], [i, h]),
        };
        let (extents, role) = if bias {
            (Extents::new(&[out]), Role::Bias)
        } else {
            (Extents::new(&[out, from]), Role::Weight)
        };
        let name = TensorName {
            stem: "experts.",
            index: Some(expert),
            suffix: suffixes[bias as usize],
        };
        Tensor {
            name,
            extents,
            role,
        }
    }

    /// A tensor where the weights of all experts are one.
    const fn joined_tensor(&self, index: usize) -> Option<Tensor> {
        let (h, e, i, joined) = (self.in_features, self.experts, self.features, self.joined());
        let shared = match self.shared {
            Some(features) => features,
            None => 0,
        };
        let (first, last) = if self.transposed {
            ([e, h, joined], [e, i, h])
        } else {
            ([e, joined, h], [e, h, i])
        };
        let (up, up_bias) = if self.gated {
            ("experts.gate_up_proj", "experts.gate_up_proj_bias")
        } else {
            ("experts.up_proj", "experts.up_proj_bias")
        };
        let with = shared > 0;
        // Whether it is there, its name, its extents, its role.
        let slots: [(bool, &'static str, Extents, Role); 11] = [
            (true, "gate.weight", Extents::new(&[e, h]), Role::Weight),
            (
                self.router.bias,
                "gate.bias",
                Extents::new(&[e]),
                Role::Bias,
            ),
            (true, up, Extents::new(&first), Role::Weight),
            (self.bias, up_bias, Extents::new(&[e, joined]), Role::Bias),
            (true, "experts.down_proj", Extents::new(&last), Role::Weight),
            (
                self.bias,
                "experts.down_proj_bias",
                Extents::new(&[e, h]),
                Role::Bias,
            ),
            (
                with,
                "shared_experts.gate_proj.weight",
                Extents::new(&[shared, h]),
                Role::Weight,
            ),
            (
                with,
                "shared_experts.up_proj.weight",
                Extents::new(&[shared, h]),
                Role::Weight,
            ),
            (
                with,
                "shared_experts.down_proj.weight",
                Extents::new(&[h, shared]),
                Role::Weight,
            ),
            (
                self.shared_gate,
                "shared_expert_gate.weight",
                Extents::new(&[1, h]),
                Role::Weight,
            ),
            (
                self.router.correction_bias,
                "gate.e_score_correction_bias",
                Extents::new(&[e]),
                Role::Buffer,
            ),
        ];
        let mut left = index;
        let mut slot = 0;
        while slot < slots.len() {
            let (there, stem, extents, role) = slots[slot];
            if there {
                if left == 0 {
                    return Some(Tensor {
                        name: TensorName::plain(stem),
                        extents,
                        role,
                    });
                }
                left -= 1;
            }
            slot += 1;
        }
        None
    }
}
