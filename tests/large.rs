//! Networks far larger than usual, written by macros of their users.

use shapewise::{Network, network};

/// A network in which a statement is written `2^n` times, `n` the number of
/// tokens in the brackets.
macro_rules! doubled {
    ($name:ident [] $($statements:tt)*) => {
        network! {
            /// Two layers in each of 1,024 statements.
            #[derive(Debug)]
            pub struct $name(image: 8x8x4) -> (features: 8x8x4) {
                $($statements)*

                // 3*3*4*4 weights and 4 biases, then 4 weights and 4 biases.
                assert params == 1024 * (148 + 8);
            }
        }
    };
    ($name:ident [$_:tt $($rest:tt)*] $($statements:tt)*) => {
        doubled! { $name [$($rest)*] $($statements)* $($statements)* }
    };
}

doubled! { Long [1 2 3 4 5 6 7 8 9 10] conv(4, 3x3, padding = half), batch_norm; }

/// A network of residuals in each other, one for each token in the brackets.
macro_rules! nested {
    ($name:ident [] $($body:tt)*) => {
        network! {
            /// Residuals in residuals.
            #[derive(Debug)]
            pub struct $name(image: 8x8x4) -> (features: 8x8x4) {
                $($body)*
            }
        }
    };
    ($name:ident [$_:tt $($rest:tt)*] $($body:tt)*) => {
        nested! { $name [$($rest)*] residual { $($body)* relu; } }
    };
}

nested! {
    Deep [
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    ]
    conv(4, 3x3, padding = half);
}

network! {
    block Unit(channels) {
        residual {
            conv1: conv(channels, 3x3, padding = half, bias = false), batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false), batch_norm;
        }
        relu;
    }

    /// The residual network of 1,202 layers (He et al., 2016), on CIFAR-10.
    pub struct ResNet1202(image: 32x32x3) -> (classes: 10) {
        stem: conv(16, 3x3, padding = half, bias = false), batch_norm, relu;
        stage1: repeat 200 { Unit(16); }            => 32x32x16;
        down2: max_pool(2x2), conv(32, 1x1);
        stage2: repeat 200 { Unit(32); }            => 16x16x32;
        down3: max_pool(2x2), conv(64, 1x1);
        stage3: repeat 200 { Unit(64); }            => 8x8x64;
        head: global_avg_pool, linear(10);
    }
}

network! {
    /// Nearly as many layers, and nearly as many different ones, as are evaluated
    /// without a word to rustc.
    pub struct Short(tokens: 4x16) -> (tokens: 4x16) {
        repeat i in 1..400 { transformer_encoder(4, feedforward = i); }
        repeat 7000 { relu; }
    }

    /// More different layers than that.
    pub struct Different(tokens: 4x16) -> (tokens: 4x16) {
        repeat i in 1..1501 { transformer_encoder(4, feedforward = i); }
    }
}

#[test]
fn rustc_does_not_ask_whether_the_evaluation_ends() {
    assert_eq!(Short::GRAPH.nodes().len(), 399 + 7000);
    assert_eq!(Different::GRAPH.nodes().len(), 1500);
    assert_eq!(
        Different::GRAPH.nodes()[1499].counts.params(),
        Different::GRAPH.nodes()[0].counts.params() + 1499 * (2 * 16 + 1)
    );
}

#[test]
fn two_thousand_layers_are_one_after_the_other() {
    let graph = Long::GRAPH;
    assert_eq!(graph.nodes().len(), 2048);
    assert_eq!(graph.nodes()[2047].path, "2047");
    assert_eq!(graph.nodes()[2047].inputs, [2047]);
    assert_eq!(Long::MACS, 1024 * 8 * 8 * 144);
}

#[test]
fn sixty_four_residuals_are_in_each_other() {
    let graph = Deep::GRAPH;
    // A convolution, and in each residual a relu and an addition.
    assert_eq!(graph.nodes().len(), 1 + 64 * 2);
    let input_is_added = |node: &&shapewise::graph::Node| node.entry().name == "add";
    let added: Vec<_> = graph.nodes().iter().filter(input_is_added).collect();
    assert_eq!(added.len(), 64);
    assert!(added.iter().all(|node| node.inputs[1] == 0));
}

#[test]
fn blocks_are_repeated_hundreds_of_times() {
    // Two convolutions, two normalisations, two relus and an addition per unit.
    assert_eq!(ResNet1202::GRAPH.nodes().len(), 3 + 600 * 7 + 2 * 2 + 2);
    let last = ResNet1202::GRAPH.layer("stage3.199.conv2").unwrap();
    assert_eq!(last.counts.weights, 3 * 3 * 64 * 64);
}
