//! LeNet-5, twice.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::tensor::{Device, Tensor};
use shapewise::network;

network! {
    /// LeNet-5.
    pub(crate) struct LeNet5(image: 28x28x1) -> (logits: 10) {
        conv1: conv(6, 5x5, padding = 2), relu, max_pool(2x2);
        conv2: conv(16, 5x5), relu, max_pool(2x2);
        fc1: flatten, linear(120), relu;
        fc2: linear(84), relu;
        fc3: linear(10);
    }
}

/// The same by hand.
#[derive(Module, Debug)]
pub(crate) struct LeNet5ByHand {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    relu: Relu,
}

impl LeNet5ByHand {
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            conv1: Conv2dConfig::new([1, 6], [5, 5])
                .with_padding(PaddingConfig2d::Explicit(2, 2, 2, 2))
                .init(device),
            conv2: Conv2dConfig::new([6, 16], [5, 5]).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc1: LinearConfig::new(400, 120).init(device),
            fc2: LinearConfig::new(120, 84).init(device),
            fc3: LinearConfig::new(84, 10).init(device),
            relu: Relu::new(),
        }
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self
            .pool
            .forward(self.relu.forward(self.conv1.forward(image)));
        let x = self.pool.forward(self.relu.forward(self.conv2.forward(x)));
        let x = self.relu.forward(self.fc1.forward(x.flatten(1, 3)));
        self.fc3.forward(self.relu.forward(self.fc2.forward(x)))
    }
}
