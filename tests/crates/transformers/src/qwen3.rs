//! `Qwen3ForCausalLM`, whose queries and keys are normalised.

shapewise::network! {
    block Attention(heads, kv_heads, dim) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(kv_heads * dim, bias = false);
        v_proj: from input, linear(kv_heads * dim, bias = false);
        q_norm: from q_proj, rms_norm(heads = heads, eps = 1e-6), rotary_embedding(heads);
        k_norm: from k_proj, rms_norm(heads = kv_heads, eps = 1e-6), rotary_embedding(kv_heads);
        scaled_dot_product_attention(q_norm, k_norm, v_proj, heads = heads, kv_heads = kv_heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block Mlp(hidden) {
        gate_proj: linear(hidden, bias = false), silu;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Layer {
        residual {
            input_layernorm: rms_norm(eps = 1e-6);
            self_attn:       Attention(heads = 4, kv_heads = 2, dim = 16);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-6);
            mlp:                      Mlp(64);
        }
    }

    /// Two layers of Qwen3.
    pub struct Qwen3(input_ids: 12) -> (logits: 12x96) {
        model: {
            embed_tokens: embedding(96, 32);
            layers:       repeat 2 { Layer; }
            norm:         rms_norm(eps = 1e-6);
        }
        lm_head: linear(96, bias = false);
    }
}
