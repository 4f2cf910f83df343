//! Transformer layers.

use shapewise_core::layer::attention::{Transformer, TransformerActivation};

use super::attention::{Heads, causal, packed_projection, products};
use crate::engine::{Engine, Norm};
use crate::lowering::{Lowered, Lowering};

/// Source: PyTorch's `TransformerEncoderLayer` and `TransformerDecoderLayer`.
pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Transformer) -> Lowered<E> {
    let (mut x, memory) = match layer.memory {
        Some(place) => {
            let [x, memory] = l.inputs([0, place]);
            (x, Some(memory))
        }
        None => (l.input(), None),
    };
    for index in 0..layer.layers.unwrap_or(1) {
        let prefix = match layer.layers {
            Some(_) => format!("layers.{index}."),
            None => String::new(),
        };
        let one = One { layer, prefix };
        let mut parts = vec![Part::Own];
        parts.extend(memory.clone().map(Part::Memory));
        parts.push(Part::Forward);
        for (place, part) in parts.into_iter().enumerate() {
            let norm = format!("norm{}", place + 1);
            let entering = match layer.norm_first {
                true => one.normalised(l, x.clone(), &norm)?,
                false => x.clone(),
            };
            let y = match part {
                Part::Own => one.attention(l, "self_attn", entering, None, layer.causal)?,
                Part::Memory(memory) => {
                    one.attention(l, "multihead_attn", entering, Some(memory), false)?
                }
                Part::Forward => one.forward(l, entering)?,
            };
            let y = one.dropped(l, y)?;
            x = l.engine.add(x, y)?;
            if !layer.norm_first {
                x = one.normalised(l, x, &norm)?;
            }
        }
    }
    Ok(x)
}

/// What stands in a residual of its own.
enum Part<V> {
    /// Attention to itself.
    Own,
    /// Attention to a memory.
    Memory(V),
    /// Two linear layers.
    Forward,
}

/// One of the layers in a row.
struct One<'a> {
    layer: &'a Transformer,
    /// What its tensors' names begin with.
    prefix: String,
}

impl One<'_> {
    fn weight<E: Engine>(&self, l: &mut Lowering<'_, E>, name: &str) -> Lowered<E> {
        l.weight(&format!("{}{name}", self.prefix))
    }

    fn bias<E: Engine>(&self, l: &mut Lowering<'_, E>, name: &str) -> Lowered<E, Option<E::Value>> {
        l.tensor(&format!("{}{name}", self.prefix))
    }

    fn normalised<E: Engine>(
        &self,
        l: &mut Lowering<'_, E>,
        x: E::Value,
        name: &str,
    ) -> Lowered<E> {
        let norm = Norm {
            eps: self.layer.layer_norm_eps,
            weight: Some(self.weight(l, &format!("{name}.weight"))?),
            bias: self.bias(l, &format!("{name}.bias"))?,
        };
        Ok(l.engine.layer_norm(x, 1, norm)?)
    }

    fn linear<E: Engine>(&self, l: &mut Lowering<'_, E>, x: E::Value, name: &str) -> Lowered<E> {
        let weight = self.weight(l, &format!("{name}.weight"))?;
        let bias = self.bias(l, &format!("{name}.bias"))?;
        Ok(l.engine.linear(x, weight, bias)?)
    }

    fn dropped<E: Engine>(&self, l: &mut Lowering<'_, E>, x: E::Value) -> Lowered<E> {
        match l.training() && self.layer.dropout > 0.0 {
            true => Ok(l.engine.dropout(x, self.layer.dropout)?),
            false => Ok(x),
        }
    }

    fn forward<E: Engine>(&self, l: &mut Lowering<'_, E>, x: E::Value) -> Lowered<E> {
        let wide = self.linear(l, x, "linear1")?;
        let wide = match self.layer.activation {
            TransformerActivation::Relu => l.engine.relu(wide)?,
            TransformerActivation::Gelu => l.engine.gelu(wide, false)?,
        };
        let wide = self.dropped(l, wide)?;
        self.linear(l, wide, "linear2")
    }

    fn attention<E: Engine>(
        &self,
        l: &mut Lowering<'_, E>,
        name: &str,
        x: E::Value,
        memory: Option<E::Value>,
        is_causal: bool,
    ) -> Lowered<E> {
        let features = self.layer.features;
        let weight = self.weight(l, &format!("{name}.in_proj_weight"))?;
        let bias = self.bias(l, &format!("{name}.in_proj_bias"))?;
        let itself = memory.is_none();
        let memory = memory.unwrap_or_else(|| x.clone());
        let masks = match is_causal {
            true => vec![causal(l, &x, &memory, 0)?],
            false => vec![],
        };
        let sources = [x, memory.clone(), memory];
        let qkv = packed_projection(l, sources, weight, bias, &[features; 3], itself)?;
        let dim = features / self.layer.heads;
        let heads = Heads {
            queries: self.layer.heads,
            keys: self.layer.heads,
            head_dim: dim,
            value_dim: dim,
            dropout: self.layer.dropout,
        };
        let y = products(l, qkv, heads, masks)?;
        self.linear(l, y, &format!("{name}.out_proj"))
    }
}
