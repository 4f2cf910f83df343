//! ONNX as an engine: every operation is nodes of a model.

use std::collections::HashMap;
use std::rc::Rc;

use shapewise_core::graph::{DType, Node};
use shapewise_lower::{Dim, Operations, Site};

use crate::Error;
use crate::builder::Builder;
use crate::options::Batch;
use crate::value::Value;
use crate::view::{Step, View};

mod adaptive;
mod attention;
mod convolution;
mod kernels;
mod normalisation;
mod operations;
mod pooling;
mod recurrent;
mod resize;

/// The model under construction, and the layer that is being said.
#[derive(Debug)]
pub(crate) struct Onnx {
    pub(crate) builder: Builder,
    /// Which values of the network are outputs of the model, and what they are called.
    pub(crate) outputs: HashMap<usize, &'static str>,
    /// Whether what no result needs stays: updates are of the end of the walk.
    pub(crate) training: bool,
    /// The layer's path and itself.
    layer: Option<(String, &'static Node)>,
    /// The first node of the layer.
    first: usize,
    /// What was moved in the layer, and how.
    moves: HashMap<(String, Step), Value>,
}

/// A value as layers see it.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    /// What the model has. Where the two differ it is repeated, as ONNX does by itself
    /// for operators on each element.
    pub(crate) value: Value,
    pub(crate) dims: Vec<Dim>,
    /// Where its elements were in the layer before they moved.
    view: Option<Rc<View>>,
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self {
            dims: value.dims.clone(),
            value,
            view: None,
        }
    }
}

impl Onnx {
    pub(crate) fn new(dtype: DType, batch: Batch) -> Self {
        Self {
            builder: Builder::new(dtype, batch),
            outputs: HashMap::new(),
            training: false,
            layer: None,
            first: 0,
            moves: HashMap::new(),
        }
    }

    /// The error of a layer that ONNX cannot say.
    fn unsupported(&self, reason: impl Into<String>) -> Error {
        let (path, layer) = match &self.layer {
            Some((path, node)) => (path.clone(), node.entry().name),
            None => (String::new(), ""),
        };
        Error::Unsupported {
            path,
            layer,
            reason: reason.into(),
        }
    }

    /// A value of the model with all its axes.
    pub(crate) fn solid(&mut self, x: Operand) -> Result<Value, Error> {
        if x.value.dims == x.dims {
            return Ok(x.value);
        }
        if without_front(&x.value.dims) == without_front(&x.dims) {
            return self.step(&x.value, Step::Reshape(x.dims));
        }
        // The batch is there already, or not at all.
        let extents: Vec<_> = x.dims.iter().map(|dim| dim.size().unwrap_or(1)).collect();
        self.builder.expand(&x.value, &extents)
    }

    fn step(&mut self, x: &Value, step: Step) -> Result<Value, Error> {
        let key = (x.name.clone(), step);
        if let Some(value) = self.moves.get(&key) {
            return Ok(value.clone());
        }
        let value = match &key.1 {
            Step::Reshape(dims) => self.builder.reshape(x, dims.clone())?,
            Step::Transpose(order) => self.builder.transpose(x, order)?,
        };
        self.moves.insert(key, value.clone());
        Ok(value)
    }

    /// Moves elements once more, from where they were before if that takes no more
    /// nodes.
    fn moved(&mut self, x: Operand, step: Step) -> Result<Operand, Error> {
        // A value that was moved has all its axes.
        let view = x.view.clone();
        let value = self.solid(x)?;
        let view = view.unwrap_or_else(|| Rc::new(View::of(&value)));
        let (next, dims) = match &step {
            Step::Reshape(dims) => (view.reshaped(dims), dims.clone()),
            Step::Transpose(order) => {
                let dims = order.iter().map(|&axis| value.dims[axis]).collect();
                (Some(view.permuted(order)), dims)
            }
        };
        let Some(mut next) = next else {
            return Ok(self.step(&value, step)?.into());
        };
        let steps = next.steps(&dims);
        let mut moved;
        if steps.len() <= view.nodes {
            next.nodes = steps.len();
            moved = next.origin.clone();
            for step in steps {
                moved = self.step(&moved, step)?;
            }
        } else {
            next.nodes = view.nodes + 1;
            moved = self.step(&value, step)?;
        }
        Ok(Operand {
            view: Some(Rc::new(next)),
            ..moved.into()
        })
    }

