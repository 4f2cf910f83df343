//! What attention and transformer layers keep for the backward pass.

use super::scores::Scores;
use super::{Attention, DotProduct, MultiHead, Transformer, TransformerActivation};
use crate::layer::kept::{Amounts, Autograd, Backward, Cache, Kept};
use crate::shape::Shape;

mod windows;

use windows::Cosines;

impl Attention {
    /// Source: PyTorch's `multi_head_attention_forward` (without weights as a result) and
    /// `scaled_dot_product_attention`, torchvision's `shifted_window_attention`; Korthikanti et
    /// al. 2022 for [`Autograd::Unfused`].
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            Self::MultiHead(attention) => attention.keeps(inputs, pass),
            Self::DotProduct(attention) => attention.keeps(inputs, pass),
            Self::Transformer(transformer) => transformer.keeps(inputs, pass),
            // Sines and cosines, the same for all samples and heads.
            Self::Rotary(layer) => {
                let positions = inputs[0].extents().at(0) as u64;
                let turned = layer.rotary.features as u64;
                Kept::NOTHING.values(positions.saturating_mul(turned).saturating_mul(2))
            }
            // Where the gradient of each bias goes.
            Self::RelativeBias(bias) => {
                let queries = inputs[0].extents().at(0) as u64;
                let keys = inputs[bias.keys].extents().at(0) as u64;
                Kept::NOTHING.indices(queries.saturating_mul(keys))
            }
            Self::WindowBias(bias) => Kept::NOTHING.values(bias.window.keeps(bias.heads)),
        }
    }
}

impl Attention {
    /// Which of its inputs its keys and values are made of.
    pub(crate) const fn keys_and_values(&self) -> Option<[usize; 2]> {
        match self {
            Self::MultiHead(MultiHead { places, .. })
            | Self::DotProduct(DotProduct { places, .. }) => Some([places[1], places[2]]),
            _ => None,
        }
    }

    /// The keys and values of each position, where no position sees a later one: only then do
    /// those stay as they are while a sequence is continued.
    pub(crate) const fn cache(&self) -> Cache {
        match self {
            Self::MultiHead(attention) if attention.causal => {
                let [_, k, v] = attention.rows();
                Cache::of((k as u64).saturating_add(v as u64)).within(attention.scores.seen())
            }
            Self::DotProduct(attention) if attention.causal => {
                let features =
                    (attention.head_dim as u64).saturating_add(attention.value_dim as u64);
                Cache::of((attention.kv_heads as u64).saturating_mul(features))
                    .within(attention.scores.seen())
            }
            Self::Transformer(transformer) if transformer.causal => {
                let layers = transformer.count() as u64;
                Cache::of(layers.saturating_mul(2 * transformer.features as u64))
            }
            Self::MultiHead(_)
            | Self::DotProduct(_)
            | Self::Transformer(_)
            | Self::Rotary(_)
            | Self::RelativeBias(_)
            | Self::WindowBias(_) => Cache::NOTHING,
        }
    }
}

impl Scores {
    /// How many of the last positions a query sees at most, where it is not all.
    const fn seen(&self) -> Option<u64> {
        match (self.sliding_window, self.chunk) {
            (Some(window), _) => Some(window as u64),
            (None, Some(chunk)) => Some(chunk as u64),
            (None, None) => None,
        }
    }
}

impl Attention {
    /// The multiply-accumulates of queries with keys and of scores with values: those that are
    /// done again where scores are not kept.
    pub(crate) const fn product_macs(&self, inputs: &[Shape]) -> u64 {
        let (all, others) = match self {
            Self::MultiHead(attention) => {
                (attention.macs(inputs), attention.projection_macs(inputs))
            }
            Self::DotProduct(attention) => (attention.macs(inputs), Ok(0)),
            Self::Transformer(layer) => (layer.product_macs(inputs), Ok(0)),
            Self::Rotary(_) | Self::RelativeBias(_) | Self::WindowBias(_) => return 0,
        };
        match (all, others) {
            (Ok(all), Ok(others)) => all.saturating_sub(others),
            _ => u64::MAX,
        }
    }
}

