//! `AlbertModel`, all of whose layers are one.

shapewise::network! {
    block Attention(heads) {
        query: linear(input.features);
        key:   from input, linear(input.features);
        value: from input, linear(input.features);
        scaled_dot_product_attention(query, key, value, heads = heads);
        dense: linear(input.features);
    }

    /// What every layer is.
    pub struct AlbertLayer(hidden: 12x32) -> (out: 12x32) {
        residual {
            attention: Attention(4);
        }
        #[name = "attention.LayerNorm"] layer_norm(eps = 1e-12);
        residual {
            ffn: linear(64), gelu(approximate = tanh);
            ffn_output: linear(32);
        }
        full_layer_layer_norm: layer_norm(eps = 1e-12);
    }

    /// Two times the layer of ALBERT.
    pub struct Albert(input_ids: 12) -> (last_hidden_state = encoder: 12x32, pooler_output: 32) {
        embeddings: {
            word_embeddings: embedding(64, 16);
            position_embeddings: from input_ids, arange, embedding(32, 16);
            token_type_embeddings: from input_ids, full_like(0), embedding(2, 16);
            add(word_embeddings, token_type_embeddings, position_embeddings);
            #[name = "LayerNorm"] layer_norm(eps = 1e-12);
        }
        encoder: {
            embedding_hidden_mapping_in: linear(32);
            #[name = "albert_layer_groups.0.albert_layers.0"] one: AlbertLayer;
            repeat 1 { AlbertLayer(shared = one); }
        }
        #[name = "pooler"] pooler_output: first, linear(32), tanh;
    }
}
