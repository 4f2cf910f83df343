//! The founding article's network, cell by cell, from the generated constants;
//! LeNet-5 by the same code; and both compared with PyTorch.

#![allow(clippy::duplicate_mod, reason = "both examples print by the same code")]

// The examples' own networks and tables: nothing here has a copy of them.
#[path = "../examples/alexnet.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "an example has a `main` of its own"
)]
mod alexnet;
#[path = "../examples/lenet5.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "an example has a `main` of its own"
)]
mod lenet5;

use std::fs;

use alexnet::AlexNet;
use lenet5::LeNet5;
use serde_json::Value as Json;
use shapewise::{Network, Shape, Stage};

/// A row of the article: tensor size, weights, biases, parameters.
type Row = (&'static [usize], u64, u64, u64);

fn assert_row(stage: &Stage, (output, weights, biases, params): Row) {
    assert_eq!(stage.output, Shape::new(output), "{}", stage.name);
    let counts = (stage.weights, stage.biases, stage.params);
    assert_eq!(counts, (weights, biases, params), "{}", stage.name);
}

#[test]
fn the_articles_table_from_the_constants() {
    assert_eq!(AlexNet::INPUT, Shape::new(&[227, 227, 3]));
    let rows: [(Stage, Row); 11] = [
        (AlexNet::CONV1, (&[55, 55, 96], 34_848, 96, 34_944)),
        (AlexNet::POOL1, (&[27, 27, 96], 0, 0, 0)),
        (AlexNet::CONV2, (&[27, 27, 256], 614_400, 256, 614_656)),
        (AlexNet::POOL2, (&[13, 13, 256], 0, 0, 0)),
        (AlexNet::CONV3, (&[13, 13, 384], 884_736, 384, 885_120)),
        (AlexNet::CONV4, (&[13, 13, 384], 1_327_104, 384, 1_327_488)),
        (AlexNet::CONV5, (&[13, 13, 256], 884_736, 256, 884_992)),
        (AlexNet::POOL3, (&[6, 6, 256], 0, 0, 0)),
        (AlexNet::FC1, (&[4096], 37_748_736, 4_096, 37_752_832)),
        (AlexNet::FC2, (&[4096], 16_777_216, 4_096, 16_781_312)),
        (AlexNet::FC3, (&[1000], 4_096_000, 1_000, 4_097_000)),
    ];
    for (stage, row) in &rows {
        assert_row(stage, *row);
    }
    assert_eq!(AlexNet::OUTPUT, Shape::new(&[1000]));
    assert_eq!(AlexNet::PARAMS, 62_378_344);
    let sum: u64 = rows.iter().map(|(stage, _)| stage.params).sum();
    assert_eq!(sum, AlexNet::PARAMS);
}

// All of it is known to rustc.
const CONVOLUTIONS: u64 = AlexNet::CONV1.params
    + AlexNet::CONV2.params
    + AlexNet::CONV3.params
    + AlexNet::CONV4.params
    + AlexNet::CONV5.params;
const _: () = assert!(CONVOLUTIONS == 3_747_200);

#[test]
fn the_tables_as_printed() {
    // Each compares every cell of its table.
    alexnet::main();
    lenet5::main();
}

#[test]
fn readme_has_the_table() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = alexnet::article::table::<AlexNet>().markdown().to_string();
    assert!(
        readme.contains(&table),
        "README has another table than\n{table}"
    );
}

#[test]
fn lenet5_from_the_constants() {
    assert_row(&LeNet5::CONV1, (&[28, 28, 6], 150, 6, 156));
    assert_row(&LeNet5::POOL1, (&[14, 14, 6], 0, 0, 0));
    assert_row(&LeNet5::CONV2, (&[10, 10, 16], 2_400, 16, 2_416));
    assert_row(&LeNet5::POOL2, (&[5, 5, 16], 0, 0, 0));
    assert_row(&LeNet5::FC1, (&[120], 48_000, 120, 48_120));
    assert_row(&LeNet5::FC2, (&[84], 10_080, 84, 10_164));
    assert_row(&LeNet5::FC3, (&[10], 840, 10, 850));
    assert_eq!(LeNet5::PARAMS, 61_706);
}

/// A layer that has weights or windows: extents of its output, without those of
/// 1 and with the channels last; weights, biases, MACs.
type Layer = (Vec<u64>, [u64; 3]);

/// The layers that PyTorch ran.
fn measured(name: &str) -> (Json, Vec<Layer>) {
    let path = format!(
        "{}/tests/data/models_{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let model: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let layers = model["layers"].as_array().unwrap().iter();
    let layers = layers.filter(|layer| {
        let kind = layer["type"].as_str().unwrap();
        ["Conv2d", "MaxPool2d", "AvgPool2d", "Linear"].contains(&kind)
    });
    let layers = layers.map(|layer| {
        let mut out: Vec<u64> = serde_json::from_value(layer["out"].clone()).unwrap();
        out[1..].rotate_left(1);
        out.retain(|extent| *extent != 1);
        (
            out,
            ["weights", "biases", "macs"].map(|count| layer[count].as_u64().unwrap()),
        )
    });
    let layers = layers.collect();
    (model, layers)
}

fn assert_measured<N: Network>(name: &str) {
    let (model, measured) = measured(name);
    let kinds = ["conv", "max_pool", "avg_pool", "linear"];
    let nodes = N::GRAPH.nodes().iter();
    let nodes = nodes.filter(|node| kinds.contains(&node.entry().name));
    let ours: Vec<Layer> = nodes
        .map(|node| {
            let output = N::GRAPH.values()[node.output];
            let extents = output.as_slice().iter().map(|extent| *extent as u64);
            let counts = [node.counts.weights, node.counts.biases, node.counts.macs];
            (extents.collect(), counts)
        })
        .collect();
    assert_eq!(ours, measured);
    assert!(ours.len() >= 7);
    assert_eq!(N::PARAMS, model["params"].as_u64().unwrap());
    assert_eq!(N::MACS, model["macs"].as_u64().unwrap());
}

#[test]
fn pytorch_has_the_same_figures() {
    assert_measured::<AlexNet>("alexnet_learnopencv");
    // PyTorch's has a 32x32 image and no padding, and its `fc1` is a convolution
    // whose kernel is as large as its input.
    assert_measured::<LeNet5>("lenet5");
}
