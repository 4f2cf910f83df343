//! `WavLMModel`, whose positions weigh a learned bias of distances.

shapewise::network! {
    /// Attention with distances that each position weighs.
    block Attention(heads, bias) {
        let count = input.length;
        let dim = input.features / heads;
        gru_rel_pos_linear: reshape([count, heads, dim], order = channels_last), linear(8, per_position = true);
        sums: reshape([count, heads, 2, 4], order = channels_last), sum(axis = channels), sigmoid;
        (a, b): channel_split(2);
        gru_rel_pos_const: from input, parameter([1, heads, 1, 1]);
        factor: reshape([1, heads, 1], order = channels_last), expand([count, heads, 1]);
        weighed: mul(b, factor), rescale(1.0, offset = -1.0);
        gate: mul(a, weighed), rescale(1.0, offset = 2.0), permute([1, 0, 2]), expand([heads, count, count]);
        mask: mul(gate, bias);
        q_proj: from input, linear(input.features);
        k_proj: from input, linear(input.features);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, mask = mask);
        out_proj: linear(input.features);
    }

    block Layer(heads, hidden, bias) {
        residual { attention: Attention(heads, bias); }
        layer_norm: layer_norm;
        residual { feed_forward: { intermediate_dense: linear(hidden), gelu; output_dense: linear(input.features); } }
        final_layer_norm: layer_norm;
    }

    block Extractor {
        #[name = "conv_layers.0"] first: { conv: conv(16, 10, stride = 5,
            bias = false); layer_norm: group_norm(16), gelu; }
        #[name = "conv_layers.1"] second: { conv: conv(16, 3, stride = 2, bias = false), gelu; }
        #[name = "conv_layers.2"] third: { conv: conv(16, 2, stride = 2, bias = false), gelu; }
    }

    /// Two layers of WavLM on three convolutions.
    pub struct WavLm(input_values: 400) -> (last_hidden_state: 19x32, extract_features: 19x16) {
        feature_extractor: reshape([400, 1], order = channels_last), Extractor;
        #[name = "feature_projection.layer_norm"] extract_features: layer_norm;
        #[name = "feature_projection.projection"] linear(32);
        encoder: {
            residual {
                #[name = "pos_conv_embed.conv"] conv(32, 8, padding = 4, groups = 4, weight_norm = true, norm_dim = 2);
                slice(length = 0..19), gelu;
            }
            layer_norm: layer_norm;
            #[name = "layers.0.attention.rel_attn_embed"] bias: relative_position_bias(4, buckets = 32,
                max_distance = 80);
            layers: from layer_norm, repeat 2 { Layer(heads = 4, hidden = 64, bias = bias); }
        }
        last_hidden_state: identity;
    }
}
