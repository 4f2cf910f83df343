//! `Gemma2ForCausalLM`: capped scores and logits, and windows in every other layer.

shapewise::network! {
    block Attention(heads, kv_heads, dim, window) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(kv_heads * dim, bias = false);
        v_proj: from input, linear(kv_heads * dim, bias = false);
        q: from q_proj, rotary_embedding(heads);
        k: from k_proj, rotary_embedding(kv_heads);
        if window > 0 {
            scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true,
                scale = 0.25, softcap = 5.0, sliding_window = window);
        } else {
            scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true,
                scale = 0.25, softcap = 5.0);
        }
        o_proj: linear(input.features, bias = false);
    }

    block Mlp(hidden) {
        gate_proj: linear(hidden, bias = false), gelu(approximate = tanh);
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Layer(window) {
        residual {
            input_layernorm: rms_norm(eps = 1e-6, unit_offset = true);
            self_attn: Attention(heads = 4, kv_heads = 2, dim = 8, window = window);
            post_attention_layernorm: rms_norm(eps = 1e-6, unit_offset = true);
        }
        residual {
            pre_feedforward_layernorm: rms_norm(eps = 1e-6, unit_offset = true);
            mlp: Mlp(64);
            post_feedforward_layernorm: rms_norm(eps = 1e-6, unit_offset = true);
        }
    }

    /// Two layers of Gemma 2, the first with a window.
    pub struct Gemma2(input_ids: 12) -> (logits: 12x64) {
        model: {
            embed_tokens: embedding(64, 32), rescale(5.656854249492381);
            layers: repeat i in 0..2 { Layer(window = 5 * (1 - i % 2)); }
            norm: rms_norm(eps = 1e-6, unit_offset = true);
        }
        lm_head: linear(64, bias = false, shared = model.embed_tokens), softcap(3.0);
    }
}
