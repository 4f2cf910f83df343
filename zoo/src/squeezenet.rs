//! SqueezeNet, Iandola et al. 2016: torchvision's tensor names, whose weights load.

shapewise::network! {
    block Fire(mid) {
        squeeze: conv(mid, 1x1), relu;
        concat {
            branch { expand1x1: conv(4 * mid, 1x1), relu; }
            branch { expand3x3: conv(4 * mid, 3x3, padding = half), relu; }
        }
    }

    /// torchvision's `squeezenet1_0`: 1,248,424 parameters, 818,924,576 MACs on 224x224x3.
    pub struct SqueezeNet10<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(96, 7x7, stride = 2), relu;
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(16); }
            Fire(32);
            max_pool(3x3, stride = 2, ceil_mode = true);
            Fire(32);
            repeat 2 { Fire(48); }
            Fire(64);
            max_pool(3x3, stride = 2, ceil_mode = true);
            Fire(64);
        }
        classifier: { dropout; conv(CLASSES, 1x1), relu; adaptive_avg_pool(1x1); }
        flatten;
    }

    /// torchvision's `squeezenet1_1`: 1,235,496 parameters, 349,151,936 MACs on 224x224x3.
    pub struct SqueezeNet11<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, stride = 2), relu;
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(16); }
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(32); }
            max_pool(3x3, stride = 2, ceil_mode = true);
            repeat 2 { Fire(48); }
            repeat 2 { Fire(64); }
        }
        classifier: { dropout; conv(CLASSES, 1x1), relu; adaptive_avg_pool(1x1); }
        flatten;
    }
}
