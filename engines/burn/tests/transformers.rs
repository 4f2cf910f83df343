//! Small models of `transformers` in burn against what they compute there.

use burn::tensor::Device;
use shapewise_burn::{Burn, Customs, Error, Model as Loaded, Reading, Rule, Value};
use shapewise_lower::{Mode, Plan};
use shapewise_numerics::{Array, Numbers};
use shapewise_transformers::gpt2::{Upright, wrapped};
use shapewise_transformers::{MODELS, Model};

mod device;

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

fn value(array: &Array, device: &Device) -> Value {
    // A count has no axis, and burn at least one.
    let dims: &[usize] = match array.dims.as_slice() {
        [] => &[1],
        dims => dims,
    };
    match &array.numbers {
        Numbers::Float(values) => Value::floats(values.clone(), dims, device),
        Numbers::Int(values) => Value::ints(values.clone(), dims, device),
    }
    .expect("one to eight axes")
}

fn gap(model: &Model) -> Result<f64, String> {
    let case = model.case()?;
    let device = device::device();
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
            Ok(gap) if gap <= device::within(TOLERANCE) => println!("{:12} {gap:.1e}", model.name),
            Ok(gap) => wrong.push(format!("{}: {gap:.1e}", model.name)),
            Err(why) => wrong.push(format!("{}: {why}", model.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In half precision, under a wrapper's names, and transposed.
#[test]
fn a_checkpoint_is_read_as_it_is_said() {
    let (file, input, expected) = wrapped().expect("the numbers are there");
    let device = Device::flex();
    let new = || Loaded::<Upright>::new(&device).expect("a model");
    let prefix = Reading::new().renames(Rule::Prefix);
    let refused = |reading: &Reading| match new().load_with(&file, reading) {
        Err(Error::Fit(report)) => report,
        other => panic!("{:?}", other.map(|_| "it fits")),
    };
    // Two square matrices are taken for upright by their shape alone.
    let report = refused(&prefix);
    assert!(
        report.contains("2 square beside transposed ones"),
        "{report}"
    );
    refused(&Reading::new().transposed(["*.c_*"]));
    refused(&prefix.clone().transposed(["*.c_attn", "*.c_fc"]));
    refused(&prefix.clone().transposed(["*.c_*", "*.attention"]));

    let reading = prefix.transposed(["*.c_*"]);
    let (some, report) = new().load_fitting_with(&file, &reading).expect("all fit");
    assert!(report.is_ok(), "{report}");
    let all = new().load_with(&file, &reading).expect("it fits");
    for model in [all, some] {
        let given = vec![value(&input, &device)];
        let outputs = model.run(given).expect("a batch");
        let numbers = outputs[0].to_data().iter::<f32>().collect();
        let gap = Array::floats(&outputs[0].extents(), numbers).gap(&expected);
        assert!(gap.as_ref().is_ok_and(|gap| *gap <= TOLERANCE), "{gap:?}");
    }
}
