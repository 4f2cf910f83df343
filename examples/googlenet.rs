//! GoogLeNet (Szegedy et al., 2015), as torchvision has it: branches side by side.

use shapewise::network;

network! {
    /// A convolution with batch normalisation.
    block BasicConv(channels, kernel, stride = 1) {
        conv: conv(channels, kernel, stride = stride, padding = half, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    /// The inception module: four ways through it, put together along the channels.
    block Inception(ch1x1, ch3x3_reduce, ch3x3, ch5x5_reduce, ch5x5, pool_proj) {
        concat {
            branch { branch1: BasicConv(ch1x1, 1x1); }
            branch2: branch { BasicConv(ch3x3_reduce, 1x1); BasicConv(ch3x3, 3x3); }
            // The paper has 5x5 here; torchvision's weights were trained with 3x3.
            branch3: branch { BasicConv(ch5x5_reduce, 1x1); BasicConv(ch5x5, 3x3); }
            branch4: branch {
                max_pool(3x3, stride = 1, padding = 1, ceil_mode = true);
                BasicConv(pool_proj, 1x1);
            }
        }
    }

    /// GoogLeNet, without the auxiliary classifiers of its training.
    pub struct GoogLeNet(image: 224x224x3) -> (logits: 1000) {
        conv1: BasicConv(64, 7x7, stride = 2)                           => 112x112x64;
        maxpool1: max_pool(3x3, stride = 2, ceil_mode = true)           => 56x56x64;
        conv2: BasicConv(64, 1x1)                                       => 56x56x64;
        conv3: BasicConv(192, 3x3)                                      => 56x56x192;
        maxpool2: max_pool(3x3, stride = 2, ceil_mode = true)           => 28x28x192;

        inception3a: Inception(64, 96, 128, 16, 32, 32)                 => 28x28x256;
        inception3b: Inception(128, 128, 192, 32, 96, 64)               => 28x28x480;
        maxpool3: max_pool(3x3, stride = 2, ceil_mode = true)           => 14x14x480;

        inception4a: Inception(192, 96, 208, 16, 48, 64)                => 14x14x512;
        inception4b: Inception(160, 112, 224, 24, 64, 64)               => 14x14x512;
        inception4c: Inception(128, 128, 256, 24, 64, 64)               => 14x14x512;
        inception4d: Inception(112, 144, 288, 32, 64, 64)               => 14x14x528;
        inception4e: Inception(256, 160, 320, 32, 128, 128)             => 14x14x832;
        maxpool4: max_pool(2x2, stride = 2, ceil_mode = true)           => 7x7x832;

        inception5a: Inception(256, 160, 320, 32, 128, 128)             => 7x7x832;
        inception5b: Inception(384, 192, 384, 48, 128, 128)             => 7x7x1024;

        avgpool: adaptive_avg_pool(1x1), flatten                        => 1024;
        dropout: dropout(0.2);
        fc: linear(1000);

        assert params == 6_624_904;
        assert macs == 1_498_376_192;
    }
}

fn main() {
    println!("{}", GoogLeNet::summary().for_terminal());
}
