//! MobileNetV3 (Howard et al., 2019), as torchvision has it.

use shapewise::network;

network! {
    block ConvNorm(channels, kernel, stride = 1, groups = 1, act = hard_swish) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
        batch_norm(eps = 0.001, momentum = 0.01), act;
    }

    /// A factor per channel, computed from the channels' means.
    block SqueezeExcitation() {
        // A quarter of the channels, to the nearest multiple of 8, not under nine tenths.
        let quarter = div_floor(input.channels, 4);
        let nearest = max(8, div_floor(quarter + 4, 8) * 8);
        let squeeze = if 10 * nearest < 9 * quarter { nearest + 8 } else { nearest };
        adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), relu;
        fc2: conv(input.channels, 1x1), hard_sigmoid;
        mul(_, input, broadcast = true);
    }

    block Bneck(kernel, expanded, out, se, act, stride) {
        residual if stride == 1 && input.channels == out {
            block: {
                if expanded != input.channels { ConvNorm(expanded, 1x1, act = act); }
                ConvNorm(expanded, kernel, stride, groups = expanded, act = act);
                if se { SqueezeExcitation(); }
                { conv(out, 1x1, bias = false), batch_norm(eps = 0.001, momentum = 0.01); }
            }
        }
    }

    /// MobileNetV3 small.
    pub struct MobileNetV3Small(image: 224x224x3) -> (logits: 1000) {
        features: {
            ConvNorm(16, 3x3, stride = 2)                   => 112x112x16;
            Bneck(3x3, 16, 16, true, relu, 2)               => 56x56x16;
            Bneck(3x3, 72, 24, false, relu, 2)              => 28x28x24;
            Bneck(3x3, 88, 24, false, relu, 1);
            Bneck(5x5, 96, 40, true, hard_swish, 2)         => 14x14x40;
            Bneck(5x5, 240, 40, true, hard_swish, 1);
            Bneck(5x5, 240, 40, true, hard_swish, 1);
            Bneck(5x5, 120, 48, true, hard_swish, 1);
            Bneck(5x5, 144, 48, true, hard_swish, 1)        => 14x14x48;
            Bneck(5x5, 288, 96, true, hard_swish, 2)        => 7x7x96;
            Bneck(5x5, 576, 96, true, hard_swish, 1);
            Bneck(5x5, 576, 96, true, hard_swish, 1);
            ConvNorm(576, 1x1)                              => 7x7x576;
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1024), hard_swish, dropout(0.2), linear(1000); }

        assert params == 2_542_856;
    }

    /// MobileNetV3 large.
    pub struct MobileNetV3Large(image: 224x224x3) -> (logits: 1000) {
        features: {
            ConvNorm(16, 3x3, stride = 2)                   => 112x112x16;
            Bneck(3x3, 16, 16, false, relu, 1);
            Bneck(3x3, 64, 24, false, relu, 2)              => 56x56x24;
            Bneck(3x3, 72, 24, false, relu, 1);
            Bneck(5x5, 72, 40, true, relu, 2)               => 28x28x40;
            Bneck(5x5, 120, 40, true, relu, 1);
            Bneck(5x5, 120, 40, true, relu, 1);
            Bneck(3x3, 240, 80, false, hard_swish, 2)       => 14x14x80;
            Bneck(3x3, 200, 80, false, hard_swish, 1);
            Bneck(3x3, 184, 80, false, hard_swish, 1);
            Bneck(3x3, 184, 80, false, hard_swish, 1);
            Bneck(3x3, 480, 112, true, hard_swish, 1);
            Bneck(3x3, 672, 112, true, hard_swish, 1)       => 14x14x112;
            Bneck(5x5, 672, 160, true, hard_swish, 2)       => 7x7x160;
            Bneck(5x5, 960, 160, true, hard_swish, 1);
            Bneck(5x5, 960, 160, true, hard_swish, 1);
            ConvNorm(960, 1x1)                              => 7x7x960;
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { linear(1280), hard_swish, dropout(0.2), linear(1000); }

        assert params == 5_483_032;
    }
}
