//! DenseNet.
//!
//! Huang et al. 2016, [*Densely connected convolutional networks*](https://arxiv.org/abs/1608.06993), in the variant
//! DenseNet-BC.

shapewise::network! {
    /// `growth` channels more, behind all that came in.
    pub block DenseLayer(growth = 32) {
        norm1: batch_norm, relu;
        conv1: conv(4 * growth, 1x1, bias = false);
        norm2: batch_norm, relu;
        conv2: conv(growth, 3x3, padding = half, bias = false);
        concat(input, _);
    }

    /// Layers each of which reads all before it.
    pub block DenseBlock(layers, growth = 32) {
        repeat i in 1..layers + 1 { #[name = "denselayer{i}"] DenseLayer(growth); }
    }

    /// Half the channels, half the resolution.
    pub block Transition() {
        norm: batch_norm, relu;
        conv: conv(input.channels / 2, 1x1, bias = false);
        pool: avg_pool(2x2);
    }

    /// torchvision's `densenet121`.
    pub struct DenseNet121<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(64, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock(6);
            transition1: Transition();
            denseblock2: DenseBlock(12);
            transition2: Transition();
            denseblock3: DenseBlock(24);
            transition3: Transition();
            denseblock4: DenseBlock(16);
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }

    /// torchvision's `densenet161`.
    pub struct DenseNet161<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(96, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock(6, growth = 48);
            transition1: Transition();
            denseblock2: DenseBlock(12, growth = 48);
            transition2: Transition();
            denseblock3: DenseBlock(36, growth = 48);
            transition3: Transition();
            denseblock4: DenseBlock(24, growth = 48);
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }

    /// torchvision's `densenet169`.
    pub struct DenseNet169<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(64, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock(6);
            transition1: Transition();
            denseblock2: DenseBlock(12);
            transition2: Transition();
            denseblock3: DenseBlock(32);
            transition3: Transition();
            denseblock4: DenseBlock(32);
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }

    /// torchvision's `densenet201`.
    pub struct DenseNet201<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(64, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock(6);
            transition1: Transition();
            denseblock2: DenseBlock(12);
            transition2: Transition();
            denseblock3: DenseBlock(48);
            transition3: Transition();
            denseblock4: DenseBlock(32);
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }
}
