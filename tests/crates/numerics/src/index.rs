//! The rows of the index with their numbers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensors};
use serde_json::Value as Json;
use shapewise_core::Graph;

use crate::array::{Array, Numbers};
use crate::definition::{self, PATH};
use crate::networks;

/// All that was measured.
#[derive(Debug)]
pub struct Numerics {
    /// A case of one layer each.
    pub layers: Vec<LayerCase>,
    /// Whole networks.
    pub networks: Vec<NetworkCase>,
}

/// One layer on one batch.
#[derive(Debug)]
pub struct LayerCase {
    /// Its name: `conv.2`.
    pub id: String,
    /// The layer: `conv`.
    pub kind: String,
    /// Whether it was in training mode.
    pub training: bool,
    /// A network of the layer alone; where there is none, why.
    pub graph: Result<&'static Graph, String>,
    /// Its inputs.
    pub inputs: Vec<Array>,
    /// The gradients of the inputs, of `sum(output * r)`; none of an integer.
    pub input_gradients: Vec<Option<Array>>,
    /// What it gives.
    pub outputs: Vec<Array>,
    /// What gradients are of: a factor for each output.
    pub factors: Vec<Array>,
    /// Its tensors, by their names in the graph.
    pub tensors: Vec<TensorCase>,
    /// Buffers after the one pass in training mode, by their names in the graph.
    pub after: Vec<(String, Array)>,
}

/// A tensor of a layer.
#[derive(Debug)]
pub struct TensorCase {
    /// Its name in the graph: `layer.weight`.
    pub name: String,
    /// What it is.
    pub value: Array,
    /// Its gradient; none of a buffer.
    pub gradient: Option<Array>,
}

/// A network, and twenty steps of its training.
#[derive(Debug)]
pub struct NetworkCase {
    /// Its name: `resnet`.
    pub id: String,
    /// The network; where there is none, why.
    pub graph: Result<&'static Graph, String>,
    /// A batch.
    pub input: Array,
    /// A class for each sample, position or pixel.
    pub target: Array,
    /// What it gives in evaluation mode.
    pub eval: Array,
    /// What it gives in training mode.
    pub train: Array,
    /// What it gives in evaluation mode after training.
    pub after: Array,
    /// The first loss.
    pub loss: f64,
    /// The losses of all steps, each before its step.
    pub losses: Array,
    /// How far a step goes along the gradient.
    pub learning_rate: f64,
    /// Its tensors.
    pub tensors: Vec<NetworkTensor>,
}

/// A tensor of a network.
#[derive(Debug)]
pub struct NetworkTensor {
    /// Its name.
    pub name: String,
    /// What it is before training.
    pub value: Array,
    /// The gradient of the first loss; none of a buffer.
    pub gradient: Option<Array>,
    /// What it is after training.
    pub after: Array,
}

impl Numerics {
    /// What `SHAPEWISE_NUMERICS` names, or else what this crate has.
    ///
    /// # Errors
    ///
    /// What cannot be read, in words.
    pub fn load() -> Result<Self, String> {
        let own = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));
        let folder = std::env::var_os("SHAPEWISE_NUMERICS").map_or_else(own, PathBuf::from);
        Self::read(&folder).map_err(|error| format!("{}: {error}", folder.display()))
    }

    /// What a folder has.
    ///
    /// # Errors
    ///
    /// As [`Numerics::load`].
    pub fn read(folder: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(folder.join("index.json")).map_err(|e| e.to_string())?;
        let index: Json = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let mut files = Files {
            folder,
            open: HashMap::new(),
        };
        let rows = |name: &str| {
            let rows = index[name].as_array();
            rows.ok_or_else(|| format!("the index has no `{name}`"))
        };
        let mut layers = rows("layers")?.clone();
        // What came later stands in files of its own.
        for file in ["more.json", "parametrizations.json"] {
            let Ok(more) = std::fs::read_to_string(folder.join(file)) else {
                continue;
            };
            let more: Json = serde_json::from_str(&more).map_err(|e| e.to_string())?;
            layers.extend(items(&more["layers"]).iter().cloned());
        }
        Ok(Self {
            layers: layers
                .iter()
                .map(|row| layer(row, &mut files))
                .collect::<Result<_, _>>()?,
            networks: rows("networks")?
                .iter()
                .map(|row| network_case(row, &mut files))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The files that were read so far.
struct Files<'a> {
    folder: &'a Path,
    open: HashMap<String, HashMap<String, Array>>,
}

impl Files<'_> {
    fn file(&mut self, name: &str) -> Result<&HashMap<String, Array>, String> {
        if !self.open.contains_key(name) {
            let arrays = arrays(&self.folder.join(name))?;
            self.open.insert(name.to_owned(), arrays);
        }
        Ok(&self.open[name])
    }

    /// The array that a row names by a key.
    fn array(&mut self, row: &Json, key: &Json) -> Result<Array, String> {
        let (file, key) = (text(&row["file"])?, text(key)?);
        let found = self.file(file)?.get(key).cloned();
        found.ok_or_else(|| format!("`{file}` has no `{key}`"))
    }

    /// The array that a row names, if it names one.
    fn some(&mut self, row: &Json, key: &Json) -> Result<Option<Array>, String> {
        match key {
            Json::Null => Ok(None),
            key => self.array(row, key).map(Some),
        }
    }
}

/// The arrays of a file, by their names.
///
/// # Errors
///
/// What cannot be read, in words.
pub fn arrays(path: &Path) -> Result<HashMap<String, Array>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| e.to_string())?;
    let mut arrays = HashMap::new();
    for (key, view) in file.tensors() {
        let data = view.data();
        let numbers = match view.dtype() {
            Dtype::F32 => Numbers::Float(
                data.as_chunks()
                    .0
                    .iter()
                    .map(|bytes| f32::from_le_bytes(*bytes))
                    .collect(),
            ),
            Dtype::I64 => Numbers::Int(
                data.as_chunks()
                    .0
                    .iter()
                    .map(|bytes| i64::from_le_bytes(*bytes))
                    .collect(),
            ),
            other => return Err(format!("`{key}` is of {other:?}")),
        };
        let dims = view.shape().to_vec();
        arrays.insert(key, Array { dims, numbers });
    }
    Ok(arrays)
}

