//! MobileNetV3.
//!
//! Howard et al. 2019, [*Searching for MobileNetV3*](https://arxiv.org/abs/1905.02244).

shapewise::network! {
    /// A convolution, batch normalisation, and an activation or none.
    pub block Conv2dNormActivation(channels, kernel, stride = 1, groups = 1, act = hard_swish) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm(eps = 0.001, momentum = 0.01), act;
    }

    /// A factor per channel, computed from the channels' means.
    pub block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), relu;
        fc2: conv(input.channels, 1x1), hard_sigmoid;
        mul(_, input, broadcast = true);
    }

    /// An inverted residual with `expanded` channels inside, and with a `squeeze` also a squeeze and excitation.
    pub block InvertedResidual(kernel, expanded, out, squeeze = 0, act = hard_swish, stride = 1) {
        residual if stride == 1 && input.channels == out {
            block: {
                if expanded != input.channels { Conv2dNormActivation(expanded, 1x1, act = act); }
                Conv2dNormActivation(expanded, kernel, stride = stride, groups = expanded, act = act);
                if squeeze != 0 { SqueezeExcitation(squeeze); }
                Conv2dNormActivation(out, 1x1, act = none);
            }
        }
    }

    /// torchvision's `mobilenet_v3_small`.
    pub struct MobileNetV3Small<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(16, 3x3, stride = 2);
            InvertedResidual(3x3, 16, 16, squeeze = 8, act = relu, stride = 2);
            InvertedResidual(3x3, 72, 24, act = relu, stride = 2);
            InvertedResidual(3x3, 88, 24, act = relu);
            InvertedResidual(5x5, 96, 40, squeeze = 24, stride = 2);
            repeat 2 { InvertedResidual(5x5, 240, 40, squeeze = 64); }
            InvertedResidual(5x5, 120, 48, squeeze = 32);
            InvertedResidual(5x5, 144, 48, squeeze = 40);
            InvertedResidual(5x5, 288, 96, squeeze = 72, stride = 2);
            repeat 2 { InvertedResidual(5x5, 576, 96, squeeze = 144); }
            Conv2dNormActivation(576, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1024), hard_swish, dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mobilenet_v3_large`.
    pub struct MobileNetV3Large<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(16, 3x3, stride = 2);
            InvertedResidual(3x3, 16, 16, act = relu);
            InvertedResidual(3x3, 64, 24, act = relu, stride = 2);
            InvertedResidual(3x3, 72, 24, act = relu);
            InvertedResidual(5x5, 72, 40, squeeze = 24, act = relu, stride = 2);
            repeat 2 { InvertedResidual(5x5, 120, 40, squeeze = 32, act = relu); }
            InvertedResidual(3x3, 240, 80, stride = 2);
            InvertedResidual(3x3, 200, 80);
            repeat 2 { InvertedResidual(3x3, 184, 80); }
            InvertedResidual(3x3, 480, 112, squeeze = 120);
            InvertedResidual(3x3, 672, 112, squeeze = 168);
            InvertedResidual(5x5, 672, 160, squeeze = 168, stride = 2);
            repeat 2 { InvertedResidual(5x5, 960, 160, squeeze = 240); }
            Conv2dNormActivation(960, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1280), hard_swish, dropout(0.2); linear(CLASSES); }
    }
}
