//! ShuffleNet V2, Ma et al. 2018: torchvision's tensor names, whose weights load.

shapewise::network! {
    block InvertedResidual() {
        (left, right): channel_split(2);
        branch2: from right, {
            conv(input.channels / 2, 1x1, bias = false), batch_norm, relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm;
            conv(input.channels / 2, 1x1, bias = false), batch_norm, relu;
        }
        concat(left, _), channel_shuffle(2);
    }

    block InvertedResidual2() {
        concat {
            branch {
                branch1: {
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(input.channels, 1x1, bias = false), batch_norm, relu;
                }
            }
            branch {
                branch2: {
                    conv(input.channels, 1x1, bias = false), batch_norm, relu;
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(input.channels, 1x1, bias = false), batch_norm, relu;
                }
            }
        }
        channel_shuffle(2);
    }

    block InvertedResidual22(channels) {
        concat {
            branch {
                branch1: {
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(channels, 1x1, bias = false), batch_norm, relu;
                }
            }
            branch {
                branch2: {
                    conv(channels, 1x1, bias = false), batch_norm, relu;
                    depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                    conv(channels, 1x1, bias = false), batch_norm, relu;
                }
            }
        }
        channel_shuffle(2);
    }

    /// torchvision's `shufflenet_v2_x0_5`: 1,366,792 parameters, 40,476,448 MACs on 224x224x3.
    pub struct ShuffleNetV2X05<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: { InvertedResidual2(); repeat 3 { InvertedResidual(); } }
        stage3: { InvertedResidual2(); repeat 7 { InvertedResidual(); } }
        stage4: { InvertedResidual2(); repeat 3 { InvertedResidual(); } }
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }

    /// torchvision's `shufflenet_v2_x1_0`: 2,278,604 parameters, 144,907,992 MACs on 224x224x3.
    pub struct ShuffleNetV2X10<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: { InvertedResidual22(58); repeat 3 { InvertedResidual(); } }
        stage3: { InvertedResidual22(116); repeat 7 { InvertedResidual(); } }
        stage4: { InvertedResidual22(232); repeat 3 { InvertedResidual(); } }
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }

    /// torchvision's `shufflenet_v2_x2_0`: 7,393,996 parameters, 583,253,464 MACs on 224x224x3.
    pub struct ShuffleNetV2X20<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        stage2: { InvertedResidual22(122); repeat 3 { InvertedResidual(); } }
        stage3: { InvertedResidual22(244); repeat 7 { InvertedResidual(); } }
        stage4: { InvertedResidual22(488); repeat 3 { InvertedResidual(); } }
        conv5: { conv(2048, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool;
        fc: linear(CLASSES);
    }
}
