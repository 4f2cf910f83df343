//! SqueezeNet 1.0 (Iandola et al., 2016), as torchvision has it.

use shapewise::network;

network! {
    /// Few channels of 1x1, then many of 1x1 and of 3x3 side by side.
    block Fire(few, many) {
        squeeze: conv(few, 1x1), relu;
        concat {
            branch { expand1x1: conv(many, 1x1), relu; }
            branch { expand3x3: conv(many, 3x3, padding = half), relu; }
        }
    }

    /// SqueezeNet 1.0: the accuracy of AlexNet with a fiftieth of its parameters.
    pub struct SqueezeNet(image: 224x224x3) -> (logits: 1000) {
        features: {
            conv(96, 7x7, stride = 2), relu                 => 109x109x96;
            max_pool(3x3, stride = 2, ceil_mode = true)     => 54x54x96;
            Fire(16, 64);
            Fire(16, 64);
            Fire(32, 128)                                   => 54x54x256;
            max_pool(3x3, stride = 2, ceil_mode = true)     => 27x27x256;
            Fire(32, 128);
            Fire(48, 192);
            Fire(48, 192);
            Fire(64, 256)                                   => 27x27x512;
            max_pool(3x3, stride = 2, ceil_mode = true)     => 13x13x512;
            Fire(64, 256)                                   => 13x13x512;
        }
        classifier: {
            dropout(0.5);
            conv(1000, 1x1), relu                           => 13x13x1000;
            adaptive_avg_pool(1x1)                          => 1x1x1000;
        }
        flatten;

        assert params == 1_248_424;
        assert macs == 818_924_576;
    }
}
