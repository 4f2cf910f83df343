//! AlexNet as torchvision has it: one tower, after "One weird trick for parallelizing
//! convolutional neural networks" (Krizhevsky, 2014).

use shapewise::network;

network! {
    /// AlexNet, one tower of 2014.
    pub struct AlexNet(image: 224x224x3) -> (logits: 1000) {
        features: {
            conv(64, 11x11, stride = 4, padding = 2), relu      => 55x55x64;
            max_pool(3x3, stride = 2)                           => 27x27x64;
            conv(192, 5x5, padding = 2), relu                   => 27x27x192;
            max_pool(3x3, stride = 2)                           => 13x13x192;
            conv(384, 3x3, padding = 1), relu;
            conv(256, 3x3, padding = 1), relu;
            conv(256, 3x3, padding = 1), relu                   => 13x13x256;
            max_pool(3x3, stride = 2)                           => 6x6x256;
        }
        avgpool: adaptive_avg_pool(6x6), flatten                => 9216;
        classifier: {
            dropout(0.5), linear(4096), relu;
            dropout(0.5), linear(4096), relu;
            linear(1000);
        }

        assert params == 61_100_840;
        assert macs == 714_188_480;
    }
}