/// The products of an attention: who asks whom, and in which pieces PyTorch has them.
struct Products {
    queries: u64,
    keys: u64,
    heads: u64,
    /// The elements that queries, keys and values have per position, all heads together.
    features: [u64; 3],
    /// The features of all heads that come out per position.
    joined: u64,
    dropout: bool,
    /// The elements per key of the piece of memory that the values are a part of.
    piece: u64,
}

impl Products {
    /// Whether the score matrix is kept.
    const fn has_scores(&self, autograd: Autograd) -> bool {
        match autograd {
            Autograd::Eager => self.dropout,
            Autograd::Unfused => true,
            Autograd::Fused => false,
        }
    }

    /// The scores: after the softmax, and after the dropout with its mask.
    const fn scores(&self, pass: &Backward) -> Amounts {
        let scores = pass.count(&[self.heads, self.queries, self.keys]);
        let mut kept = Amounts::NOTHING;
        if pass.again {
            return kept;
        }
        kept.values = scores;
        if self.dropout {
            kept.values = scores.saturating_mul(2);
            kept.masks = scores;
        }
        kept
    }

    /// Everything from queries, keys and values, which nobody else has, to what the last
    /// projection reads.
    const fn kept(&self, pass: &Backward) -> Amounts {
        let [q, k, v] = self.features;
        let joined = pass.count(&[self.queries, self.joined]);
        if self.has_scores(pass.autograd) {
            return self.with_scores(pass);
        }
        let mut kept = Amounts::NOTHING;
        kept.values = pass
            .count(&[self.queries, q])
            .saturating_add(pass.count(&[self.keys, k]))
            .saturating_add(pass.count(&[self.keys, v]));
        kept.statistics = pass.count(&[self.heads, self.queries]);
        kept.values = kept.values.saturating_add(joined);
        kept
    }

    /// [`Products::kept`] where the score matrix is among it.
    const fn with_scores(&self, pass: &Backward) -> Amounts {
        let [q, k, v] = self.features;
        let values = match pass.autograd {
            Autograd::Eager => self.piece,
            Autograd::Unfused | Autograd::Fused => v,
        };
        let mut kept = self.scores(pass);
        kept.values = kept
            .values
            .saturating_add(pass.count(&[self.queries, q]))
            .saturating_add(pass.count(&[self.keys, k]))
            .saturating_add(pass.count(&[self.keys, values]))
            .saturating_add(pass.count(&[self.queries, self.joined]));
        kept
    }
}

impl MultiHead {
    const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let (queries, keys) = match self.lengths(inputs) {
            Ok(lengths) => lengths,
            Err(_) => (u64::MAX, u64::MAX),
        };
        if let Some(window) = &self.window {
            return self.keeps_windows(window, queries, keys, pass);
        }
        let [q, k, v] = self.rows();
        let (q, k, v) = (q as u64, k as u64, v as u64);
        let [_, key, value] = self.places;
        let mut kept = Kept::NOTHING;
        // PyTorch's layer puts the positions before the samples, in copies of its inputs.
        let copies = matches!(pass.autograd, Autograd::Eager) && pass.samples != 1;
        let mut place = 0;
        while place < 3 {
            let given = self.places[place];
            let again =
                place > 0 && given == self.places[0] || place > 1 && given == self.places[1];
            if !again && copies {
                kept = kept.values(pass.elements(&inputs[given]));
            } else if !again {
                kept = kept.row(given);
            }
            place += 1;
        }
        let piece = if self.add_bias_kv || self.add_zero_attn || !self.is_packed() && key != value {
            v
        } else if key == value && key != 0 {
            k.saturating_add(v)
        } else {
            q.saturating_add(k).saturating_add(v)
        };
        let products = Products {
            queries,
            keys,
            heads: self.heads as u64,
            features: [q, k, v],
            joined: self.joined() as u64,
            dropout: self.dropout > 0.0,
            piece,
        };
        // No kernel has scores with a cap, with those of sinks, or with factors.
        kept.split = if self.scores.softcap.is_some() || self.sinks || self.scores.cosine {
            products.with_scores(pass)
        } else {
            products.kept(pass)
        };
        // Queries and keys as they are turned and normalised, beside those that are not.
        let both = pass
            .count(&[queries, q])
            .saturating_add(pass.count(&[keys, k]));
        if self.head_norm.is_some() {
            kept.split.values = kept.split.values.saturating_add(both);
        }
        if self.scores.cosine {
            let cosines = Cosines {
                positions: [queries, keys],
                features: [q, k, 0],
                heads: [self.heads as u64, self.kv_heads as u64],
                scores: [queries, keys],
            };
            kept.split = kept.split.plus(cosines.kept(pass));
        }
        kept
    }
}

