//! VGG.
//!
//! Simonyan and Zisserman 2014, [*Very deep convolutional networks for large-scale image
//! recognition*](https://arxiv.org/abs/1409.1556), whose table 1 names the configurations.

shapewise::network! {
    /// 3x3 convolutions in five stages, each of which ends with half the resolution: `convs` says how many
    /// each stage has.
    pub block Features(convs, norm = none) {
        repeat i in 0..5 {
            // Before a normalisation torchvision's have a bias all the same.
            // allow(bias_before_norm)
            repeat convs[i] { conv(min(64 << i, 512), 3x3, padding = half), norm, relu; }
            max_pool(2x2);
        }
    }

    /// Two hidden layers of 4,096 features, and the classes.
    pub block Classifier(classes) {
        linear(4096), relu, dropout;
        linear(4096), relu, dropout;
        linear(classes);
    }

    /// torchvision's `vgg11`, configuration A.
    pub struct Vgg11<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([1, 1, 2, 2, 2]);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg11_bn`, configuration A with batch normalisation.
    pub struct Vgg11Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([1, 1, 2, 2, 2], norm = batch_norm);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg13`, configuration B.
    pub struct Vgg13<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 2, 2, 2]);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg13_bn`, configuration B with batch normalisation.
    pub struct Vgg13Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 2, 2, 2], norm = batch_norm);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg16`, configuration D.
    pub struct Vgg16<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 3, 3, 3]);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg16_bn`, configuration D with batch normalisation.
    pub struct Vgg16Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 3, 3, 3], norm = batch_norm);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg19`, configuration E.
    pub struct Vgg19<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 4, 4, 4]);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }

    /// torchvision's `vgg19_bn`, configuration E with batch normalisation.
    pub struct Vgg19Bn<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: Features([2, 2, 4, 4, 4], norm = batch_norm);
        avgpool: adaptive_avg_pool(7x7), flatten;
        classifier: Classifier(CLASSES);
    }
}
