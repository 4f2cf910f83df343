//! Multiply-accumulates as other tools count them, compared with the figures of
//! these tools.

use serde_json::Value as Json;
use shapewise::graph::Convention;
use shapewise::{Graph, Network};

use super::published::*;

/// What the program that was measured computes otherwise than its layers would:
/// so many more of fvcore's and ptflops's than the same network of modules has.
#[derive(Default)]
struct Otherwise {
    fvcore: i64,
    ptflops: i64,
}

/// What each tool counted, by `tests/data/compact_model_macs.py`.
fn figures() -> Json {
    serde_json::from_str(include_str!("../data/model_macs.json")).unwrap()
}

fn compare(name: &str, graph: &Graph, otherwise: Otherwise) {
    let data = figures();
    let macs = |convention| i64::try_from(graph.macs_by(convention).unwrap()).unwrap();
    let measured = |tool: &str| data[name][tool].as_i64().unwrap();
    assert_eq!(
        macs(Convention::Torchvision),
        measured("torchvision"),
        "torchvision on {name}"
    );
    let fvcore = measured("fvcore") - otherwise.fvcore;
    assert_eq!(macs(Convention::Fvcore), fvcore, "fvcore on {name}");
    let ptflops = measured("ptflops") - otherwise.ptflops;
    assert_eq!(macs(Convention::Ptflops), ptflops, "ptflops on {name}");
}

/// The elements that all layers of a kind make.
fn elements_of(graph: &Graph, kind: &str) -> i64 {
    let nodes = graph
        .nodes()
        .iter()
        .filter(|node| node.entry().name == kind);
    nodes
        .map(|node| i64::try_from(graph.values()[node.output].elements()).unwrap())
        .sum()
}

#[test]
fn networks_of_modules() {
    let nothing = Otherwise::default;
    compare("alexnet", alexnet::AlexNet::GRAPH, nothing());
    compare(
        "alexnet_learnopencv",
        learnopencv::AlexNet::GRAPH,
        nothing(),
    );
    compare("bilstm_classifier", bilstm::BiLstm::GRAPH, nothing());
    compare("ds_cnn_small", ds_cnn::DsCnn::GRAPH, nothing());
    compare("lenet5", LeNet5::GRAPH, nothing());
    compare("mobilenet_v2", mobilenet_v2::MobileNetV2::GRAPH, nothing());
    compare("resnet18", resnet18::ResNet18::GRAPH, nothing());
    compare("resnet50", resnet50::ResNet50::GRAPH, nothing());
    compare("squeezenet1_0", squeezenet::SqueezeNet::GRAPH, nothing());
    compare("unet_same_256", unet::UNet::GRAPH, nothing());
    compare("vgg16", vgg16::Vgg16::GRAPH, nothing());
    compare("vit_b_16", vit_b_16::VitB16::GRAPH, nothing());
}

/// GoogLeNet calls `F.relu` after each convolution, DenseNet its last one:
/// without a module, ptflops counts it once.
#[test]
fn networks_that_call_functions() {
    let graph = googlenet::GoogLeNet::GRAPH;
    let otherwise = Otherwise {
        ptflops: -elements_of(graph, "relu"),
        ..Otherwise::default()
    };
    compare("googlenet", graph, otherwise);
    let otherwise = Otherwise {
        ptflops: -7 * 7 * 1024,
        ..Otherwise::default()
    };
    compare("densenet121", densenet121::DenseNet121::GRAPH, otherwise);
}

/// The GPT-2 that was measured writes attention as two matrix products and a
/// softmax, its linear layers as `addmm`, whose bias ptflops counts once for all
/// positions, and its gelu as a formula of operators.
#[test]
fn gpt2_is_written_with_functions() {
    let graph = gpt2::Gpt2::GRAPH;
    let attention = graph
        .nodes()
        .iter()
        .filter(|node| node.entry().name == "scaled_dot_product_attention");
    let products: i64 = attention.map(|node| node.counts.macs as i64).sum();
    let measured = &figures()["gpt2_small"]["fvcore_matmul"];
    assert_eq!(measured.as_i64(), Some(products));
    let softmax = 12 * 12 * 128 * 128;
    let biases: i64 = graph
        .nodes()
        .iter()
        .filter(|node| node.entry().name == "linear")
        .map(|node| node.counts.biases as i64)
        .sum();
    let otherwise = Otherwise {
        fvcore: products,
        ptflops: products + softmax - 127 * biases - 2 * elements_of(graph, "gelu"),
    };
    compare("gpt2_small", graph, otherwise);
}
