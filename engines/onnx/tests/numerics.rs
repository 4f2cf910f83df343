//! Every layer and whole networks in onnxruntime against what PyTorch computes.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};
use shapewise_core::Graph;
use shapewise_numerics::{Array, LayerCase, NetworkCase, Numbers, Numerics, Report};
use shapewise_onnx::{Error, Options, export_graph, export_training};

#[path = "onnx/interpreter.rs"]
mod interpreter;

/// The largest difference, of the largest number.
const TOLERANCE: f64 = 1e-5;

/// Models that are run together, on numbers in one file.
struct Models {
    folder: PathBuf,
    data: Vec<u8>,
    models: Vec<Json>,
}

/// What a model gave, by the names of its outputs.
type Outputs = HashMap<String, Array>;

impl Models {
    fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("numerics");
        fs::create_dir_all(&folder).expect("a folder for the models");
        Self {
            folder,
            data: vec![],
            models: vec![],
        }
    }

    /// Adds a network with its inputs and tensors; the place of its results.
    fn add(
        &mut self,
        graph: &'static Graph,
        inputs: &[&Array],
        tensors: &HashMap<&str, &Array>,
        training: bool,
    ) -> Result<usize, Error> {
        let model = match training {
            true => export_training(graph, inputs[0].dims[0]),
            false => export_graph(graph, &Options::default()),
        }?;
        let place = self.models.len();
        let file = format!("{place}.onnx");
        fs::write(self.folder.join(&file), model).expect("the model is written");
        let ports = graph.inputs().iter().copied().zip(inputs.iter().copied());
        let tensors = tensors.iter().map(|(name, tensor)| (*name, *tensor));
        let mut given = Map::new();
        for (name, array) in ports.chain(tensors) {
            given.insert(name.to_owned(), self.entry(array));
        }
        // Keras's layers count no batches.
        for weight in shapewise_lower::weights(graph) {
            if weight.name.ends_with("num_batches_tracked") && !given.contains_key(&weight.name) {
                let none = Array {
                    dims: vec![],
                    numbers: Numbers::Int(vec![0]),
                };
                given.insert(weight.name, self.entry(&none));
            }
        }
        self.models.push(json!({ "file": file, "inputs": given }));
        Ok(place)
    }

    fn entry(&mut self, array: &Array) -> Json {
        let offset = self.data.len().next_multiple_of(8);
        self.data.resize(offset, 0);
        let kind = match &array.numbers {
            Numbers::Float(values) => {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes());
                self.data.extend(bytes);
                "float"
            }
            Numbers::Int(values) => {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes());
                self.data.extend(bytes);
                "int"
            }
        };
        json!({ "kind": kind, "dims": array.dims, "offset": offset })
    }

    /// Runs all of them.
    fn run(self) -> Vec<Result<Outputs, String>> {
        let models = Json::from(self.models).to_string();
        fs::write(self.folder.join("models.json"), models).expect("the list is written");
        fs::write(self.folder.join("data.bin"), self.data).expect("the numbers are written");
        let output = interpreter::run("evaluate.py", &[&self.folder]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let results = fs::read(self.folder.join("results.json")).expect("the results");
        let data = fs::read(self.folder.join("results.bin")).expect("the numbers");
        let results: Vec<Json> = serde_json::from_slice(&results).expect("a list");
        results
            .iter()
            .map(|result| outputs(result, &data))
            .collect()
    }
}

fn outputs(result: &Json, data: &[u8]) -> Result<Outputs, String> {
    let Some(outputs) = result["outputs"].as_object() else {
        return Err(result["error"].as_str().unwrap_or_default().to_owned());
    };
    let outputs = outputs.iter();
    Ok(outputs
        .map(|(name, entry)| (name.clone(), array(entry, data)))
        .collect())
}

fn array(entry: &Json, data: &[u8]) -> Array {
    let number = |value: &Json| value.as_u64().and_then(|value| usize::try_from(value).ok());
    let dims = entry["dims"].as_array().into_iter().flatten();
    let dims: Option<Vec<usize>> = dims.map(number).collect();
    let dims = dims.expect("extents");
    let count = dims.iter().product();
    let data = &data[number(&entry["offset"]).expect("a place")..];
    let numbers = match entry["kind"].as_str() {
        Some("int") => {
            let (all, _) = data.as_chunks::<8>();
            Numbers::Int(
                all[..count]
                    .iter()
                    .copied()
                    .map(i64::from_le_bytes)
                    .collect(),
            )
        }
        _ => {
            let (all, _) = data.as_chunks::<4>();
            Numbers::Float(
                all[..count]
                    .iter()
                    .copied()
                    .map(f32::from_le_bytes)
                    .collect(),
            )
        }
    };
    Array { dims, numbers }
}

