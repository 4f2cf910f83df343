//! `Wav2Vec2Model`: waves, and positions by a convolution whose weight is normalised.

shapewise::network! {
    block Attention(heads) {
        q_proj: linear(input.features);
        k_proj: from input, linear(input.features);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads);
        out_proj: linear(input.features);
    }

    block Layer(heads, hidden) {
        residual { attention: Attention(heads); }
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

    /// Two layers of wav2vec 2.0 on three convolutions.
    pub struct Wav2Vec2(input_values: 400) -> (last_hidden_state: 19x32, extract_features: 19x16) {
        feature_extractor: reshape([400, 1], order = channels_last), Extractor;
        #[name = "feature_projection.layer_norm"] extract_features: layer_norm;
        #[name = "feature_projection.projection"] linear(32);
        encoder: {
            residual {
                // One more than there were, which is taken off.
                #[name = "pos_conv_embed.conv"] conv(32, 8, padding = 4, groups = 4, weight_norm = true, norm_dim = 2);
                slice(length = 0..19), gelu;
            }
            layer_norm: layer_norm;
            layers: repeat 2 { Layer(heads = 4, hidden = 64); }
        }
        last_hidden_state: identity;
    }
}
