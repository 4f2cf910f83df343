//! Networks of the zoo against torchvision's: nine layer by layer, as `tests/networks` of the facade does, others by some
//! of their tensors, at places where a count off by one shows. `python/tools/zoo.py` compares all, with values.

use shapewise::Network;
use shapewise::layer::Layer;
use shapewise::layer::regularisation::Regularisation;

#[path = "../../tests/networks/compare.rs"]
mod compare;

/// A test per network: its family and type, its data, and the layers that are functions or
/// parameters, but no modules, in PyTorch.
macro_rules! networks {
    ($($family:ident :: $network:ident = $data:literal, functions [$($function:literal),*];)+) => {
        mod modules {
            $(
                #[test]
                fn $family() {
                    type Net = shapewise_zoo::$family::$network;
                    super::compare::compare::<Net>(
                        include_str!(concat!("../../tests/data/models/", $data, ".json")),
                        &[$($function),*],
                    );
                }
            )+
        }
    };
}

networks! {
    alexnet::AlexNet = "alexnet", functions ["flatten"];
    densenet::DenseNet121 = "densenet121", functions ["relu", "concat", "adaptive_avg_pool", "flatten"];
    googlenet::GoogLeNet = "googlenet", functions ["relu", "concat", "flatten"];
    mobilenet_v2::MobileNetV2 = "mobilenet_v2", functions ["add", "adaptive_avg_pool", "flatten"];
    resnet::ResNet50 = "resnet50", functions ["add", "flatten"];
    squeezenet::SqueezeNet1_0 = "squeezenet1_0", functions ["concat", "flatten"];
    vgg::Vgg16 = "vgg16", functions ["flatten"];
    vit::VitB16 = "vit_b_16",
        functions ["add", "to_sequence", "class_token", "positional_embedding", "first"];
}

/// A test per family: networks, and tensors that they have.
macro_rules! tensors {
    ($($family:ident { $($network:ident: $tensors:tt;)+ })+) => {
        mod tensors {
            $(
                #[test]
                fn $family() {
                    $({
                        type Net = shapewise_zoo::$family::$network;
                        super::has_tensors::<Net>(&$tensors);
                    })+
                }
            )+
        }
    };
}

tensors! {
    convnext {
        ConvNeXtTiny: ["features.0.1.bias", "features.1.0.layer_scale", "features.5.8.block.0.bias", "features.7.2.block.5.weight", "features.6.1.weight", "classifier.0.weight", "classifier.2.bias"];
    }
    efficientnet {
        EfficientNetB0: ["features.1.0.block.1.fc1.weight", "features.6.3.block.3.1.running_var", "features.8.0.weight", "classifier.1.weight"];
    }
    inception {
        InceptionV3: ["Conv2d_1a_3x3.conv.weight", "Mixed_6b.branch7x7dbl_5.bn.running_var", "Mixed_7c.branch3x3dbl_3b.conv.weight", "fc.bias"];
    }
    maxvit {
        MaxVitT: ["stem.0.1.running_mean", "stem.1.0.bias", "blocks.0.layers.0.layers.MBconv.proj.1.weight", "blocks.0.layers.1.layers.MBconv.layers.squeeze_excitation.fc2.bias", "blocks.1.layers.0.layers.window_attention.attn_layer.1.to_qkv.weight", "blocks.2.layers.4.layers.grid_attention.attn_layer.1.relative_position_bias_table", "blocks.2.layers.4.layers.grid_attention.attn_layer.1.relative_position_index", "blocks.3.layers.1.layers.grid_attention.mlp_layer.3.bias", "classifier.2.weight", "classifier.5.weight"];
    }
    mnasnet {
        MnasNet1_0: ["layers.6.weight", "layers.8.0.layers.0.weight", "layers.12.3.layers.7.running_var", "layers.15.bias", "classifier.1.bias"];
    }
    mobilenet_v3 {
        MobileNetV3Small: ["features.0.1.running_mean", "features.1.block.1.fc1.weight", "features.1.block.2.0.weight", "features.4.block.2.fc2.bias", "features.12.0.weight", "classifier.3.bias"];
        MobileNetV3Large: ["features.16.1.bias", "features.15.block.3.1.weight"];
    }
    regnet {
        RegNetY400MF: ["stem.0.weight", "trunk_output.block1.block1-0.proj.1.running_mean", "trunk_output.block4.block4-5.f.se.fc2.bias", "trunk_output.block3.block3-1.f.c.0.weight", "fc.weight"];
    }
    resnet {
        ResNet101: ["layer1.0.downsample.1.running_mean", "layer3.5.conv2.weight", "fc.bias"];
        ResNeXt50_32x4d: ["layer1.0.downsample.1.running_mean", "layer3.5.conv2.weight", "fc.bias"];
        WideResNet50_2: ["layer1.0.downsample.1.running_mean", "layer3.5.conv2.weight", "fc.bias"];
    }
    shufflenet_v2 {
        ShuffleNetV2X1_0: ["conv1.0.weight", "stage2.0.branch1.3.running_mean", "stage3.7.branch2.6.bias", "conv5.1.weight"];
    }
    swin {
        SwinT: ["features.0.2.weight", "features.1.0.attn.relative_position_bias_table", "features.5.5.attn.qkv.weight", "features.7.1.mlp.3.bias", "features.6.reduction.weight", "norm.bias", "head.weight"];
    }
    swin_v2 {
        SwinV2T: ["features.0.2.weight", "features.1.0.attn.logit_scale", "features.1.1.attn.relative_coords_table", "features.5.5.attn.cpb_mlp.2.weight", "features.5.5.attn.qkv.weight", "features.7.1.mlp.3.bias", "features.6.norm.weight", "norm.bias", "head.weight"];
        SwinV2S: ["features.5.17.attn.cpb_mlp.0.bias", "features.7.1.norm2.bias"];
        SwinV2B: ["features.5.17.attn.cpb_mlp.0.bias", "features.7.1.norm2.bias"];
    }
    vgg {
        Vgg19Bn: ["features.0.weight", "features.50.running_var", "classifier.6.bias"];
    }
}

