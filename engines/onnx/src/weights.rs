//! The tensors of a network in the model.

use std::collections::HashMap;
use std::path::Path;

use shapewise_core::graph::DType;
use shapewise_core::{Extents, Graph};
use shapewise_lower::Weight;
use shapewise_safetensors::{Checker, Checkpoint, ElementType, Kind, Report, TensorInfo};

use crate::builder::Builder;
use crate::element::Element;
use crate::model::{Change, Content, Initializer};
use crate::options::{Options, Weights};
use crate::proto::{EXTERNAL, StringStringEntryProto, TensorProto};
use crate::value::{Value, ints, sizes};
use crate::{Error, LIMIT};

/// The tensors that the model has so far, in the order in which layers use them.
#[derive(Debug)]
pub(crate) struct Tensors {
    graph: &'static Graph,
    dtype: DType,
    source: Source,
    /// Where the weights are read.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// What of it is where.
    report: Option<Report>,
    any_float: bool,
    used: HashMap<usize, Value>,
    /// Those that are inputs of the model.
    pub(crate) inputs: Vec<Value>,
    /// Those that are part of it, or that it points to.
    pub(crate) initializers: Vec<Initializer>,
    bytes: u64,
}

#[derive(Debug)]
enum Source {
    Inputs,
    Zeros,
    Embedded,
    /// Under this name.
    External(String),
}

impl Tensors {
    pub(crate) fn new(
        graph: &'static Graph,
        dtype: DType,
        options: &Options,
    ) -> Result<Self, Error> {
        let (source, path) = match &options.weights {
            Weights::Inputs => (Source::Inputs, None),
            Weights::Zeros => (Source::Zeros, None),
            Weights::Embedded(path) => (Source::Embedded, Some(path)),
            Weights::External(path) => (Source::External(location(path)?), Some(path)),
        };
        let checkpoint = path.map(Checkpoint::open).transpose()?;
        let report = checkpoint
            .as_ref()
            .map(|checkpoint| fit(graph, options, checkpoint));
        Ok(Self {
            graph,
            dtype,
            source,
            report: report.transpose()?,
            checkpoint,
            any_float: options.reading.converts(),
            used: HashMap::new(),
            inputs: Vec::new(),
            initializers: Vec::new(),
            bytes: 0,
        })
    }

    /// The tensor at a place of the network's.
    pub(crate) fn used(
        &mut self,
        place: usize,
        weight: &Weight,
        builder: &Builder,
    ) -> Result<Value, Error> {
        if let Some(value) = self.used.get(&place) {
            return Ok(value.clone());
        }
        let value = Value {
            name: weight.name.clone(),
            elements: weight.elements,
            dims: sizes(weight.extents.as_slice()),
        };
        self.provide(&value, weight, builder)?;
        self.used.insert(place, value.clone());
        Ok(value)
    }

    fn provide(&mut self, value: &Value, tensor: &Weight, builder: &Builder) -> Result<(), Error> {
        let bytes = tensor
            .extents
            .product()
            .and_then(|elements| elements.checked_mul(self.dtype.bytes()))
            .ok_or(Error::Overflow)?;
        let mut proto = TensorProto {
            dims: ints(tensor.extents.as_slice())?,
            data_type: Some(Element::of(builder.dtype, value.elements).code()),
            name: value.name.clone(),
            ..TensorProto::default()
        };
        // Told before anything of that size is made.
        if matches!(self.source, Source::Zeros | Source::Embedded) {
            self.bytes = self.bytes.saturating_add(bytes);
            if self.bytes > LIMIT {
                let bytes = self.total();
                return Err(Error::TooLarge { bytes });
            }
        }
        let stored = || self.stored(tensor);
        let content = match &self.source {
            Source::Inputs => {
                self.inputs.push(value.clone());
                return Ok(());
            }
            Source::Zeros => Some(Content::Zeros(bytes)),
            Source::Embedded => Some(match stored()? {
                (_, tensor, None) => Content::Stored(tensor.clone()),
                (_, _, Some(change)) => Content::Changed(Change { bytes, ..change }),
            }),
            Source::External(location) => {
                let (checkpoint, stored, change) = stored()?;
                if change.is_some() {
                    let name = value.name.clone();
                    return Err(Error::Changed { name });
                }
                proto.data_location = Some(EXTERNAL);
                proto.external_data = [
                    ("location", location.clone()),
                    ("offset", checkpoint.offset(stored).to_string()),
                    ("length", stored.byte_len().to_string()),
                ]
                .map(|(key, value)| StringStringEntryProto {
                    key: key.to_owned(),
                    value,
                })
                .to_vec();
                None
            }
        };
        self.initializers.push(Initializer { proto, content });
        Ok(())
    }

    /// What the file has for a tensor, if it is what the definition says, and what has to be
    /// changed of it.
    fn stored(
        &self,
        tensor: &Weight,
    ) -> Result<(&Checkpoint, &TensorInfo<'static>, Option<Change>), Error> {
        let name = || tensor.name.clone();
        let place = self.report.as_ref();
        let place = place.map(|report| report.stored(&tensor.name));
        let (checkpoint, place) = self
            .checkpoint
            .as_ref()
            .zip(place)
            .ok_or_else(|| Error::Missing { name: name() })?;
        let found = checkpoint.tensor(&place.name);
        let found = found.ok_or_else(|| Error::Missing { name: name() })?;
        let transposed = match *tensor.extents.as_slice() {
            [rows, columns] if place.transposed => Some([columns, rows]),
            _ => None,
        };
        let extents: &[usize] = match &transposed {
            Some(extents) => extents,
            None => tensor.extents.as_slice(),
        };
        let same = extents.iter().map(|&extent| extent as u64);
        if !same.eq(found.shape().iter().copied()) {
            return Err(Error::Shape {
                name: name(),
                expected: Extents::new(extents),
                found: found.shape().to_vec(),
            });
        }
        let elements = ElementType::from(self.dtype);
        let given = found.element_type();
        let converts = self.any_float && elements.is_plain_float() && given.is_plain_float();
        if given != elements && !converts {
            return Err(Error::Type {
                name: name(),
                expected: elements,
                found: given,
            });
        }
        let change = (transposed.is_some() || given != elements).then(|| Change {
            tensor: found.clone(),
            transposed,
            elements,
            bytes: found.byte_len(),
        });
        Ok((checkpoint, found, change))
    }

    /// The bytes of all tensors of the network.
    fn total(&self) -> u64 {
        let counts = self.graph.counts();
        let elements = counts.params().saturating_add(counts.buffers);
        elements.saturating_mul(self.dtype.bytes())
    }
}

/// How a file fits the network. Tensors that are missing or otherwise are told where they are
/// used; here what no tensor by itself shows.
fn fit(graph: &'static Graph, options: &Options, file: &Checkpoint) -> Result<Report, Error> {
    let checker = Checker::new(graph).reading(options.reading.clone());
    let report = checker.compare(file.header());
    let hidden = |kind| report.of_kind(kind).next().is_some();
    match hidden(Kind::Square) || hidden(Kind::Pattern) {
        true => Err(Error::Fit(report.to_string())),
        false => Ok(report),
    }
}

/// What the model calls the file of its weights: the two stand in one folder.
fn location(path: &Path) -> Result<String, Error> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| Error::FileName {
        weights: path.to_owned(),
    })
}
