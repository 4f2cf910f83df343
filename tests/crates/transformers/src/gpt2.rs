//! `GPT2LMHeadModel`, whose weights are stored transposed.

shapewise::network! {
    block Layer(heads) {
        residual {
            ln_1: layer_norm;
            attn: {
                c_attn: linear(3 * input.features, transposed = true);
                (q, k, v): channel_split(3);
                scaled_dot_product_attention(q, k, v, heads = heads, causal = true);
                c_proj: linear(input.features, transposed = true), dropout(0.1);
            }
        }
        residual {
            ln_2: layer_norm;
            mlp: {
                c_fc:   linear(4 * input.features, transposed = true), gelu(approximate = tanh);
                c_proj: linear(input.features, transposed = true), dropout(0.1);
            }
        }
    }

    /// Two layers of GPT-2.
    pub struct Gpt2(input_ids: 12) -> (logits: 12x96) {
        transformer: {
            wte: embedding(96, 32);
            #[name = "wpe.weight"] positional_embedding(32, batch_axis = false), dropout(0.1);
            h: repeat 2 { Layer(heads = 4); }
            ln_f: layer_norm;
        }
        lm_head: linear(96, bias = false, shared = transformer.wte);
    }
}
