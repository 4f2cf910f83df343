//! Example networks: the checker and the strict shape inference of ONNX agree
//! with every shape, onnxruntime gives the declared outputs, and a damaged model
//! is found.

use serde_json::json;
use shapewise::Network;
use shapewise::graph::Graph;
use shapewise_onnx::{Batch, Options, Weights, export};

use crate::networks::{
    Flat, Gpt, Keyword, LeNet, MobileNet, ResNet18, Segments, Sentiment, UNet, ViT,
};
use crate::python::Jobs;

const NETWORKS: [&Graph; 10] = [
    LeNet::GRAPH,
    Flat::GRAPH,
    ResNet18::GRAPH,
    MobileNet::GRAPH,
    UNet::GRAPH,
    Sentiment::GRAPH,
    ViT::GRAPH,
    Gpt::GRAPH,
    Keyword::GRAPH,
    Segments::GRAPH,
];

#[test]
fn networks_have_their_shapes_and_values() {
    let mut jobs = Jobs::new("networks");
    for graph in NETWORKS {
        let fixed = Options::default().batch(Batch::Fixed(2));
        jobs.ask(
            "values",
            graph.name(),
            graph,
            &Options::default(),
            json!({}),
        );
        jobs.ask("run", graph.name(), graph, &fixed, json!({}));
    }
    jobs.pass();
}

#[test]
fn every_damage_is_found() {
    let damages = [
        (
            "wrong_value_info",
            "Inferred shape and existing shape differ",
        ),
        ("wrong_output", "Inferred shape and existing shape differ"),
        ("missing_value_info", "conv1.output has no shape"),
        (
            "wrong_attribute",
            "Inferred shape and existing shape differ",
        ),
        ("wrong_attribute_type", "Mismatched attribute type"),
        ("unknown_operator", "No Op registered for Convolve"),
        ("lost_input", "must be topologically sorted"),
        (
            "wrong_weight",
            "conv1.weight: [16, 4, 7, 7], not [16, 3, 7, 7]",
        ),
        ("wrong_function", "Not equal to tolerance"),
    ];
    let mut jobs = Jobs::new("damaged");
    for (damage, _) in damages {
        let more = json!({ "corrupt": damage });
        jobs.ask("values", damage, ResNet18::GRAPH, &Options::default(), more);
    }
    let said = jobs.fail();
    for (damage, expected) in damages {
        let (_, after) = said
            .split_once(&format!("-{damage}.onnx: "))
            .expect("every damage is told");
        let own = after.split("FAILED").next().unwrap_or_default();
        assert!(own.contains(expected), "{damage}: {own}");
    }
}

#[test]
fn models_without_weights_are_small() {
    let model = export::<ResNet18>(&Options::default()).unwrap();
    assert!(model.len() < 20_000, "{}", model.len());
}

#[test]
fn the_batch_can_have_another_name() {
    let options = Options::default().batch(Batch::Symbolic("N".to_owned()));
    let mut jobs = Jobs::new("batch");
    jobs.ask("values", "LeNet", LeNet::GRAPH, &options, json!({}));
    jobs.ask("run", "ViT", ViT::GRAPH, &options, json!({}));
    jobs.pass();
}

#[test]
fn zeros_make_a_model_that_runs() {
    let options = Options::default().weights(Weights::Zeros);
    let mut jobs = Jobs::new("zeros");
    for graph in NETWORKS {
        jobs.ask("values", graph.name(), graph, &options, json!({}));
    }
    jobs.pass();
}
