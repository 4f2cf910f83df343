//! VGG-19 with batch normalisation, as torchvision has it.

use shapewise::network;

network! {
    block Stage(channels, convolutions) {
        repeat convolutions { conv(channels, 3x3, padding = half), batch_norm, relu; }
        max_pool(2x2);
    }

    /// VGG-19, configuration E of the paper, normalised.
    pub struct Vgg19Bn(image: 224x224x3) -> (logits: 1000) {
        features: {
            #[flat] Stage(64, 2)    => 112x112x64;
            #[flat] Stage(128, 2)   => 56x56x128;
            #[flat] Stage(256, 4)   => 28x28x256;
            #[flat] Stage(512, 4)   => 14x14x512;
            #[flat] Stage(512, 4)   => 7x7x512;
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: {
            linear(4096), relu, dropout(0.5);
            linear(4096), relu, dropout(0.5);
            linear(1000);
        }

        assert params == 143_678_248;
    }
}
