//! EfficientNet, Tan and Le 2019: torchvision's tensor names, whose weights load.

shapewise::network! {
    block Conv2dNormActivation(channels, kernel, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, silu;
    }

    /// A factor per channel, computed from the channels' means.
    pub block SqueezeExcitation(channels) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(channels, 1x1), silu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    /// An inverted residual with squeeze and excitation.
    pub block MBConv(mid, out, drop, kernel = 5x5, stride = 1) {
        residual if input.channels == out {
            block: {
                if input.channels != mid { Conv2dNormActivation(mid, 1x1); }
                Conv2dNormActivation(mid, kernel, stride = stride, groups = mid);
                SqueezeExcitation(input.channels / 4);
                { conv(out, 1x1, bias = false), batch_norm; }
            }
            if input.channels == out { stochastic_depth(drop); }
        }
    }

    /// torchvision's `efficientnet_b0`: 5,288,548 parameters, 385,814,752 MACs on 224x224x3.
    pub struct EfficientNetB0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            { MBConv(32, 16, drop = 0.025, kernel = 3x3); }
            {
                MBConv(96, 24, drop = 0.025, kernel = 3x3, stride = 2);
                MBConv(144, 24, drop = 0.025, kernel = 3x3);
            }
            { MBConv(144, 40, drop = 0.025, stride = 2); MBConv(240, 40, drop = 0.05); }
            {
                MBConv(240, 80, drop = 0.025, kernel = 3x3, stride = 2);
                repeat i in 0..2 { MBConv(480, 80, drop = 0.2 * (i + 6) / 16, kernel = 3x3); }
            }
            {
                MBConv(480, 112, drop = 0.025);
                repeat i in 0..2 { MBConv(672, 112, drop = 0.2 * (i + 9) / 16); }
            }
            {
                MBConv(672, 192, drop = 0.025, stride = 2);
                repeat i in 0..3 { MBConv(1152, 192, drop = 0.2 * (i + 12) / 16); }
            }
            { MBConv(1152, 320, drop = 0.025, kernel = 3x3); }
            Conv2dNormActivation(1280, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b1`: 7,794,184 parameters, 569,651,680 MACs on 224x224x3.
    pub struct EfficientNetB1<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            {
                MBConv(32, 16, drop = 0.008695652173913044, kernel = 3x3);
                MBConv(16, 16, drop = 0.008695652173913044, kernel = 3x3);
            }
            {
                MBConv(96, 24, drop = 0.008695652173913044, kernel = 3x3, stride = 2);
                repeat i in 0..2 { MBConv(144, 24, drop = 0.2 * (i + 3) / 23, kernel = 3x3); }
            }
            {
                MBConv(144, 40, drop = 0.008695652173913044, stride = 2);
                repeat i in 0..2 { MBConv(240, 40, drop = 0.2 * (i + 6) / 23); }
            }
            {
                MBConv(240, 80, drop = 0.008695652173913044, kernel = 3x3, stride = 2);
                repeat i in 0..3 { MBConv(480, 80, drop = 0.2 * (i + 9) / 23, kernel = 3x3); }
            }
            {
                MBConv(480, 112, drop = 0.008695652173913044);
                repeat i in 0..3 { MBConv(672, 112, drop = 0.2 * (i + 13) / 23); }
            }
            {
                MBConv(672, 192, drop = 0.008695652173913044, stride = 2);
                repeat i in 0..4 { MBConv(1152, 192, drop = 0.2 * (i + 17) / 23); }
            }
            {
                MBConv(1152, 320, drop = 0.008695652173913044, kernel = 3x3);
                MBConv(1920, 320, drop = 0.19130434782608696, kernel = 3x3);
            }
            Conv2dNormActivation(1280, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2); linear(CLASSES); }
    }

    /// torchvision's `efficientnet_b2`: 9,109,994 parameters, 658,963,440 MACs on 224x224x3.
    pub struct EfficientNetB2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            Conv2dNormActivation(32, 3x3, stride = 2);
            {
                MBConv(32, 16, drop = 0.008695652173913044, kernel = 3x3);
                MBConv(16, 16, drop = 0.008695652173913044, kernel = 3x3);
            }
            {
                MBConv(96, 24, drop = 0.008695652173913044, kernel = 3x3, stride = 2);
                repeat i in 0..2 { MBConv(144, 24, drop = 0.2 * (i + 3) / 23, kernel = 3x3); }
            }
            {
                MBConv(144, 48, drop = 0.008695652173913044, stride = 2);
                repeat i in 0..2 { MBConv(288, 48, drop = 0.2 * (i + 6) / 23); }
            }
            {
                MBConv(288, 88, drop = 0.008695652173913044, kernel = 3x3, stride = 2);
                repeat i in 0..3 { MBConv(528, 88, drop = 0.2 * (i + 9) / 23, kernel = 3x3); }
            }
            {
                MBConv(528, 120, drop = 0.008695652173913044);
                repeat i in 0..3 { MBConv(720, 120, drop = 0.2 * (i + 13) / 23); }
            }
            {
                MBConv(720, 208, drop = 0.008695652173913044, stride = 2);
                repeat i in 0..4 { MBConv(1248, 208, drop = 0.2 * (i + 17) / 23); }
            }
            {
                MBConv(1248, 352, drop = 0.008695652173913044, kernel = 3x3);
                MBConv(2112, 352, drop = 0.19130434782608696, kernel = 3x3);
            }
            Conv2dNormActivation(1408, 1x1);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.3); linear(CLASSES); }
    }
}
