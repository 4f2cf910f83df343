//! The networks, a module per file.

pub(crate) mod alexnet {
    pub(crate) type AlexNet = shapewise_zoo::alexnet::AlexNet;
}
pub(crate) mod resnet18 {
    pub(crate) type ResNet18 = shapewise_zoo::resnet::ResNet18;
}
pub(crate) mod squeezenet {
    pub(crate) type SqueezeNet = shapewise_zoo::squeezenet::SqueezeNet1_0;
}
pub(crate) mod vgg16 {
    pub(crate) type Vgg16 = shapewise_zoo::vgg::Vgg16;
}

#[path = "../../examples/bilstm.rs"]
pub(crate) mod bilstm;
#[path = "../../examples/densenet121.rs"]
pub(crate) mod densenet121;
pub(crate) mod ds_cnn;
#[path = "../../examples/googlenet.rs"]
pub(crate) mod googlenet;
#[path = "../../examples/gpt2.rs"]
pub(crate) mod gpt2;
#[path = "../../examples/mobilenet_v2.rs"]
pub(crate) mod mobilenet_v2;
#[path = "../../examples/resnet50.rs"]
pub(crate) mod resnet50;
#[path = "../../examples/unet.rs"]
pub(crate) mod unet;
#[path = "../../examples/vit_b_16.rs"]
pub(crate) mod vit_b_16;
