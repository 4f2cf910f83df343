//! The tensors of attention with its projections.

use super::MultiHead;
use super::window::{CONTINUOUS_FEATURES, IndexBuffers, LocalWindow, PositionBias};
use crate::extents::Extents;
use crate::layer::{Role, Tensor, TensorName};

impl MultiHead {
    /// In PyTorch's order: a module's own parameters before those of its parts, and buffers last.
    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let [q, k, v] = self.rows();
        let [from, key, value] = self.in_features;
        let all = q + k + v;
        let packed = self.is_packed();
        let swin = self.window.is_some();
        let apart = self.separate;
        let joined = self.bias && !apart;
        let (normed, centred) = match &self.head_norm {
            Some(norm) => (true, norm.centred),
            None => (false, false),
        };
        let head = [self.head_dim];
        let out = [self.out_features, self.joined()];
        let factors = self.scores.cosine;
        let slots = [
            slot(factors, "logit_scale", &[self.heads, 1, 1], Role::Weight),
            self.positions(Of::Table),
            slot(
                packed && !swin,
                "in_proj_weight",
                &[all, from],
                Role::Weight,
            ),
            slot(packed && swin, "qkv.weight", &[all, from], Role::Weight),
            slot(!packed && !apart, "q_proj_weight", &[q, from], Role::Weight),
            slot(!packed && !apart, "k_proj_weight", &[k, key], Role::Weight),
            slot(
                !packed && !apart,
                "v_proj_weight",
                &[v, value],
                Role::Weight,
            ),
            slot(self.sinks, "sinks", &[self.heads], Role::Weight),
            slot(apart, "q_proj.weight", &[q, from], Role::Weight),
            slot(apart && self.bias, "q_proj.bias", &[q], Role::Bias),
            slot(apart, "k_proj.weight", &[k, key], Role::Weight),
            slot(
                apart && self.bias && self.key_bias,
                "k_proj.bias",
                &[k],
                Role::Bias,
            ),
            slot(apart, "v_proj.weight", &[v, value], Role::Weight),
            slot(apart && self.bias, "v_proj.bias", &[v], Role::Bias),
            slot(normed, "q_norm.weight", &head, Role::Weight),
            slot(centred, "q_norm.bias", &head, Role::Bias),
            slot(normed, "k_norm.weight", &head, Role::Weight),
            slot(centred, "k_norm.bias", &head, Role::Bias),
            slot(
                joined && self.key_bias,
                if swin && packed {
                    "qkv.bias"
                } else {
                    "in_proj_bias"
                },
                &[all],
                Role::Bias,
            ),
            slot(joined && !self.key_bias, "q_bias", &[q], Role::Bias),
            slot(joined && !self.key_bias, "v_bias", &[v], Role::Bias),
            slot(self.add_bias_kv, "bias_k", &[1, 1, k], Role::Bias),
            slot(self.add_bias_kv, "bias_v", &[1, 1, v], Role::Bias),
            slot(
                true,
                if swin {
                    "proj.weight"
                } else {
                    "out_proj.weight"
                },
                &out,
                Role::Weight,
            ),
            slot(
                self.out_bias,
                if swin { "proj.bias" } else { "out_proj.bias" },
                &[self.out_features],
                Role::Bias,
            ),
            self.positions(Of::First),
            self.positions(Of::FirstBias),
            self.positions(Of::Second),
            self.positions(Of::Coordinates),
            self.positions(Of::Index),
        ];
        let mut left = index;
        let mut i = 0;
        while i < slots.len() {
            if let Some(tensor) = slots[i] {
                if left == 0 {
                    return Some(tensor);
                }
                left -= 1;
            }
            i += 1;
        }
        None
    }

    const fn positions(&self, which: Of) -> Option<Tensor> {
        match &self.window {
            Some(window) => window.tensor(self.heads, which),
            None => None,
        }
    }
}

/// The tensors of a bias for each distance.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// The numbers of each distance.
    Table,
    /// The weight of the first linear layer.
    First,
    /// Its bias.
    FirstBias,
    /// The weight of the second one.
    Second,
    /// The buffer that the first one reads.
    Coordinates,
    /// The buffer with the place of each pair of positions in the table.
    Index,
}

impl LocalWindow {
    /// A tensor of the bias for each distance, if there is such a one.
    pub(super) const fn tensor(&self, heads: usize, which: Of) -> Option<Tensor> {
        let table = matches!(self.position_bias, PositionBias::Table);
        let continuous = matches!(self.position_bias, PositionBias::Continuous);
        let stored = !matches!(self.buffers, IndexBuffers::None);
        let wide = CONTINUOUS_FEATURES;
        match which {
            Of::Table => match self.distances() {
                Ok(distances) => slot(
                    table,
                    "relative_position_bias_table",
                    &[distances, heads],
                    Role::Weight,
                ),
                Err(_) => None,
            },
            Of::First => {
                let extents = [wide, self.size.len()];
                slot(continuous, "cpb_mlp.0.weight", &extents, Role::Weight)
            }
            Of::FirstBias => slot(continuous, "cpb_mlp.0.bias", &[wide], Role::Bias),
            Of::Second => {
                let extents = [heads, wide];
                slot(continuous, "cpb_mlp.2.weight", &extents, Role::Weight)
            }
            Of::Coordinates => slot(
                continuous && stored,
                "relative_coords_table",
                self.coordinates().as_slice(),
                Role::Buffer,
            ),
            Of::Index => match self.index() {
                Ok(index) => slot(
                    (table || continuous) && stored,
                    "relative_position_index",
                    index.as_slice(),
                    Role::Buffer,
                ),
                Err(_) => None,
            },
        }
    }
}

const fn slot(present: bool, name: &'static str, extents: &[usize], role: Role) -> Option<Tensor> {
    if present {
        Some(Tensor {
            name: TensorName::plain(name),
            extents: Extents::new(extents),
            role,
        })
    } else {
        None
    }
}
