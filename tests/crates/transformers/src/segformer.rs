//! `SegformerForSemanticSegmentation`.

shapewise::network! {
    block Attention(heads, reduction) {
        let height = input.height;
        let width = input.width;
        let features = input.channels;
        sequence: to_sequence;
        q_proj: linear(features);
        from input, if reduction > 1 {
            sequence_reduction: {
                sequence_reduction: conv(features, [reduction, reduction], stride = reduction), to_sequence;
                layer_norm: layer_norm;
            }
        } else { to_sequence; }
        reduced: identity;
        k_proj: linear(features);
        v_proj: from reduced, linear(features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads);
        o_proj: linear(features), reshape([height, width, features], order = channels_last);
    }

    block Mlp(hidden) {
        let features = input.channels;
        fc1: linear(hidden, per_position = true);
        #[name = "dwconv.dwconv"] depthwise_conv(3x3, padding = 1), gelu;
        fc2: linear(features, per_position = true);
    }

    block Block(heads, reduction, hidden) {
        residual { layernorm_before: layer_norm; attention: Attention(heads, reduction); }
        residual { layernorm_after: layer_norm; mlp: Mlp(hidden); }
    }

    block Stage(channels, kernel, stride, heads, reduction) {
        patch_embeddings: { proj: conv(channels, [kernel, kernel], stride = stride,
            padding = half); layer_norm: layer_norm; }
        blocks: repeat 1 { Block(heads, reduction, 2 * channels); }
        layer_norm: layer_norm;
    }

    /// Two stages of SegFormer, of a layer each.
    pub struct Segformer(pixel_values: 16x16x3) -> (logits: 4x4x5) {
        segformer: {
            #[name = "stages.0"] one: Stage(16, 7, 4, heads = 1, reduction = 2);
            #[name = "stages.1"] two: Stage(32, 3, 2, heads = 2, reduction = 1);
        }
        decode_head: {
            #[name = "linear_projections.0.proj"] a: from segformer.one, linear(16, per_position = true);
            #[name = "linear_projections.1.proj"] b: from segformer.two, linear(16, per_position = true),
                upsample(size = 4x4, mode = bilinear);
            concat(b, a);
            linear_fuse: conv(16, 1x1, bias = false);
            batch_norm: batch_norm, relu;
            classifier: conv(5, 1x1);
        }
    }
}