/// The largest gap of several.
fn worst(gaps: impl IntoIterator<Item = Result<f64, String>>) -> Result<f64, String> {
    gaps.into_iter()
        .try_fold(0.0, |worst: f64, gap| Ok(worst.max(gap?)))
}

/// What a case is compared by, once its model has run.
type Compare<'a> = Box<dyn Fn(&Outputs) -> Result<f64, String> + 'a>;

/// A case whose model runs: its kind, its id, the place of its results.
type Pending<'a> = (String, String, usize, Compare<'a>);

#[test]
fn layers_and_networks_compute_what_pytorch_does() {
    let numerics = Numerics::load().expect("the numbers are there");
    let mut report = Report::new();
    let mut models = Models::new();
    let mut pending = Vec::new();
    for case in &numerics.layers {
        layer(case, &mut models, &mut pending, &mut report);
    }
    for case in &numerics.networks {
        network(case, &mut models, &mut pending, &mut report);
    }
    let results = models.run();
    for (kind, id, place, compare) in pending {
        let gap = match &results[place] {
            Ok(outputs) => compare(outputs),
            Err(why) => Err(why.clone()),
        };
        report.compared(&kind, &id, gap, TOLERANCE);
    }
    report.finish();
}

fn layer<'a>(
    case: &'a LayerCase,
    models: &mut Models,
    pending: &mut Vec<Pending<'a>>,
    report: &mut Report,
) {
    let graph = match &case.graph {
        Ok(graph) => *graph,
        Err(why) => return report.left_out(&case.kind, &case.id, why),
    };
    let tensors = case.tensors.iter();
    let given: HashMap<_, _> = tensors
        .map(|tensor| (tensor.name.as_str(), &tensor.value))
        .collect();
    let inputs: Vec<_> = case.inputs.iter().collect();
    let place = match models.add(graph, &inputs, &given, case.training) {
        Ok(place) => place,
        Err(why @ Error::Unsupported { .. }) => {
            return report.left_out(&case.kind, &case.id, &why.to_string());
        }
        Err(why) => {
            return report.compared(&case.kind, &case.id, Err(why.to_string()), TOLERANCE);
        }
    };
    let compare = move |outputs: &Outputs| {
        let results = graph.outputs().iter().zip(&case.outputs);
        let results = results.map(|((name, _), expected)| gap(outputs, name, expected));
        let buffers = case.after.iter().map(|(name, expected)| {
            let updated = format!("{name}.updated");
            match (outputs.contains_key(&updated), given.get(name.as_str())) {
                (true, _) => gap(outputs, &updated, expected),
                (false, Some(kept)) => kept.gap(expected),
                (false, None) => Err(format!("no buffer `{name}`")),
            }
        });
        worst(results.chain(buffers))
    };
    pending.push((case.kind.clone(), case.id.clone(), place, Box::new(compare)));
}

fn gap(outputs: &Outputs, name: &str, expected: &Array) -> Result<f64, String> {
    let output = outputs.get(name);
    output.ok_or(format!("no output `{name}`"))?.gap(expected)
}

fn network<'a>(
    case: &'a NetworkCase,
    models: &mut Models,
    pending: &mut Vec<Pending<'a>>,
    report: &mut Report,
) {
    let tensors = case.tensors.iter();
    let given: HashMap<_, _> = tensors
        .map(|tensor| (tensor.name.as_str(), &tensor.value))
        .collect();
    let ways = [
        ("network: output", false, &case.eval),
        ("network: output in training", true, &case.train),
    ];
    for (kind, training, expected) in ways {
        let graph = match &case.graph {
            Ok(graph) => *graph,
            Err(why) => {
                report.left_out(kind, &case.id, why);
                continue;
            }
        };
        match models.add(graph, &[&case.input], &given, training) {
            Ok(place) => {
                let name = graph.outputs()[0].0;
                let compare = move |outputs: &Outputs| gap(outputs, name, expected);
                pending.push((kind.to_owned(), case.id.clone(), place, Box::new(compare)));
            }
            Err(why) => report.compared(kind, &case.id, Err(why.to_string()), TOLERANCE),
        }
    }
}
