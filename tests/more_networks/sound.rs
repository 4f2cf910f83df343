//! Networks on sound, against the parameters of `wavenet_vocoder` 0.1.1 (`WaveNet`, less
//! its weight normalisation) and of `transformers` 5.24.0 (`Wav2Vec2Model`), and torchaudio 2.11.0 (`Conformer`).

use shapewise::network;

network! {
    block Gated(width, dilation) {
        dropout(0.05);
        conv: conv(width, 3, dilation = dilation, padding = causal);
        (value, gate): channel_split(2);
        squashed: from value, tanh;
        from gate, sigmoid;
        gated: mul(squashed, _);
        conv1x1_skip: conv(width, 1);
        conv1x1_out: from gated, conv(width, 1);
        add(_, input), rescale(0.7071067811865476);
    }

    /// WaveNet (van den Oord et al., 2016), without conditions: two stacks of ten layers, which see
    /// 4,093 samples.
    pub struct WaveNet(sound: 8000x256) -> (samples: 8000x256) {
        first_conv: conv(512, 1);
        #[allow(unused_value)]
        conv_layers: repeat i in 0..20 { Gated(512, dilation = 1 << (i % 10)); }
        add(conv_layers.*.conv1x1_skip);
        last_conv_layers: { relu; conv(512, 1); relu; conv(256, 1); }

        // 21,559,808 with a factor for each of 32,000 rows of its weights.
        assert params == 21_527_808;
        assert receptive_field == [4093];
    }

    block EncoderLayer {
        residual { attention: attention(12, projections = separate, dropout = 0.1), dropout(0.1); }
        layer_norm: layer_norm;
        residual {
            let width = input.features;
            feed_forward: {
                intermediate_dense: linear(3072), gelu, dropout(0.1);
                output_dense: linear(width), dropout(0.1);
            }
        }
        final_layer_norm: layer_norm;
    }

    /// wav2vec 2.0 base (Baevski et al., 2020), on a second of sound.
    pub struct Wav2Vec2(sound: 16000x1) -> (last_hidden: 49x768) {
        #[allow(unused_value)]
        masked_spec_embed: parameter(768);
        from sound, identity;
        feature_extractor: {
            conv_layers: repeat (kernel, stride) in [(10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)] {
                conv: conv(512, [kernel], stride = stride, bias = false);
                if kernel == 10 { layer_norm: group_norm(512); }
                gelu;
            }
        }
        feature_projection: { layer_norm: layer_norm; projection: linear(768), dropout(0.0); }
        encoder: {
            residual {
                // The length of an even kernel, less its last position.
                pos_conv_embed: { conv: conv(768, 128, padding = 64, groups = 16); }
                slice(length = 0..49), gelu;
            }
            layer_norm: layer_norm, dropout(0.1);
            layers: repeat 12 { EncoderLayer; }
        }

        // 94,371,712 with the 128 factors of a normalised weight.
        assert params == 94_371_584;
    }

    block FeedForward(hidden) {
        let width = input.features;
        sequential: { layer_norm; linear(hidden), silu; dropout(0.0); linear(width), dropout(0.0); }
    }

    block ConvolutionModule(kernel) {
        let width = input.features;
        layer_norm: layer_norm;
        sequential: {
            conv(2 * width, 1), glu;
            depthwise_conv(kernel, padding = half), batch_norm, silu;
            conv(width, 1), dropout(0.0);
        }
    }

    block ConformerLayer(heads, hidden, kernel) {
        residual { ffn1: FeedForward(hidden); rescale(0.5); }
        residual { self_attn_layer_norm: layer_norm; self_attn: attention(heads); }
        residual { conv_module: ConvolutionModule(kernel); }
        residual { ffn2: FeedForward(hidden); rescale(0.5); }
        final_layer_norm: layer_norm;
    }

    /// Conformer M (Gulati et al., 2020) without its decoder and with plain attention.
    pub struct Conformer(spectrum: 400x256) -> (encoded: 400x256) {
        conformer_layers: repeat 16 { ConformerLayer(4, 1024, [31]); }

        assert params == 24_367_104;
    }
}
