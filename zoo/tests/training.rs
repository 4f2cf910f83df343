//! What training keeps of the zoo's networks for the backward pass, against PyTorch's autograd, to the byte: as
//! `tests/training.rs` of the facade, whose data it reads; `SHAPEWISE_TRAINING` names another folder.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use shapewise::{Graph, Network};

#[path = "../../tests/training/kept.rs"]
mod kept;

/// Finds a graph by torchvision's name.
macro_rules! graphs {
    ($($name:literal: $family:ident::$network:ident,)+) => {
        fn graph(name: &str) -> Option<&'static Graph> {
            match name {
                $($name => {
                    type Net = shapewise_zoo::$family::$network;
                    Some(Net::GRAPH)
                })+
                _ => None,
            }
        }
    };
}

graphs! {
    "alexnet": alexnet::AlexNet,
    "convnext_tiny": convnext::ConvNeXtTiny,
    "densenet121": densenet::DenseNet121,
    "efficientnet_b0": efficientnet::EfficientNetB0,
    "googlenet": googlenet::GoogLeNet,
    "mnasnet1_0": mnasnet::MnasNet1_0,
    "mobilenet_v2": mobilenet_v2::MobileNetV2,
    "mobilenet_v3_large": mobilenet_v3::MobileNetV3Large,
    "mobilenet_v3_small": mobilenet_v3::MobileNetV3Small,
    "regnet_y_400mf": regnet::RegNetY400MF,
    "resnet101": resnet::ResNet101,
    "resnet18": resnet::ResNet18,
    "resnet50": resnet::ResNet50,
    "resnext50_32x4d": resnet::ResNeXt50_32x4d,
    "shufflenet_v2_x1_0": shufflenet_v2::ShuffleNetV2X1_0,
    "squeezenet1_0": squeezenet::SqueezeNet1_0,
    "swin_t": swin::SwinT,
    "vgg11_bn": vgg::Vgg11Bn,
    "vgg16": vgg::Vgg16,
    "vgg19_bn": vgg::Vgg19Bn,
    "vit_b_16": vit::VitB16,
    "wide_resnet50_2": resnet::WideResNet50_2,
}

#[test]
fn networks_keep_what_pytorch_does() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/training");
    let folder = std::env::var_os("SHAPEWISE_TRAINING").map_or(own, PathBuf::from);
    let files = std::fs::read_dir(&folder).expect("the folder with what was measured");
    let mut compared = 0;
    for file in files.map(|file| file.expect("a file").path()) {
        if file.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a readable file");
        let json: Json = serde_json::from_str(&text).expect("a JSON object");
        let name = json["name"].as_str().expect("the network's name");
        let Some(graph) = graph(name) else { continue };
        let (samples, saved) = kept::measured(&json);
        assert_eq!(kept::kept(graph, samples), saved, "{name}");
        compared += 1;
    }
    println!("{compared} networks equal");
    assert!(compared >= 9, "{compared} networks in {}", folder.display());
}
