//! What attention within windows keeps, and attention by cosines.

use super::Products;
use crate::layer::attention::window::{CONTINUOUS_FEATURES, LocalWindow, PositionBias};
use crate::layer::attention::{DotProduct, MultiHead};
use crate::layer::kept::{Amounts, Autograd, Backward, Kept};

/// What cosines keep beside plain products: queries and keys as they were, their lengths, the
/// scores before they are multiplied.
pub(super) struct Cosines {
    /// The positions of queries and of keys.
    pub(super) positions: [u64; 2],
    /// The features per position of queries and of keys, and of the values that are in one piece with
    /// them.
    pub(super) features: [u64; 3],
    /// The heads of queries and of keys.
    pub(super) heads: [u64; 2],
    /// The rows and columns of the scores of all heads.
    pub(super) scores: [u64; 2],
}

impl Cosines {
    /// Source: PyTorch's `normalize`, which keeps the length and what it is at least.
    pub(super) const fn kept(&self, pass: &Backward) -> Amounts {
        let [queries, keys] = self.positions;
        let [q, k, v] = self.features;
        let [heads, kv_heads] = self.heads;
        let lengths = pass
            .count(&[queries, heads])
            .saturating_add(pass.count(&[keys, kv_heads]));
        let mut kept = Amounts::NOTHING;
        kept.values = pass
            .count(&[queries, q])
            .saturating_add(pass.count(&[keys, k]))
            .saturating_add(lengths.saturating_mul(2));
        if matches!(pass.autograd, Autograd::Eager) {
            kept.values = kept.values.saturating_add(pass.count(&[keys, v]));
        }
        if !pass.again && !matches!(pass.autograd, Autograd::Fused) {
            let [rows, columns] = self.scores;
            let scores = pass.count(&[heads, rows, columns]);
            kept.values = kept.values.saturating_add(scores);
        }
        kept
    }
}

impl Products {
    /// Every window has keys and values of its own: `queries` positions together, each of which sees
    /// `keys`. torchvision has no kernel for them.
    pub(super) const fn windows(&self, pass: &Backward, cosines: Option<Cosines>) -> Amounts {
        let [q, k, v] = self.features;
        let alone = Self {
            features: [q, 0, 0],
            piece: 0,
            ..*self
        };
        let mut kept = alone.kept(pass);
        kept.values = kept
            .values
            .saturating_add(pass.count(&[self.queries, k]))
            .saturating_add(pass.count(&[self.queries, v]));
        if matches!(pass.autograd, Autograd::Eager) && !self.dropout {
            kept = kept.plus(self.scores(pass));
            kept.statistics = 0;
        }
        match cosines {
            Some(cosines) => kept.plus(cosines.kept(pass)),
            None => kept,
        }
    }
}

impl MultiHead {
    /// Each window for itself: `positions` of them together, each of which sees `seen`.
    pub(super) const fn keeps_windows(
        &self,
        window: &LocalWindow,
        positions: u64,
        seen: u64,
        pass: &Backward,
    ) -> Kept {
        let [q, k, v] = self.rows();
        let (heads, kv_heads) = (self.heads as u64, self.kv_heads as u64);
        let products = Products {
            queries: positions,
            keys: seen,
            heads,
            features: [q as u64, k as u64, v as u64],
            joined: self.joined() as u64,
            dropout: self.dropout > 0.0,
            piece: 0,
        };
        let cosines = if self.scores.cosine {
            Some(Cosines {
                positions: [positions; 2],
                features: products.features,
                heads: [heads, kv_heads],
                scores: [positions, seen],
            })
        } else {
            None
        };
        let input = pass.count(&[positions, self.in_features[0] as u64]);
        // The factors of all heads, and what is made of the distances, once for all samples.
        let mut once = window.keeps(self.heads);
        if self.scores.cosine {
            once = once.saturating_add(heads);
        }
        let mut kept = Kept::NOTHING.values(input.saturating_add(once));
        kept.split = products.windows(pass, cosines);
        kept
    }
}

impl DotProduct {
    /// What cosines keep, where the scores are such.
    pub(super) const fn cosines(&self, products: &Products) -> Option<Cosines> {
        if !self.scores.cosine {
            return None;
        }
        let keys = match &self.window {
            Some(_) => products.queries,
            None => products.keys,
        };
        let [q, k, _] = products.features;
        Some(Cosines {
            positions: [products.queries, keys],
            features: [q, k, 0],
            heads: [self.heads as u64, self.kv_heads as u64],
            scores: [products.queries, products.keys],
        })
    }
}

impl LocalWindow {
    /// What the bias keeps for all samples together: between both linear layers, and what the sigmoid
    /// gives for each pair. A table keeps nothing, since the index is a buffer.
    pub(super) const fn keeps(&self, heads: usize) -> u64 {
        if !matches!(self.position_bias, PositionBias::Continuous) {
            return 0;
        }
        let (distances, positions) = match (self.distances(), self.side()) {
            (Ok(distances), Ok(positions)) => (distances as u64, positions as u64),
            _ => return u64::MAX,
        };
        let pairs = (heads as u64)
            .saturating_mul(positions)
            .saturating_mul(positions);
        distances
            .saturating_mul(CONTINUOUS_FEATURES as u64)
            .saturating_add(pairs)
    }
}
