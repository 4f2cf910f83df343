//! `GPT2LMHeadModel`, whose weights are stored transposed.

use std::path::PathBuf;

use shapewise_numerics::{Array, arrays};

shapewise::network! {
    block Layer(heads, transposed) {
        residual {
            ln_1: layer_norm;
            attn: {
                c_attn: linear(3 * input.features, transposed = transposed);
                (q, k, v): channel_split(3);
                scaled_dot_product_attention(q, k, v, heads = heads, causal = true);
                c_proj: linear(input.features, transposed = transposed), dropout(0.1);
            }
        }
        residual {
            ln_2: layer_norm;
            mlp: {
                c_fc:   linear(4 * input.features, transposed = transposed), gelu(approximate = tanh);
                c_proj: linear(input.features, transposed = transposed), dropout(0.1);
            }
        }
    }

    /// Two layers of GPT-2.
    pub struct Gpt2(input_ids: 12) -> (logits: 12x96) {
        transformer: {
            wte: embedding(96, 32);
            #[name = "wpe.weight"] positional_embedding(32, batch_axis = false), dropout(0.1);
            h: repeat 2 { Layer(heads = 4, transposed = true); }
            ln_f: layer_norm;
        }
        lm_head: linear(96, bias = false, shared = transformer.wte);
    }

    /// The same with weights as PyTorch's `Linear` has them, which checkpoints have not.
    pub struct Upright(input_ids: 12) -> (logits: 12x96) {
        transformer: {
            wte: embedding(96, 32);
            #[name = "wpe.weight"] positional_embedding(32, batch_axis = false), dropout(0.1);
            h: repeat 2 { Layer(heads = 4, transposed = false); }
            ln_f: layer_norm;
        }
        lm_head: linear(96, bias = false, shared = transformer.wte);
    }
}

/// A checkpoint of [`Upright`] as people have them: under the names that a wrapper gave, in half
/// precision, and transposed; and the model's input and output with these weights.
///
/// # Errors
///
/// What cannot be read, in words.
pub fn wrapped() -> Result<(PathBuf, Array, Array), String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data/gpt2"));
    let mut input = arrays(&folder.join("io.safetensors"))?;
    let mut output = arrays(&folder.join("wrapped_io.safetensors"))?;
    let input = input.remove("input.input_ids").ok_or("no input")?;
    let output = output.remove("output.logits").ok_or("no output")?;
    Ok((folder.join("wrapped.safetensors"), input, output))
}
