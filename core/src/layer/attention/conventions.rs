//! What other tools count for attention and transformer layers.

use super::{MultiHead, Scores, Transformer};
use crate::error::{Error, attempt};
use crate::formula::{product_of, sum};
use crate::shape::Shape;

impl MultiHead {
    /// Projections, biases, scaling, products and softmax, as if the last
    /// projection always had a bias.
    ///
    /// Source: ptflops 0.7.5, `multihead_attention_counter_hook`. Windows and
    /// grouped heads, which it does not know, are counted in the same way.
    pub(super) const fn ptflops(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let (queries, keys) = attempt!(self.lengths(inputs));
        let projections = attempt!(self.projection_macs(inputs));
        let [width, ..] = self.in_features;
        let dims = attempt!(total(&[
            self.head_dim as u64,
            self.value_dim as u64,
            1, // softmax
        ]));
        let products = attempt!(product_of(&[self.heads as u64, queries, keys, dims], WHAT));
        let scaling = attempt!(product_of(&[queries, width as u64], WHAT));
        let biases = if self.bias {
            let positions = attempt!(total(&[queries, keys, keys]));
            attempt!(product_of(&[positions, width as u64], WHAT))
        } else {
            0
        };
        let last = attempt!(product_of(&[queries, self.out_features as u64], WHAT));
        total(&[projections, products, scaling, biases, last])
    }
}

impl Transformer {
    /// Projections and linear layers; five per element of each normalisation.
    pub(super) const fn fvcore(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let norms = attempt!(self.norm_elements(inputs));
        let mut macs = attempt!(total(&[
            attempt!(self.linear_macs(inputs)),
            attempt!(self.projections(inputs, 0)),
            attempt!(product_of(&[5, norms], WHAT)),
        ]));
        if let Some(memory) = self.memory {
            let cross = attempt!(self.projections(inputs, memory));
            macs = attempt!(sum(macs, cross, WHAT));
        }
        product_of(&[macs, self.count() as u64], WHAT)
    }

    /// The parts as ptflops counts each: attention, linear layers with biases,
    /// the activation between them (a function, counted once), normalisations.
    pub(super) const fn ptflops(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let length = inputs[0].extents().at(0) as u64;
        let (features, feedforward) = (self.features as u64, self.feedforward as u64);
        let activation = attempt!(product_of(&[length, feedforward], WHAT));
        let biases = if self.bias {
            let both = attempt!(sum(features, feedforward, WHAT));
            attempt!(product_of(&[length, both], WHAT))
        } else {
            0
        };
        let mut macs = attempt!(total(&[
            attempt!(self.linear_macs(inputs)),
            biases,
            activation,
            attempt!(self.norm_elements(inputs)),
            attempt!(self.attention_ptflops(inputs, 0)),
        ]));
        if let Some(memory) = self.memory {
            let cross = attempt!(self.attention_ptflops(inputs, memory));
            macs = attempt!(sum(macs, cross, WHAT));
        }
        product_of(&[macs, self.count() as u64], WHAT)
    }

    /// The elements of all normalisations of one layer.
    const fn norm_elements(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let norms = if self.memory.is_some() { 3 } else { 2 };
        let length = inputs[0].extents().at(0) as u64;
        product_of(&[norms, length, self.features as u64], WHAT)
    }

    /// The four projections of an attention to the input at `place`.
    const fn projections(&self, inputs: &[Shape], place: usize) -> Result<u64, Error> {
        let queries = inputs[0].extents().at(0) as u64;
        let keys = inputs[place].extents().at(0) as u64;
        let features = self.features as u64;
        let positions = attempt!(sum(queries, keys, WHAT));
        product_of(&[2, positions, features, features], WHAT)
    }

    const fn attention_ptflops(&self, inputs: &[Shape], place: usize) -> Result<u64, Error> {
        let dim = self.features / self.heads;
        let attention = MultiHead {
            in_features: [self.features; 3],
            out_features: self.features,
            heads: self.heads,
            kv_heads: self.heads,
            head_dim: dim,
            value_dim: dim,
            places: [0, place, place],
            bias: self.bias,
            key_bias: true,
            out_bias: self.bias,
            causal: self.causal,
            dropout: self.dropout,
            add_bias_kv: false,
            add_zero_attn: false,
            window: None,
            scores: Scores::PLAIN,
            sinks: false,
            rotary: None,
            head_norm: None,
            separate: false,
        };
        attention.ptflops(inputs)
    }
}

const fn total(parts: &[u64]) -> Result<u64, Error> {
    let mut all = 0;
    let mut i = 0;
    while i < parts.len() {
        all = attempt!(sum(all, parts[i], WHAT));
        i += 1;
    }
    Ok(all)
}

const WHAT: &str = "the number of multiply-accumulates";
