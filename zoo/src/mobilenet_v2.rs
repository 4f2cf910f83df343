//! MobileNetV2, Sandler et al. 2018: torchvision's tensor names, whose weights load.

shapewise::network! {
    block Conv2dNormActivation(channels, kernel = 3x3, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, relu6;
    }

    /// Many channels inside, few outside; added to what came in where the shapes are the same.
    pub block InvertedResidual(mid, out, stride = 1) {
        residual if input.channels == out {
            conv: {
                if input.channels != mid { Conv2dNormActivation(mid, 1x1); }
                Conv2dNormActivation(mid, stride = stride, groups = mid);
                conv(out, 1x1, bias = false), batch_norm;
            }
        }
    }

    /// torchvision's `mobilenet_v2`: 3,504,872 parameters, 300,774,272 MACs on 224x224x3.
    pub struct MobileNetV2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, stride = 2);
            InvertedResidual(32, 16);
            InvertedResidual(96, 24, stride = 2);
            InvertedResidual(144, 24);
            InvertedResidual(144, 32, stride = 2);
            repeat 2 { InvertedResidual(192, 32); }
            InvertedResidual(192, 64, stride = 2);
            repeat 3 { InvertedResidual(384, 64); }
            InvertedResidual(384, 96);
            repeat 2 { InvertedResidual(576, 96); }
            InvertedResidual(576, 160, stride = 2);
            repeat 2 { InvertedResidual(960, 160); }
            InvertedResidual(960, 320);
            Conv2dNormActivation(1280, 1x1);
        }
        adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }
}
