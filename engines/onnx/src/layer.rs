//! A layer that is being said: what it reads and the tensors it owns.

use std::collections::HashMap;

use shapewise_core::graph::Node;
use shapewise_core::{Extents, Shape};

use crate::Error;
use crate::builder::Builder;
use crate::place::Place;
use crate::value::{Value, sizes};
use crate::weights::Tensors;

/// A layer of the network and what the model has for it so far.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    pub(crate) builder: &'a mut Builder,
    pub(crate) tensors: &'a mut Tensors,
    pub(crate) place: &'a Place,
    pub(crate) node: &'static Node,
    /// Which of the layer's tensors has which name.
    pub(crate) own: HashMap<String, usize>,
    /// Its inputs in the model.
    pub(crate) inputs: Vec<Value>,
    /// Their shapes in the network.
    pub(crate) shapes: Vec<Shape>,
    /// The shapes of its results in the network.
    pub(crate) results: Vec<Shape>,
}

impl Said<'_> {
    /// The first input.
    pub(crate) fn input(&self) -> Value {
        self.inputs[0].clone()
    }

    /// The layer's tensor of that name, if it has one.
    pub(crate) fn tensor(&mut self, name: &str) -> Result<Option<Value>, Error> {
        match self.own.get(name) {
            Some(&index) => {
                let tensor = self
                    .tensors
                    .used(self.place, self.node, index, self.builder)?;
                Ok(Some(tensor))
            }
            None => Ok(None),
        }
    }

    /// A tensor that the layer has by its kind.
    pub(crate) fn weight(&mut self, name: &str) -> Result<Value, Error> {
        self.tensor(name)?.ok_or_else(|| Error::Missing {
            name: format!("{}.{name}", self.place.path(self.node)),
        })
    }

    /// The layer's tensor of that name, or so many elements of `value`.
    pub(crate) fn tensor_or(
        &mut self,
        name: &str,
        value: f64,
        extents: &Extents,
    ) -> Result<Value, Error> {
        if let Some(tensor) = self.tensor(name)? {
            return Ok(tensor);
        }
        let one = self.builder.number(value);
        let target = crate::value::ints(extents.as_slice())?;
        let target = self.builder.list(&target);
        let dims = sizes(extents.as_slice());
        Ok(self.builder.node("Expand", &[&one, &target], vec![], dims))
    }

    /// The error of a layer that ONNX cannot say.
    pub(crate) fn unsupported(&self, reason: &'static str) -> Error {
        Error::Unsupported {
            path: self.place.path(self.node),
            layer: self.node.entry().name,
            reason,
        }
    }
}
