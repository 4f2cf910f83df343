//! ResNet, and its wider kinds.
//!
//! He et al. 2015, [*Deep residual learning for image recognition*](https://arxiv.org/abs/1512.03385), with the stride
//! at the 3x3 convolution as in torchvision; Xie et al. 2016, [*Aggregated residual transformations for deep neural
//! networks*](https://arxiv.org/abs/1611.05431), ResNeXt; Zagoruyko and Komodakis 2016, [*Wide residual
//! networks*](https://arxiv.org/abs/1605.07146).

shapewise::network! {
    /// Two 3x3 convolutions, added to what came in.
    pub block BasicBlock(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// 1x1, 3x3 and 1x1 convolutions, added to what came in.
    pub block Bottleneck(mid, out = 4 * mid, stride = 1, groups = 1) {
        residual {
            conv1: conv(mid, 1x1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(mid, 3x3, stride = stride, padding = half, groups = groups, bias = false);
            bn2: batch_norm, relu;
            conv3: conv(out, 1x1, bias = false);
            bn3: batch_norm;
        } shortcut if input.channels != out {
            downsample: { conv(out, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// A stage: the first block changes channels and resolution, the others keep them.
    pub block Stage(mid, blocks, out = 4 * mid, stride = 2, groups = 1) {
        Bottleneck(mid, out, stride = stride, groups = groups);
        repeat blocks - 1 { Bottleneck(mid, out, groups = groups); }
    }

    /// torchvision's `resnet18`.
    pub struct ResNet18<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: repeat 2 { BasicBlock(64); }
        layer2: { BasicBlock(128, stride = 2); BasicBlock(128); }
        layer3: { BasicBlock(256, stride = 2); BasicBlock(256); }
        layer4: { BasicBlock(512, stride = 2); BasicBlock(512); }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnet34`.
    pub struct ResNet34<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: repeat 3 { BasicBlock(64); }
        layer2: { BasicBlock(128, stride = 2); repeat 3 { BasicBlock(128); } }
        layer3: { BasicBlock(256, stride = 2); repeat 5 { BasicBlock(256); } }
        layer4: { BasicBlock(512, stride = 2); repeat 2 { BasicBlock(512); } }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnet50`.
    pub struct ResNet50<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(64, 3, stride = 1);
        layer2: Stage(128, 4);
        layer3: Stage(256, 6);
        layer4: Stage(512, 3);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnet101`.
    pub struct ResNet101<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(64, 3, stride = 1);
        layer2: Stage(128, 4);
        layer3: Stage(256, 23);
        layer4: Stage(512, 3);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnet152`.
    pub struct ResNet152<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(64, 3, stride = 1);
        layer2: Stage(128, 8);
        layer3: Stage(256, 36);
        layer4: Stage(512, 3);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnext50_32x4d`.
    pub struct ResNeXt50_32x4d<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(128, 3, out = 256, stride = 1, groups = 32);
        layer2: Stage(256, 4, out = 512, groups = 32);
        layer3: Stage(512, 6, out = 1024, groups = 32);
        layer4: Stage(1024, 3, out = 2048, groups = 32);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnext101_32x8d`.
    pub struct ResNeXt101_32x8d<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(256, 3, out = 256, stride = 1, groups = 32);
        layer2: Stage(512, 4, out = 512, groups = 32);
        layer3: Stage(1024, 23, out = 1024, groups = 32);
        layer4: Stage(2048, 3, out = 2048, groups = 32);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `resnext101_64x4d`.
    pub struct ResNeXt101_64x4d<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(256, 3, out = 256, stride = 1, groups = 64);
        layer2: Stage(512, 4, out = 512, groups = 64);
        layer3: Stage(1024, 23, out = 1024, groups = 64);
        layer4: Stage(2048, 3, out = 2048, groups = 64);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `wide_resnet50_2`.
    pub struct WideResNet50_2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(128, 3, out = 256, stride = 1);
        layer2: Stage(256, 4, out = 512);
        layer3: Stage(512, 6, out = 1024);
        layer4: Stage(1024, 3, out = 2048);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `wide_resnet101_2`.
    pub struct WideResNet101_2<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(128, 3, out = 256, stride = 1);
        layer2: Stage(256, 4, out = 512);
        layer3: Stage(512, 23, out = 1024);
        layer4: Stage(1024, 3, out = 2048);
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }
}
