//! RegNetY-400MF (Radosavovic et al., 2020), as torchvision has it.

use shapewise::network;

network! {
    block ConvNorm(channels, kernel, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false);
        batch_norm, relu;
    }

    block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), relu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    /// The Y block; groups of 8 channels.
    block YBlock(width, stride) {
        residual {
            f: {
                a: ConvNorm(width, 1x1);
                b: ConvNorm(width, 3x3, stride, groups = width / 8);
                se: SqueezeExcitation(input.channels / 4);
                c: { conv(width, 1x1, bias = false), batch_norm; }
            }
        } shortcut if stride != 1 || input.channels != width {
            proj: { conv(width, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    block Stage(stage, width, depth) {
        repeat i in 0..depth {
            #[name = "block{stage}-{i}"]
            YBlock(width, stride = if i == 0 { 2 } else { 1 });
        }
    }

    /// RegNetY-400MF.
    pub struct RegNetY400mf(image: 224x224x3) -> (logits: 1000) {
        stem: ConvNorm(32, 3x3, stride = 2)         => 112x112x32;
        trunk_output: {
            block1: Stage(1, 48, depth = 1)         => 56x56x48;
            block2: Stage(2, 104, depth = 3)        => 28x28x104;
            block3: Stage(3, 208, depth = 6)        => 14x14x208;
            block4: Stage(4, 440, depth = 6)        => 7x7x440;
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(1000);

        assert params == 4_344_144;
    }
}
