//! From the static graph to the bytes of a model.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use shapewise_core::Network;
use shapewise_core::graph::{Graph, Node};
use shapewise_files::Target;

use crate::builder::Builder;
use crate::layer::Said;
use crate::model::Model;
use crate::options::{Batch, Options, Weights};
use crate::place::Place;
use crate::proto::GraphProto;
use crate::value::{Elements, Value, axes_of};
use crate::weights::Tensors;
use crate::{Error, LIMIT, element, layers};

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

/// Writes the network `N` to a file. Weights pass through piece by piece: it takes
/// little memory, however large they are.
///
/// The file is written beside its place and renamed when it is whole; until then what
/// stood there stays. The file of the weights is never written, under no name.
///
/// # Errors
///
/// Those of [`export`]; [`Error::File`] when the file cannot be written or is that of
/// the weights, and [`Error::Location`] when external weights are in another folder
/// than it.
pub fn write<N: Network>(path: impl AsRef<Path>, options: &Options) -> Result<(), Error> {
    let path = path.as_ref();
    let target = Target::new(path)?;
    let options = beside(path, options)?;
    let model = model(N::GRAPH, &options)?;
    if let Some(weights) = &model.checkpoint {
        target.refuse(weights.path(), weights.file())?;
    }
    let failed = |error| Error::File(shapewise_files::Error::io(path)(error));
    target.write(|file| model.write(file, failed))
}

/// The options with external weights by the path of the file itself: readers of
/// models follow no symbolic links. It is in the folder of the model.
fn beside<'a>(path: &Path, options: &'a Options) -> Result<Cow<'a, Options>, Error> {
    let Weights::External(weights) = &options.weights else {
        return Ok(Cow::Borrowed(options));
    };
    let file = real(weights).map_err(shapewise_safetensors::Error::from)?;
    if file.parent() != Some(&*real(folder(path))?) {
        return Err(Error::Location {
            weights: file,
            model: path.to_owned(),
        });
    }
    if file.file_name() == weights.file_name() {
        return Ok(Cow::Borrowed(options));
    }
    let options = options.clone().weights(Weights::External(file));
    Ok(Cow::Owned(options))
}

/// The path of a file or folder without links.
fn real(path: &Path) -> Result<PathBuf, shapewise_files::Error> {
    path.canonicalize()
        .map_err(shapewise_files::Error::io(path))
}

/// The folder of a file.
fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A graph as the bytes of an ONNX model: [`export`] where the network is known
/// by its data only.
///
/// # Errors
///
/// As [`export`].
pub fn export_graph(graph: &'static Graph, options: &Options) -> Result<Vec<u8>, Error> {
    model(graph, options)?.bytes()
}

/// A graph as a model whose weights are still where they come from.
fn model(graph: &'static Graph, options: &Options) -> Result<Model, Error> {
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
    let bytes = model.len();
    if bytes > LIMIT {
        return Err(Error::TooLarge { bytes });
    }
    Ok(model)
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
            own: own(node),
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

/// Which of a layer's tensors has which name.
fn own(node: &Node) -> HashMap<String, usize> {
    let names = node.tensors().map(|tensor| tensor.name.to_string());
    names.zip(0..).collect()
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
) -> Result<Model, Error> {
    let infos = |values: &[Value]| -> Result<Vec<_>, Error> {
        values.iter().map(|value| builder.info(value)).collect()
    };
    let names: HashSet<_> = outputs.iter().map(|output| &output.name).collect();
    let between: Vec<_> = builder
        .values
        .iter()
        .filter(|value| !names.contains(&value.name))
        .cloned()
        .collect();
    let input = infos(&[inputs, &tensors.inputs].concat())?;
    let (output, value_info) = (infos(outputs)?, infos(&between)?);
    Ok(Model {
        before: GraphProto {
            node: builder.nodes,
            name: graph.name().to_owned(),
            ..GraphProto::default()
        },
        weights: tensors.initializers,
        after: GraphProto {
            initializer: builder.initializers,
            input,
            output,
            value_info,
            ..GraphProto::default()
        },
        checkpoint: tensors.checkpoint,
    })
}
