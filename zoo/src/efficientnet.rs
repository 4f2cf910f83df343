//! EfficientNet.
//!
//! Tan and Le 2019, [*EfficientNet: Rethinking model scaling for convolutional neural
//! networks*](https://arxiv.org/abs/1905.11946). From B0 to the others widths and depths grow together.

shapewise::network! {
    /// A convolution, batch normalisation, and an activation or none.
    pub block Conv2dNormActivation(channels, kernel, stride = 1, groups = 1, act = silu) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, act;
    }

    /// A factor per channel, computed from the channels' means.
    pub block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), silu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    /// An inverted residual with squeeze and excitation, which training leaves out with a probability of `drop`.
    pub block MBConv(out, kernel, stride = 1, expand = 6, drop = 0.0) {
        let hidden = expand * input.channels;
        let squeeze = div_floor(input.channels, 4);
        residual if stride == 1 && input.channels == out {
            block: {
                if expand != 1 { Conv2dNormActivation(hidden, 1x1); }
                Conv2dNormActivation(hidden, kernel, stride = stride, groups = hidden);
                SqueezeExcitation(squeeze);
                Conv2dNormActivation(out, 1x1, act = none);
            }
            if stride == 1 && input.channels == out { stochastic_depth(drop); }
        }
    }

    /// Blocks with the same number of channels, of which the first has the stride. The network has `of` blocks,
    /// `before` of them before these; the later ones are left out more often.
    pub block Stage(out, kernel, stride, expand, blocks, before, of) {
        MBConv(out, kernel, stride = stride, expand = expand, drop = 0.2 * before / of);
        repeat i in 1..blocks { MBConv(out, kernel, expand = expand, drop = 0.2 * (before + i) / of); }
    }

    /// torchvision's `efficientnet_b0`.
    pub struct EfficientNetB0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            Stage(16, 3x3, stride = 1, expand = 1, blocks = 1, before = 0, of = 16);
            Stage(24, 3x3, stride = 2, expand = 6, blocks = 2, before = 1, of = 16);
            Stage(40, 5x5, stride = 2, expand = 6, blocks = 2, before = 3, of = 16);
            Stage(80, 3x3, stride = 2, expand = 6, blocks = 3, before = 5, of = 16);
            Stage(112, 5x5, stride = 1, expand = 6, blocks = 3, before = 8, of = 16);
            Stage(192, 5x5, stride = 2, expand = 6, blocks = 4, before = 11, of = 16);
            Stage(320, 3x3, stride = 1, expand = 6, blocks = 1, before = 15, of = 16);
            Conv2dNormActivation(1280, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b1`.
    pub struct EfficientNetB1<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            Stage(16, 3x3, stride = 1, expand = 1, blocks = 2, before = 0, of = 23);
            Stage(24, 3x3, stride = 2, expand = 6, blocks = 3, before = 2, of = 23);
            Stage(40, 5x5, stride = 2, expand = 6, blocks = 3, before = 5, of = 23);
            Stage(80, 3x3, stride = 2, expand = 6, blocks = 4, before = 8, of = 23);
            Stage(112, 5x5, stride = 1, expand = 6, blocks = 4, before = 12, of = 23);
            Stage(192, 5x5, stride = 2, expand = 6, blocks = 5, before = 16, of = 23);
            Stage(320, 3x3, stride = 1, expand = 6, blocks = 2, before = 21, of = 23);
            Conv2dNormActivation(1280, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b2`.
    pub struct EfficientNetB2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            Stage(16, 3x3, stride = 1, expand = 1, blocks = 2, before = 0, of = 23);
            Stage(24, 3x3, stride = 2, expand = 6, blocks = 3, before = 2, of = 23);
            Stage(48, 5x5, stride = 2, expand = 6, blocks = 3, before = 5, of = 23);
            Stage(88, 3x3, stride = 2, expand = 6, blocks = 4, before = 8, of = 23);
            Stage(120, 5x5, stride = 1, expand = 6, blocks = 4, before = 12, of = 23);
            Stage(208, 5x5, stride = 2, expand = 6, blocks = 5, before = 16, of = 23);
            Stage(352, 3x3, stride = 1, expand = 6, blocks = 2, before = 21, of = 23);
            Conv2dNormActivation(1408, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.3); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b3`.
    pub struct EfficientNetB3<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(40, 3x3, stride = 2);
            Stage(24, 3x3, stride = 1, expand = 1, blocks = 2, before = 0, of = 26);
            Stage(32, 3x3, stride = 2, expand = 6, blocks = 3, before = 2, of = 26);
            Stage(48, 5x5, stride = 2, expand = 6, blocks = 3, before = 5, of = 26);
            Stage(96, 3x3, stride = 2, expand = 6, blocks = 5, before = 8, of = 26);
            Stage(136, 5x5, stride = 1, expand = 6, blocks = 5, before = 13, of = 26);
            Stage(232, 5x5, stride = 2, expand = 6, blocks = 6, before = 18, of = 26);
            Stage(384, 3x3, stride = 1, expand = 6, blocks = 2, before = 24, of = 26);
            Conv2dNormActivation(1536, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.3); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b4`.
    pub struct EfficientNetB4<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(48, 3x3, stride = 2);
            Stage(24, 3x3, stride = 1, expand = 1, blocks = 2, before = 0, of = 32);
            Stage(32, 3x3, stride = 2, expand = 6, blocks = 4, before = 2, of = 32);
            Stage(56, 5x5, stride = 2, expand = 6, blocks = 4, before = 6, of = 32);
            Stage(112, 3x3, stride = 2, expand = 6, blocks = 6, before = 10, of = 32);
            Stage(160, 5x5, stride = 1, expand = 6, blocks = 6, before = 16, of = 32);
            Stage(272, 5x5, stride = 2, expand = 6, blocks = 8, before = 22, of = 32);
            Stage(448, 3x3, stride = 1, expand = 6, blocks = 2, before = 30, of = 32);
            Conv2dNormActivation(1792, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.4); linear(CLASSES); }
    }
}
