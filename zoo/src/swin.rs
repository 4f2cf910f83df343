//! Swin transformers, Liu et al. 2021: torchvision's tensor names, whose weights load.

shapewise::network! {
    block MLP() {
        linear(4 * input.channels, per_position = true), gelu, dropout(0.0);
        linear(input.channels, per_position = true), dropout(0.0);
    }

    /// Attention within windows, and a feed-forward part.
    pub block SwinTransformerBlock(heads, drop, shift = 0) {
        residual {
            norm1: layer_norm;
            attn: attention(heads, window = 7x7, shift = shift, relative_position_bias = true),
                stochastic_depth(drop);
        }
        residual {
            norm2: layer_norm;
            mlp: MLP();
            stochastic_depth(drop);
        }
    }

    /// Half the resolution, twice the channels.
    pub block PatchMerging() {
        permute([1, 0, 2]), pixel_unshuffle(2, order = channels_last), permute([1, 0, 2]);
        norm: layer_norm;
        reduction: linear(2 * input.channels, bias = false, per_position = true);
    }

    /// torchvision's `swin_t`: 28,288,354 parameters, 4,490,566,656 MACs on 224x224x3.
    pub struct SwinT<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; }  => 56x56x96;
            {
                SwinTransformerBlock(3, drop = 0.0);
                SwinTransformerBlock(3, drop = 0.018181818181818184, shift = 3);
            }
            PatchMerging()                                            => 28x28x192;
            {
                SwinTransformerBlock(6, drop = 0.03636363636363637);
                SwinTransformerBlock(6, drop = 0.05454545454545456, shift = 3);
            }
            PatchMerging()                                            => 14x14x384;
            {
                repeat i in 0..3 {
                    SwinTransformerBlock(12, drop = 0.4 * (i + 2) / 11);
                    SwinTransformerBlock(12, drop = 0.090909091 + 0.036363636364 * i, shift = 3);
                }
            }
            PatchMerging()                                            => 7x7x768;
            {
                SwinTransformerBlock(24, drop = 0.18181818181818182);
                SwinTransformerBlock(24, drop = 0.2, shift = 3);
            }
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten   => 768;
        head: linear(CLASSES)                         => CLASSES;
    }

    /// torchvision's `swin_s`: 49,606,258 parameters, 8,740,875,264 MACs on 224x224x3.
    pub struct SwinS<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; }  => 56x56x96;
            {
                SwinTransformerBlock(3, drop = 0.0);
                SwinTransformerBlock(3, drop = 0.013043478260869565, shift = 3);
            }
            PatchMerging()                                            => 28x28x192;
            {
                SwinTransformerBlock(6, drop = 0.02608695652173913);
                SwinTransformerBlock(6, drop = 0.03913043478260869, shift = 3);
            }
            PatchMerging()                                            => 14x14x384;
            {
                repeat i in 0..9 {
                    SwinTransformerBlock(12, drop = 0.6 * (i + 2) / 23);
                    SwinTransformerBlock(12, drop = 0.065217391 + 0.026086956522 * i, shift = 3);
                }
            }
            PatchMerging()                                            => 7x7x768;
            {
                SwinTransformerBlock(24, drop = 0.28695652173913044);
                SwinTransformerBlock(24, drop = 0.3, shift = 3);
            }
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten   => 768;
        head: linear(CLASSES)                         => CLASSES;
    }

    /// torchvision's `swin_b`: 87,768,224 parameters, 15,430,946,816 MACs on 224x224x3.
    pub struct SwinB<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(128, 4x4, stride = 4), #[name = "2"] layer_norm; }  => 56x56x128;
            {
                SwinTransformerBlock(4, drop = 0.0);
                SwinTransformerBlock(4, drop = 0.021739130434782608, shift = 3);
            }
            PatchMerging()                                             => 28x28x256;
            {
                SwinTransformerBlock(8, drop = 0.043478260869565216);
                SwinTransformerBlock(8, drop = 0.06521739130434782, shift = 3);
            }
            PatchMerging()                                             => 14x14x512;
            {
                repeat i in 0..9 {
                    SwinTransformerBlock(16, drop = 1.0 * (i + 2) / 23);
                    SwinTransformerBlock(16, drop = 0.108695652 + 0.04347826087 * i, shift = 3);
                }
            }
            PatchMerging()                                             => 7x7x1024;
            {
                SwinTransformerBlock(32, drop = 0.4782608695652174);
                SwinTransformerBlock(32, drop = 0.5, shift = 3);
            }
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten   => 1024;
        head: linear(CLASSES)                         => CLASSES;
    }
}
