//! The tensors of a network in the model.

use std::collections::HashMap;
use std::path::Path;

use shapewise_core::Graph;
use shapewise_core::graph::{DType, Node};
use shapewise_core::layer::{Role, Tensor};

use crate::builder::Builder;
use crate::element::{Element, checkpoint_name};
use crate::options::Weights;
use crate::place::Place;
use crate::proto::{EXTERNAL, StringStringEntryProto, TensorProto};
use crate::safetensors::Checkpoint;
use crate::value::{Elements, Value, ints, sizes};
use crate::{Error, LIMIT};

/// The tensors that the model has so far, in the order in which layers use them.
#[derive(Debug)]
pub(crate) struct Tensors {
    graph: &'static Graph,
    dtype: DType,
    source: Source,
    used: HashMap<String, Value>,
    /// Those that are inputs of the model.
    pub(crate) inputs: Vec<Value>,
    /// Those that are part of it, or that it points to.
    pub(crate) initializers: Vec<TensorProto>,
    bytes: u64,
}

#[derive(Debug)]
enum Source {
    Inputs,
    Zeros,
    Embedded(Checkpoint),
    External(Checkpoint, String),
}

impl Tensors {
    pub(crate) fn new(
        graph: &'static Graph,
        dtype: DType,
        weights: &Weights,
    ) -> Result<Self, Error> {
        Ok(Self {
            graph,
            dtype,
            source: match weights {
                Weights::Inputs => Source::Inputs,
                Weights::Zeros => Source::Zeros,
                Weights::Embedded(path) => Source::Embedded(Checkpoint::open(path)?),
                Weights::External(path) => {
                    Source::External(Checkpoint::open(path)?, location(path)?)
                }
            },
            used: HashMap::new(),
            inputs: Vec::new(),
            initializers: Vec::new(),
            bytes: 0,
        })
    }

    /// The name of every tensor of the network.
    pub(crate) fn names(graph: &'static Graph) -> impl Iterator<Item = String> {
        graph.walk().flat_map(|leaf| {
            leaf.node
                .tensors()
                .map(move |tensor| leaf.tensor_name(&tensor).to_string())
        })
    }

    /// A layer's tensor by its own name (`weight`), if the layer has it.
    pub(crate) fn used(
        &mut self,
        place: &Place,
        node: &Node,
        name: &str,
        builder: &Builder,
    ) -> Result<Option<Value>, Error> {
        let found = (0..)
            .map_while(|index| Some((index, node.layer.tensor(index)?)))
            .find(|(_, tensor)| tensor.name.is(name));
        let Some((index, tensor)) = found else {
            return Ok(None);
        };
        // Shared weights have the name that they have where they are stored.
        let owner = place.owner(node);
        let stored = match (tensor.role, owner.layer.tensor(index)) {
            (Role::Weight, Some(stored)) => owner.tensor_name(&stored),
            _ => node.tensor_name(&tensor),
        };
        let full = place.stored(stored);
        if let Some(value) = self.used.get(&full) {
            return Ok(Some(value.clone()));
        }
        let value = Value {
            name: full.clone(),
            elements: Elements::Numbers,
            dims: sizes(tensor.extents.as_slice()),
        };
        self.provide(&value, &tensor, builder)?;
        self.used.insert(full, value.clone());
        Ok(Some(value))
    }

    fn provide(&mut self, value: &Value, tensor: &Tensor, builder: &Builder) -> Result<(), Error> {
        let bytes = tensor
            .elements()
            .and_then(|elements| elements.checked_mul(self.dtype.bytes()))
            .ok_or(Error::Overflow)?;
        let mut proto = TensorProto {
            dims: ints(tensor.extents.as_slice())?,
            data_type: Some(Element::of(builder.dtype, value.elements).code()),
            name: value.name.clone(),
            ..TensorProto::default()
        };
        // Told before anything of that size is put in memory.
        if matches!(self.source, Source::Zeros | Source::Embedded(_)) {
            self.bytes = self.bytes.saturating_add(bytes);
            if self.bytes > LIMIT {
                let bytes = self.total();
                return Err(Error::TooLarge { bytes });
            }
        }
        match &mut self.source {
            Source::Inputs => {
                self.inputs.push(value.clone());
                return Ok(());
            }
            Source::Zeros => {
                let bytes = usize::try_from(bytes).map_err(|_| Error::Overflow)?;
                proto.raw_data = Some(vec![0; bytes]);
            }
            Source::Embedded(checkpoint) => {
                let entry = entry(checkpoint, value, tensor, self.dtype)?;
                proto.raw_data = Some(checkpoint.read(&entry)?);
            }
            Source::External(checkpoint, location) => {
                let entry = entry(checkpoint, value, tensor, self.dtype)?;
                proto.data_location = Some(EXTERNAL);
                proto.external_data = [
                    ("location", location.clone()),
                    ("offset", entry.offset.to_string()),
                    ("length", entry.length.to_string()),
                ]
                .map(|(key, value)| StringStringEntryProto {
                    key: key.to_owned(),
                    value,
                })
                .to_vec();
            }
        }
        self.initializers.push(proto);
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
fn entry(
    checkpoint: &Checkpoint,
    value: &Value,
    tensor: &Tensor,
    dtype: DType,
) -> Result<crate::safetensors::Entry, Error> {
    let name = || value.name.clone();
    let entry = checkpoint
        .entry(&value.name)
        .ok_or_else(|| Error::Missing { name: name() })?;
    let expected = tensor.extents.as_slice();
    if !entry
        .shape
        .iter()
        .copied()
        .eq(expected.iter().map(|&extent| extent as u64))
    {
        return Err(Error::Shape {
            name: name(),
            expected: tensor.extents,
            found: entry.shape.clone(),
        });
    }
    if entry.dtype != checkpoint_name(dtype) {
        return Err(Error::Type {
            name: name(),
            expected: checkpoint_name(dtype),
            found: entry.dtype.clone(),
        });
    }
    Ok(entry.clone())
}

/// What the model calls the file of its weights: the two stand in one folder.
fn location(path: &Path) -> Result<String, Error> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| Error::Malformed {
        path: path.to_owned(),
        reason: "its name is no text".to_owned(),
    })
}
