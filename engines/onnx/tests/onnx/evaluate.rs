//! Models on given numbers, and what onnxruntime makes of them.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};
use shapewise_core::Graph;
use shapewise_numerics::{Array, Numbers};
use shapewise_onnx::{Error, Options, export_graph, export_training};

/// Models that are run together, on numbers in one file.
pub(crate) struct Models {
    folder: PathBuf,
    data: Vec<u8>,
    models: Vec<Json>,
}

/// What a model gave, by the names of its outputs.
pub(crate) type Outputs = HashMap<String, Array>;

impl Models {
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder for the models");
        Self {
            folder,
            data: vec![],
            models: vec![],
        }
    }

    /// Adds a network with its inputs and tensors; the place of its results.
    pub(crate) fn add(
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
        let place = self.push(&model, graph, inputs, tensors);
        Ok(place)
    }

    /// Adds a model of a network; the place of its results.
    pub(crate) fn push(
        &mut self,
        model: &[u8],
        graph: &'static Graph,
        inputs: &[&Array],
        tensors: &HashMap<&str, &Array>,
    ) -> usize {
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
        place
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
    pub(crate) fn run(self) -> Vec<Result<Outputs, String>> {
        let models = Json::from(self.models).to_string();
        fs::write(self.folder.join("models.json"), models).expect("the list is written");
        fs::write(self.folder.join("data.bin"), self.data).expect("the numbers are written");
        let output = crate::interpreter::run("evaluate.py", &[&self.folder]);
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
