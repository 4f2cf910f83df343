//! Residual networks of two convolutions a block (He et al., 2016), as torchvision has them.

use shapewise::network;

network! {
    /// Two convolutions of 3x3, added to what came in.
    block BasicBlock(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// ResNet-18.
    pub struct ResNet18(image: 224x224x3) -> (logits: 1000) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false)  => 112x112x64;
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1)                 => 56x56x64;
        layer1: { BasicBlock(64); BasicBlock(64); }                     => 56x56x64;
        layer2: { BasicBlock(128, stride = 2); BasicBlock(128); }       => 28x28x128;
        layer3: { BasicBlock(256, stride = 2); BasicBlock(256); }       => 14x14x256;
        layer4: { BasicBlock(512, stride = 2); BasicBlock(512); }       => 7x7x512;
        avgpool: adaptive_avg_pool(1x1), flatten                        => 512;
        fc: linear(1000);

        assert params == 11_689_512;
        assert macs == 1_814_073_344;
    }

    /// A residual network that fits a test.
    pub struct Small(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }

    /// The same in half precision.
    #[dtype(f16)]
    pub struct SmallHalf(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }
}
