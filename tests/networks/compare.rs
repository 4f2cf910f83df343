//! A network of the language against the same network in PyTorch.

use std::collections::BTreeMap;

use shapewise::graph::Node;
use shapewise::layer::Role;
use shapewise::{Graph, Network, Shape};

mod settings;
mod truth;
use settings::settings;
use truth::{Leaf, Truth};

/// Which classes a layer of the language can be in PyTorch.
const KINDS: &[(&str, &[&str])] = &[
    ("conv", &["Conv2d"]),
    ("depthwise_conv", &["Conv2d"]),
    ("conv_transpose", &["ConvTranspose2d"]),
    ("max_pool", &["MaxPool2d"]),
    ("avg_pool", &["AvgPool2d"]),
    ("adaptive_avg_pool", &["AdaptiveAvgPool2d"]),
    ("linear", &["Linear", "Conv1D"]),
    ("embedding", &["Embedding"]),
    ("positional_embedding", &["Embedding"]),
    ("batch_norm", &["BatchNorm2d"]),
    ("layer_norm", &["LayerNorm"]),
    ("relu", &["ReLU"]),
    ("relu6", &["ReLU6"]),
    ("gelu", &["GELU", "NewGELUActivation"]),
    ("dropout", &["Dropout"]),
    ("flatten", &["Flatten"]),
    ("pad", &["ZeroPad2d"]),
    ("lstm", &["LSTM"]),
    ("attention", &["MultiheadAttention"]),
];

/// PyTorch's functions that are compared, and the layers that they are.
const FUNCTIONS: &[(&str, &str)] = &[("relu", "relu"), ("add", "add"), ("cat", "concat")];

/// Compares a network with what PyTorch measured. `functions` are the layers that
/// need be no module there.
pub(crate) fn compare<N: Network>(measured: &str, functions: &[&str]) {
    let truth = Truth::parse(measured);
    let places = match_leaves(N::GRAPH, &truth, functions);
    compare_tensors(N::GRAPH, &truth);
    compare_reads(N::GRAPH, &truth, &places);
    compare_functions(N::GRAPH, &truth, &places);
    assert_eq!(N::PARAMS, truth.params, "parameters");
    assert_eq!(N::BUFFERS, truth.buffers, "buffers");
    assert_eq!(N::MACS, truth.macs, "MACs");
}

/// Finds the layer of each leaf, in their order, and compares the two; gives the
/// leaf of each node that is one. What stands between must be a function.
fn match_leaves(graph: &Graph, truth: &Truth, functions: &[&str]) -> BTreeMap<usize, usize> {
    let mut places = BTreeMap::new();
    let mut nodes = graph.nodes().iter().enumerate();
    for (place, leaf) in truth.leaves.iter().enumerate() {
        let found = nodes.by_ref().find(|(_, node)| {
            let same = is_of_class(node, &leaf.class);
            assert!(
                same || functions.contains(&node.entry().name),
                "`{}` is a {}, but {} is the leaf {}",
                node.path,
                node.entry().name,
                leaf.class,
                leaf.name
            );
            same
        });
        let (index, node) = found.unwrap_or_else(|| panic!("no layer is the leaf {}", leaf.name));
        compare_leaf(graph, node, leaf);
        places.insert(index, place);
    }
    for (_, node) in nodes {
        let name = node.entry().name;
        assert!(
            functions.contains(&name),
            "`{}`, a {name}, is no leaf",
            node.path
        );
    }
    places
}

fn compare_leaf(graph: &Graph, node: &Node, leaf: &Leaf) {
    let name = &leaf.name;
    assert_eq!(
        in_torch(graph.values()[node.output]),
        leaf.out,
        "the output of {name}"
    );
    assert_eq!(
        settings(&node.layer),
        leaf.settings,
        "the hyperparameters of {name}"
    );
    assert_eq!(
        node.counts.weights,
        leaf.weights - leaf.tied,
        "the weights of {name}"
    );
    assert_eq!(node.counts.biases, leaf.biases, "the biases of {name}");
    assert_eq!(node.counts.macs, leaf.macs, "the MACs of {name}");
}

