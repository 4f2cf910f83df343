//! RegNet, Radosavovic et al. 2020: torchvision's tensor names, whose weights load.

shapewise::network! {
    block Conv2dNormActivation(channels, kernel = 1x1, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm, relu;
    }

    block BottleneckTransform(mid, stride = 1) {
        a: Conv2dNormActivation(mid);
        b: Conv2dNormActivation(mid, 3x3, stride = stride, groups = mid / 16);
        c: { conv(mid, 1x1, bias = false), batch_norm; }
    }

    block ResBottleneckBlock(channels, stride = 1) {
        residual {
            f: BottleneckTransform(channels, stride = stride);
        } shortcut if stride != 1 {
            proj: { conv(channels, 1x1, stride = 2, bias = false), batch_norm; }
        }
        relu;
    }

    block SqueezeExcitation(channels) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(channels, 1x1), relu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    block BottleneckTransform2(mid, stride = 1) {
        a: Conv2dNormActivation(mid);
        b: Conv2dNormActivation(mid, 3x3, stride = stride, groups = mid / 8);
        se: SqueezeExcitation(input.channels / 4);
        c: { conv(mid, 1x1, bias = false), batch_norm; }
    }

    block ResBottleneckBlock2(channels, stride = 1) {
        residual {
            f: BottleneckTransform2(channels, stride = stride);
        } shortcut if stride != 1 {
            proj: { conv(channels, 1x1, stride = 2, bias = false), batch_norm; }
        }
        relu;
    }

    block AnyStage(layers, res_bottleneck_block = false, res_bottleneck_block2 = false) {
        if res_bottleneck_block { #[name = "block2-0"] ResBottleneckBlock2(104, stride = 2); }
        if res_bottleneck_block2 { #[name = "block3-0"] ResBottleneckBlock2(208, stride = 2); }
        if !res_bottleneck_block && !res_bottleneck_block2 {
            #[name = "block4-0"] ResBottleneckBlock2(440, stride = 2);
        }
        repeat i in 1..layers + 1 {
            if res_bottleneck_block { #[name = "block2-{i}"] ResBottleneckBlock2(104); }
            if res_bottleneck_block2 { #[name = "block3-{i}"] ResBottleneckBlock2(208); }
            if !res_bottleneck_block && !res_bottleneck_block2 {
                #[name = "block4-{i}"] ResBottleneckBlock2(440);
            }
        }
    }

    /// torchvision's `regnet_x_400mf`: 5,495,976 parameters, 413,812,608 MACs on 224x224x3.
    pub struct RegNetX400MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: { conv(32, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        trunk_output: {
            block1: { #[name = "block1-0"] ResBottleneckBlock(32, stride = 2); }
            block2: {
                #[name = "block2-0"] ResBottleneckBlock(64, stride = 2);
                #[name = "block2-1"] ResBottleneckBlock(64);
            }
            block3: {
                #[name = "block3-0"] ResBottleneckBlock(160, stride = 2);
                repeat i in 1..7 { #[name = "block3-{i}"] ResBottleneckBlock(160); }
            }
            block4: {
                #[name = "block4-0"] ResBottleneckBlock(400, stride = 2);
                repeat i in 1..12 { #[name = "block4-{i}"] ResBottleneckBlock(400); }
            }
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }

    /// torchvision's `regnet_y_400mf`: 4,344,144 parameters, 401,842,848 MACs on 224x224x3.
    pub struct RegNetY400MF<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: { conv(32, 3x3, stride = 2, padding = half, bias = false), batch_norm, relu; }
        trunk_output: {
            block1: { #[name = "block1-0"] ResBottleneckBlock2(48, stride = 2); }
            block2: AnyStage(2, res_bottleneck_block = true);
            block3: AnyStage(5, res_bottleneck_block2 = true);
            block4: AnyStage(5);
        }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(CLASSES);
    }
}
