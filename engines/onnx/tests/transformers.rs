//! Small models of `transformers` in onnxruntime against what they compute there.

use std::collections::HashMap;

use shapewise_transformers::MODELS;

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