/// Every tensor has PyTorch's name and extents, in PyTorch's order.
fn compare_tensors(graph: &Graph, truth: &Truth) {
    let mut direct = BTreeMap::new();
    let mut ours = Vec::new();
    for node in graph.nodes() {
        for tensor in node.tensors() {
            let name = node.tensor_name(&tensor).to_string();
            let extents = tensor.extents.as_slice().to_vec();
            if truth.direct.contains_key(&name) {
                assert_ne!(tensor.role, Role::Buffer, "{name}");
                direct.insert(name, extents);
            } else {
                ours.push((name, extents));
            }
        }
    }
    assert_eq!(direct, truth.direct, "parameters that belong to no leaf");
    let mut theirs = Vec::new();
    for leaf in &truth.leaves {
        for (tensor, extents) in &leaf.tensors {
            let mut extents = extents.clone();
            if leaf.class == "Conv1D" {
                // GPT-2's linear layers are stored transposed.
                extents.reverse();
            }
            theirs.push((format!("{}.{tensor}", leaf.name), extents));
        }
    }
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "a tensor");
    }
    assert_eq!(ours.len(), theirs.len(), "the number of tensors");
}

/// Every leaf reads the values of the same leaves, through whatever is no leaf,
/// in the same order, which decides what is where after a `concat`.
fn compare_reads(graph: &Graph, truth: &Truth, places: &BTreeMap<usize, usize>) {
    let mut sources: Vec<Vec<i64>> = vec![vec![-1]; graph.inputs().len()];
    for (index, node) in graph.nodes().iter().enumerate() {
        let mut reads: Vec<i64> = Vec::new();
        for source in node.inputs.iter().flat_map(|value| &sources[*value]) {
            if !reads.contains(source) {
                reads.push(*source);
            }
        }
        if node.entry().name == "add" {
            // PyTorch adds what came in to the body, or the body to it.
            reads.sort_unstable();
        }
        if let Some(place) = places.get(&index) {
            let leaf = &truth.leaves[*place];
            if let Some(theirs) = &leaf.reads {
                assert_eq!(reads, *theirs, "what {} reads", leaf.name);
            }
            reads = vec![i64::try_from(*place).expect("a small number")];
        }
        sources.extend(std::iter::repeat_n(reads, node.results));
    }
}

/// The layers that are functions in PyTorch are those, in this order.
fn compare_functions(graph: &Graph, truth: &Truth, places: &BTreeMap<usize, usize>) {
    let Some(theirs) = &truth.functions else {
        return;
    };
    let ours: Vec<(String, Vec<usize>)> = graph
        .nodes()
        .iter()
        .enumerate()
        .filter(|(index, _)| !places.contains_key(index))
        .filter_map(|(_, node)| {
            let called = |(_, layer): &&(&str, &str)| *layer == node.entry().name;
            let (function, _) = FUNCTIONS.iter().find(called)?;
            Some((
                (*function).to_owned(),
                in_torch(graph.values()[node.output]),
            ))
        })
        .collect();
    assert_eq!(ours, *theirs, "the functions");
}

/// Whether a layer can be a module of this class.
fn is_of_class(node: &Node, class: &str) -> bool {
    let classes = KINDS.iter().find(|(name, _)| *name == node.entry().name);
    classes.is_some_and(|(_, classes)| classes.contains(&class))
}

/// A shape as PyTorch has it: with a batch of one, an image channels first.
fn in_torch(shape: Shape) -> Vec<usize> {
    let extents = match shape.rank() {
        3 => shape.channels_first(),
        _ => shape.extents(),
    };
    std::iter::once(1)
        .chain(extents.as_slice().iter().copied())
        .collect()
}
