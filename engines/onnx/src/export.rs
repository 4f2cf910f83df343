//! From the static graph to the bytes of a model.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use shapewise_core::Network;
use shapewise_core::graph::Graph;
use shapewise_files::Target;
use shapewise_lower::{Customs, Dim, Elements, Mode, Plan, Update};

use crate::builder::Builder;
use crate::engine::{Onnx, Operand};
use crate::model::Model;
use crate::options::{Batch, Options, Weights};
use crate::proto::GraphProto;
use crate::value::{Value, axes_of};
use crate::weights::Tensors;
use crate::{Error, LIMIT, element};

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
    write_graph(N::GRAPH, path, options)
}

/// Writes a graph to a file: [`write()`] where the network is known by its data only.
///
/// # Errors
///
/// As [`write()`].
pub fn write_graph(
    graph: &'static Graph,
    path: impl AsRef<Path>,
    options: &Options,
) -> Result<(), Error> {
    write_graph_telling(graph, path, options, &mut |_, _| ())
}

/// As [`write_graph`]; something is told how many bytes are written, and of how many, each
/// time that there are more.
///
/// # Errors
///
/// As [`write()`].
pub fn write_graph_telling(
    graph: &'static Graph,
    path: impl AsRef<Path>,
    options: &Options,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(), Error> {
    let path = path.as_ref();
    let target = Target::new(path)?;
    let options = beside(path, options)?;
    let model = model(graph, &options)?;
    if let Some(weights) = &model.checkpoint {
        target.refuse(weights.path(), weights.file())?;
    }
    let failed = |error| Error::File(shapewise_files::Error::io(path)(error));
    target.write(|file| {
        let mut counted = Counted {
            out: file,
            done: 0,
            total: model.len(),
            tell,
        };
        model.write(&mut counted, failed)
    })
}

/// What counts the bytes that pass.
struct Counted<'t, W> {
    out: W,
    done: u64,
    total: u64,
    tell: &'t mut dyn FnMut(u64, u64),
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.done = self.done.saturating_add(written as u64);
        (self.tell)(self.done, self.total);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
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
    said(graph, options, Dim::Batch, Mode::Inference)
}

/// A graph as it is trained on so many samples, the weights inputs of the model. What
/// becomes of a buffer is an output with its name and `.updated` behind.
///
/// It is no part of the interface: models of a network in training are compared with
/// PyTorch in this crate's tests.
///
/// # Errors
///
/// As [`export`].
#[doc(hidden)]
pub fn export_training(graph: &'static Graph, samples: usize) -> Result<Vec<u8>, Error> {
    let options = Options::default();
    said(graph, &options, Dim::Size(samples), Mode::Training)?.bytes()
}

fn said(graph: &'static Graph, options: &Options, batch: Dim, mode: Mode) -> Result<Model, Error> {
    let dtype = options.dtype.unwrap_or(graph.dtype());
    element::check(dtype)?;
    if options.batch == Batch::Fixed(0) {
        return Err(Error::Batch);
    }
    let mut onnx = Onnx::new(dtype, options.batch.clone());
    onnx.training = mode == Mode::Training;
    let refused = |error| Error::of(error, graph);
    let plan = Plan::of(graph, &onnx, Customs::new()).map_err(refused)?;
    let mut tensors = Tensors::new(graph, dtype, options)?;
    for weight in plan.weights() {
        onnx.builder.reserve(&weight.name)?;
    }
    for name in graph.inputs() {
        onnx.builder.reserve(name)?;
    }
    for (place, (name, _)) in plan.outputs().iter().zip(graph.outputs()) {
        onnx.builder.reserve(name)?;
        onnx.outputs.entry(*place).or_insert(*name);
    }
    let inputs: Vec<_> = inputs(graph, plan.takes(), batch);
    let entering = inputs.iter().cloned().map(Operand::from).collect();
    let mut weights = |onnx: &mut Onnx, place: usize| {
        let weight = &plan.weights()[place];
        Ok(tensors.used(place, weight, &onnx.builder)?.into())
    };
    let run = plan.run(&mut onnx, &mut weights, entering, mode);
    let run = run.map_err(refused)?;
    let mut outputs = Vec::new();
    for ((name, _), value) in graph.outputs().iter().zip(run.values) {
        // An input, or a value that is already an output of another name.
        outputs.push(match value.value.name == *name {
            true => value.value,
            false => named(&mut onnx, &value.value, name),
        });
    }
    for (place, update) in run.updates {
        let weight = &plan.weights()[place];
        let value = match update {
            Update::Value(value) => onnx.solid(value)?,
            Update::Increment => {
                let before = tensors.used(place, weight, &onnx.builder)?;
                let one = onnx.builder.integer(1)?;
                onnx.builder.binary("Add", &before, &one)
            }
        };
        outputs.push(named(
            &mut onnx,
            &value,
            &format!("{}.updated", weight.name),
        ));
    }
    let model = assemble(graph, &inputs, &outputs, onnx.builder, tensors)?;
    let bytes = model.len();
    if bytes > LIMIT {
        return Err(Error::TooLarge { bytes });
    }
    Ok(model)
}

/// The inputs of the network as values of the model.
fn inputs(graph: &Graph, takes: &[Elements], batch: Dim) -> Vec<Value> {
    let names = graph.inputs().iter().zip(takes);
    names
        .zip(graph.values())
        .map(|((name, elements), shape)| Value {
            name: (*name).to_owned(),
            elements: *elements,
            dims: axes_of(shape, batch),
        })
        .collect()
}

/// A value under another name.
fn named(onnx: &mut Onnx, value: &Value, name: &str) -> Value {
    onnx.builder.begin(name);
    let first = onnx.builder.nodes.len();
    let mut copy = onnx.builder.unary("Identity", value);
    onnx.builder.rename(&mut copy, name.to_owned(), first);
    copy
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
    // Nodes that nothing needed may have had constants.
    let read: HashSet<_> = builder.nodes.iter().flat_map(|node| &node.input).collect();
    let constants = builder.initializers.iter();
    let constants = constants.filter(|constant| read.contains(&constant.name));
    let initializer = constants.cloned().collect();
    Ok(Model {
        before: GraphProto {
            node: builder.nodes,
            name: graph.name().to_owned(),
            ..GraphProto::default()
        },
        weights: tensors.initializers,
        after: GraphProto {
            initializer,
            input,
            output,
            value_info,
            ..GraphProto::default()
        },
        checkpoint: tensors.checkpoint,
    })
}
