//! Weights from `.safetensors` files.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use shapewise::Network;
use shapewise_onnx::{Error, Options, Weights, export, write};
use shapewise_safetensors::{ElementType, ErrorKind};

use crate::inside::{Twins, Words};
use crate::networks::{Gpt, LeNet, ResNet18};
use crate::python::{Jobs, run};

/// Random weights for a network, written by Python's `safetensors`; `damage` is
/// done to them before.
fn weights<N: Network>(jobs: &Jobs, damage: &str) -> PathBuf {
    let path = jobs
        .folder
        .join(format!("{}{damage}.safetensors", N::GRAPH.name()));
    let names: Vec<_> = N::GRAPH
        .walk()
        .flat_map(|leaf| {
            let node = leaf.node;
            node.tensors()
                .filter(|_| node.shared.is_none())
                .map(move |tensor| {
                    json!([
                        leaf.tensor_name(&tensor).to_string(),
                        tensor.extents.as_slice()
                    ])
                })
        })
        .collect();
    let list = jobs
        .folder
        .join(format!("{}{damage}.names.json", N::GRAPH.name()));
    let order = json!({ "tensors": names, "damage": damage });
    fs::write(&list, order.to_string()).expect("the names are written");
    let output = run("weights.py", &[&list, &path]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    path
}

#[test]
fn embedded_weights_are_those_of_the_file() {
    let mut jobs = Jobs::new("embedded");
    for (graph, path) in [
        (ResNet18::GRAPH, weights::<ResNet18>(&jobs, "")),
        (Gpt::GRAPH, weights::<Gpt>(&jobs, "")),
        (Words::GRAPH, weights::<Words>(&jobs, "")),
        (Twins::GRAPH, weights::<Twins>(&jobs, "")),
    ] {
        let options = Options::default().weights(Weights::Embedded(path.clone()));
        jobs.ask(
            "values",
            graph.name(),
            graph,
            &options,
            json!({ "weights": path }),
        );
    }
    jobs.pass();
}

#[test]
fn tensors_inside_have_the_names_that_a_checkpoint_is_checked_for() {
    let jobs = Jobs::new("checked");
    let file = weights::<Words>(&jobs, "");
    let report = shapewise_safetensors::check_file::<Words>(&file).unwrap();
    assert!(report.is_ok(), "{report}");
    let options = Options::default().weights(Weights::External(file));
    assert!(export::<Words>(&options).is_ok());
}

#[test]
fn external_weights_stay_in_their_file() {
    let mut jobs = Jobs::new("external");
    let path = weights::<ResNet18>(&jobs, "");
    let options = Options::default().weights(Weights::External(path.clone()));
    let small = export::<ResNet18>(&options).unwrap();
    assert!(small.len() < 40_000, "{}", small.len());
    let more = json!({ "weights": path, "external": true });
    jobs.ask("values", "ResNet18", ResNet18::GRAPH, &options, more);
    jobs.pass();
}

#[test]
fn half_precision_weights_make_a_model_of_half_precision() {
    use shapewise::graph::DType;
    let mut jobs = Jobs::new("half");
    let path = weights::<LeNet>(&jobs, "half");
    let options = Options::default()
        .weights(Weights::Embedded(path.clone()))
        .dtype(DType::F16);
    let more = json!({ "weights": path, "tolerance": 2e-2 });
    jobs.ask("values", "LeNet", LeNet::GRAPH, &options, more);
    let brain = Options::default().dtype(DType::Bf16);
    jobs.ask("shapes", "LeNet", LeNet::GRAPH, &brain, json!({}));
    jobs.pass();
}

#[test]
fn other_weights_are_refused() {
    let jobs = Jobs::new("refused");
    let refused = |damage: &str| {
        let path = weights::<LeNet>(&jobs, damage);
        let embedded = Options::default().weights(Weights::Embedded(path.clone()));
        let external = Options::default().weights(Weights::External(path));
        let one = export::<LeNet>(&embedded).unwrap_err();
        let other = export::<LeNet>(&external).unwrap_err();
        assert_eq!(one.to_string(), other.to_string());
        one
    };
    assert!(matches!(refused("missing"), Error::Missing { name } if name == "conv1.weight"));
    assert!(matches!(
        refused("shape"),
        Error::Shape { name, found, .. } if name == "conv1.weight" && found == [1, 1, 5, 6]
    ));
    assert!(matches!(
        refused("half"),
        Error::Type {
            expected: ElementType::F32,
            found: ElementType::F16,
            ..
        }
    ));
    for damage in [
        "empty",
        "length",
        "truncated",
        "json",
        "offsets",
        "size",
        "overlap",
        "gap",
        "longer",
        "twice",
    ] {
        let error = refused(damage);
        let Error::Weights(weights) = &error else {
            panic!("{damage}: {error}");
        };
        assert!(
            match damage {
                "overlap" => matches!(weights.kind(), ErrorKind::Overlap { .. }),
                "gap" => matches!(weights.kind(), ErrorKind::Gap { .. }),
                "longer" => matches!(weights.kind(), ErrorKind::DataLeft { .. }),
                "twice" => matches!(weights.kind(), ErrorKind::Duplicate { .. }),
                _ => true,
            },
            "{damage}: {error}"
        );
        let file = format!("LeNet{damage}.safetensors: ");
        assert!(error.to_string().contains(&file), "{damage}: {error}");
    }
}

#[test]
fn external_weights_are_beside_the_model() {
    let jobs = Jobs::new("beside");
    let path = weights::<LeNet>(&jobs, "");
    let options = Options::default().weights(Weights::External(path));
    write::<LeNet>(jobs.folder.join("lenet.onnx"), &options).unwrap();
    let elsewhere = write::<LeNet>(std::env::temp_dir().join("lenet.onnx"), &options);
    assert!(matches!(elsewhere, Err(Error::Location { .. })));
    let nowhere = jobs.folder.join("nowhere/lenet.onnx");
    assert!(matches!(
        write::<LeNet>(nowhere, &Options::default()),
        Err(Error::File(_))
    ));
}
