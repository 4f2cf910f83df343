//! A small network, and a step of its training.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Distribution, Tensor};
use shapewise::network;
use shapewise_burn::{Error, Model};

network! {
    struct Digits(image: 8x8x1) -> (logits: 10) {
        conv1: conv(6, 3x3), relu, max_pool(2x2);
        fc: flatten, linear(10);
    }
}

fn main() -> Result<(), Error> {
    let device = Device::flex().autodiff();
    let model = Model::<Digits>::new(&device)?;
    let images = Tensor::<4>::random([32, 1, 8, 8], Distribution::Default, &device);
    let logits: Tensor<2> = model.forward(images)?;
    let gradients = GradientsParams::from_grads(logits.sum().backward(), &model);
    let model = AdamConfig::new().init().step(1e-3, model, gradients);
    println!("{}", model.num_params());
    Ok(())
}
