//! Networks on sound, against the parameters of `wavenet_vocoder` 0.1.1 (`WaveNet`), of `transformers` 5.24.0
//! (`Wav2Vec2Model`, `EncodecModel`, `SpeechT5HifiGan`), and torchaudio 2.11.0 (`Conformer`).

use shapewise::network;

network! {
    block Gated(width, dilation) {
        dropout(0.05);
        conv: conv(width, 3, dilation = dilation, padding = causal, weight_norm = true, old_names = true);
        (value, gate): channel_split(2);
        squashed: from value, tanh;
        from gate, sigmoid;
        gated: mul(squashed, _);
        conv1x1_skip: conv(width, 1, weight_norm = true, old_names = true);
        conv1x1_out: from gated, conv(width, 1, weight_norm = true, old_names = true);
        add(_, input), rescale(0.7071067811865476);
    }

    /// WaveNet (van den Oord et al., 2016), without conditions: two stacks of ten layers, which see
    /// 4,093 samples.
    pub struct WaveNet(sound: 8000x256) -> (samples: 8000x256) {
        first_conv: conv(512, 1, weight_norm = true, old_names = true);
        #[allow(unused_value)]
        conv_layers: repeat i in 0..20 { Gated(512, dilation = 1 << (i % 10)); }
        add(conv_layers.*.conv1x1_skip);
        last_conv_layers: {
            relu; conv(512, 1, weight_norm = true, old_names = true);
            relu; conv(256, 1, weight_norm = true, old_names = true);
        }

        assert params == 21_559_808;
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
                pos_conv_embed: {
                    conv: conv(768, 128, padding = 64, groups = 16, weight_norm = true, norm_dim = 2);
                }
                slice(length = 0..49), gelu;
            }
            layer_norm: layer_norm, dropout(0.1);
            layers: repeat 12 { EncoderLayer; }
        }

        assert params == 94_371_712;
    }

    /// What comes in at most now: the past is what the beginning looks like backwards.
    block Causal(width, kernel, stride = 1) {
        conv: conv(
            width, [kernel], stride = stride, padding = [(kernel - stride, 0)], padding_mode = reflect, weight_norm = true,
        );
    }

    block Upsampled(width, stride) {
        conv: conv_transpose(width, [2 * stride], stride = stride, padding = [(0, stride)], weight_norm = true);
    }

    block Resnet {
        let width = input.channels;
        residual {
            block: { elu; Causal(width / 2, 3); elu; Causal(width, 1); }
        } shortcut { shortcut: Causal(width, 1); }
    }

    block Remembered {
        let width = input.channels;
        residual { lstm: lstm(width, layers = 2); }
    }

    /// EnCodec's encoder and decoder (Defossez et al., 2022), on a second of 24 kHz.
    pub struct Encodec(sound: 24000x1) -> (heard: 24000x1, codes: 75x128) {
        encoder: {
            layers: {
                Causal(32, 7);
                repeat factor in [2, 4, 5, 8] {
                    Resnet;
                    elu;
                    Causal(2 * _.channels, 2 * factor, stride = factor);
                }
                Remembered;
                elu;
                Causal(128, 7);
            }
        }
        codes: identity;
        decoder: {
            layers: {
                Causal(512, 7);
                Remembered;
                repeat factor in [8, 5, 4, 2] {
                    elu;
                    Upsampled(_.channels / 2, factor);
                    Resnet;
                }
                elu;
                Causal(1, 7);
            }
        }
        heard: identity;

        assert params == 14_851_810;
    }

    block Dilated(width, kernel) {
        repeat i in 0..3 {
            residual {
                leaky_relu(0.1);
                #[name = "convs1.{i}"] conv(width, [kernel], dilation = 2 * i + 1, padding = half, weight_norm = true);
                leaky_relu(0.1);
                #[name = "convs2.{i}"] conv(width, [kernel], padding = half, weight_norm = true);
            }
        }
    }

    /// HiFi-GAN V1 (Kong et al., 2020): a vocoder of 80 mel bands.
    pub struct HifiGan(spectrum: 32x80) -> (sound: 8192x1) {
        conv_pre: conv(512, 7, padding = half, weight_norm = true);
        repeat i in 0..4 {
            let stride = [8, 8, 2, 2][i];
            let width = 256 >> i;
            leaky_relu(0.1);
            #[name = "upsampler.{i}"]
            conv_transpose(width, [2 * stride], stride = stride, padding = stride / 2, weight_norm = true);
            add {
                branch { #[name = "resblocks.{3 * i}"] Dilated(width, 3); }
                branch { #[name = "resblocks.{3 * i + 1}"] Dilated(width, 7); }
                branch { #[name = "resblocks.{3 * i + 2}"] Dilated(width, 11); }
            }
            rescale(1.0 / 3);
        }
        leaky_relu;
        conv_post: conv(1, 7, padding = half, weight_norm = true);
        sound: tanh;

        assert params == 13_936_130;
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
