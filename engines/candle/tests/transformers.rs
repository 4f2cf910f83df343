//! Small models of `transformers` in candle against what they compute there.

use candle_core::{DType, Device, Module as _, Tensor};
use shapewise_candle::{Candle, Customs, Error, Model as Loaded, Reading, Rule};
use shapewise_lower::{Mode, Plan};
use shapewise_numerics::{Array, Numbers};
use shapewise_transformers::gpt2::{Upright, wrapped};
use shapewise_transformers::{MODELS, Model};

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

fn tensor(array: &Array) -> Tensor {
    let dims = array.dims.as_slice();
    match &array.numbers {
        Numbers::Float(values) => Tensor::from_slice(values, dims, &Device::Cpu),
        Numbers::Int(values) => Tensor::from_slice(values, dims, &Device::Cpu),
    }
    .expect("as many numbers as the extents say")
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn gap(model: &Model) -> Result<f64, String> {
    let case = model.case()?;
    let mut engine = Candle::new(&Device::Cpu, DType::F32);
    let plan = Plan::of(model.graph, &engine, Customs::new()).map_err(text)?;
    let tensors = plan.weights().iter();
    let tensors: Vec<_> = tensors
        .map(|weight| tensor(&case.tensors[&weight.name]))
        .collect();
    let mut weights = |_: &mut Candle, place: usize| Ok(tensors[place].clone());
    let inputs = case.inputs.iter().map(tensor).collect();
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    let run = run.map_err(text)?;
    let outputs = run.values.iter().zip(&case.outputs);
    outputs
        .map(|(output, expected)| {
            let numbers = output.flatten_all().and_then(|flat| flat.to_vec1());
            Array::floats(output.dims(), numbers.map_err(text)?).gap(expected)
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

/// In half precision, under a wrapper's names, and transposed.
#[test]
fn a_checkpoint_is_read_as_it_is_said() {
    let (file, input, expected) = wrapped().expect("the numbers are there");
    let load =
        |reading: &Reading| Loaded::<Upright>::load_with(&file, reading, DType::F32, &Device::Cpu);
    let prefix = Reading::new().renames(Rule::Prefix);
    let refused = |reading: &Reading| match load(reading) {
        Err(Error::Fit(report)) => report,
        other => panic!("{:?}", other.map(|_| "it fits")),
    };
    // Two square matrices are taken for upright by their shape alone.
    let report = refused(&prefix);
    assert!(
        report.contains("2 square beside transposed ones"),
        "{report}"
    );
    refused(&prefix.clone().transposed(["*.c_attn", "*.c_fc"]));

    let model = load(&prefix.transposed(["*.c_*"])).expect("it fits").eval();
    let output = model.forward(&tensor(&input)).expect("a batch");
    let numbers = output.flatten_all().and_then(|flat| flat.to_vec1());
    let gap = Array::floats(output.dims(), numbers.expect("floats")).gap(&expected);
    assert!(gap.as_ref().is_ok_and(|gap| *gap <= TOLERANCE), "{gap:?}");
}
