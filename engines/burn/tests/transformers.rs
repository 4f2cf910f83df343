//! Small models of `transformers` in burn against what they compute there.

use burn::tensor::Device;
use shapewise_burn::{Burn, Customs, Value};
use shapewise_lower::{Mode, Plan};
use shapewise_numerics::{Array, Numbers};
use shapewise_transformers::{MODELS, Model};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

fn value(array: &Array, device: &Device) -> Value {
    match &array.numbers {
        Numbers::Float(values) => Value::floats(values.clone(), &array.dims, device),
        Numbers::Int(values) => Value::ints(values.clone(), &array.dims, device),
    }
    .expect("one to eight axes")
}

fn gap(model: &Model) -> Result<f64, String> {
    let case = model.case()?;
    let device = Device::flex();
    let mut engine = Burn::new(&device);
    let plan = Plan::of(model.graph, &engine, Customs::new()).map_err(|e| e.to_string())?;
    let tensors = plan.weights().iter();
    let tensors: Vec<_> = tensors
        .map(|weight| value(&case.tensors[&weight.name], &device))
        .collect();
    let mut weights = |_: &mut Burn, place: usize| Ok(tensors[place].clone());
    let inputs = case.inputs.iter().map(|input| value(input, &device));
    let inputs = inputs.collect();
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    let run = run.map_err(|error| error.to_string())?;
    let outputs = run.values.iter().zip(&case.outputs);
    outputs
        .map(|(output, expected)| {
            let numbers = output.to_data().iter::<f32>().collect();
            Array::floats(&output.extents(), numbers).gap(expected)
        })
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
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
