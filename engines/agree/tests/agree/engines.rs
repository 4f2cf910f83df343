//! A network in each engine.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use burn::tensor::Device as BurnDevice;
use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value as Json, json};
use shapewise_core::Graph;
use shapewise_lower::{Customs, Mode, Plan, Weight};
use shapewise_numerics::{Array, Numbers};
use shapewise_onnx::{Options, Weights, export_graph};

use crate::plain::{Data, Plain, Tensor as PlainTensor};

/// What an engine gave, or why it did not.
pub(crate) type Outcome = Result<Vec<Array>, String>;

/// A network with its tensors and inputs.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) graph: &'static Graph,
    pub(crate) weights: Vec<(Weight, Array)>,
    pub(crate) inputs: Vec<Array>,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

pub(crate) fn plain(case: &Case) -> Outcome {
    let made = |array: &Array| {
        let data = match &array.numbers {
            Numbers::Float(values) => Data::Float(values.clone()),
            Numbers::Int(values) => Data::Int(values.clone()),
        };
        PlainTensor::new(&array.dims, data).expect("as many elements as extents say")
    };
    let mut engine = Plain::default();
    let plan = Plan::of(case.graph, &engine, Customs::new()).map_err(text)?;
    let inputs = case.inputs.iter().map(made).collect();
    let mut weights = |_: &mut Plain, place: usize| Ok(made(&case.weights[place].1));
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    let arrays = run.map_err(text)?.values.into_iter().map(|value| Array {
        dims: value.dims,
        numbers: match value.data {
            Data::Float(values) => Numbers::Float(values),
            Data::Int(values) => Numbers::Int(values),
            Data::Bool(values) => Numbers::Int(values.into_iter().map(i64::from).collect()),
        },
    });
    Ok(arrays.collect())
}

pub(crate) fn burn(case: &Case) -> Outcome {
    use shapewise_burn::{Burn, Value};
    let device = BurnDevice::flex();
    let made = |array: &Array| {
        // A single number has one axis in burn.
        let dims = match array.dims.as_slice() {
            [] => &[1],
            dims => dims,
        };
        match &array.numbers {
            Numbers::Float(values) => Value::floats(values.clone(), dims, &device),
            Numbers::Int(values) => Value::ints(values.clone(), dims, &device),
        }
    };
    let mut engine = Burn::new(&device);
    let plan = Plan::of(case.graph, &engine, Customs::new()).map_err(text)?;
    let inputs: Result<_, _> = case.inputs.iter().map(made).collect();
    let tensors: Result<Vec<_>, _> = case.weights.iter().map(|(_, array)| made(array)).collect();
    let tensors = tensors.map_err(text)?;
    let mut weights = |_: &mut Burn, place: usize| Ok(tensors[place].clone());
    let inputs = inputs.map_err(text)?;
    let run = plan.run(&mut engine, &mut weights, inputs, Mode::Inference);
    let arrays = run.map_err(text)?.values.into_iter().map(|value| {
        let data = value.to_data();
        Array {
            dims: value.extents(),
            numbers: match value {
                Value::Float(_) => Numbers::Float(data.iter::<f32>().collect()),
                _ => Numbers::Int(data.iter::<i64>().collect()),
            },
        }
    });
    Ok(arrays.collect())
}

pub(crate) fn candle(case: &Case) -> Outcome {
    use shapewise_candle::Candle;
    let made = |array: &Array| match &array.numbers {
        Numbers::Float(values) => Tensor::from_slice(values, &*array.dims, &Device::Cpu),
        Numbers::Int(values) => Tensor::from_slice(values, &*array.dims, &Device::Cpu),
    };
    let run = || -> Result<Vec<Array>, Box<dyn Error>> {
        let mut engine = Candle::new(&Device::Cpu, DType::F32);
        let plan = Plan::of(case.graph, &engine, Customs::new())?;
        let inputs: Result<_, _> = case.inputs.iter().map(made).collect();
        let tensors: Result<Vec<_>, _> =
            case.weights.iter().map(|(_, array)| made(array)).collect();
        let tensors = tensors?;
        let mut weights = |_: &mut Candle, place: usize| Ok(tensors[place].clone());
        let run = plan.run(&mut engine, &mut weights, inputs?, Mode::Inference)?;
        let arrays = run.values.iter().map(|value| {
            let flat = value.flatten_all()?;
            Ok(Array {
                dims: value.dims().to_vec(),
                numbers: match value.dtype().is_float() {
                    true => Numbers::Float(flat.to_vec1()?),
                    false => Numbers::Int(flat.to_dtype(DType::I64)?.to_vec1()?),
                },
            })
        });
        arrays.collect()
    };
    run().map_err(text)
}

