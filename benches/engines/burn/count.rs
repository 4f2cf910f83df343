//! The parameters of each network, as its modules say.

use burn::module::{ModuleVisitor, Param};
use burn::prelude::*;

/// What batch norms remember: `num_params` counts it, and it is no parameter.
#[derive(Default)]
struct Remembered {
    path: Vec<String>,
    numbers: usize,
}

impl ModuleVisitor for Remembered {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if (self.path.last()).is_some_and(|name| name.starts_with("running_")) {
            self.numbers += param.lazy_shape().num_elements();
        }
    }
}

fn count(name: &str, network: impl Module) {
    let mut remembered = Remembered::default();
    network.visit(&mut remembered);
    println!("{name} {}", network.num_params() - remembered.numbers);
}

fn main() {
    let device = Device::default();
    count("alexnet", burn_alexnet::AlexNet::new(&device));
    count("vgg16", burn_vgg16::Vgg16::new(&device));
    count("vit_b_16", burn_vit_b_16::VitB16::new(&device));
    count("resnet50", burn_resnet50::ResNet50::new(&device));
    count("resnet152", burn_resnet152::ResNet152::new(&device));
}
