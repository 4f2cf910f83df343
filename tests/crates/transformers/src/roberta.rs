//! `RobertaModel`, with a mask of padding; its positions begin at 2.

shapewise::network! {
    block SelfAttention(heads, mask) {
        query: linear(input.features);
        key:   from input, linear(input.features);
        value: from input, linear(input.features);
        scaled_dot_product_attention(query, key, value, heads = heads, mask = mask);
    }

    block Layer(heads, hidden, mask) {
        residual {
            #[name = "attention.self"] inner: SelfAttention(heads, mask);
            #[name = "attention.output.dense"] linear(input.features);
        }
        #[name = "attention.output.LayerNorm"] layer_norm(eps = 1e-12);
        residual {
            #[name = "intermediate.dense"] linear(hidden), gelu;
            #[name = "output.dense"] linear(input.features);
        }
        #[name = "output.LayerNorm"] layer_norm(eps = 1e-12);
    }

    /// Two layers of RoBERTa.
    pub struct Roberta(input_ids: 12, attention_mask: 12 of numbers) -> (last_hidden_state = encoder: 12x32,
        pooler_output: 32) {
        mask: from attention_mask, rescale(1e9, offset = -1e9), reshape([1, 12]), expand([12, 12]);
        embeddings: from input_ids, {
            word_embeddings: embedding(64, 32);
            position_embeddings: from input_ids, arange(2), embedding(32, 32);
            token_type_embeddings: from input_ids, full_like(0), embedding(1, 32);
            add(word_embeddings, token_type_embeddings, position_embeddings);
            #[name = "LayerNorm"] layer_norm(eps = 1e-12);
        }
        encoder: { layer: repeat 2 { Layer(heads = 4, hidden = 64, mask = mask); } }
        #[name = "pooler.dense"] pooler_output: first, linear(32), tanh;
    }
}
