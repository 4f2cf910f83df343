//! ShuffleNet V2.
//!
//! Ma et al. 2018, [*ShuffleNet V2: Practical guidelines for efficient CNN architecture
//! design*](https://arxiv.org/abs/1807.11164).

shapewise::network! {
    /// Half of the channels through convolutions, the other half as it is, and both shuffled.
    pub block InvertedResidual(out) {
        (left, right): channel_split(2);
        branch2: from right, {
            conv(out / 2, 1x1, bias = false), batch_norm, relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm;
            conv(out / 2, 1x1, bias = false), batch_norm, relu;
        }
        concat(left, _), channel_shuffle(2);
    }

    /// Half the resolution: both branches read all channels.
    pub block Downsampling(out) {
        concat {
            branch {
                branch1: {
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(out / 2, 1x1, bias = false), batch_norm, relu;
                }
            }
            branch {
                branch2: {
                    conv(out / 2, 1x1, bias = false), batch_norm, relu;
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(out / 2, 1x1, bias = false), batch_norm, relu;
                }
            }
        }
        channel_shuffle(2);
    }

    /// Blocks with the same number of channels, of which the first halves the resolution.
    pub block Stage(out, blocks) {
        Downsampling(out);
        repeat blocks - 1 { InvertedResidual(out); }
    }

    /// torchvision's `shufflenet_v2_x0_5`.
    pub struct ShuffleNetV2X0_5<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: Stage(48, blocks = 4);
        stage3: Stage(96, blocks = 8);
        stage4: Stage(192, blocks = 4);
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }

    /// torchvision's `shufflenet_v2_x1_0`.
    pub struct ShuffleNetV2X1_0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: Stage(116, blocks = 4);
        stage3: Stage(232, blocks = 8);
        stage4: Stage(464, blocks = 4);
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }

    /// torchvision's `shufflenet_v2_x1_5`.
    pub struct ShuffleNetV2X1_5<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: Stage(176, blocks = 4);
        stage3: Stage(352, blocks = 8);
        stage4: Stage(704, blocks = 4);
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }

    /// torchvision's `shufflenet_v2_x2_0`.
    pub struct ShuffleNetV2X2_0<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: Stage(244, blocks = 4);
        stage3: Stage(488, blocks = 8);
        stage4: Stage(976, blocks = 4);
        conv5: { conv(2048, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }
}
