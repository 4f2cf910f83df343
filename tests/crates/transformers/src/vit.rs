//! `ViTModel`.

shapewise::network! {
    block Attention(heads) {
        q_proj: linear(input.features);
        k_proj: from input, linear(input.features);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads);
        o_proj: linear(input.features);
    }

    block Layer(heads, hidden) {
        residual {
            layernorm_before: layer_norm(eps = 1e-12);
            attention:        Attention(heads);
        }
        residual {
            layernorm_after: layer_norm(eps = 1e-12);
            mlp: { fc1: linear(hidden), gelu; fc2: linear(input.features); }
        }
    }

    /// Two layers of a vision transformer.
    pub struct Vit(pixel_values: 16x16x3) -> (last_hidden_state = layernorm: 17x32, pooler_output: 32) {
        embeddings: {
            #[name = "patch_embeddings.projection"] conv(32, 4x4, stride = 4), to_sequence;
            cls_token:           class_token;
            position_embeddings: positional_embedding;
        }
        layers:    repeat 2 { Layer(heads = 4, hidden = 64); }
        layernorm: layer_norm(eps = 1e-12);
        #[name = "pooler.dense"] pooler_output: first, linear(32), tanh;
    }
}
