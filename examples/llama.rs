//! LLaMA 3.2 1B (Meta, 2024): grouped queries, rotary positions with their scaling, a gated feed-forward
//! part, an embedding that is also the last layer. Its 1,235,814,400 parameters are those of
//! `LlamaForCausalLM`.

use shapewise::network;

network! {
    block Gated(hidden) {
        gate_proj: linear(hidden, bias = false), silu;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Layer(heads, kv_heads) {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn: attention(heads, kv_heads = kv_heads, projections = separate, bias = false, causal = true,
                rotary = true, rotary_base = 500000, rotary_scaling = llama3, rotary_factor = 32,
                original_positions = 8192);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            mlp: Gated(8192);
        }
    }

    /// LLaMA 3.2 1B on 128 tokens.
    pub struct Llama(tokens: 128) -> (logits: 128x128256) {
        model: {
            embed_tokens: embedding(128256, 2048);
            layers:       repeat 16 { Layer(heads = 32, kv_heads = 8); }
            norm:         rms_norm(eps = 1e-5);
        }
        lm_head: linear(128256, bias = false, shared = model.embed_tokens);

        assert params == 1_235_814_400;
    }
}

fn main() {
    println!("{}", Llama::summary().for_terminal());
}
