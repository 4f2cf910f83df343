//! `Phi3ForCausalLM`, whose angles have a factor each for sequences longer than those of the training.

shapewise::network! {
    block Attention(heads, kv_heads, dim, factors) {
        qkv_proj: linear((heads + 2 * kv_heads) * dim, bias = false);
        (query, key, v): channel_split([heads * dim, kv_heads * dim, kv_heads * dim]);
        q: from query, rotary_embedding(heads, scaling = longrope, factors = factors,
            attention_factor = 1.5275252316519468);
        k: from key, rotary_embedding(kv_heads, scaling = longrope, factors = factors,
            attention_factor = 1.5275252316519468);
        scaled_dot_product_attention(q, k, v, heads = heads, kv_heads = kv_heads, causal = true);
        o_proj: linear(input.features, bias = false);
    }

    block Mlp(hidden) {
        gate_up_proj: linear(2 * hidden, bias = false);
        (gate, up): channel_split(2);
        gated: from gate, silu;
        mul(gated, up);
        down_proj: linear(input.features, bias = false);
    }

    block Layer(factors) {
        residual { input_layernorm: rms_norm(eps = 1e-5); self_attn: Attention(heads = 4, kv_heads = 2, dim = 8,
            factors = factors); }
        residual { post_attention_layernorm: rms_norm(eps = 1e-5); mlp: Mlp(64); }
    }

    /// Two layers of Phi-3.
    pub struct Phi3(input_ids: 12) -> (logits: 12x64) {
        // Longer than the 8 positions of the training.
        long: repeat factor in [1.5, 2.0, 4.0, 8.0] { from input_ids, slice(features = 0..1), full_like(factor); }
        factors: concat(long.*);
        model: from input_ids, {
            embed_tokens: embedding(64, 32);
            layers: repeat 2 { Layer(factors); }
            norm: rms_norm(eps = 1e-5);
        }
        lm_head: linear(64, bias = false);
    }
}
