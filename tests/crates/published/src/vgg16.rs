//! VGG-16 (Simonyan and Zisserman, 2015), as torchvision has it.

use shapewise::network;

network! {
    /// Convolutions of 3x3, then half the resolution.
    block Stage(channels, convolutions) {
        repeat convolutions { conv(channels, 3x3, padding = half), relu; }
        max_pool(2x2);
    }

    /// VGG-16, configuration D of the paper.
    pub struct Vgg16(image: 224x224x3) -> (logits: 1000) {
        features: {
            #[flat] Stage(64, 2)    => 112x112x64;
            #[flat] Stage(128, 2)   => 56x56x128;
            #[flat] Stage(256, 3)   => 28x28x256;
            #[flat] Stage(512, 3)   => 14x14x512;
            #[flat] Stage(512, 3)   => 7x7x512;
        }
        avgpool: adaptive_avg_pool(7x7), flatten    => 25088;
        classifier: {
            linear(4096), relu, dropout(0.5);
            linear(4096), relu, dropout(0.5);
            linear(1000);
        }

        assert params == 138_357_544;
        assert macs == 15_470_264_320;
    }
}
