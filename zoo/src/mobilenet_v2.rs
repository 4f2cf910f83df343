//! MobileNetV2.
//!
//! Sandler et al. 2018, [*MobileNetV2: Inverted residuals and linear bottlenecks*](https://arxiv.org/abs/1801.04381).

shapewise::network! {
    /// A convolution, batch normalisation, and an activation.
    pub block Conv2dNormActivation(channels, kernel = 3x3, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, relu6;
    }

    /// Many channels inside, few outside; added to what came in where the shapes are the same.
    pub block InvertedResidual(out, expand = 6, stride = 1) {
        let hidden = expand * input.channels;
        residual if stride == 1 && input.channels == out {
            conv: {
                if expand != 1 { Conv2dNormActivation(hidden, 1x1); }
                Conv2dNormActivation(hidden, stride = stride, groups = hidden);
                conv(out, 1x1, bias = false), batch_norm;
            }
        }
    }

    /// `n` blocks with the same number of channels, as a row of the paper's table 2.
    block Row(t, c, n, s) {
        InvertedResidual(c, expand = t, stride = s);
        repeat n - 1 { InvertedResidual(c, expand = t); }
    }

    /// torchvision's `mobilenet_v2`.
    pub struct MobileNetV2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, stride = 2);
            #[flat] Row(t = 1, c = 16, n = 1, s = 1);
            #[flat] Row(t = 6, c = 24, n = 2, s = 2);
            #[flat] Row(t = 6, c = 32, n = 3, s = 2);
            #[flat] Row(t = 6, c = 64, n = 4, s = 2);
            #[flat] Row(t = 6, c = 96, n = 3, s = 1);
            #[flat] Row(t = 6, c = 160, n = 3, s = 2);
            #[flat] Row(t = 6, c = 320, n = 1, s = 1);
            Conv2dNormActivation(1280, 1x1);
        }
        adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }
}
