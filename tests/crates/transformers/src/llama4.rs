//! `Llama4ForCausalLM`: chunks, layers without rotary positions, and experts whose inputs are weighed.

shapewise::network! {
    block Attention(heads, kv_heads, dim, rotary) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(kv_heads * dim, bias = false);
        v_proj: from input, linear(kv_heads * dim, bias = false);
        if rotary {
            q: from q_proj, rotary_embedding(heads, base = 500000, interleaved = true), rms_norm(heads = heads,
                eps = 1e-5, elementwise_affine = false);
            k: from k_proj, rotary_embedding(kv_heads, base = 500000, interleaved = true),
                rms_norm(heads = kv_heads, eps = 1e-5, elementwise_affine = false);
            scaled_dot_product_attention(q, k, v_proj, heads = heads, kv_heads = kv_heads, causal = true, chunk = 5);
        } else {
            // Later positions have sharper queries.
            sharp: from q_proj, arange(1), rescale(0.25), floor, rescale(1.0, offset = 1.0), log, rescale(0.1,
                offset = 1.0),
                reshape([input.length, 1], order = channels_last), expand([input.length, heads * dim]);
            q: mul(q_proj, sharp);
            scaled_dot_product_attention(q, k_proj, v_proj, heads = heads, kv_heads = kv_heads, causal = true);
        }
        o_proj: linear(input.features, bias = false);
    }

    block Mlp(hidden) {
        gate_proj: linear(hidden, bias = false), silu;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Layer(rotary, dense) {
        residual { input_layernorm: rms_norm(eps = 1e-5); self_attn: Attention(heads = 4, kv_heads = 2, dim = 8,
            rotary = rotary); }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-5);
            if dense { feed_forward: Mlp(24); } else {
                #[tensor(gate = "router", shared_experts = "shared_expert")]
                feed_forward: mixture_of_experts(3, active = 1, features = 16, scores = sigmoid, normalize = false,
                    transposed = true, weigh_inputs = true, shared_features = 16);
            }
        }
    }

    /// Four layers of LLaMA 4: every fourth sees all positions, every other has experts.
    pub struct Llama4(input_ids: 12) -> (logits: 12x64) {
        model: {
            embed_tokens: embedding(64, 32);
            layers: repeat i in 0..4 { Layer(rotary = i % 4 != 3, dense = i % 2 == 0); }
            norm: rms_norm(eps = 1e-5);
        }
        lm_head: linear(64, bias = false);
    }
}
