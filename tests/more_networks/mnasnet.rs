//! MNASNet (Tan et al., 2019) of depth multiplier 1, as torchvision has it.

use shapewise::network;

network! {
    block InvertedResidual(out, kernel, stride, expand) {
        let hidden = expand * input.channels;
        residual if stride == 1 && input.channels == out {
            layers: {
                conv(hidden, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
                depthwise_conv(kernel, stride = stride, padding = half, bias = false);
                batch_norm(momentum = 0.0003), relu;
                conv(out, 1x1, bias = false), batch_norm(momentum = 0.0003);
            }
        }
    }

    block Stack(out, kernel, stride, expand, copies) {
        InvertedResidual(out, kernel, stride, expand);
        repeat copies - 1 { InvertedResidual(out, kernel, 1, expand); }
    }

    /// MNASNet 1.0.
    pub struct MnasNet(image: 224x224x3) -> (logits: 1000) {
        layers: {
            conv(32, 3x3, stride = 2, padding = half, bias = false);
            batch_norm(momentum = 0.0003), relu;
            depthwise_conv(3x3, padding = half, bias = false), batch_norm(momentum = 0.0003), relu;
            conv(16, 1x1, bias = false), batch_norm(momentum = 0.0003)  => 112x112x16;
            Stack(24, 3x3, 2, 3, 3)                                     => 56x56x24;
            Stack(40, 5x5, 2, 3, 3)                                     => 28x28x40;
            Stack(80, 5x5, 2, 6, 3)                                     => 14x14x80;
            Stack(96, 3x3, 1, 6, 2)                                     => 14x14x96;
            Stack(192, 5x5, 2, 6, 4)                                    => 7x7x192;
            Stack(320, 3x3, 1, 6, 1)                                    => 7x7x320;
            conv(1280, 1x1, bias = false), batch_norm(momentum = 0.0003), relu;
        }
        global_avg_pool                                                 => 1280;
        classifier: { dropout(0.2), linear(1000); }

        assert params == 4_383_312;
    }
}
