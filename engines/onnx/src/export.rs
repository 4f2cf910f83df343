//! From the static graph to the bytes of a model.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use prost::Message;
use shapewise_core::graph::{Graph, Network, Node};

use crate::builder::Builder;
use crate::layer::Said;
use crate::options::{Batch, Options, Weights};
use crate::place::Place;
use crate::proto::{GraphProto, ModelProto, OperatorSetIdProto};
use crate::value::{Elements, Value, axes_of};
use crate::weights::Tensors;
use crate::{Error, IR_VERSION, LIMIT, OPSET, element, layers};

/// The network `N` as the bytes of an ONNX model.
///
/// With [`Weights::External`] the model points to the weights by their file's
/// name: put both in one folder.
///
/// # Errors
///
/// An [`Error`] when ONNX cannot say the network, or when the weights are not
/// those of the definition.
pub fn export<N: Network>(options: &Options) -> Result<Vec<u8>, Error> {
    export_graph(N::GRAPH, options)
}

/// Writes the network `N` to a file.
///
/// # Errors
///
/// Those of [`export`]; [`Error::Io`] when the file cannot be written, and
/// [`Error::Location`] when external weights are in another folder than it.
pub fn write<N: Network>(path: impl AsRef<Path>, options: &Options) -> Result<(), Error> {
    let path = path.as_ref();
    if let Weights::External(weights) = &options.weights
        && folder(weights)? != folder(path)?
    {
        return Err(Error::Location {
            weights: weights.clone(),
            model: path.to_owned(),
        });
    }
    let model = export::<N>(options)?;
    std::fs::write(path, model).map_err(|error| Error::Io {
        path: path.to_owned(),
        error,
    })
}

/// The folder of a file, however it is written.
fn folder(file: &Path) -> Result<PathBuf, Error> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    folder.canonicalize().map_err(|error| Error::Io {
        path: folder.to_owned(),
        error,
    })
}

/// A graph as the bytes of an ONNX model: [`export`] where the network is known
/// by its data only.
///
/// # Errors
///
/// As [`export`].
pub fn export_graph(graph: &'static Graph, options: &Options) -> Result<Vec<u8>, Error> {
    let dtype = options.dtype.unwrap_or(graph.dtype());
    element::check(dtype)?;
    if options.batch == Batch::Fixed(0) {
        return Err(Error::Batch);
    }
    let mut builder = Builder::new(dtype, options.batch.clone());
    let mut tensors = Tensors::new(graph, dtype, &options.weights)?;
    for name in Tensors::names(graph) {
        builder.reserve(&name)?;
    }
    for name in graph.inputs() {
        builder.reserve(name)?;
    }
    for (name, _) in graph.outputs() {
        builder.reserve(name)?;
    }
    let inputs = inputs(graph);
    let outputs = say(graph, &inputs, &mut builder, &mut tensors)?;
    let model = assemble(graph, &inputs, &outputs, builder, tensors)?;
    let bytes = model.encoded_len() as u64;
    if bytes > LIMIT {
        return Err(Error::TooLarge { bytes });
    }
    Ok(model.encode_to_vec())
}

/// The inputs of the network as values of the model.
fn inputs(graph: &Graph) -> Vec<Value> {
    let indices = layers::indices(graph);
    graph
        .inputs()
        .iter()
        .enumerate()
        .map(|(place, name)| Value {
            name: (*name).to_owned(),
            elements: match indices[place] {
                true => Elements::Indices,
                false => Elements::Numbers,
            },
            dims: axes_of(&graph.values()[place]),
        })
        .collect()
}

