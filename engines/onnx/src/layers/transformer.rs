//! Transformer layers.

use shapewise_core::layer::attention::{Transformer, TransformerActivation};

use super::activation::gelu;
use super::attention::{Heads, causal, products};
use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::Value;

/// Source: PyTorch's `TransformerEncoderLayer` and `TransformerDecoderLayer`.
pub(super) fn say(said: &mut Said<'_>, layer: &Transformer) -> Result<Value, Error> {
    let mut x = said.input();
    let memory = layer.memory.map(|place| said.inputs[place].clone());
    for index in 0..layer.layers.unwrap_or(1) {
        let prefix = match layer.layers {
            Some(_) => format!("layers.{index}."),
            None => String::new(),
        };
        let one = One { layer, prefix };
        let mut norm = 1..;
        let mut parts = vec![Part::Own];
        parts.extend(memory.clone().map(Part::Memory));
        parts.push(Part::Forward);
        for part in parts {
            let norm = format!("norm{}", norm.next().unwrap_or(1));
            let entering = match layer.norm_first {
                true => one.normalised(said, &x, &norm)?,
                false => x.clone(),
            };
            let y = match part {
                Part::Own => {
                    one.attention(said, "self_attn", &entering, &entering, layer.causal)?
                }
                Part::Memory(memory) => {
                    one.attention(said, "multihead_attn", &entering, &memory, false)?
                }
                Part::Forward => one.forward(said, &entering)?,
            };
            x = said.builder.binary("Add", &x, &y);
            if !layer.norm_first {
                x = one.normalised(said, &x, &norm)?;
            }
        }
    }
    Ok(x)
}

/// What stands in a residual of its own.
enum Part {
    /// Attention to itself.
    Own,
    /// Attention to a memory.
    Memory(Value),
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
    fn weight(&self, said: &mut Said<'_>, name: &str) -> Result<Value, Error> {
        said.weight(&format!("{}{name}", self.prefix))
    }

    fn bias(&self, said: &mut Said<'_>, name: &str) -> Result<Option<Value>, Error> {
        said.tensor(&format!("{}{name}", self.prefix))
    }

    fn normalised(&self, said: &mut Said<'_>, x: &Value, name: &str) -> Result<Value, Error> {
        let scale = self.weight(said, &format!("{name}.weight"))?;
        let shift = self.bias(said, &format!("{name}.bias"))?;
        let inputs: Vec<_> = [x, &scale].into_iter().chain(&shift).collect();
        let attributes = vec![
            ("axis", Attribute::Int(-1)),
            ("epsilon", Attribute::Float(self.layer.layer_norm_eps)),
        ];
        let dims = x.dims.clone();
        Ok(said
            .builder
            .node("LayerNormalization", &inputs, attributes, dims))
    }

    fn linear(&self, said: &mut Said<'_>, x: &Value, name: &str) -> Result<Value, Error> {
        let weight = self.weight(said, &format!("{name}.weight"))?;
        let bias = self.bias(said, &format!("{name}.bias"))?;
        said.builder.linear(x, &weight, bias.as_ref())
    }

    fn forward(&self, said: &mut Said<'_>, x: &Value) -> Result<Value, Error> {
        let wide = self.linear(said, x, "linear1")?;
        let wide = match self.layer.activation {
            TransformerActivation::Relu => said.builder.unary("Relu", &wide),
            TransformerActivation::Gelu => {
                let dims = wide.dims.clone();
                said.builder.node("Gelu", &[&wide], gelu(false), dims)
            }
        };
        self.linear(said, &wide, "linear2")
    }

    fn attention(
        &self,
        said: &mut Said<'_>,
        name: &str,
        x: &Value,
        memory: &Value,
        is_causal: bool,
    ) -> Result<Value, Error> {
        let features = self.layer.features;
        let weights = self.weight(said, &format!("{name}.in_proj_weight"))?;
        let weights = said.builder.split(&weights, 0, &[features; 3])?;
        let biases = match self.bias(said, &format!("{name}.in_proj_bias"))? {
            Some(biases) => said.builder.split(&biases, 0, &[features; 3])?,
            None => vec![],
        };
        let mut projected = Vec::new();
        for (place, source) in [x, memory, memory].into_iter().enumerate() {
            projected.push(
                said.builder
                    .linear(source, &weights[place], biases.get(place))?,
            );
        }
        let masks = match is_causal {
            true => vec![causal(said, x.size(1), memory.size(1), 0)?],
            false => vec![],
        };
        let dim = features / self.layer.heads;
        let heads = Heads {
            queries: self.layer.heads,
            keys: self.layer.heads,
            head_dim: dim,
            value_dim: dim,
        };
        let [q, k, v] = [&projected[0], &projected[1], &projected[2]];
        let y = products(said, [q, k, v], heads, &masks)?;
        self.linear(said, &y, &format!("{name}.out_proj"))
    }
}
