//! GPT-2 small (Radford et al., 2019), with the names that its published weights have.

use shapewise::network;

network! {
    block Layer(heads) {
        residual {
            ln_1: layer_norm;
            attn: {
                c_attn: linear(3 * input.features);
                (q, k, v): channel_split(3);
                scaled_dot_product_attention(q, k, v, heads = heads, causal = true);
                c_proj: linear(input.features), dropout(0.1);
            }
        }
        residual {
            ln_2: layer_norm;
            mlp: {
                c_fc: linear(4 * input.features), gelu(approximate = tanh);
                c_proj: linear(input.features), dropout(0.1);
            }
        }
    }

    /// GPT-2 small on 128 tokens.
    pub struct Gpt2(tokens: 128) -> (logits: 128x50257) {
        transformer: {
            wte: embedding(50257, 768)                      => 128x768;
            #[name = "wpe.weight"]
            positional_embedding(1024, batch_axis = false), dropout(0.1);
            h: repeat 12 { Layer(heads = 12); }
            ln_f: layer_norm;
        }                                                   => 128x768;
        lm_head: linear(50257, bias = false, shared = transformer.wte);

        assert params == 124_439_808;
        assert macs == 16_114_089_984;
    }
}

fn main() {
    println!("{}", Gpt2::summary().for_terminal());
}
