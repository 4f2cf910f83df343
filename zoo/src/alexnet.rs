//! AlexNet.
//!
//! Krizhevsky 2014, [*One weird trick for parallelizing convolutional neural networks*](https://arxiv.org/abs/1404.5997):
//! one tower, without the local response normalisation of 2012.

shapewise::network! {
    /// torchvision's `alexnet`.
    pub struct AlexNet<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        features: {
            conv(64, 11x11, stride = 4, padding = 2), relu;
            max_pool(3x3, stride = 2);
            conv(192, 5x5, padding = half), relu;
            max_pool(3x3, stride = 2);
            conv(384, 3x3, padding = half), relu;
            conv(256, 3x3, padding = half), relu;
            conv(256, 3x3, padding = half), relu;
            max_pool(3x3, stride = 2);
        }
        avgpool: adaptive_avg_pool(6x6), flatten;
        classifier: {
            dropout;
            linear(4096), relu, dropout;
            linear(4096), relu;
            linear(CLASSES);
        }
    }
}
