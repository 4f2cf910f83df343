//! ConvNeXt.
//!
//! Liu et al. 2022, [*A ConvNet for the 2020s*](https://arxiv.org/abs/2201.03545).

shapewise::network! {
    /// A depthwise convolution of 7x7 and a feed-forward part, scaled by channel and added to what came in; training
    /// leaves it out with a probability of `drop`.
    pub block CNBlock(dim, drop = 0.0) {
        residual {
            block: {
                depthwise_conv(7x7, padding = half);
                #[name = "2"] layer_norm(eps = 1e-6);
                #[name = "3"] linear(4 * dim, per_position = true);
                #[name = "4"] gelu;
                #[name = "5"] linear(dim, per_position = true);
            }
            layer_scale: scale(spatial_axes = true), stochastic_depth(drop);
        }
    }

    /// Blocks of which the later ones are left out more often: the network has `of`, `before` of them before these.
    pub block Stage(dim, blocks, before, of, rate) {
        repeat i in 0..blocks { CNBlock(dim, drop = rate * (before + i) / (of - 1)); }
    }

    /// Half the resolution.
    pub block Downsampling(dim) {
        layer_norm(eps = 1e-6), conv(dim, 2x2, stride = 2);
    }

    /// torchvision's `convnext_tiny`.
    pub struct ConvNeXtTiny<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            Stage(96, blocks = 3, before = 0, of = 18, rate = 0.1);
            Downsampling(192);
            Stage(192, blocks = 3, before = 3, of = 18, rate = 0.1);
            Downsampling(384);
            Stage(384, blocks = 9, before = 6, of = 18, rate = 0.1);
            Downsampling(768);
            Stage(768, blocks = 3, before = 15, of = 18, rate = 0.1);
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }

    /// torchvision's `convnext_small`.
    pub struct ConvNeXtSmall<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            Stage(96, blocks = 3, before = 0, of = 36, rate = 0.4);
            Downsampling(192);
            Stage(192, blocks = 3, before = 3, of = 36, rate = 0.4);
            Downsampling(384);
            Stage(384, blocks = 27, before = 6, of = 36, rate = 0.4);
            Downsampling(768);
            Stage(768, blocks = 3, before = 33, of = 36, rate = 0.4);
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }

    /// torchvision's `convnext_base`.
    pub struct ConvNeXtBase<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(128, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            Stage(128, blocks = 3, before = 0, of = 36, rate = 0.5);
            Downsampling(256);
            Stage(256, blocks = 3, before = 3, of = 36, rate = 0.5);
            Downsampling(512);
            Stage(512, blocks = 27, before = 6, of = 36, rate = 0.5);
            Downsampling(1024);
            Stage(1024, blocks = 3, before = 33, of = 36, rate = 0.5);
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }

    /// torchvision's `convnext_large`.
    pub struct ConvNeXtLarge<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(192, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            Stage(192, blocks = 3, before = 0, of = 36, rate = 0.5);
            Downsampling(384);
            Stage(384, blocks = 3, before = 3, of = 36, rate = 0.5);
            Downsampling(768);
            Stage(768, blocks = 27, before = 6, of = 36, rate = 0.5);
            Downsampling(1536);
            Stage(1536, blocks = 3, before = 33, of = 36, rate = 0.5);
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }
}
