//! ShuffleNetV2 (Ma et al., 2018) of width 1, as torchvision has it.

use shapewise::network;

network! {
    /// Half of the channels pass by.
    block Unit() {
        let half_of_it = input.channels / 2;
        (left, right): channel_split(2);
        branch2: from right, {
            conv(half_of_it, 1x1, bias = false), batch_norm, relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm;
            conv(half_of_it, 1x1, bias = false), batch_norm, relu;
        }
        concat(left, _), channel_shuffle(2);
    }

    /// Both halves are made from all that comes in, at half the resolution.
    block Down(out) {
        concat {
            branch1: branch {
                depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                conv(out / 2, 1x1, bias = false), batch_norm, relu;
            }
            branch2: branch {
                conv(out / 2, 1x1, bias = false), batch_norm, relu;
                depthwise_conv(3x3, stride = 2, padding = half, bias = false), batch_norm;
                conv(out / 2, 1x1, bias = false), batch_norm, relu;
            }
        }
        channel_shuffle(2);
    }

    block Stage(out, units) {
        Down(out);
        repeat units - 1 { Unit(); }
    }

    /// ShuffleNetV2 of width 1.
    pub struct ShuffleNetV2(image: 224x224x3) -> (logits: 1000) {
        conv1: { conv(24, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        maxpool: max_pool(3x3, stride = 2, padding = 1)         => 56x56x24;
        stage2: Stage(116, 4)                                   => 28x28x116;
        stage3: Stage(232, 8)                                   => 14x14x232;
        stage4: Stage(464, 4)                                   => 7x7x464;
        conv5: { conv(1024, 1x1, bias = false), batch_norm, relu; }
        global_avg_pool                                         => 1024;
        fc: linear(1000);

        assert params == 2_278_604;
    }
}