/// All cases in onnxruntime, which Python has: `None` where there is no Python.
pub(crate) fn onnx(cases: &[Case], folder: &Path) -> Option<Vec<Outcome>> {
    let python = interpreter()?;
    let mut jobs = Vec::new();
    let mut refused = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        let job = job(case, &folder.join(place.to_string()));
        refused.push(job.as_ref().err().cloned());
        jobs.push(job.unwrap_or(Json::Null));
    }
    let list = folder.join("jobs.json");
    std::fs::write(&list, Json::from(jobs).to_string()).expect("the jobs are written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agree/run.py");
    let output = Command::new(python).arg(script).arg(&list).output();
    let output = output.expect("the interpreter starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said = String::from_utf8(output.stdout).expect("text");
    let said: Json = serde_json::from_str(&said).expect("what `run.py` says");
    let outcomes = refused.into_iter().enumerate().map(|(place, refused)| {
        if let Some(why) = refused {
            return Err(why);
        }
        let said = &said[place];
        if let Some(why) = said["error"].as_str() {
            return Err(why.to_owned());
        }
        let outputs = said["outputs"].as_array().expect("outputs").iter();
        let outputs = outputs.enumerate().map(|(output, dims)| {
            let path = folder.join(place.to_string()).join(format!("y{output}"));
            let bytes = std::fs::read(path).expect("an output");
            let (numbers, _) = bytes.as_chunks();
            let numbers = numbers.iter().map(|b| f32::from_le_bytes(*b)).collect();
            let dims = dims.as_array().expect("extents").iter();
            let dims = dims.map(|d| usize::try_from(d.as_u64().expect("a number")).expect("small"));
            Array::floats(&dims.collect::<Vec<_>>(), numbers)
        });
        Ok(outputs.collect())
    });
    Some(outcomes.collect())
}

/// The model and its inputs in a folder.
fn job(case: &Case, folder: &Path) -> Result<Json, String> {
    std::fs::create_dir_all(folder).map_err(text)?;
    let bytes = |array: &Array| match &array.numbers {
        Numbers::Float(values) => values.iter().flat_map(|x| x.to_le_bytes()).collect(),
        Numbers::Int(values) => values
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect::<Vec<u8>>(),
    };
    let tensors = case.weights.iter().map(|(weight, array)| {
        let dtype = match array.numbers {
            Numbers::Float(_) => Dtype::F32,
            Numbers::Int(_) => Dtype::I64,
        };
        (weight.name.clone(), dtype, array.dims.clone(), bytes(array))
    });
    let tensors: Vec<_> = tensors.collect();
    let views = tensors.iter().map(|(name, dtype, dims, bytes)| {
        let view = TensorView::new(*dtype, dims.clone(), bytes);
        (name.as_str(), view.expect("as many bytes"))
    });
    let checkpoint = folder.join("weights.safetensors");
    let file = safetensors::serialize(views, None).map_err(text)?;
    std::fs::write(&checkpoint, file).map_err(text)?;
    let options = Options::default().weights(Weights::Embedded(checkpoint));
    let model = export_graph(case.graph, &options).map_err(text)?;
    std::fs::write(folder.join("model.onnx"), model).map_err(text)?;
    let mut inputs = Vec::new();
    for (place, input) in case.inputs.iter().enumerate() {
        std::fs::write(folder.join(format!("x{place}")), bytes(input)).map_err(text)?;
        let kind = match input.numbers {
            Numbers::Float(_) => "float32",
            Numbers::Int(_) => "int64",
        };
        inputs.push(json!({ "dims": input.dims, "type": kind }));
    }
    Ok(json!({ "folder": folder, "inputs": inputs }))
}

/// The Python that the tests of `shapewise-onnx` run models with; `None` only where there is
/// no Python at all.
fn interpreter() -> Option<PathBuf> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    Command::new(python).arg("--version").output().ok()?;
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../onnx/tests/setup.sh");
    let output = Command::new("sh").arg(setup).output().expect("a shell");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let path = String::from_utf8(output.stdout).expect("a path");
    Some(PathBuf::from(path.trim()))
}