    /// What an operator makes of values along axes. Where all are of others whose axes
    /// only changed places, it comes before that: places may change again.
    fn turned_after(
        &mut self,
        values: Vec<Operand>,
        axes: &[usize],
        keep: bool,
        operator: impl FnOnce(&mut Builder, &[Value], &[usize]) -> Result<Value, Error>,
    ) -> Result<Operand, Error> {
        let orders = values.iter().map(|x| x.view.as_ref()?.order(&x.dims));
        let orders: Option<Vec<_>> = orders.collect();
        let alike = orders.filter(|orders| orders.iter().all(|order| *order == orders[0]));
        let Some(order) = alike.and_then(|mut orders| orders.pop()) else {
            let values = values.into_iter().map(|value| self.solid(value));
            let values: Vec<_> = values.collect::<Result<_, _>>()?;
            return Ok(operator(&mut self.builder, &values, axes)?.into());
        };
        let origins = values
            .into_iter()
            .filter_map(|x| Some(x.view?.origin.clone()));
        let origins: Vec<_> = origins.collect();
        let there: Vec<_> = axes.iter().map(|&axis| order[axis]).collect();
        let made = operator(&mut self.builder, &origins, &there)?;
        let left: Vec<_> = order
            .into_iter()
            .filter(|axis| keep || !there.contains(axis))
            .collect();
        let mut sorted = left.clone();
        sorted.sort_unstable();
        let places = left
            .iter()
            .filter_map(|axis| sorted.binary_search(axis).ok());
        self.permute(made.into(), &places.collect::<Vec<_>>())
    }

    fn begin(&mut self, site: &Site<'_>) {
        self.builder.begin(site.path);
        self.layer = Some((site.path.to_owned(), site.node));
        self.first = self.builder.nodes.len();
        self.moves.clear();
    }

    /// The results under their names; what none of them needs is left out, and the node
    /// that ends the layer has its name.
    fn end(&mut self, site: &Site<'_>, results: Vec<Operand>) -> Result<Vec<Operand>, Error> {
        let mut values: Vec<Value> = Vec::new();
        for result in results {
            let value = self.solid(result)?;
            let taken = values.iter().any(|other| other.name == value.name);
            values.push(match taken || !self.builder.makes(&value, self.first) {
                true => self.builder.unary("Identity", &value),
                false => value,
            });
        }
        if !self.training {
            self.builder.tidy(self.first, &mut values);
        }
        for (place, (number, value)) in site.results.clone().zip(&mut values).enumerate() {
            let name = match self.outputs.get(&number) {
                Some(name) => (*name).to_owned(),
                None => {
                    let name = result_name(site.node, place);
                    self.builder.unique(format!("{}.{name}", site.path))
                }
            };
            self.builder.rename(value, name, self.first);
        }
        if self.first < self.builder.nodes.len() {
            let name = self.builder.end(site.path);
            if let Some(last) = self.builder.nodes.last_mut() {
                last.name = name;
            }
        }
        self.layer = None;
        Ok(values.into_iter().map(Operand::from).collect())
    }
}

/// The axes without those of 1 in front, which ONNX adds where they are missing.
fn without_front(dims: &[Dim]) -> &[Dim] {
    let ones = dims.iter().take_while(|dim| **dim == Dim::Size(1)).count();
    &dims[ones..]
}

/// What one of a layer's results is called.
fn result_name(node: &Node, result: usize) -> String {
    match node.entry().results.get(result) {
        Some(name) => (*name).to_owned(),
        None => format!("output{result}"),
    }
}
