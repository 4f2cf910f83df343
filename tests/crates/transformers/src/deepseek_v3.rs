//! `DeepseekV3ForCausalLM`: queries out of a latent vector too, and experts in groups.

shapewise::network! {
    block LatentAttention(heads, query_latent, latent, plain, rotary, value) {
        let dim = plain + rotary;
        let length = input.length;
        q_a_proj: linear(query_latent, bias = false);
        q_a_layernorm: rms_norm(eps = 1e-6);
        q_b_proj: linear(heads * dim, bias = false),
            rotary_embedding(heads, start = plain, interleaved = true, scaling = yarn, factor = 4,
                original_positions = 32, attention_factor = 1.0);
        kv_a_proj_with_mqa: from input, linear(latent + rotary, bias = false);
        (compressed, k_turned): channel_split([latent, rotary]);
        kv_a_layernorm: from compressed, rms_norm(eps = 1e-6), kv_cache;
        kv_b_proj: linear(heads * (plain + value), bias = false),
            reshape([length, heads, plain + value], order = channels_last);
        (k_plain, v): channel_split([plain, value]);
        k_rotary: from k_turned, rotary_embedding(interleaved = true, scaling = yarn, factor = 4,
            original_positions = 32, attention_factor = 1.0), kv_cache,
            reshape([length, 1, rotary], order = channels_last), expand([length, heads, rotary]);
        keys: concat(k_plain, k_rotary), reshape([length, heads * dim], order = channels_last);
        values: from v, reshape([length, heads * value], order = channels_last);
        scaled_dot_product_attention(q_b_proj, keys, values, heads = heads, causal = true, scale = 0.37426023);
        o_proj: linear(input.features, bias = false);
    }

    block Mlp(hidden) {
        gate_proj: linear(hidden, bias = false), silu;
        up_proj:   from input, linear(hidden, bias = false);
        mul(gate_proj, up_proj);
        down_proj: linear(input.features, bias = false);
    }

    block Layer(dense) {
        residual {
            input_layernorm: rms_norm(eps = 1e-6);
            self_attn: LatentAttention(heads = 4, query_latent = 12, latent = 16, plain = 8, rotary = 4, value = 8);
        }
        residual {
            post_attention_layernorm: rms_norm(eps = 1e-6);
            if dense {
                mlp: Mlp(64);
            } else {
                mlp: mixture_of_experts(8, active = 2, features = 16, scores = sigmoid, correction_bias = true,
                    groups = 4, active_groups = 2,
                    group_score = top2, scale = 2.5, shared_features = 16);
            }
        }
    }

    /// Two layers of DeepSeek-V3, the first without experts.
    pub struct DeepseekV3(input_ids: 12) -> (logits: 12x64) {
        model: {
            embed_tokens: embedding(64, 32);
            layers: repeat i in 0..2 { Layer(dense = i < 1); }
            norm: rms_norm(eps = 1e-6);
        }
        lm_head: linear(64, bias = false);
    }
}
