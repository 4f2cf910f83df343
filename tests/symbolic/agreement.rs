//! The macro and rustc agree: the same networks with all numbers written, and
//! with all numbers constants of Rust.

use proc_macro2::{TokenStream, TokenTree};
use shapewise::{Graph, Network};

/// The networks with these words in the place of their numbers.
macro_rules! networks {
    ($height:expr, $width:expr, $channels:expr, $three:expr, $one:expr, $two:expr) => {
        ::shapewise::network! {
            block Bottleneck(mid, stride = $one) {
                residual {
                    conv1: conv(mid, 1x1, bias = false), batch_norm, relu;
                    conv2: conv(mid, [$three, $three], stride = stride, padding = $one, groups = $two);
                    conv3: conv(4 * mid, 1x1), batch_norm;
                } shortcut { conv(4 * mid, 1x1, stride = stride); }
                relu;
            }

            /// Windows, branches, residuals, values read from shapes.
            pub(super) struct Vision(image: [$height, $width, $three]) -> (logits: [$two * $channels]) {
                conv1: conv($channels, [$three, $three], stride = $two), relu;
                pool1: max_pool([$three, $two], stride = $two, padding = [$one, $one]);
                body: { Bottleneck(conv1.channels, stride = $two); Bottleneck($channels / $two); }
                mixed: concat {
                    branch { conv($channels, 1x1); }
                    branch { depthwise_conv([$three, $three], padding = $one, multiplier = $two); }
                };
                cut: slice(height = $one..$three);
                head: global_avg_pool, dropout(0.5), linear($two * $channels);
            }

            /// Positions and features.
            pub(super) struct Sequence(words: [$height]) -> (encoded: [$height, $channels]) {
                table: embedding($width, $two * $channels);
                (states, _last, _cell): lstm($channels / $two, bidirectional = true);
                block: from states, residual { attention(heads = $two); };
                linear($channels), gelu;
            }
        }
    };
}

mod written {
    networks!(57, 43, 52, 3, 1, 2);
}

mod constants {
    const HEIGHT: usize = 57;
    const WIDTH: usize = 43;
    const CHANNELS: usize = 52;
    const THREE: usize = 3;
    const ONE: usize = 1;
    const TWO: usize = 2;
    networks!(HEIGHT, WIDTH, CHANNELS, THREE, ONE, TWO);
}

fn same(one: &Graph, other: &Graph) {
    assert_eq!(one.values(), other.values());
    assert_eq!(one.outputs(), other.outputs());
    assert_eq!(one.nodes().len(), other.nodes().len());
    for (a, b) in one.nodes().iter().zip(other.nodes()) {
        assert_eq!((a.path, a.layer, a.counts), (b.path, b.layer, b.counts));
        assert_eq!(
            (a.inputs, a.output, a.results),
            (b.inputs, b.output, b.results)
        );
        assert_eq!(a.arguments, b.arguments, "{}", a.path);
    }
    assert_eq!(one.statements().len(), other.statements().len());
    for (a, b) in one.statements().iter().zip(other.statements()) {
        assert_eq!(one.stage_of(a), other.stage_of(b));
    }
}

macro_rules! compare {
    ($network:ident: $($constant:ident)+) => {
        $(assert_eq!(written::$network::$constant, constants::$network::$constant);)+
    };
}

#[test]
fn every_constant_and_the_graph_are_the_same() {
    compare!(Vision: INPUT OUTPUT WEIGHTS BIASES PARAMS BUFFERS MACS FLOPS PARAM_BYTES);
    compare!(Vision: ACTIVATIONS CONV1 POOL1 BODY MIXED CUT HEAD);
    compare!(Sequence: INPUT OUTPUT WEIGHTS BIASES PARAMS BUFFERS MACS FLOPS PARAM_BYTES);
    compare!(Sequence: ACTIVATIONS TABLE STATES BLOCK);
    same(written::Vision::GRAPH, constants::Vision::GRAPH);
    same(written::Sequence::GRAPH, constants::Sequence::GRAPH);
}

/// Every literal that stands in tokens.
fn literals(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => found.push(literal.to_string()),
            _ => {}
        }
    }
}

fn expanded(network: &str) -> Vec<String> {
    let tokens: TokenStream = format!("(::shapewise) {network}").parse().expect("tokens");
    let mut found = Vec::new();
    literals(shapewise_compiler::expand(tokens), &mut found);
    found
}

/// The numbers in a token.
fn figures(token: &str) -> impl Iterator<Item = &str> {
    token.split(|c: char| !c.is_ascii_digit())
}

#[test]
fn what_rustc_computes_is_not_in_the_emitted_code() {
    let source = |height: &str, channels: &str| {
        format!(
            "pub struct Net(image: [{height}, {height}, 3]) -> (out: 10) {{
                a: conv({channels}, 3x3), relu; b: max_pool(2x2); c: flatten, linear(10);
            }}"
        )
    };
    // 59 - 3 + 1 = 57, floor(57 / 2) = 28, 3*3*3*21 = 567, 28*28*21*10 = 164640.
    let evaluated = ["57", "28", "567", "164640"];
    let written = expanded(&source("59", "21"));
    // Where all is known, they stand in the texts of the stages.
    assert!(evaluated.iter().all(|number| {
        written
            .iter()
            .any(|found| figures(found).any(|one| one == *number))
    }));
    let symbolic = expanded(&source("SIZE", "WIDTH"));
    assert!(symbolic.iter().any(|found| found == "10"));
    for number in evaluated {
        assert!(!symbolic.iter().any(|found| found == number), "{number}");
    }
    // Nor are the numbers that the macro put in their place.
    let digits = |text: &String| text.chars().all(|c| c.is_ascii_digit());
    let mut plain: Vec<u64> = symbolic
        .iter()
        .filter(|text| digits(text))
        .filter_map(|text| text.parse().ok())
        .collect();
    plain.sort_unstable();
    plain.dedup();
    assert!(plain.iter().all(|number| *number <= 10), "{plain:?}");
}
