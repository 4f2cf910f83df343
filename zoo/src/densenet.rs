//! DenseNet, Huang et al. 2016: torchvision's tensor names, whose weights load.

shapewise::network! {
    /// `growth` channels more, after all that came in.
    pub block DenseLayer() {
        norm1: batch_norm, relu;
        conv1: conv(128, 1x1, bias = false);
        norm2: batch_norm, relu;
        conv2: conv(32, 3x3, padding = half, bias = false);
        concat(input, _);
    }

    block DenseBlock(layers) {
        repeat i in 1..layers + 1 { #[name = "denselayer{i}"] DenseLayer(); }
    }

    /// Half the channels, half the resolution.
    pub block Transition() {
        norm: batch_norm, relu;
        conv: conv(input.channels / 2, 1x1, bias = false);
        pool: avg_pool(2x2);
    }

    block DenseLayer2() {
        norm1: batch_norm, relu;
        conv1: conv(192, 1x1, bias = false);
        norm2: batch_norm, relu;
        conv2: conv(48, 3x3, padding = half, bias = false);
        concat(input, _);
    }

    block DenseBlock2(layers) {
        repeat i in 1..layers + 1 { #[name = "denselayer{i}"] DenseLayer2(); }
    }

    /// torchvision's `densenet121`: 7,978,856 parameters, 2,834,161,664 MACs on 224x224x3.
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

    /// torchvision's `densenet161`: 28,681,000 parameters, 7,727,907,072 MACs on 224x224x3.
    pub struct DenseNet161<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(96, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock2(6);
            transition1: Transition();
            denseblock2: DenseBlock2(12);
            transition2: Transition();
            denseblock3: DenseBlock2(36);
            transition3: Transition();
            denseblock4: DenseBlock2(24);
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }

    /// torchvision's `densenet169`: 14,149,480 parameters, 3,359,843,328 MACs on 224x224x3.
    pub struct DenseNet169<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv0: conv(64, 7x7, stride = 2, padding = half, bias = false);
            norm0: batch_norm, relu;
            pool0: max_pool(3x3, stride = 2, padding = 1);
            denseblock1: DenseBlock(6);
            transition1: Transition();
            denseblock2: DenseBlock(12);
            repeat i in 0..2 {
                #[name = "transition{i + 2}"] Transition();
                #[name = "denseblock{i + 3}"] DenseBlock(32);
            }
            norm5: batch_norm;
        }
        relu;
        adaptive_avg_pool(1x1), flatten;
        classifier: linear(CLASSES);
    }

    /// torchvision's `densenet201`: 20,013,928 parameters, 4,291,365,888 MACs on 224x224x3.
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
