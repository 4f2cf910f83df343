//! Small models of `transformers` in onnxruntime against what they compute there.

use std::collections::HashMap;

use shapewise::Network as _;
use shapewise_onnx::{Error, Options, Reading, Rule, Weights, export};
use shapewise_transformers::MODELS;
use shapewise_transformers::gpt2::{Upright, wrapped};

#[path = "onnx/evaluate.rs"]
mod evaluate;
#[path = "onnx/interpreter.rs"]
mod interpreter;

use evaluate::Models;

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

#[test]
fn models_compute_what_transformers_does() {
    let cases: Vec<_> = MODELS.iter().map(|model| (model, model.case())).collect();
    let mut models = Models::new("transformers");
    for (model, case) in &cases {
        let case = case.as_ref().expect("the numbers are there");
        let inputs: Vec<_> = case.inputs.iter().collect();
        let tensors = case.tensors.iter();
        let tensors: HashMap<_, _> = tensors.map(|(name, it)| (name.as_str(), it)).collect();
        let place = models.add(model.graph, &inputs, &tensors, false);
        place.unwrap_or_else(|error| panic!("{}: {error}", model.name));
    }
    let mut wrong = Vec::new();
    for ((model, case), outputs) in cases.iter().zip(models.run()) {
        let case = case.as_ref().expect("the numbers are there");
        let outputs = outputs.unwrap_or_else(|error| panic!("{}: {error}", model.name));
        for ((name, _), expected) in model.graph.outputs().iter().zip(&case.outputs) {
            let gap = outputs[*name].gap(expected);
            match gap {
                Ok(gap) if gap <= TOLERANCE => println!("{:12} {name:28} {gap:.1e}", model.name),
                gap => wrong.push(format!("{} {name}: {gap:?}", model.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In half precision, under a wrapper's names, and transposed.
#[test]
fn a_checkpoint_is_read_as_it_is_said() {
    let (file, input, expected) = wrapped().expect("the numbers are there");
    let model = |weights: Weights, reading: &Reading| {
        let options = Options::default().weights(weights);
        export::<Upright>(&options.reading(reading.clone()))
    };
    let embedded = || Weights::Embedded(file.clone());
    let prefix = Reading::new().renames(Rule::Prefix).any_float(true);
    let refused = |reading: &Reading| model(embedded(), reading).unwrap_err();
    let report = refused(&prefix);
    assert!(
        matches!(&report, Error::Fit(report) if report.contains("2 square beside transposed ones")),
        "{report}"
    );
    let reading = prefix.clone().transposed(["*.c_*"]);
    let narrow = reading.clone().any_float(false);
    assert!(matches!(refused(&narrow), Error::Type { .. }));
    let unnamed = Reading::new().any_float(true).transposed(["*.c_*"]);
    assert!(matches!(refused(&unnamed), Error::Missing { .. }));
    let idle = reading.clone().transposed(["h.0.attention"]);
    assert!(matches!(refused(&idle), Error::Fit(_)));
    let external = model(Weights::External(file.clone()), &reading);
    assert!(matches!(external, Err(Error::Changed { .. })));

    let model = model(embedded(), &reading).expect("it fits");
    let mut models = Models::new("wrapped");
    models.push(&model, Upright::GRAPH, &[&input], &HashMap::new());
    let outputs = models.run().remove(0).expect("it runs");
    let gap = outputs["logits"].gap(&expected);
    assert!(gap.as_ref().is_ok_and(|gap| *gap <= TOLERANCE), "{gap:?}");
}
