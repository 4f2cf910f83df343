//! `FalconForCausalLM` as of Falcon 40B: queries, keys and values of a group in one matrix, attention and
//! feed-forward part side by side.

shapewise::network! {
    block Attention(heads, kv_heads, dim) {
        let length = input.length;
        let group = heads / kv_heads;
        query_key_value: linear((heads + 2 * kv_heads) * dim, bias = false),
            reshape([length, kv_heads, (group + 2) * dim], order = channels_last);
        (query, key, value): channel_split([group * dim, dim, dim]);
        q: from query, reshape([length, heads * dim], order = channels_last), rotary_embedding(heads);
        k: from key, reshape([length, kv_heads * dim], order = channels_last), rotary_embedding(kv_heads);
        v: from value, reshape([length, kv_heads * dim], order = channels_last);
        scaled_dot_product_attention(q, k, v, heads = heads, kv_heads = kv_heads, causal = true);
        dense: linear(input.features, bias = false);
    }

    block Layer {
        residual {
            entry: identity;
            ln_attn: layer_norm;
            self_attention: Attention(heads = 4, kv_heads = 2, dim = 8);
            ln_mlp: from entry, layer_norm;
            mlp: { dense_h_to_4h: linear(128, bias = false), gelu; dense_4h_to_h: linear(32, bias = false); }
            add(self_attention, mlp);
        }
    }

    /// Two layers of Falcon.
    pub struct Falcon(input_ids: 12) -> (logits: 12x64) {
        transformer: {
            word_embeddings: embedding(64, 32);
            h: repeat 2 { Layer; }
            ln_f: layer_norm;
        }
        lm_head: linear(64, bias = false, shared = transformer.word_embeddings);
    }
}
