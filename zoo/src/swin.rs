//! Swin transformers.
//!
//! Liu et al. 2021, [*Swin Transformer: Hierarchical vision transformer using shifted
//! windows*](https://arxiv.org/abs/2103.14030), with windows of 7x7.

shapewise::network! {
    /// Two linear layers, on each position.
    pub block MLP(hidden, out) {
        linear(hidden, per_position = true), gelu, dropout(0.0);
        linear(out, per_position = true), dropout(0.0);
    }

    /// Attention within windows, and a feed-forward part; each is normalised first and added to what came in, and
    /// training leaves it out with a probability of `drop`.
    pub block SwinTransformerBlock(heads, drop = 0.0, shift = 0) {
        residual {
            norm1: layer_norm;
            attn: attention(heads, window = 7x7, shift = shift, relative_position_bias = true),
                stochastic_depth(drop);
        }
        residual {
            norm2: layer_norm;
            mlp: MLP(4 * input.channels, input.channels);
            stochastic_depth(drop);
        }
    }

    /// Pairs of blocks, the second of which shifts the windows. The later ones are left out more often: the network
    /// has `of` blocks, `before` of them before these.
    pub block Stage(heads, blocks, before, of, rate) {
        repeat i in 0..blocks {
            SwinTransformerBlock(
                heads, drop = rate * (before + i) / (of - 1), shift = if i % 2 == 0 { 0 } else { 3 },
            );
        }
    }

    /// Half the resolution, twice the channels: four positions side by side, and what a linear layer makes of them.
    /// Those of a column stand together, as in torchvision.
    pub block PatchMerging() {
        permute([1, 0, 2]), pixel_unshuffle(2, order = channels_last), permute([1, 0, 2]);
        norm: layer_norm;
        reduction: linear(2 * input.channels, bias = false, per_position = true);
    }

    /// torchvision's `swin_t`.
    pub struct SwinT<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; } => 56x56x96;
            Stage(3, blocks = 2, before = 0, of = 12, rate = 0.2);
            PatchMerging()                                        => 28x28x192;
            Stage(6, blocks = 2, before = 2, of = 12, rate = 0.2);
            PatchMerging()                                        => 14x14x384;
            Stage(12, blocks = 6, before = 4, of = 12, rate = 0.2);
            PatchMerging()                                        => 7x7x768;
            Stage(24, blocks = 2, before = 10, of = 12, rate = 0.2);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }

    /// torchvision's `swin_s`.
    pub struct SwinS<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; } => 56x56x96;
            Stage(3, blocks = 2, before = 0, of = 24, rate = 0.3);
            PatchMerging()                                        => 28x28x192;
            Stage(6, blocks = 2, before = 2, of = 24, rate = 0.3);
            PatchMerging()                                        => 14x14x384;
            Stage(12, blocks = 18, before = 4, of = 24, rate = 0.3);
            PatchMerging()                                        => 7x7x768;
            Stage(24, blocks = 2, before = 22, of = 24, rate = 0.3);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }

    /// torchvision's `swin_b`.
    pub struct SwinB<const CLASSES: usize = 1000>(image: 224x224x3) -> (logits: CLASSES) {
        features: {
            { conv(128, 4x4, stride = 4), #[name = "2"] layer_norm; } => 56x56x128;
            Stage(4, blocks = 2, before = 0, of = 24, rate = 0.5);
            PatchMerging()                                        => 28x28x256;
            Stage(8, blocks = 2, before = 2, of = 24, rate = 0.5);
            PatchMerging()                                        => 14x14x512;
            Stage(16, blocks = 18, before = 4, of = 24, rate = 0.5);
            PatchMerging()                                        => 7x7x1024;
            Stage(32, blocks = 2, before = 22, of = 24, rate = 0.5);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }
}
