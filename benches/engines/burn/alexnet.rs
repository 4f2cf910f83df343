//! AlexNet as one tower, on images of 3x227x227.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::prelude::*;

#[derive(Module, Debug)]
pub struct AlexNet {
    conv1: Conv2d,
    conv2: Conv2d,
    conv3: Conv2d,
    conv4: Conv2d,
    conv5: Conv2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    relu: Relu,
    pool: MaxPool2d,
    dropout: Dropout,
}

impl AlexNet {
    pub fn new(device: &Device) -> Self {
        Self {
            conv1: Conv2dConfig::new([3, 96], [11, 11])
                .with_stride([4, 4])
                .init(device),
            conv2: Conv2dConfig::new([96, 256], [5, 5])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            conv3: Conv2dConfig::new([256, 384], [3, 3])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            conv4: Conv2dConfig::new([384, 384], [3, 3])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            conv5: Conv2dConfig::new([384, 256], [3, 3])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            fc1: LinearConfig::new(256 * 6 * 6, 4096).init(device),
            fc2: LinearConfig::new(4096, 4096).init(device),
            fc3: LinearConfig::new(4096, CLASSES).init(device),
            relu: Relu::new(),
            pool: MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).init(),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.relu.forward(self.conv1.forward(image));
        let x = self.pool.forward(x);
        let x = self.relu.forward(self.conv2.forward(x));
        let x = self.pool.forward(x);
        let x = self.relu.forward(self.conv3.forward(x));
        let x = self.relu.forward(self.conv4.forward(x));
        let x = self.relu.forward(self.conv5.forward(x));
        let x = self.pool.forward(x).flatten(1, 3);
        let x = self.relu.forward(self.fc1.forward(x));
        let x = self.dropout.forward(x);
        let x = self.relu.forward(self.fc2.forward(x));
        let x = self.dropout.forward(x);
        self.fc3.forward(x)
    }
}