impl DotProduct {
    const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let [q, k, v] = self.places;
        let (heads, groups) = (self.heads as u64, self.kv_heads as u64);
        let (queries, keys) = match self.lengths(inputs) {
            Ok(lengths) => lengths,
            Err(_) => (u64::MAX, u64::MAX),
        };
        let products = Products {
            queries,
            keys,
            heads,
            features: [
                heads.saturating_mul(self.head_dim as u64),
                groups.saturating_mul(self.head_dim as u64),
                groups.saturating_mul(self.value_dim as u64),
            ],
            joined: 0,
            dropout: self.dropout > 0.0,
            piece: groups.saturating_mul(self.value_dim as u64),
        };
        let mut kept = match self.scores.factors {
            Some(factors) => Kept::NOTHING.input(factors),
            None => Kept::NOTHING,
        };
        let cosines = self.cosines(&products);
        if self.window.is_some() {
            kept.split = products.windows(pass, cosines);
            return kept;
        }
        // No kernel has scores with a cap, with those of sinks, or with factors.
        let composed = self.scores.softcap.is_some()
            || self.scores.sinks.is_some()
            || self.scores.factors.is_some();
        if composed || cosines.is_some() || products.has_scores(pass.autograd) {
            // Queries and keys are scaled, values are laid out head by head.
            kept.split = products.with_scores(pass);
            if let Some(cosines) = &cosines {
                kept.split = kept.split.plus(cosines.kept(pass));
            }
            return kept;
        }
        kept = Kept::RESULT.input(q).input(k).input(v);
        kept.split.statistics = pass.count(&[heads, products.queries]);
        kept
    }
}

impl Transformer {
    const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let input = &inputs[0];
        let length = input.extents().at(0) as u64;
        let stream = pass.elements(input);
        let dropout = self.dropout > 0.0;
        let mut own = Amounts::NOTHING;
        let mut split = Amounts::NOTHING;
        // Each part: what is normalised, its statistics, what the part reads, its dropout.
        let mut parts: u64 = 2;
        if let Some(memory) = self.memory {
            parts = 3;
            let keys = inputs[memory].extents().at(0) as u64;
            // Its copy or itself, once for each layer.
            own.values = pass.elements(&inputs[memory]);
            split = split.plus(self.products(length, keys, true).kept(pass));
        }
        split = split.plus(self.products(length, length, false).kept(pass));
        own.values = own.values.saturating_add(stream.saturating_mul(2 * parts));
        own.statistics = pass.count(&[2, parts, length]);
        if dropout {
            own.masks = stream.saturating_mul(parts);
        }
        split = split.plus(self.feedforward(pass.count(&[length, self.feedforward as u64])));
        let layers = self.count() as u64;
        let mut kept = Kept::NOTHING;
        kept.own = own.times(layers);
        kept.split = split.times(layers);
        if self.norm_first {
            // The first normalisation of all reads what comes in.
            kept.own.values = kept.own.values.saturating_sub(stream);
            kept = kept.input(0);
        }
        kept
    }

    const fn products(&self, queries: u64, keys: u64, cross: bool) -> Products {
        let features = self.features as u64;
        Products {
            queries,
            keys,
            heads: self.heads as u64,
            features: [features; 3],
            joined: features,
            dropout: self.dropout > 0.0,
            piece: features.saturating_mul(if cross { 2 } else { 3 }),
        }
    }

    /// What stands between both linear layers: the activation, and what the second one reads.
    const fn feedforward(&self, elements: u64) -> Amounts {
        let mut kept = Amounts::NOTHING;
        let activation = match self.activation {
            // Its result, which the second linear layer reads where nothing is dropped.
            TransformerActivation::Relu if self.dropout == 0.0 => 0,
            TransformerActivation::Relu | TransformerActivation::Gelu => elements,
        };
        kept.values = activation.saturating_add(elements);
        if self.dropout > 0.0 {
            kept.masks = elements;
        }
        kept
    }
}
