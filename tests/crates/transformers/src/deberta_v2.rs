//! `DebertaV2Model`: scores of contents, and of contents with distances.

shapewise::network! {
    /// A query looks at keys by what they are and by how far they are before it, and is looked at by that, too.
    block Disentangled(heads, distances, before, behind) {
        let count = input.length;
        let span = distances.length;
        let features = input.features;
        let dim = features / heads;
        both: concat(input, distances, axis = length);
        query_proj: linear(features);
        key_proj: from both, linear(features);
        value_proj: from input, linear(features);
        q: from query_proj, slice(length = 0..count);
        k: from key_proj, slice(length = 0..count);
        q_heads: from q, reshape([count, heads, dim], order = channels_last);
        k_heads: from k, reshape([count, heads, dim], order = channels_last);
        q_far: from query_proj, slice(length = count..count + span), reshape([span, heads, dim], order = channels_last);
        k_far: from key_proj, slice(length = count..count + span), reshape([span, heads, dim], order = channels_last);
        to_position: einsum("lhd,mhd->hlm", q_heads, k_far), gather(before);
        to_content: einsum("lhd,mhd->hlm", k_heads, q_far), gather(behind), permute([0, 2, 1]);
        // Of three parts of the scores.
        bias: add(to_position, to_content), rescale(0.20412414523193154);
        scaled_dot_product_attention(q, k, value_proj, heads = heads, scale = 0.20412414523193154, mask = bias);
    }

    block Layer(distances, before, behind) {
        residual {
            #[name = "attention.self"] inner: Disentangled(4, distances, before, behind);
            #[name = "attention.output.dense"] linear(input.features);
        }
        #[name = "attention.output.LayerNorm"] layer_norm(eps = 1e-7);
        residual {
            #[name = "intermediate.dense"] linear(64), gelu;
            #[name = "output.dense"] linear(input.features);
        }
        #[name = "output.LayerNorm"] layer_norm(eps = 1e-7);
    }

    /// Two layers of DeBERTa-v3.
    pub struct DebertaV2(input_ids: 12) -> (last_hidden_state = encoder: 12x32) {
        before: relative_positions(16, max_distance = 32), reshape([1, 12, 12], order = channels_last);
        behind: from input_ids, relative_positions(16, max_distance = 32, ahead = true), reshape([1, 12, 12],
            order = channels_last);
        embeddings: from input_ids, {
            word_embeddings: embedding(64, 32);
            #[name = "LayerNorm"] layer_norm(eps = 1e-7);
        }
        encoder: {
            #[name = "rel_embeddings.weight"] parameter([16, 32]);
            #[name = "LayerNorm"] distances: layer_norm(eps = 1e-7);
            layer: from embeddings, repeat 2 { Layer(distances, before, behind); }
        }
    }
}
