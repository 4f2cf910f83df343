//! Blocks of another crate, which knows the facade by another name, of another module, and
//! of a function.

use std::collections::BTreeSet;

use shapewise::{Graph, Network, network};

network! {
    use vision::blocks::{Bottleneck, Wide};
    use vision::again::{Neck as Other, Norm};

    block Stage(block, width, times, stride) {
        block(width, out = 4 * width, stride = stride);
        repeat times - 1 { block(width, out = 4 * width); }
    }

    pub struct Used(image: 64x64x3) -> (logits: 10) {
        stem: Norm(64, 7x7, stride = 2), max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(Bottleneck, 64, 3, 1);
        layer2: Stage(Other, 128, 4, 2);
        global_avg_pool, linear(10);
    }

    pub struct OfConstants(image: 8x8x16) -> (map: 8x8x5) { Wide(2); }
}

network! {
    block Norm(channels, kernel = 3x3, stride = 1, act = relu) {
        conv(channels, kernel, stride = stride, padding = half, bias = false), batch_norm, act;
    }

    block Bottleneck(mid, out = 4 * mid, stride = 1) {
        residual {
            Norm(mid, 1x1);
            Norm(mid, stride = stride);
            Last(out);
        } shortcut if stride != 1 || input.channels != out {
            Norm(out, 1x1, stride = stride, act = none);
        }
        relu;
    }

    block Last(channels) { Norm(channels, 1x1, act = none); }

    block Stage(width, times, stride) {
        Bottleneck(width, stride = stride);
        repeat times - 1 { Bottleneck(width); }
    }

    pub struct Written(image: 64x64x3) -> (logits: 10) {
        stem: Norm(64, 7x7, stride = 2), max_pool(3x3, stride = 2, padding = 1);
        layer1: Stage(64, 3, 1);
        layer2: Stage(128, 4, 2);
        global_avg_pool, linear(10);
    }
}

/// The layers with their paths and tensors.
fn layers(graph: &Graph) -> Vec<String> {
    let nodes = graph.nodes().iter();
    nodes
        .map(|node| {
            let tensors: Vec<String> = node
                .tensors()
                .map(|tensor| node.tensor_name(&tensor).to_string())
                .collect();
            format!("{} {:?} {tensors:?}", node.path, node.counts)
        })
        .collect()
}

#[test]
fn a_block_of_elsewhere_is_as_one_that_is_written_here() {
    assert_eq!(layers(Used::GRAPH), layers(Written::GRAPH));
    assert_eq!(Used::PARAMS, Written::PARAMS);
    assert_eq!(Used::PEAK_ACTIVATIONS, Written::PEAK_ACTIVATIONS);
}

#[test]
fn constants_of_a_block_are_those_of_its_crate() {
    assert_eq!(vision::blocks::EXPANSION, 4);
    // Weights, biases and the normalisation; then five channels.
    assert_eq!(OfConstants::PARAMS, 16 * 32 + 32 + 64 + 32 * 5 + 5);
}

#[test]
fn blocks_are_used_in_their_own_crate_and_beside_networks() {
    assert_eq!(
        vision::blocks::inside::Uses::PARAMS,
        9 * 64 * 32 + 32 + 320 + 10
    );
    assert_eq!(vision::blocks::Tiny::OUTPUT.channels(), 64);
}

#[test]
fn a_function_has_blocks_of_its_own() {
    network! {
        pub block Local(width) { conv(width, 1x1) }
    }
    network! {
        use Local;
        struct Net(image: 8x8x64) -> (map: 8x8x2) { Local(2) }
    }
    assert_eq!(Net::PARAMS, 130);
}

mod several {
    // Of one name in two modules of a crate.
    pub(crate) mod one {
        shapewise::network! { pub(crate) block Part(width) { conv(width, 1x1) } }
    }
    pub(crate) mod other {
        shapewise::network! { pub block Part(width) { conv(width, 1x1), relu } }
    }
}

network! {
    use self::several::one::Part;
    use crate::several::other::Part as Other;

    struct Several(image: 8x8x64) -> (map: 8x8x2) { Part(2); Other(2) }
}

#[test]
fn blocks_of_one_name_are_told_apart_by_their_modules() {
    let names: Vec<&str> = Several::GRAPH
        .nodes()
        .iter()
        .map(|node| node.path)
        .collect();
    assert_eq!(names, ["0.0", "1.0", "1.1"]);
}

#[test]
fn tensors_of_a_flat_layer_stand_in_the_network_itself() {
    network! {
        pub struct Loose(sequence: 6x8) -> (classes: 6x3) {
            #[flat] #[tensor(weight = "out")] linear(4, bias = false);
            inner: { #[flat] linear(3); }
        }
    }
    let names: Vec<String> = Loose::GRAPH
        .nodes()
        .iter()
        .flat_map(|node| {
            node.tensors()
                .map(|tensor| node.tensor_name(&tensor).to_string())
        })
        .collect();
    assert_eq!(names, ["out", "inner.weight", "inner.bias"]);
}

#[test]
fn flat_layers_have_paths_of_their_own() {
    network! {
        block Gate() { relu, sigmoid; }

        pub struct Flat(sequence: 6x8) -> (classes: 6x3) {
            #[flat] relu;
            #[flat] tanh;
            inner: { #[flat] linear(3); #[flat] Gate; }
            again: { #[flat] Gate; #[flat] Gate; }
        }
    }
    let nodes = Flat::GRAPH.nodes();
    let paths: Vec<&str> = nodes.iter().map(|node| node.path).collect();
    let distinct: BTreeSet<&str> = paths.iter().copied().collect();
    assert_eq!(distinct.len(), paths.len(), "{paths:?}");
    let linear = nodes.iter().find(|node| node.entry().name == "linear");
    assert_eq!(linear.map(|node| node.path), Some("inner"));
}
