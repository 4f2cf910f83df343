//! VGG, Simonyan and Zisserman 2014: torchvision's tensor names, whose weights load.

shapewise::network! {
    /// torchvision's `vgg11`: 132,863,336 parameters, 7,609,090,048 MACs on 224x224x3.
    pub struct Vgg11<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(256, 3x3, padding = half), relu;
            conv(256, 3x3, padding = half), relu;
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), relu;
                conv(512, 3x3, padding = half), relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg11_bn`: 132,868,840 parameters, 7,609,090,048 MACs on 224x224x3.
    pub struct Vgg11Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(256, 3x3, padding = half), batch_norm, relu;
            conv(256, 3x3, padding = half), batch_norm, relu;
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), batch_norm, relu;
                conv(512, 3x3, padding = half), batch_norm, relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg13`: 133,047,848 parameters, 11,308,466,176 MACs on 224x224x3.
    pub struct Vgg13<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), relu;
            conv(64, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), relu;
            conv(128, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(256, 3x3, padding = half), relu;
            conv(256, 3x3, padding = half), relu;
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), relu;
                conv(512, 3x3, padding = half), relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg13_bn`: 133,053,736 parameters, 11,308,466,176 MACs on 224x224x3.
    pub struct Vgg13Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), batch_norm, relu;
            conv(64, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), batch_norm, relu;
            conv(128, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(256, 3x3, padding = half), batch_norm, relu;
            conv(256, 3x3, padding = half), batch_norm, relu;
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), batch_norm, relu;
                conv(512, 3x3, padding = half), batch_norm, relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg16`: 138,357,544 parameters, 15,470,264,320 MACs on 224x224x3.
    pub struct Vgg16<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), relu;
            conv(64, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), relu;
            conv(128, 3x3, padding = half), relu;
            max_pool(2x2);
            repeat 3 { conv(256, 3x3, padding = half), relu; }
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), relu;
                conv(512, 3x3, padding = half), relu;
                conv(512, 3x3, padding = half), relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg16_bn`: 138,365,992 parameters, 15,470,264,320 MACs on 224x224x3.
    pub struct Vgg16Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), batch_norm, relu;
            conv(64, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), batch_norm, relu;
            conv(128, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            repeat 3 { conv(256, 3x3, padding = half), batch_norm, relu; }
            repeat 2 {
                max_pool(2x2);
                conv(512, 3x3, padding = half), batch_norm, relu;
                conv(512, 3x3, padding = half), batch_norm, relu;
                conv(512, 3x3, padding = half), batch_norm, relu;
            }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg19`: 143,667,240 parameters, 19,632,062,464 MACs on 224x224x3.
    pub struct Vgg19<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), relu;
            conv(64, 3x3, padding = half), relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), relu;
            conv(128, 3x3, padding = half), relu;
            max_pool(2x2);
            repeat 4 { conv(256, 3x3, padding = half), relu; }
            max_pool(2x2);
            repeat 4 { conv(512, 3x3, padding = half), relu; }
            max_pool(2x2);
            repeat 4 { conv(512, 3x3, padding = half), relu; }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }

    /// torchvision's `vgg19_bn`: 143,678,248 parameters, 19,632,062,464 MACs on 224x224x3.
    pub struct Vgg19Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 3x3, padding = half), batch_norm, relu;
            conv(64, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            conv(128, 3x3, padding = half), batch_norm, relu;
            conv(128, 3x3, padding = half), batch_norm, relu;
            max_pool(2x2);
            repeat 4 { conv(256, 3x3, padding = half), batch_norm, relu; }
            max_pool(2x2);
            repeat 4 { conv(512, 3x3, padding = half), batch_norm, relu; }
            max_pool(2x2);
            repeat 4 { conv(512, 3x3, padding = half), batch_norm, relu; }
            max_pool(2x2);
        }
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: { linear(4096), relu, dropout; linear(4096), relu, dropout; linear(CLASSES); }
    }
}
