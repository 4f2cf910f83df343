//! The networks, a module per file.

pub(crate) mod alexnet;
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
pub(crate) mod resnet18;
#[path = "../../examples/resnet50.rs"]
pub(crate) mod resnet50;
pub(crate) mod squeezenet;
#[path = "../../examples/unet.rs"]
pub(crate) mod unet;
pub(crate) mod vgg16;
#[path = "../../examples/vit_b_16.rs"]
pub(crate) mod vit_b_16;
