//! `CohereForCausalLM`, whose heads are normalised with weights of their own.

shapewise::network! {
    block Attention(heads, kv_heads, dim) {
        q_proj: linear(heads * dim, bias = false);
        k_proj: from input, linear(kv_heads * dim, bias = false);
        v_proj: from input, linear(kv_heads * dim, bias = false);
        q_norm: from q_proj, layer_norm(heads = heads, head_weights = separate, bias = false),
            rotary_embedding(heads, base = 500000, interleaved = true);
        k_norm: from k_proj, layer_norm(heads = kv_heads, head_weights = separate, bias = false),
            rotary_embedding(kv_heads, base = 500000, interleaved = true);
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
            input_layernorm: layer_norm(bias = false);
            self_attn: Attention(heads = 4, kv_heads = 2, dim = 8);
            mlp: from input_layernorm, Mlp(64);
            add(self_attn, mlp);
        }
    }

    /// Two layers of Command R.
    pub struct Cohere(input_ids: 12) -> (logits: 12x64) {
        model: {
            embed_tokens: embedding(64, 32);
            layers: repeat 2 { Layer; }
            norm: layer_norm(bias = false);
        }
        lm_head: linear(64, bias = false, shared = model.embed_tokens), rescale(0.25);
    }
}
