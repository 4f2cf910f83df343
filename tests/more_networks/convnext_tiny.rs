//! ConvNeXt-T (Liu et al., 2022), as torchvision has it.

use shapewise::network;

network! {
    /// `identity` stands where torchvision permutes the axes, so that the numbers agree.
    block CnBlock(drop) {
        residual {
            block: {
                depthwise_conv(7x7, padding = half), identity;
                layer_norm(eps = 1e-6);
                linear(4 * input.channels, per_position = true), gelu;
                linear(input.channels, per_position = true), identity;
            }
            layer_scale: scale(init = 1e-6);
            stochastic_depth(drop);
        }
    }

    /// `first` is how many of the 18 blocks come before.
    block Stage(blocks, first) {
        repeat i in 0..blocks { CnBlock(0.1 * (first + i) / 17); }
    }

    /// ConvNeXt-T.
    pub struct ConvNextTiny(image: 224x224x3) -> (logits: 1000) {
        features: {
            { conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6); }      => 56x56x96;
            Stage(3, first = 0);
            { layer_norm(eps = 1e-6), conv(192, 2x2, stride = 2); }     => 28x28x192;
            Stage(3, first = 3);
            { layer_norm(eps = 1e-6), conv(384, 2x2, stride = 2); }     => 14x14x384;
            Stage(9, first = 6);
            { layer_norm(eps = 1e-6), conv(768, 2x2, stride = 2); }     => 7x7x768;
            Stage(3, first = 15)                                        => 7x7x768;
        }
        avgpool: adaptive_avg_pool(1x1);
        classifier: { layer_norm(eps = 1e-6), flatten, linear(1000); }

        assert params == 28_589_128;
    }
}
