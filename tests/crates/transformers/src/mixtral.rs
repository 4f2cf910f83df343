//! `MixtralForCausalLM`, of whose four experts a token uses two.

shapewise::network! {
    block Attention(heads, kv_heads, dim) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(kv_heads * dim, bias = false);
        v_proj: from input, linear(kv_heads * dim, bias = false);
        q: from q_proj, rotary_embedding(heads, base = 1000000);
        k: from k_proj, rotary_embedding(kv_heads, base = 1000000);
        scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block Layer {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn:       Attention(heads = 4, kv_heads = 2, dim = 8);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            mlp:                      mixture_of_experts(4, active = 2, features = 64);
        }
    }

    /// Two layers of Mixtral.
    pub struct Mixtral(input_ids: 12) -> (logits: 12x96) {
        model: {
            embed_tokens: embedding(96, 32);
            layers:       repeat 2 { Layer; }
            norm:         rms_norm(eps = 1e-5);
        }
        lm_head: linear(96, bias = false);
    }
}
