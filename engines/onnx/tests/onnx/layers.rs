//! Every layer of the catalogue on its own: onnxruntime's values are those of the
//! reference.

use serde_json::json;
use shapewise::catalogue;
use shapewise::graph::DType;
use shapewise_numerics::{Array, Numbers, Numerics};
use shapewise_onnx::{Batch, Options};

use crate::cases::{self, Case};
use crate::python::Jobs;

fn check(name: &str, cases: Vec<Case>) {
    let mut jobs = Jobs::new(name);
    for case in cases {
        let graph = case.graph();
        jobs.ask(
            "values",
            case.entry.name,
            graph,
            &Options::default(),
            json!({}),
        );
        let fixed = Options::default().batch(Batch::Fixed(1));
        jobs.ask("run", case.entry.name, graph, &fixed, json!({}));
    }
    jobs.pass();
}

#[test]
fn convolution_and_pooling() {
    check("windows", [cases::convolution(), cases::pooling()].concat());
}

#[test]
fn dense_embedding_merge_and_other() {
    check("dense", [cases::dense(), cases::merge()].concat());
}

#[test]
fn normalisation_and_activation() {
    check(
        "elementwise",
        [cases::normalisation(), cases::activation()].concat(),
    );
}

#[test]
fn shape() {
    check("shape", [cases::moving(), cases::patches()].concat());
}

#[test]
fn recurrent() {
    check("recurrent", cases::recurrent());
}

#[test]
fn attention() {
    check("attention", cases::attention());
}

/// onnxruntime's processors calculate with one of the two.
#[test]
fn half_precision() {
    let mut jobs = Jobs::new("halves");
    for case in cases::all() {
        for (ask, dtype) in [("run", DType::F16), ("shapes", DType::Bf16)] {
            let half = Options::default().dtype(dtype);
            jobs.ask(ask, case.entry.name, case.graph(), &half, json!({}));
        }
    }
    // What has no reference here; indices are of another range for each of these.
    let cases = cases::all();
    for case in Numerics::load().expect("the numbers are there").layers {
        let Ok(graph) = case.graph else { continue };
        let known = cases.iter().any(|other| other.entry.name == case.kind);
        let floats = |input: &Array| matches!(input.numbers, Numbers::Float(_));
        if known || !case.inputs.iter().all(floats) {
            continue;
        }
        for (ask, dtype) in [("run", DType::F16), ("shapes", DType::Bf16)] {
            let half = Options::default().dtype(dtype);
            jobs.ask(ask, &case.id, graph, &half, json!({}));
        }
    }
    jobs.pass();
}

#[test]
fn no_layer_is_left_out() {
    let cases = cases::all();
    // What has no reference here is compared with PyTorch's numbers in `numerics`.
    let numerics = Numerics::load().expect("the numbers are there");
    let measured = |name: &str| numerics.layers.iter().any(|case| case.kind == name);
    let missing: Vec<_> = catalogue::entries()
        .map(|entry| entry.name)
        .filter(|name| !cases.iter().any(|case| case.entry.name == *name) && !measured(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
