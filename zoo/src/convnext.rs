//! ConvNeXt, Liu et al. 2022: torchvision's tensor names, whose weights load.

shapewise::network! {
    /// A depthwise convolution of 7x7 and a feed-forward part, scaled by channel and added to what came in.
    pub block CNBlock(drop) {
        residual {
            block: {
                depthwise_conv(7x7, padding = half), #[name = "2"] layer_norm(eps = 1e-6);
                #[name = "3"] linear(4 * input.channels, per_position = true), #[name = "gelu_3"] gelu;
                #[name = "5"] linear(input.channels, per_position = true);
            }
            layer_scale: scale(spatial_axes = true), stochastic_depth(drop);
        }
    }

    /// torchvision's `convnext_tiny`: 28,589,128 parameters, 4,455,531,264 MACs on 224x224x3.
    pub struct ConvNeXtTiny<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            { repeat i in 0..3 { CNBlock(0.2 * i / 34); } }
            { layer_norm(eps = 1e-6); conv(192, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.2 * (i + 3) / 34); } }
            { layer_norm(eps = 1e-6); conv(384, 2x2, stride = 2); }
            { repeat i in 0..9 { CNBlock(0.2 * (i + 6) / 34); } }
            { layer_norm(eps = 1e-6); conv(768, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.2 * (i + 15) / 34); } }
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }

    /// torchvision's `convnext_small`: 50,223,688 parameters, 8,683,712,256 MACs on 224x224x3.
    pub struct ConvNeXtSmall<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            { repeat i in 0..3 { CNBlock(0.4 * i / 35); } }
            { layer_norm(eps = 1e-6); conv(192, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.4 * (i + 3) / 35); } }
            { layer_norm(eps = 1e-6); conv(384, 2x2, stride = 2); }
            { repeat i in 0..27 { CNBlock(0.4 * (i + 6) / 35); } }
            { layer_norm(eps = 1e-6); conv(768, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.4 * (i + 33) / 35); } }
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }

    /// torchvision's `convnext_base`: 88,591,464 parameters, 15,354,729,472 MACs on 224x224x3.
    pub struct ConvNeXtBase<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            { conv(128, 4x4, stride = 4), layer_norm(eps = 1e-6); }
            { repeat i in 0..3 { CNBlock(0.5 * i / 35); } }
            { layer_norm(eps = 1e-6); conv(256, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.5 * (i + 3) / 35); } }
            { layer_norm(eps = 1e-6); conv(512, 2x2, stride = 2); }
            { repeat i in 0..27 { CNBlock(0.5 * (i + 6) / 35); } }
            { layer_norm(eps = 1e-6); conv(1024, 2x2, stride = 2); }
            { repeat i in 0..3 { CNBlock(0.5 * (i + 33) / 35); } }
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten; linear(CLASSES); }
    }
}