/// Says every layer; returns the outputs.
fn say(
    graph: &'static Graph,
    inputs: &[Value],
    builder: &mut Builder,
    tensors: &mut Tensors,
) -> Result<Vec<Value>, Error> {
    let mut names = HashMap::new();
    for (name, place) in graph.outputs() {
        names.entry(*place).or_insert(*name);
    }
    let values = say_layers(&Place::outermost(graph), inputs, &names, builder, tensors)?;
    let mut outputs = Vec::new();
    for (name, place) in graph.outputs() {
        let value = &values[place];
        // An input, or a value that is already an output of another name.
        let value = match value.name == *name {
            true => value.clone(),
            false => {
                builder.begin(name);
                let copy = builder.node("Identity", &[value], vec![], value.dims.clone());
                let first = builder.nodes.len() - 1;
                builder.rename(&copy, name, first)
            }
        };
        outputs.push(value);
    }
    Ok(outputs)
}

/// Says every layer of a network, those of the networks in it in their place;
/// returns its values. `names` has those values that are outputs of the model.
fn say_layers(
    place: &Place,
    inputs: &[Value],
    names: &HashMap<usize, &'static str>,
    builder: &mut Builder,
    tensors: &mut Tensors,
) -> Result<HashMap<usize, Value>, Error> {
    let graph = place.graph;
    let mut values: HashMap<usize, Value> = inputs.iter().cloned().enumerate().collect();
    for node in graph.nodes() {
        let inputs: Vec<_> = node
            .inputs
            .iter()
            .map(|input| values[input].clone())
            .collect();
        let results = node.output..node.output + node.results;
        if let Some(inner) = graph.inner(node) {
            let outputs = inner.outputs().iter().map(|(_, output)| *output);
            let mut inside = HashMap::new();
            for (result, output) in results.clone().zip(outputs.clone()) {
                if let Some(name) = names.get(&result) {
                    inside.entry(output).or_insert(*name);
                }
            }
            let place = place.inside(node, inner);
            let made = say_layers(&place, &inputs, &inside, builder, tensors)?;
            for (result, output) in results.zip(outputs) {
                values.insert(result, made[&output].clone());
            }
            continue;
        }
        let path = place.path(node);
        let first = builder.nodes.len();
        builder.begin(&path);
        let mut said = Said {
            place,
            node,
            inputs,
            shapes: node
                .inputs
                .iter()
                .map(|&input| graph.values()[input])
                .collect(),
            results: graph.values()[results.clone()].to_vec(),
            builder: &mut *builder,
            tensors: &mut *tensors,
        };
        let made = layers::say(&mut said)?;
        for (result, (number, value)) in results.zip(made).enumerate() {
            let name = match names.get(&number) {
                Some(name) => (*name).to_owned(),
                None => builder.unique(format!("{path}.{}", result_name(node, result))),
            };
            values.insert(number, builder.rename(&value, &name, first));
        }
        // The node that ends the layer has its name.
        if let Some(last) = builder.nodes[first..].last_mut() {
            last.name = path;
        }
    }
    Ok(values)
}

/// What one of a layer's results is called.
fn result_name(node: &Node, result: usize) -> String {
    match node.entry().results.get(result) {
        Some(name) => (*name).to_owned(),
        None => format!("output{result}"),
    }
}

fn assemble(
    graph: &Graph,
    inputs: &[Value],
    outputs: &[Value],
    builder: Builder,
    tensors: Tensors,
) -> Result<ModelProto, Error> {
    let infos = |values: &[Value]| -> Result<Vec<_>, Error> {
        values.iter().map(|value| builder.info(value)).collect()
    };
    let between: Vec<_> = builder
        .values
        .iter()
        .filter(|value| !outputs.iter().any(|output| output.name == value.name))
        .cloned()
        .collect();
    let graph = GraphProto {
        name: graph.name().to_owned(),
        input: infos(&[inputs, &tensors.inputs].concat())?,
        output: infos(outputs)?,
        value_info: infos(&between)?,
        initializer: [tensors.initializers, builder.initializers].concat(),
        node: builder.nodes,
    };
    Ok(ModelProto {
        ir_version: Some(IR_VERSION),
        producer_name: "shapewise".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: Some(OPSET),
        }],
    })
}
