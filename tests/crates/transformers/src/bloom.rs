//! `BloomForCausalLM`, with ALiBi.

shapewise::network! {
    block Attention(heads, dim) {
        let length = input.length;
        let features = heads * dim;
        query_key_value: linear(3 * features), reshape([length, heads, 3 * dim], order = channels_last);
        (query, key, value): channel_split(3);
        q: from query, reshape([length, features], order = channels_last);
        k: from key, reshape([length, features], order = channels_last);
        v: from value, reshape([length, features], order = channels_last);
        scaled_dot_product_attention(q, k, v, heads = heads, causal = true, alibi = true);
        dense: linear(features);
    }

    block Layer {
        residual {
            input_layernorm: layer_norm;
            self_attention: Attention(heads = 4, dim = 8);
        }
        residual {
            post_attention_layernorm: layer_norm;
            mlp: { dense_h_to_4h: linear(128), gelu(approximate = tanh); dense_4h_to_h: linear(32); }
        }
    }

    /// Two layers of BLOOM.
    pub struct Bloom(input_ids: 12) -> (logits: 12x64) {
        transformer: {
            word_embeddings: embedding(64, 32);
            word_embeddings_layernorm: layer_norm;
            h: repeat 2 { Layer; }
            ln_f: layer_norm;
        }
        lm_head: linear(64, bias = false, shared = transformer.word_embeddings);
    }
}