/// Checks that the tensors exist.
fn has_tensors<N: Network>(tensors: &[&str]) {
    let nodes = N::GRAPH.nodes().iter();
    let names: Vec<String> = nodes
        .flat_map(|node| {
            node.tensors()
                .map(|tensor| node.tensor_name(&tensor).to_string())
        })
        .collect();
    for tensor in tensors {
        assert!(
            names.iter().any(|name| name == tensor),
            "no {tensor} in {names:#?}"
        );
    }
}

/// How often training leaves each block out, from none on.
fn drops<N: Network>() -> Vec<f64> {
    let nodes = N::GRAPH.nodes().iter();
    let drop = nodes.filter_map(|node| match node.layer {
        Layer::Regularisation(Regularisation::StochasticDepth { p, .. }) => Some(p),
        _ => None,
    });
    drop.collect()
}

#[test]
fn later_blocks_are_left_out_more_often() {
    fn compare(found: &[f64], wanted: impl Iterator<Item = f64>) {
        let wanted: Vec<f64> = wanted.collect();
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        let apart = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs());
        assert!(
            apart.fold(0.0, f64::max) < 1e-12,
            "{found:?}, not {wanted:?}"
        );
    }
    type Swin = shapewise_zoo::swin::SwinT;
    compare(
        &drops::<Swin>(),
        (0..24).map(|place| 0.2 * f64::from(place / 2) / 11.0),
    );
    type SwinV2 = shapewise_zoo::swin_v2::SwinV2S;
    compare(
        &drops::<SwinV2>(),
        (0..48).map(|place| 0.3 * f64::from(place / 2) / 23.0),
    );
    // Each layer of MaxViT leaves out five parts.
    type MaxVit = shapewise_zoo::maxvit::MaxVitT;
    compare(
        &drops::<MaxVit>(),
        (0..55).map(|place| 0.2 * f64::from(place / 5) / 10.0),
    );
    type ConvNeXt = shapewise_zoo::convnext::ConvNeXtTiny;
    compare(
        &drops::<ConvNeXt>(),
        (0..18).map(|place| 0.1 * f64::from(place) / 17.0),
    );
    // Blocks that are not added to what came in are never left out.
    type EfficientNet = shapewise_zoo::efficientnet::EfficientNetB0;
    let added = [2, 4, 6, 7, 9, 10, 12, 13, 14];
    compare(
        &drops::<EfficientNet>(),
        added.into_iter().map(|place| 0.2 * f64::from(place) / 16.0),
    );
}

#[test]
fn images_of_other_sizes_cost_what_pytorch_counts() {
    type MaxVit = shapewise_zoo::maxvit::MaxVitT<10, 448>;
    assert_eq!((MaxVit::PARAMS, MaxVit::MACS), (30_412_744, 22_224_000_000));
    type SwinV2<const SIZE: usize> = shapewise_zoo::swin_v2::SwinV2T<10, SIZE>;
    assert_eq!(SwinV2::<512>::PARAMS, 27_590_260);
    assert_eq!(SwinV2::<512>::MACS, 23_699_710_464);
    // Windows of 8x8 do not divide all maps of these.
    assert_eq!(SwinV2::<384>::MACS, 13_889_757_696);
    assert_eq!(SwinV2::<96>::MACS, 1_267_425_792);
}
