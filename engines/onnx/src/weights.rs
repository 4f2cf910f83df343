//! The tensors of a network in the model.

use std::collections::HashMap;
use std::path::Path;

use shapewise_core::Graph;
use shapewise_core::graph::DType;
use shapewise_lower::Weight;
use shapewise_safetensors::{Checkpoint, ElementType, TensorInfo};

use crate::builder::Builder;
use crate::element::Element;
use crate::model::{Content, Initializer};
use crate::options::Weights;
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
        weights: &Weights,
    ) -> Result<Self, Error> {
        let (source, path) = match weights {
            Weights::Inputs => (Source::Inputs, None),
            Weights::Zeros => (Source::Zeros, None),
            Weights::Embedded(path) => (Source::Embedded, Some(path)),
            Weights::External(path) => (Source::External(location(path)?), Some(path)),
        };
        Ok(Self {
            graph,
            dtype,
            source,
            checkpoint: path.map(Checkpoint::open).transpose()?,
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
        let stored = || stored(self.checkpoint.as_ref(), value, tensor, self.dtype);
        let content = match &self.source {
            Source::Inputs => {
                self.inputs.push(value.clone());
                return Ok(());
            }
            Source::Zeros => Some(Content::Zeros(bytes)),
            Source::Embedded => Some(Content::Stored(stored()?.1.clone())),
            Source::External(location) => {
                let (checkpoint, stored) = stored()?;
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

    /// The bytes of all tensors of the network.
    fn total(&self) -> u64 {
        let counts = self.graph.counts();
        let elements = counts.params().saturating_add(counts.buffers);
        elements.saturating_mul(self.dtype.bytes())
    }
}

/// What the file has for a tensor, if it is what the definition says.
fn stored<'a>(
    checkpoint: Option<&'a Checkpoint>,
    value: &Value,
    tensor: &Weight,
    dtype: DType,
) -> Result<(&'a Checkpoint, &'a TensorInfo<'static>), Error> {
    let name = || value.name.clone();
    let (checkpoint, found) = checkpoint
        .and_then(|checkpoint| Some((checkpoint, checkpoint.tensor(&value.name)?)))
        .ok_or_else(|| Error::Missing { name: name() })?;
    let extents = tensor.extents.as_slice().iter();
    if !extents
        .map(|&extent| extent as u64)
        .eq(found.shape().iter().copied())
    {
        return Err(Error::Shape {
            name: name(),
            expected: tensor.extents,
            found: found.shape().to_vec(),
        });
    }
    let expected = ElementType::from(dtype);
    if found.element_type() != expected {
        return Err(Error::Type {
            name: name(),
            expected,
            found: found.element_type(),
        });
    }
    Ok((checkpoint, found))
}

/// What the model calls the file of its weights: the two stand in one folder.
fn location(path: &Path) -> Result<String, Error> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| Error::FileName {
        weights: path.to_owned(),
    })
}
