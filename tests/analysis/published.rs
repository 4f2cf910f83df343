//! The published networks of the examples and tests, and small ones.

#![allow(dead_code)]

use shapewise::network;

#[path = "../networks/alexnet.rs"]
pub(crate) mod alexnet;
#[path = "../../examples/bilstm.rs"]
pub(crate) mod bilstm;
#[path = "../../examples/densenet121.rs"]
pub(crate) mod densenet121;
#[path = "../networks/ds_cnn.rs"]
pub(crate) mod ds_cnn;
#[path = "../../examples/googlenet.rs"]
pub(crate) mod googlenet;
#[path = "../../examples/gpt2.rs"]
pub(crate) mod gpt2;
#[path = "../../examples/alexnet.rs"]
pub(crate) mod learnopencv;
#[path = "../../examples/mobilenet_v2.rs"]
pub(crate) mod mobilenet_v2;
#[path = "../networks/resnet18.rs"]
pub(crate) mod resnet18;
#[path = "../../examples/resnet50.rs"]
pub(crate) mod resnet50;
#[path = "../networks/squeezenet.rs"]
pub(crate) mod squeezenet;
#[path = "../../examples/unet.rs"]
pub(crate) mod unet;
#[path = "../networks/vgg16.rs"]
pub(crate) mod vgg16;
#[path = "../../examples/vit_b_16.rs"]
pub(crate) mod vit_b_16;

network! {
    /// LeNet-5.
    pub struct LeNet5(image: 32x32x1) -> (logits: 10) {
        conv(6, 5x5), tanh, avg_pool(2x2);
        conv(16, 5x5), tanh, avg_pool(2x2);
        flatten, linear(120), tanh, linear(84), tanh, linear(10);
        assert params == 61_706;
    }
}
