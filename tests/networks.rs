//! Published networks, as a good author would write them, against PyTorch.
//!
//! The networks stand in `examples/`, `zoo/` and `tests/networks/`; what PyTorch 2.15 and
//! torchvision 0.29 measured of theirs in `tests/data/models/` (the script
//! `tests/data/compact_models.py` says what is in it). For each network:
//!
//! - every leaf module, in the order of the calls, has its layer of the same kind
//!   with the same hyperparameters, output shape, weights, biases and MACs, which
//!   reads the same leaves in the same order;
//! - every tensor, buffers too, has PyTorch's name and shape, in the same order.
//!   PyTorch's `state_dict` has this order as well, but for parameters that belong
//!   to no leaf (a class token): it puts them before their module's children;
//! - what PyTorch computes by functions (`relu`, `add`, `cat`) is a layer here, as
//!   often, in the same order and with the same shapes;
//! - the totals are the same.

#[path = "networks/compare.rs"]
mod compare;

#[path = "networks/files.rs"]
#[allow(dead_code, reason = "nothing prints the examples' summaries here")]
mod files;

/// A test per network: its type, its data, and the layers that are functions or
/// parameters, but no modules, in PyTorch.
macro_rules! networks {
    ($($file:ident :: $network:ident = $data:literal, functions [$($function:literal),*];)+) => {
        $(
            #[test]
            fn $file() {
                compare::compare::<files::$file::$network>(
                    include_str!(concat!("data/models/", $data, ".json")),
                    &[$($function),*],
                );
            }
        )+
    };
}

networks! {
    alexnet::AlexNet = "alexnet", functions ["flatten"];
    vgg16::Vgg16 = "vgg16", functions ["flatten"];
    squeezenet::SqueezeNet = "squeezenet1_0", functions ["concat", "flatten"];
    googlenet::GoogLeNet = "googlenet", functions ["relu", "concat", "flatten"];
    resnet18::ResNet18 = "resnet18", functions ["add", "flatten"];
    resnet50::ResNet50 = "resnet50", functions ["add", "flatten"];
    densenet121::DenseNet121 = "densenet121", functions ["relu", "concat", "global_avg_pool"];
    mobilenet_v2::MobileNetV2 = "mobilenet_v2", functions ["add", "global_avg_pool"];
    unet::UNet = "unet_same_256", functions ["concat"];
    vit_b_16::VitB16 = "vit_b_16",
        functions ["add", "to_sequence", "class_token", "positional_embedding", "first"];
    gpt2::Gpt2 = "gpt2_small",
        functions ["add", "channel_split", "scaled_dot_product_attention"];
    bilstm::BiLstm = "bilstm_classifier", functions ["last"];
    ds_cnn::DsCnn = "ds_cnn_small", functions [];
}
