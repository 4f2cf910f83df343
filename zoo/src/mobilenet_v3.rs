//! MobileNetV3, Howard et al. 2019: torchvision's tensor names, whose weights load.

shapewise::network! {
    block Conv2dNormActivation(channels, kernel, stride = 1, groups = 1, act = hard_swish) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm(eps = 0.001, momentum = 0.01), act;
    }

    block SqueezeExcitation(channels) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(channels, 1x1), relu;
        fc2: conv(input.channels, 1x1), hard_sigmoid;
        mul(_, input, broadcast = true);
    }

    block InvertedResidual(channels, channels3, out, act = hard_swish, kernel = 5x5, stride = 1, squeeze_excitation = true) {
        residual if stride == 1 && input.channels == out {
            block: {
                if input.channels != channels { Conv2dNormActivation(channels, 1x1, act = act); }
                Conv2dNormActivation(channels, kernel, stride = stride, groups = channels, act = act);
                if squeeze_excitation { SqueezeExcitation(channels3); }
                { conv(out, 1x1, bias = false), batch_norm(eps = 0.001, momentum = 0.01); }
            }
        }
    }

    block InvertedResidual2(channels, channels3, out, act = hard_swish, kernel = 3x3, stride = 1, squeeze_excitation = true) {
        residual if input.channels == out {
            block: {
                if input.channels != channels { Conv2dNormActivation(channels, 1x1, act = act); }
                Conv2dNormActivation(channels, kernel, stride = stride, groups = channels, act = act);
                if squeeze_excitation { SqueezeExcitation(channels3); }
                { conv(out, 1x1, bias = false), batch_norm(eps = 0.001, momentum = 0.01); }
            }
        }
    }

    /// torchvision's `mobilenet_v3_small`: 2,542,856 parameters, 56,510,400 MACs on 224x224x3.
    pub struct MobileNetV3Small<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(16, 3x3, stride = 2);
            InvertedResidual(16, 8, 16, act = relu, kernel = 3x3, stride = 2);
                InvertedResidual(72, 8, 24, act = relu, kernel = 3x3, stride = 2, squeeze_excitation = false);
            InvertedResidual(88, 8, 24, act = relu, kernel = 3x3, squeeze_excitation = false);
            InvertedResidual(96, 24, 40, stride = 2);
            repeat 2 { InvertedResidual(240, 64, 40); }
            InvertedResidual(120, 32, 48);
            InvertedResidual(144, 40, 48);
            InvertedResidual(288, 72, 96, stride = 2);
            repeat 2 { InvertedResidual(576, 144, 96); }
            Conv2dNormActivation(576, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1024), hard_swish, dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `mobilenet_v3_large`: 5,483,032 parameters, 216,589,760 MACs on 224x224x3.
    pub struct MobileNetV3Large<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(16, 3x3, stride = 2);
            InvertedResidual2(16, 24, 16, act = relu, squeeze_excitation = false);
            InvertedResidual2(64, 24, 24, act = relu, stride = 2, squeeze_excitation = false);
            InvertedResidual2(72, 24, 24, act = relu, squeeze_excitation = false);
            InvertedResidual2(72, 24, 40, act = relu, kernel = 5x5, stride = 2);
            repeat 2 { InvertedResidual2(120, 32, 40, act = relu, kernel = 5x5); }
            InvertedResidual2(240, 24, 80, stride = 2, squeeze_excitation = false);
            InvertedResidual2(200, 24, 80, squeeze_excitation = false);
            repeat 2 { InvertedResidual2(184, 24, 80, squeeze_excitation = false); }
            InvertedResidual2(480, 120, 112);
            InvertedResidual2(672, 168, 112);
            InvertedResidual2(672, 168, 160, kernel = 5x5, stride = 2);
            repeat 2 { InvertedResidual2(960, 240, 160, kernel = 5x5); }
            Conv2dNormActivation(960, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1280), hard_swish, dropout(0.2); linear(CLASSES); }
    }
}
