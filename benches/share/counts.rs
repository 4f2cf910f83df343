//! A small network that counts, beside the same by hand that trains.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, Relu};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Tensor};
use shapewise::network;

network! {
    struct Counted(image: 8x8x1) -> (logits: 10) {
        conv1: conv(6, 3x3), relu, max_pool(2x2);
        fc: flatten, linear(10);
    }
}

#[derive(Module, Debug)]
struct Digits {
    conv1: Conv2d,
    relu: Relu,
    pool1: MaxPool2d,
    fc: Linear,
}

impl Digits {
    fn new(device: &Device) -> Self {
        Self {
            conv1: Conv2dConfig::new([1, 6], [3, 3]).init(device),
            relu: Relu::new(),
            pool1: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc: LinearConfig::new(54, 10).init(device),
        }
    }

    fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let x = self.relu.forward(self.conv1.forward(image));
        self.fc.forward(self.pool1.forward(x).flatten(1, 3))
    }
}

fn main() {
    let device = Device::flex().autodiff();
    let model = Digits::new(&device);
    let images = Tensor::<4>::random([32, 1, 8, 8], Distribution::Default, &device);
    let gradients = model.forward(images).sum().backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    let model = AdamConfig::new().init().step(1e-3, model, gradients);
    println!("{} of {}", model.num_params(), Counted::PARAMS);
}
