//! Small models of `transformers` against what they compute there.

use std::collections::HashMap;

use shapewise_lower::{Customs, Mode, Plan};
use shapewise_transformers::{MODELS, Model};

mod arrays;
mod plain;

use arrays::{array, tensor, worst};
use plain::Plain;

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

#[test]
fn models_have_the_parameters_and_tensors_of_transformers() {
    for model in MODELS {
        let case = model.case().expect("the numbers are there");
        assert_eq!(model.graph.counts().params(), case.params, "{}", model.name);
        let mut left: HashMap<_, _> = case.tensors.iter().collect();
        for weight in shapewise_lower::weights(model.graph) {
            let given = left.remove(&weight.name);
            let given = given.unwrap_or_else(|| panic!("{}: no `{}`", model.name, weight.name));
            assert_eq!(
                given.dims,
                weight.extents.as_slice(),
                "{}: {}",
                model.name,
                weight.name
            );
        }
        let left: Vec<_> = left.keys().collect();
        assert!(left.is_empty(), "{}: {left:?}", model.name);
    }
}

fn gap(model: &Model) -> Result<f64, String> {
    let case = model.case()?;
    let mut engine = Plain::default();
    let plan = Plan::of(model.graph, &engine, Customs::new()).map_err(|e| e.to_string())?;
    let tensors = plan.weights().iter();
    let tensors: Vec<_> = tensors
        .map(|weight| tensor(&case.tensors[&weight.name]))
        .collect();
    let mut weights = |_: &mut Plain, place: usize| Ok(tensors[place].clone());
    let inputs = case.inputs.iter().map(tensor).collect();
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    let run = run.map_err(|error| error.to_string())?;
    let outputs = run.values.iter().zip(&case.outputs);
    worst(outputs.map(|(output, expected)| array(output).gap(expected)))
}

#[test]
fn models_compute_what_transformers_does() {
    let mut wrong = Vec::new();
    for model in MODELS {
        match gap(model) {
            Ok(gap) if gap <= TOLERANCE => println!("{:12} {gap:.1e}", model.name),
            Ok(gap) => wrong.push(format!("{}: {gap:.1e}", model.name)),
            Err(why) => wrong.push(format!("{}: {why}", model.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
