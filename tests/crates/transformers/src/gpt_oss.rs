//! `GptOssForCausalLM`: attention sinks, YaRN, and experts with biases.

shapewise::network! {
    block Attention(heads, kv_heads, dim, window) {
        q_proj: linear(heads * dim);
        k_proj: from input, linear(kv_heads * dim);
        v_proj: from input, linear(kv_heads * dim);
        sinks: parameter(heads);
        q: from q_proj, rotary_embedding(heads, base = 150000, scaling = yarn, factor = 32,
            original_positions = 4096, truncate = false);
        k: from k_proj, rotary_embedding(kv_heads, base = 150000, scaling = yarn, factor = 32,
            original_positions = 4096, truncate = false);
        if window > 0 {
            scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true,
                sinks = sinks, sliding_window = window);
        } else {
            scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true,
                sinks = sinks);
        }
        o_proj: linear(input.features);
    }

    block Layer(window) {
        residual {
            input_layernorm: rms_norm(eps = 1e-5);
            self_attn: Attention(heads = 4, kv_heads = 2, dim = 8, window = window);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            #[tensor(gate = "router")]
            mlp: mixture_of_experts(4, active = 2, features = 16, activation = quick_gelu, interleaved = true,
                transposed = true,
                bias = true, router_bias = true, limit = 7.0, up_offset = 1.0);
        }
    }

    /// Two layers of GPT-OSS, the first with a window.
    pub struct GptOss(input_ids: 12) -> (logits: 12x64) {
        model: {
            embed_tokens: embedding(64, 32);
            layers: repeat i in 0..2 { Layer(window = 5 * (1 - i % 2)); }
            norm: rms_norm(eps = 1e-5);
        }
        lm_head: linear(64, bias = false);
    }
}
