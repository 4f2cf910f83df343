//! `CLIPTextModel`, pooled where the text ends: at the largest index.

shapewise::network! {
    block Attention(heads) {
        q_proj: linear(input.features);
        k_proj: from input, linear(input.features);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, causal = true);
        out_proj: linear(input.features);
    }

    block Layer(heads, hidden) {
        residual {
            layer_norm1: layer_norm;
            self_attn:   Attention(heads);
        }
        residual {
            layer_norm2: layer_norm;
            mlp: { fc1: linear(hidden), quick_gelu; fc2: linear(input.features); }
        }
    }

    /// Two layers of CLIP's text tower.
    pub struct ClipText(input_ids: 12) -> (last_hidden_state = final_layer_norm: 12x32, pooler_output: 32) {
        embeddings: {
            token_embedding:    embedding(96, 32);
            position_embedding: from input_ids, arange, embedding(16, 32);
            add(token_embedding, position_embedding);
        }
        encoder: { layers: repeat 2 { Layer(heads = 4, hidden = 64); } }
        final_layer_norm: layer_norm;
        end: from input_ids, argmax;
        pooler_output: from final_layer_norm, index_select(end), first;
    }
}
