//! EfficientNet-B0 (Tan and Le, 2019), as torchvision has it.

use shapewise::network;

network! {
    block ConvNorm(channels, kernel, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
        batch_norm, silu;
    }

    block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), silu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    block MbConv(expand, kernel, out, stride, drop) {
        let hidden = input.channels * expand;
        residual if stride == 1 && input.channels == out {
            block: {
                if expand != 1 { ConvNorm(hidden, 1x1); }
                ConvNorm(hidden, kernel, stride, groups = hidden);
                SqueezeExcitation(max(1, div_floor(input.channels, 4)));
                { conv(out, 1x1, bias = false), batch_norm; }
            }
            // Where nothing is added, nothing can be left out.
            if stride == 1 && input.channels == out { stochastic_depth(drop); }
        }
    }

    /// A row of the paper's table; `first` is how many of the 16 blocks come before.
    block Stage(expand, kernel, out, layers, stride, first) {
        repeat i in 0..layers {
            MbConv(expand, kernel, out, if i == 0 { stride } else { 1 }, 0.2 * (first + i) / 16);
        }
    }

    /// EfficientNet-B0.
    pub struct EfficientNetB0(image: 224x224x3) -> (logits: 1000) {
        features: {
            ConvNorm(32, 3x3, stride = 2)           => 112x112x32;
            Stage(1, 3x3, 16, 1, 1, first = 0)      => 112x112x16;
            Stage(6, 3x3, 24, 2, 2, first = 1)      => 56x56x24;
            Stage(6, 5x5, 40, 2, 2, first = 3)      => 28x28x40;
            Stage(6, 3x3, 80, 3, 2, first = 5)      => 14x14x80;
            Stage(6, 5x5, 112, 3, 1, first = 8)     => 14x14x112;
            Stage(6, 5x5, 192, 4, 2, first = 11)    => 7x7x192;
            Stage(6, 3x3, 320, 1, 1, first = 15)    => 7x7x320;
            ConvNorm(1280, 1x1)                     => 7x7x1280;
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        classifier: { dropout(0.2), linear(1000); }

        assert params == 5_288_548;
    }
}
