//! A model takes memory in proportion to its layers, whatever extents it has: what
//! follows from them is calculated in the model.

use prost::Message;
use shapewise::network;
use shapewise_onnx::{Options, export, export_graph};

use crate::cases;

/// The parts of a model that are counted here, by their numbers in `onnx.proto`.
#[derive(Clone, PartialEq, Message)]
struct Model {
    #[prost(message, optional, tag = "7")]
    graph: Option<Graph>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub(crate) nodes: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    constants: Vec<Constant>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, tag = "3")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Constant {
    #[prost(bytes = "vec", tag = "9")]
    content: Vec<u8>,
}

/// What is counted of a model.
pub(crate) fn graph(model: &[u8]) -> Graph {
    Model::decode(model).unwrap().graph.unwrap()
}

network! {
    struct Averages(x: 960000x1) -> (y: 961x1) {
        pool: adaptive_avg_pool(961);
    }

    struct Maxima(x: 960000x1) -> (y: 961x1) {
        pool: adaptive_max_pool(961);
    }

    struct Patches(x: 10000000x1) -> (y: 9999001x1000) {
        patches: unfold(1000);
    }

    struct Window(x: 128x128x4) -> (y: 128x128x4) {
        attention: attention(2, window = 128, relative_position_bias = true);
    }

    struct Shifted(x: 4096x4096x4) -> (y: 4096x4096x4) {
        attention: attention(2, window = 8, shift = 4, relative_position_bias = true);
    }

    struct Area(x: 9999x7777x1) -> (y: 7001x9998x1) {
        resized: upsample(size = 7001x9998, mode = area);
    }

    struct Stretched(x: 7x1) -> (y: 7000000000x1) {
        resized: upsample(1_000_000_000);
    }

    struct Causal(x: 1000000x4) -> (y: 1000000x4) {
        attention: attention(2, causal = true);
    }

    struct Deep(x: 7x8) -> (y: 7x8) {
        lstm: lstm(8, layers = 1024);
    }

    struct Less(x: 7x8) -> (y: 7x8) {
        lstm: lstm(8, layers = 64);
    }
}

/// Whatever is large here, the model is small.
#[test]
fn extents_make_no_constants() {
    for (name, model) in [
        ("Averages", export::<Averages>(&Options::default())),
        ("Maxima", export::<Maxima>(&Options::default())),
        ("Patches", export::<Patches>(&Options::default())),
        ("Window", export::<Window>(&Options::default())),
        ("Shifted", export::<Shifted>(&Options::default())),
        ("Area", export::<Area>(&Options::default())),
        ("Stretched", export::<Stretched>(&Options::default())),
        ("Causal", export::<Causal>(&Options::default())),
    ] {
        let model = model.unwrap();
        assert!(model.len() < 16_000, "{name}: {} bytes", model.len());
        let graph = graph(&model);
        assert!(graph.nodes.len() < 80, "{name}: {}", graph.nodes.len());
    }
}

/// No layer of the catalogue has a constant of more than a few numbers.
#[test]
fn no_layer_has_a_long_constant() {
    for case in cases::all() {
        let model = export_graph(case.graph(), &Options::default()).unwrap();
        for constant in graph(&model).constants {
            let bytes = constant.content.len();
            assert!(bytes <= 64, "{}: {bytes} bytes", case.entry.name);
        }
    }
}

/// Layers of a stack take the same number of nodes and bytes each.
#[test]
fn a_deep_stack_is_so_many_times_a_shallow_one() {
    let deep = export::<Deep>(&Options::default()).unwrap();
    let less = export::<Less>(&Options::default()).unwrap();
    assert!(deep.len() < 17 * less.len(), "{}", deep.len());
    let (deep, less) = (graph(&deep), graph(&less));
    assert!(deep.nodes.len() < 17 * less.nodes.len());
    assert_eq!(deep.constants.len(), less.constants.len());
    let mut names: Vec<_> = deep.nodes.iter().map(|node| &node.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), deep.nodes.len());
}
