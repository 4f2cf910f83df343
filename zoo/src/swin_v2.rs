//! Swin transformers, version 2.
//!
//! Liu et al. 2021, [*Swin Transformer V2: Scaling up capacity and resolution*](https://arxiv.org/abs/2111.09883), with
//! windows of 8x8. Maps that these do not divide are padded, as in torchvision; height and width are
//! multiples of 32.

shapewise::network! {
    /// Two linear layers, on each position.
    pub block MLP(hidden, out) {
        linear(hidden, per_position = true), gelu, dropout(0.0);
        linear(out, per_position = true), dropout(0.0);
    }

    /// Attention within windows by cosines, and a feed-forward part; what each gives is normalised and added to what
    /// came in, and training leaves it out with a probability of `drop`. A small network makes the attention's bias of
    /// the distance.
    pub block SwinTransformerBlockV2(heads, drop = 0.0, shift = 0) {
        residual {
            attn: attention(heads, window = 8x8, shift = shift, cosine = true, continuous_position_bias = true);
            norm1: layer_norm, stochastic_depth(drop);
        }
        residual {
            mlp: MLP(4 * input.channels, input.channels);
            norm2: layer_norm, stochastic_depth(drop);
        }
    }

    /// Pairs of blocks, the second of which shifts the windows. The later ones are left out more often: the network
    /// has `of` blocks, `before` of them before these.
    pub block Stage(heads, blocks, before, of, rate) {
        repeat i in 0..blocks {
            SwinTransformerBlockV2(
                heads, drop = rate * (before + i) / (of - 1), shift = if i % 2 == 0 { 0 } else { 4 },
            );
        }
    }

    /// Half the resolution, twice the channels: four positions side by side, what a linear layer makes of them, and
    /// that normalised. Those of a column stand together, as in torchvision.
    pub block PatchMergingV2() {
        permute([1, 0, 2]), pixel_unshuffle(2, order = channels_last), permute([1, 0, 2]);
        reduction: linear(2 * input.channels, bias = false, per_position = true);
        norm: layer_norm;
    }

    /// torchvision's `swin_v2_t`.
    pub struct SwinV2T<const CLASSES: usize = 1000, const SIZE: usize = 256>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; }
            Stage(3, blocks = 2, before = 0, of = 12, rate = 0.2);
            PatchMergingV2();
            Stage(6, blocks = 2, before = 2, of = 12, rate = 0.2);
            PatchMergingV2();
            Stage(12, blocks = 6, before = 4, of = 12, rate = 0.2);
            PatchMergingV2();
            Stage(24, blocks = 2, before = 10, of = 12, rate = 0.2);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }

    /// torchvision's `swin_v2_s`.
    pub struct SwinV2S<const CLASSES: usize = 1000, const SIZE: usize = 256>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), #[name = "2"] layer_norm; }
            Stage(3, blocks = 2, before = 0, of = 24, rate = 0.3);
            PatchMergingV2();
            Stage(6, blocks = 2, before = 2, of = 24, rate = 0.3);
            PatchMergingV2();
            Stage(12, blocks = 18, before = 4, of = 24, rate = 0.3);
            PatchMergingV2();
            Stage(24, blocks = 2, before = 22, of = 24, rate = 0.3);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }

    /// torchvision's `swin_v2_b`.
    pub struct SwinV2B<const CLASSES: usize = 1000, const SIZE: usize = 256>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(128, 4x4, stride = 4), #[name = "2"] layer_norm; }
            Stage(4, blocks = 2, before = 0, of = 24, rate = 0.5);
            PatchMergingV2();
            Stage(8, blocks = 2, before = 2, of = 24, rate = 0.5);
            PatchMergingV2();
            Stage(16, blocks = 18, before = 4, of = 24, rate = 0.5);
            PatchMergingV2();
            Stage(32, blocks = 2, before = 22, of = 24, rate = 0.5);
        }
        norm: layer_norm;
        avgpool: adaptive_avg_pool(1x1), flatten;
        head: linear(CLASSES);
    }
}
