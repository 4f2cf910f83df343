//! Every layer against PyTorch: output shapes, weights, biases, parameters,
//! buffers and multiply-accumulates of what PyTorch runs, and for what it rejects a
//! rejection for the same reason.
//!
//! `tests/data/torch_layers.jsonl` holds what PyTorch 2.15 said (the script
//! beside it says what is in it). `tests/torch_layers/FAMILY.rs` holds, for each
//! family, how a row becomes a layer of the language, a table of PyTorch's errors
//! with the errors that agree, and the reasons for which a row is left out.
//!
//! `cargo test --test torch_layers -- --nocapture` shows what was compared.

mod torch_layers {
    pub(crate) mod activation;
    pub(crate) mod attention;
    pub(crate) mod compare;
    pub(crate) mod convolution;
    pub(crate) mod dense;
    pub(crate) mod explain;
    pub(crate) mod merge;
    pub(crate) mod normalisation;
    pub(crate) mod pooling;
    pub(crate) mod recurrent;
    pub(crate) mod row;
    pub(crate) mod shape_ops;
}

use torch_layers::compare::{Family, Outcome, Tally, compare};
use torch_layers::row::{Rejection, Row, Truth, Verdict};
use torch_layers::{
    activation, attention, convolution, dense, merge, normalisation, pooling, recurrent, shape_ops,
};

const FAMILIES: &[Family] = &[
    convolution::FAMILY,
    pooling::FAMILY,
    dense::FAMILY,
    normalisation::FAMILY,
    activation::FAMILY,
    shape_ops::FAMILY,
    recurrent::FAMILY,
    attention::FAMILY,
    merge::FAMILY,
];

/// Of the rows of these classes (a class counts when its name begins so) at
/// least 95 in 100 are compared.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "convolution",
        &["Conv1d", "Conv2d", "Conv3d", "ConvTranspose"],
    ),
    ("pooling", &["MaxPool", "AvgPool", "LPPool", "Adaptive"]),
    ("linear", &["Linear"]),
    (
        "normalisation",
        &[
            "BatchNorm",
            "LayerNorm",
            "GroupNorm",
            "InstanceNorm",
            "RMSNorm",
            "LocalResponseNorm",
        ],
    ),
    ("recurrent", &["RNN", "LSTM", "GRU"]),
    ("attention", &["MultiheadAttention", "Transformer"]),
];

fn rows() -> Vec<Row> {
    let data = include_str!("data/torch_layers.jsonl");
    data.lines().map(Row::parse).collect()
}

fn check(families: &[Family], rows: impl Iterator<Item = Row>) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        tally.add(families, &row);
    }
    tally.print();
    let shown = &tally.differences[..tally.differences.len().min(40)];
    assert!(
        shown.is_empty(),
        "{} rows differ from PyTorch, the first of them:\n{}",
        tally.differences.len(),
        shown.join("\n")
    );
    tally
}

fn check_family(family: Family) {
    let own = |row: &Row| (family.map)(row).is_some();
    check(&[family], rows().into_iter().filter(own));
}

#[test]
fn convolutions_agree() {
    check_family(convolution::FAMILY);
}

#[test]
fn pooling_agrees() {
    check_family(pooling::FAMILY);
}

#[test]
fn dense_layers_agree() {
    check_family(dense::FAMILY);
}

#[test]
fn normalisations_agree() {
    check_family(normalisation::FAMILY);
}

#[test]
fn activations_agree() {
    check_family(activation::FAMILY);
}

#[test]
fn shape_ops_agree() {
    check_family(shape_ops::FAMILY);
}

#[test]
fn recurrent_layers_agree() {
    check_family(recurrent::FAMILY);
}

#[test]
fn attention_agrees() {
    check_family(attention::FAMILY);
}

#[test]
fn merges_agree() {
    check_family(merge::FAMILY);
}

#[test]
fn enough_rows_are_compared() {
    let mut tally = Tally::default();
    for row in rows() {
        tally.add(FAMILIES, &row);
    }
    tally.print();
    let enough = |name: &str, (compared, all): (usize, usize), percent: usize| {
        println!("{name}: {compared} of {all} compared, at least {percent} in 100 asked");
        assert!(
            compared * 100 >= all * percent,
            "only {compared} of {all} rows of {name} are compared"
        );
    };
    for (name, classes) in GROUPS {
        let of = |class: &str| classes.iter().any(|begin| class.starts_with(begin));
        enough(name, tally.share(of), 95);
    }
    enough("all", tally.share(|_| true), 90);
}

/// A line that meets no error of PyTorch's, or only such as an earlier line
/// meets, is a mistake in the table.
#[test]
fn every_line_of_the_tables_is_met() {
    let rows = rows();
    for family in FAMILIES {
        let mut met = vec![false; family.rejections.len()];
        for row in rows.iter().filter(|row| !row.disputed) {
            let (Truth::Rejected(text), Some(mapped)) = (&row.truth, (family.map)(row)) else {
                continue;
            };
            // A reason of the mapping's is met by a line that gives it too.
            let fits = |line: &Rejection| {
                let unwritable = match line.verdict {
                    Verdict::Unwritable(reason) => Some(reason),
                    _ => None,
                };
                text.contains(line.text) && unwritable == mapped.as_ref().err().copied()
            };
            if let Some(line) = family.rejections.iter().position(fits) {
                met[line] = true;
            }
        }
        for (line, met) in family.rejections.iter().zip(met) {
            assert!(met, "{}: `{}` meets nothing", family.name, line.text);
        }
    }
}

/// The comparison can fail: wrong figures and a wrong reason are told.
#[test]
fn a_difference_is_told() {
    let wrong_output = r#"{"id":1,"layer":"Conv2d","args":{"in_channels":3,"out_channels":4,"kernel_size":3},"input":[1,3,8,8],"out":[1,4,7,7],"weights":108,"biases":4,"params":112}"#;
    let wrong_reason = r#"{"id":2,"layer":"Conv2d","args":{"in_channels":3,"out_channels":4,"kernel_size":9},"input":[1,3,8,8],"error":"in_channels must be divisible by groups"}"#;
    let wrong_macs = r#"{"id":3,"layer":"Conv2d","args":{"in_channels":3,"out_channels":4,"kernel_size":3},"input":[2,3,8,8],"out":[2,4,6,6],"weights":108,"biases":4,"params":112,"macs":7777}"#;
    for line in [wrong_output, wrong_reason, wrong_macs] {
        let outcome = compare(FAMILIES, &Row::parse(line));
        assert!(matches!(outcome, Outcome::Differs(_)));
    }
}
