//! RegNet.
//!
//! Radosavovic et al. 2020, [*Designing network design spaces*](https://arxiv.org/abs/2003.13678): X, and Y with squeeze
//! and excitation. The names end with the multiply-accumulates for which they were found.

shapewise::network! {
    /// A convolution, batch normalisation, and an activation or none.
    pub block Conv2dNormActivation(channels, kernel = 1x1, stride = 1, groups = 1, act = relu) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, act;
    }

    block Stem() {
        conv(32, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu;
    }

    /// A factor per channel, computed from the channels' means.
    pub block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), relu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    /// 1x1, 3x3 in groups, and 1x1, all of the same width.
    block BottleneckTransform(width, group_width, squeeze, stride) {
        a: Conv2dNormActivation(width);
        b: Conv2dNormActivation(width, 3x3, stride = stride, groups = width / group_width);
        if squeeze { se: SqueezeExcitation(input.channels / 4); }
        c: Conv2dNormActivation(width, act = none);
    }

    /// Three convolutions, added to what came in. With `squeeze` a fourth of the channels that come in are those of
    /// the squeeze.
    pub block ResBottleneckBlock(width, group_width, squeeze = false, stride = 1) {
        residual {
            f: BottleneckTransform(width, group_width, squeeze, stride);
        } shortcut if stride != 1 || input.channels != width {
            proj: Conv2dNormActivation(width, stride = stride, act = none);
        }
        relu;
    }

    /// The stage of that number: the first block halves the resolution.
    pub block AnyStage(stage, width, depth, group_width, squeeze = false) {
        #[name = "block{stage}-0"] ResBottleneckBlock(width, group_width, squeeze, stride = 2);
        repeat i in 1..depth { #[name = "block{stage}-{i}"] ResBottleneckBlock(width, group_width, squeeze); }
    }

    /// torchvision's `regnet_x_400mf`.
    pub struct RegNetX400MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 32, depth = 1, group_width = 16);
            block2: AnyStage(2, 64, depth = 2, group_width = 16);
            block3: AnyStage(3, 160, depth = 7, group_width = 16);
            block4: AnyStage(4, 400, depth = 12, group_width = 16);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_800mf`.
    pub struct RegNetX800MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 64, depth = 1, group_width = 16);
            block2: AnyStage(2, 128, depth = 3, group_width = 16);
            block3: AnyStage(3, 288, depth = 7, group_width = 16);
            block4: AnyStage(4, 672, depth = 5, group_width = 16);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_1_6gf`.
    pub struct RegNetX1_6GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 72, depth = 2, group_width = 24);
            block2: AnyStage(2, 168, depth = 4, group_width = 24);
            block3: AnyStage(3, 408, depth = 10, group_width = 24);
            block4: AnyStage(4, 912, depth = 2, group_width = 24);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_3_2gf`.
    pub struct RegNetX3_2GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 96, depth = 2, group_width = 48);
            block2: AnyStage(2, 192, depth = 6, group_width = 48);
            block3: AnyStage(3, 432, depth = 15, group_width = 48);
            block4: AnyStage(4, 1008, depth = 2, group_width = 48);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_8gf`.
    pub struct RegNetX8GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 80, depth = 2, group_width = 80);
            block2: AnyStage(2, 240, depth = 5, group_width = 120);
            block3: AnyStage(3, 720, depth = 15, group_width = 120);
            block4: AnyStage(4, 1920, depth = 1, group_width = 120);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_16gf`.
    pub struct RegNetX16GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 256, depth = 2, group_width = 128);
            block2: AnyStage(2, 512, depth = 6, group_width = 128);
            block3: AnyStage(3, 896, depth = 13, group_width = 128);
            block4: AnyStage(4, 2048, depth = 1, group_width = 128);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_x_32gf`.
    pub struct RegNetX32GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 336, depth = 2, group_width = 168);
            block2: AnyStage(2, 672, depth = 7, group_width = 168);
            block3: AnyStage(3, 1344, depth = 13, group_width = 168);
            block4: AnyStage(4, 2520, depth = 1, group_width = 168);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_400mf`.
    pub struct RegNetY400MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 48, depth = 1, group_width = 8, squeeze = true);
            block2: AnyStage(2, 104, depth = 3, group_width = 8, squeeze = true);
            block3: AnyStage(3, 208, depth = 6, group_width = 8, squeeze = true);
            block4: AnyStage(4, 440, depth = 6, group_width = 8, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_800mf`.
    pub struct RegNetY800MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 64, depth = 1, group_width = 16, squeeze = true);
            block2: AnyStage(2, 144, depth = 3, group_width = 16, squeeze = true);
            block3: AnyStage(3, 320, depth = 8, group_width = 16, squeeze = true);
            block4: AnyStage(4, 784, depth = 2, group_width = 16, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_1_6gf`.
    pub struct RegNetY1_6GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 48, depth = 2, group_width = 24, squeeze = true);
            block2: AnyStage(2, 120, depth = 6, group_width = 24, squeeze = true);
            block3: AnyStage(3, 336, depth = 17, group_width = 24, squeeze = true);
            block4: AnyStage(4, 888, depth = 2, group_width = 24, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_3_2gf`.
    pub struct RegNetY3_2GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 72, depth = 2, group_width = 24, squeeze = true);
            block2: AnyStage(2, 216, depth = 5, group_width = 24, squeeze = true);
            block3: AnyStage(3, 576, depth = 13, group_width = 24, squeeze = true);
            block4: AnyStage(4, 1512, depth = 1, group_width = 24, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_8gf`.
    pub struct RegNetY8GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 224, depth = 2, group_width = 56, squeeze = true);
            block2: AnyStage(2, 448, depth = 4, group_width = 56, squeeze = true);
            block3: AnyStage(3, 896, depth = 10, group_width = 56, squeeze = true);
            block4: AnyStage(4, 2016, depth = 1, group_width = 56, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_16gf`.
    pub struct RegNetY16GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 224, depth = 2, group_width = 112, squeeze = true);
            block2: AnyStage(2, 448, depth = 4, group_width = 112, squeeze = true);
            block3: AnyStage(3, 1232, depth = 11, group_width = 112, squeeze = true);
            block4: AnyStage(4, 3024, depth = 1, group_width = 112, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_32gf`.
    pub struct RegNetY32GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 232, depth = 2, group_width = 232, squeeze = true);
            block2: AnyStage(2, 696, depth = 5, group_width = 232, squeeze = true);
            block3: AnyStage(3, 1392, depth = 12, group_width = 232, squeeze = true);
            block4: AnyStage(4, 3712, depth = 1, group_width = 232, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_128gf`.
    pub struct RegNetY128GF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: Stem();
        trunk_output: {
            block1: AnyStage(1, 528, depth = 2, group_width = 264, squeeze = true);
            block2: AnyStage(2, 1056, depth = 7, group_width = 264, squeeze = true);
            block3: AnyStage(3, 2904, depth = 17, group_width = 264, squeeze = true);
            block4: AnyStage(4, 7392, depth = 1, group_width = 264, squeeze = true);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }
}