fn text(value: &Json) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{value} is no text"))
}

fn number(value: &Json) -> Result<f64, String> {
    value
        .as_f64()
        .ok_or_else(|| format!("{value} is no number"))
}

fn items(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// An array as it is laid out in `shapewise-lower`.
fn laid_out(array: &Array, layout: &Json) -> Result<Array, String> {
    let order: &[usize] = match text(layout)? {
        "NCL" => &[0, 2, 1],
        "NHWC" => &[0, 3, 1, 2],
        "NDHWC" => &[0, 4, 1, 2, 3],
        "SNC" => &[1, 0, 2],
        "NC" | "NLC" | "NCHW" | "NCDHW" => return Ok(array.clone()),
        other => return Err(format!("no layout `{other}`")),
    };
    Ok(array.permuted(order))
}

/// The name of a layer's tensor in its graph.
fn full(name: &str) -> String {
    match name {
        "@" => PATH.to_owned(),
        name => format!("{PATH}.{name}"),
    }
}

fn layer(row: &Json, files: &mut Files<'_>) -> Result<LayerCase, String> {
    let kind = text(&row["kind"])?;
    let outputs = items(&row["outputs"]);
    let mut case = LayerCase {
        id: text(&row["id"])?.to_owned(),
        kind: kind.to_owned(),
        training: row["mode"] == "train",
        graph: definition::graph(kind, &row["definition"], outputs.len()),
        inputs: vec![],
        input_gradients: vec![],
        outputs: vec![],
        factors: vec![],
        tensors: vec![],
        after: vec![],
    };
    for input in items(&row["inputs"]) {
        let layout = &input["layout"];
        case.inputs
            .push(laid_out(&files.array(row, &input["key"])?, layout)?);
        let gradient = files.some(row, &input["gradient"])?;
        let gradient = gradient.map(|gradient| laid_out(&gradient, layout));
        case.input_gradients.push(gradient.transpose()?);
    }
    for output in outputs {
        let layout = &output["layout"];
        case.outputs
            .push(laid_out(&files.array(row, &output["key"])?, layout)?);
        case.factors
            .push(laid_out(&files.array(row, &output["r"])?, layout)?);
    }
    for tensor in items(&row["tensors"]) {
        case.tensors.push(TensorCase {
            name: full(text(&tensor["name"])?),
            value: files.array(row, &tensor["key"])?,
            gradient: files.some(row, &tensor["gradient"])?,
        });
    }
    for buffer in items(&row["after"]) {
        let value = files.array(row, &buffer["key"])?;
        case.after.push((full(text(&buffer["name"])?), value));
    }
    Ok(case)
}

fn network_case(row: &Json, files: &mut Files<'_>) -> Result<NetworkCase, String> {
    let (input, output) = (&row["input"], &row["output"]);
    let mut outputs = ["eval", "train", "after"].map(|mode| {
        let array = files.array(row, &output[mode])?;
        laid_out(&array, &output["layout"])
    });
    let mut output = |place: usize| std::mem::replace(&mut outputs[place], Err(String::new()));
    let (eval, train, after) = (output(0)?, output(1)?, output(2)?);
    let mut tensors = Vec::new();
    for tensor in items(&row["tensors"]) {
        tensors.push(NetworkTensor {
            name: text(&tensor["name"])?.to_owned(),
            value: files.array(row, &tensor["key"])?,
            gradient: files.some(row, &tensor["gradient"])?,
            after: files.array(row, &tensor["after"])?,
        });
    }
    Ok(NetworkCase {
        id: text(&row["id"])?.to_owned(),
        graph: networks::graph(text(&row["definition"])?),
        input: laid_out(&files.array(row, &input["key"])?, &input["layout"])?,
        target: files.array(row, &row["target"]["key"])?,
        eval,
        train,
        after,
        loss: number(&row["loss"])?,
        losses: files.array(row, &row["losses"])?,
        learning_rate: number(&row["lr"])?,
        tensors,
    })
}
