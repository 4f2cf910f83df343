//! ResNet-50 (He et al., 2016), as torchvision has it: residuals and blocks.

use shapewise::network;

network! {
    /// 1x1, 3x3 and 1x1 convolutions, added to what came in.
    block Bottleneck(mid, out = 4 * mid, stride = 1) {
        residual {
            conv1: conv(mid, 1x1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(mid, 3x3, stride = stride, padding = half, bias = false);
            bn2: batch_norm, relu;
            conv3: conv(out, 1x1, bias = false);
            bn3: batch_norm;
        } shortcut if stride != 1 || input.channels != out {
            downsample: { conv(out, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// A stage: the first block changes channels and resolution, the others keep them.
    block Stage(mid, blocks, stride) {
        Bottleneck(mid, stride = stride);
        repeat blocks - 1 { Bottleneck(mid); }
    }

    /// ResNet-50.
    pub struct ResNet50(image: 224x224x3) -> (logits: 1000) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false)  => 112x112x64;
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1)                 => 56x56x64;
        layer1: Stage(64, 3, stride = 1)                                => 56x56x256;
        layer2: Stage(128, 4, stride = 2)                               => 28x28x512;
        layer3: Stage(256, 6, stride = 2)                               => 14x14x1024;
        layer4: Stage(512, 3, stride = 2)                               => 7x7x2048;
        avgpool: adaptive_avg_pool(1x1), flatten                        => 2048;
        fc: linear(1000);

        assert params == 25_557_032;
        assert macs == 4_089_184_256;
    }
}

fn main() {
    println!("{}", ResNet50::summary().for_terminal());
}
