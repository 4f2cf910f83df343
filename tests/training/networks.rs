//! Whole networks: what goes in wants no gradient.

use serde_json::Value as Json;
use shapewise::analysis::{Flow, Link, Stored, store};
use shapewise::layer::Backward;
use shapewise::{Graph, Network};

use crate::Tally;
use crate::files::{
    alexnet, densenet121, googlenet, mobilenet_v2, resnet18, resnet50, squeezenet, vgg16, vit_b_16,
};

#[path = "../more_networks/convnext_tiny.rs"]
mod convnext_tiny;
#[path = "../more_networks/efficientnet_b0.rs"]
mod efficientnet_b0;
#[path = "../more_networks/inception_v3.rs"]
mod inception_v3;
#[path = "../more_networks/mnasnet.rs"]
mod mnasnet;
#[path = "../more_networks/mobilenet_v3.rs"]
mod mobilenet_v3;
#[path = "../more_networks/regnet_y_400mf.rs"]
mod regnet_y_400mf;
#[path = "../more_networks/resnets.rs"]
mod resnets;
#[path = "../more_networks/shufflenet_v2.rs"]
mod shufflenet_v2;
#[path = "../more_networks/swin_t.rs"]
mod swin_t;
#[path = "../more_networks/vgg19_bn.rs"]
mod vgg19_bn;

shapewise::network! {
    block Layer(channels) { conv(channels, 3x3, padding = 1), batch_norm, relu; }

    /// VGG-11 with batch normalisation.
    struct Vgg11Bn(image: 224x224x3) -> (logits: 1000) {
        Layer(64), max_pool(2x2);
        Layer(128), max_pool(2x2);
        repeat 2 { Layer(256); }
        max_pool(2x2);
        repeat 2 { Layer(512); }
        max_pool(2x2);
        repeat 2 { Layer(512); }
        max_pool(2x2);
        adaptive_avg_pool(7x7), flatten;
        linear(4096), relu, dropout(0.5);
        linear(4096), relu, dropout(0.5);
        linear(1000);
        assert params == 132_868_840;
    }
}

shapewise::network! {
    block Two(channels) {
        conv(channels, 3x3, padding = 1, bias = false), batch_norm, leaky_relu(0.1);
        conv(channels, 3x3, padding = 1), group_norm(4), silu;
    }

    /// Skips, two kinds of pooling, and two ways up.
    struct HeldUnet(image: 16x20x3) -> (map: 16x20x2) {
        a: Two(8);
        b: max_pool(2x2), Two(16);
        c: avg_pool(2x2), Two(32);
        u: conv_transpose(16, 2x2, stride = 2);
        d: concat(u, b), Two(16);
        up: upsample(2, mode = bilinear);
        e: concat(up, a), Two(8);
        conv(2, 1x1);
    }

    /// Words, read in both directions.
    struct HeldTagger(words: 11) -> (tags: 11x9) {
        embedding(50, 12), dropout(0.3), lstm(10, layers = 2, bidirectional = true), layer_norm;
        linear(16), glu, linear(9), log_softmax;
    }

    /// Gates, a transformer's layer, and a convolution of sequences.
    struct HeldStack(tokens: 9) -> (classes: 5) {
        embedding(40, 16);
        repeat 3 {
            residual {
                layer_norm;
                mul { branch { linear(48, bias = false), silu; } branch { linear(48, bias = false); } }
                linear(16, bias = false);
            }
        }
        rms_norm, transformer_encoder(heads = 4, feedforward = 32, dropout = 0.1, norm_first = true);
        conv(8, 3, padding = 1), tanh, global_avg_pool, linear(5);
    }
}

/// The network that a file is about, by torchvision's name.
fn graph(name: &str) -> Option<&'static Graph> {
    Some(match name {
        "alexnet" => alexnet::AlexNet::GRAPH,
        "vgg16" => vgg16::Vgg16::GRAPH,
        "vgg11_bn" => Vgg11Bn::GRAPH,
        "vgg19_bn" => vgg19_bn::Vgg19Bn::GRAPH,
        "resnet18" => resnet18::ResNet18::GRAPH,
        "resnet50" => resnet50::ResNet50::GRAPH,
        "resnet101" => resnets::ResNet101::GRAPH,
        "resnext50_32x4d" => resnets::ResNext50::GRAPH,
        "wide_resnet50_2" => resnets::WideResNet50::GRAPH,
        "mobilenet_v2" => mobilenet_v2::MobileNetV2::GRAPH,
        "mobilenet_v3_small" => mobilenet_v3::MobileNetV3Small::GRAPH,
        "mobilenet_v3_large" => mobilenet_v3::MobileNetV3Large::GRAPH,
        "mnasnet1_0" => mnasnet::MnasNet::GRAPH,
        "densenet121" => densenet121::DenseNet121::GRAPH,
        "squeezenet1_0" => squeezenet::SqueezeNet::GRAPH,
        "googlenet" => googlenet::GoogLeNet::GRAPH,
        "inception_v3" => inception_v3::InceptionV3::GRAPH,
        "shufflenet_v2_x1_0" => shufflenet_v2::ShuffleNetV2::GRAPH,
        "efficientnet_b0" => efficientnet_b0::EfficientNetB0::GRAPH,
        "regnet_y_400mf" => regnet_y_400mf::RegNetY400mf::GRAPH,
        "vit_b_16" => vit_b_16::VitB16::GRAPH,
        "convnext_tiny" => convnext_tiny::ConvNextTiny::GRAPH,
        "swin_t" => swin_t::SwinT::GRAPH,
        "held_unet" => HeldUnet::GRAPH,
        "held_tagger" => HeldTagger::GRAPH,
        "held_stack" => HeldStack::GRAPH,
        _ => return None,
    })
}

pub(crate) fn compare(text: &str, tally: &mut Tally) {
    let json: Json = serde_json::from_str(text).expect("a JSON object");
    let name = json["name"].as_str().expect("the network's name");
    let measured = json["saved_bytes"]
        .as_u64()
        .expect("the bytes that were saved");
    let samples = json["input"][0].as_u64().expect("the samples of the batch");
    let found = match graph(name) {
        Some(graph) => Ok(kept(graph, samples)),
        None => Err("no network of this name is written here".to_owned()),
    };
    tally.add(name, found, measured);
}

/// The bytes that the layers of the last output's way keep: PyTorch was measured without
/// auxiliary outputs.
fn kept(graph: &'static Graph, samples: u64) -> u64 {
    let output = graph.outputs().last().expect("an output").1;
    let mut needed = vec![false; graph.values().len()];
    needed[output] = true;
    let mut links = Vec::new();
    for node in graph.nodes().iter().rev() {
        let results = node.output..node.output + node.results;
        if results.clone().any(|value| needed[value]) {
            for input in node.inputs {
                needed[*input] = true;
            }
            links.push(Link {
                layer: &node.layer,
                inputs: node.inputs,
                output: node.output,
                results: node.results,
                counts: node.counts,
            });
        }
    }
    links.reverse();
    let outputs = [output];
    let flow = Flow::new(graph.inputs().len(), graph.values(), &links, &outputs);
    let pass = Backward {
        samples,
        ..Backward::eager(graph.dtype().bytes())
    };
    let mut places = vec![Stored::NONE; flow.values()];
    store(&flow, &pass, false, &mut places).bytes(&pass)
}
