//! Whole networks: what goes in wants no gradient.

use serde_json::Value as Json;
use shapewise::{Graph, Network};

use crate::Tally;
use crate::files::{
    alexnet, densenet121, googlenet, mobilenet_v2, resnet18, resnet50, squeezenet, vgg16, vit_b_16,
};
use crate::kept::{kept, measured};

#[path = "../more_networks/inception_v3.rs"]
mod inception_v3;

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
        "resnet18" => resnet18::ResNet18::GRAPH,
        "resnet50" => resnet50::ResNet50::GRAPH,
        "mobilenet_v2" => mobilenet_v2::MobileNetV2::GRAPH,
        "densenet121" => densenet121::DenseNet121::GRAPH,
        "squeezenet1_0" => squeezenet::SqueezeNet::GRAPH,
        "googlenet" => googlenet::GoogLeNet::GRAPH,
        "inception_v3" => inception_v3::InceptionV3::GRAPH,
        "vit_b_16" => vit_b_16::VitB16::GRAPH,
        "held_unet" => HeldUnet::GRAPH,
        "held_tagger" => HeldTagger::GRAPH,
        "held_stack" => HeldStack::GRAPH,
        _ => return None,
    })
}

pub(crate) fn compare(text: &str, tally: &mut Tally) {
    let json: Json = serde_json::from_str(text).expect("a JSON object");
    let name = json["name"].as_str().expect("the network's name");
    let (samples, measured) = measured(&json);
    let found = match graph(name) {
        Some(graph) => Ok(kept(graph, samples)),
        None => Err("no network of this name is written here".to_owned()),
    };
    tally.add(name, found, measured);
}
