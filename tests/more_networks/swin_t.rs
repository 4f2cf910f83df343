//! Swin-T (Liu et al., 2021), as torchvision has it.

use shapewise::network;

network! {
    block SwinBlock(heads, shift, drop) {
        residual {
            norm1: layer_norm;
            attn: attention(heads, window = 7x7, shift = shift, relative_position_bias = true);
            stochastic_depth(drop);
        }
        residual {
            norm2: layer_norm;
            mlp: {
                linear(4 * input.channels, per_position = true), gelu, dropout(0.0);
                linear(input.channels, per_position = true), dropout(0.0);
            }
            stochastic_depth(drop);
        }
    }

    /// `first` is how many of the 12 blocks come before.
    block Stage(heads, blocks, first) {
        repeat i in 0..blocks {
            SwinBlock(heads, shift = if i % 2 == 0 { 0 } else { 3 }, drop = 0.2 * (first + i) / 11);
        }
    }

    block PatchMerging() {
        pixel_unshuffle(2);
        norm: layer_norm;
        reduction: linear(2 * input.channels, bias = false, per_position = true);
    }

    /// Swin-T.
    pub struct SwinT(image: 224x224x3) -> (logits: 1000) {
        features: {
            // `identity` stands where torchvision permutes the axes.
            { conv(96, 4x4, stride = 4), identity, layer_norm; }    => 56x56x96;
            Stage(3, blocks = 2, first = 0);
            PatchMerging()                                          => 28x28x192;
            Stage(6, blocks = 2, first = 2);
            PatchMerging()                                          => 14x14x384;
            Stage(12, blocks = 6, first = 4);
            PatchMerging()                                          => 7x7x768;
            Stage(24, blocks = 2, first = 10);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(1000);

        assert params == 28_288_354;
    }
}
