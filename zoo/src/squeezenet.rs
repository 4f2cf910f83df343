//! SqueezeNet.
//!
//! Iandola et al. 2016, [*SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model
//! size*](https://arxiv.org/abs/1602.07360).

shapewise::network! {
    /// Few channels, then many: by 1x1 and by 3x3 convolutions side by side.
    pub block Fire(squeeze, expand1x1 = 4 * squeeze, expand3x3 = 4 * squeeze) {
        squeeze: conv(squeeze, 1x1), relu;
        concat {
            branch { expand1x1: conv(expand1x1, 1x1), relu; }
            branch { expand3x3: conv(expand3x3, 3x3, padding = half), relu; }
        }
    }

    /// torchvision's `squeezenet1_0`.
    pub struct SqueezeNet1_0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(96, 7x7, stride = 2), relu;
            max_pool(3x3, stride = 2, ceil_mode = true);
            Fire(16);
            Fire(16);
            Fire(32);
            max_pool(3x3, stride = 2, ceil_mode = true);
            Fire(32);
            Fire(48);
            Fire(48);
            Fire(64);
            max_pool(3x3, stride = 2, ceil_mode = true);
            Fire(64);
        }
        classifier: { dropout; conv(CLASSES, 1x1), relu; adaptive_avg_pool(1x1); }
        flatten;
    }

    /// torchvision's `squeezenet1_1`, pooled earlier than 1.0.
    pub struct SqueezeNet1_1<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, stride = 2), relu;
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(16); }
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(32); }
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(48); }
            repeat 2 { Fire(64); }
        }
        classifier: { dropout; conv(CLASSES, 1x1), relu; adaptive_avg_pool(1x1); }
        flatten;
    }
}
