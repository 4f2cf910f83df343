//! `BertModel`, on one segment.

shapewise::network! {
    block SelfAttention(heads) {
        query: linear(input.features);
        key:   from input, linear(input.features);
        value: from input, linear(input.features);
        scaled_dot_product_attention(query, key, value, heads = heads);
    }

    block Layer(heads, hidden) {
        residual {
            #[name = "attention.self"] inner: SelfAttention(heads);
            #[name = "attention.output.dense"] linear(input.features), dropout(0.1);
        }
        #[name = "attention.output.LayerNorm"] layer_norm(eps = 1e-12);
        residual {
            #[name = "intermediate.dense"] linear(hidden), gelu;
            #[name = "output.dense"] linear(input.features), dropout(0.1);
        }
        #[name = "output.LayerNorm"] layer_norm(eps = 1e-12);
    }

    /// Two layers of BERT.
    pub struct Bert(input_ids: 12) -> (last_hidden_state = encoder: 12x32, pooler_output: 32) {
        embeddings: {
            word_embeddings: embedding(96, 32);
            position_embeddings: from input_ids, arange, embedding(32, 32);
            token_type_embeddings: from input_ids, full_like(0), embedding(2, 32);
            add(word_embeddings, token_type_embeddings, position_embeddings);
            #[name = "LayerNorm"] layer_norm(eps = 1e-12), dropout(0.1);
        }
        encoder: { layer: repeat 2 { Layer(heads = 4, hidden = 64); } }
        #[name = "pooler.dense"] pooler_output: first, linear(32), tanh;
    }
}
