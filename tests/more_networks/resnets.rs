//! The bottleneck networks of torchvision's `resnet.py`: one block, three networks.

use shapewise::network;

network! {
    /// 1x1, 3x3 in groups, 1x1 to four times the channels.
    block Bottleneck(planes, stride = 1, groups = 1, base_width = 64) {
        let width = planes * base_width / 64 * groups;
        let out = 4 * planes;
        residual {
            conv1: conv(width, 1x1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(width, 3x3, stride = stride, padding = half, groups = groups, bias = false);
            bn2: batch_norm, relu;
            conv3: conv(out, 1x1, bias = false);
            bn3: batch_norm;
        } shortcut if stride != 1 || input.channels != out {
            downsample: { conv(out, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    block Layer(planes, blocks, stride, groups, base_width) {
        Bottleneck(planes, stride, groups, base_width);
        repeat blocks - 1 { Bottleneck(planes, 1, groups, base_width); }
    }

    /// All of them; what differs is how many blocks, in how many groups, of what width.
    block ResNet(third, groups = 1, base_width = 64) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1)         => 56x56x64;
        layer1: Layer(64, 3, 1, groups, base_width)             => 56x56x256;
        layer2: Layer(128, 4, 2, groups, base_width)            => 28x28x512;
        layer3: Layer(256, third, 2, groups, base_width)        => 14x14x1024;
        layer4: Layer(512, 3, 2, groups, base_width)            => 7x7x2048;
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(1000);
    }

    /// ResNet-101.
    pub struct ResNet101(image: 224x224x3) -> (logits: 1000) {
        #[flat] ResNet(23);
        assert params == 44_549_160;
    }

    /// ResNeXt-50, 32 groups of 4 channels.
    pub struct ResNext50(image: 224x224x3) -> (logits: 1000) {
        #[flat] ResNet(6, groups = 32, base_width = 4);
        assert params == 25_028_904;
    }

    /// Wide ResNet-50-2.
    pub struct WideResNet50(image: 224x224x3) -> (logits: 1000) {
        #[flat] ResNet(6, base_width = 128);
        assert params == 68_883_240;
    }
}
