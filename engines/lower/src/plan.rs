//! A network made ready to run: its layers in a row, those of networks that are
//! layers in their place.

use std::collections::{HashMap, HashSet};

use shapewise_core::graph::{Graph, Node};
use shapewise_core::layer::{Layer, Role};
use shapewise_core::{Network, Shape};

use crate::custom::Customs;
use crate::dims::Elements;
use crate::engine::Engine;
use crate::error::Error;
use crate::indices;
use crate::weights::{self, Weight};

/// A network that an engine can do, made ready to run.
///
/// Values are numbered: the inputs first, then the results of each layer in turn,
/// the layers of a network that is a layer in its place.
pub struct Plan<E: Engine> {
    pub(crate) graph: &'static Graph,
    pub(crate) layers: Vec<Placed>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) outputs: Vec<usize>,
    pub(crate) customs: Customs<E>,
    /// Whether an input has integers.
    pub(crate) takes: Vec<Elements>,
    weights: Vec<Weight>,
    labels: HashMap<String, usize>,
    all: Route,
}

/// A layer in its place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) path: String,
    pub(crate) node: &'static Node,
    /// The values that go in.
    pub(crate) inputs: Vec<usize>,
    /// The first value that comes out.
    pub(crate) output: usize,
    /// Its own tensors by their names, and which of the network's they are.
    pub(crate) tensors: HashMap<String, usize>,
}

/// Which layers run for some values, and when values are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    pub(crate) targets: Vec<usize>,
    /// The layers that run, and which of their inputs they read last.
    pub(crate) steps: Vec<(usize, Vec<bool>)>,
}

impl<E: Engine> Plan<E> {
    /// The network `N` for an engine, with what computes layers of the user's own.
    ///
    /// # Errors
    ///
    /// As [`Plan::of`].
    pub fn new<N: Network>(engine: &E, customs: Customs<E>) -> Result<Self, Error<E::Error>> {
        Self::of(N::GRAPH, engine, customs)
    }

    /// A graph for an engine, with what computes layers of the user's own.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for a layer that the engine can't do,
    /// [`Error::NoFunction`] for one of the user's own that nothing is given for, and
    /// [`Error::NoSuchLayer`] for something given that is for none.
    pub fn of(
        graph: &'static Graph,
        engine: &E,
        customs: Customs<E>,
    ) -> Result<Self, Error<E::Error>> {
        let inputs: Vec<_> = (0..graph.inputs().len()).collect();
        let mut flat = Flat {
            shapes: graph.values()[..inputs.len()].to_vec(),
            ..Flat::default()
        };
        let values = flat.add(graph, &inputs, "", "");
        let outputs: Vec<_> = graph
            .outputs()
            .iter()
            .map(|output| values[output.1])
            .collect();
        let takes = indices::of_inputs(&flat.layers, &flat.shapes, inputs.len());
        let mut plan = Self {
            graph,
            all: Route::default(),
            layers: flat.layers,
            shapes: flat.shapes,
            outputs,
            customs,
            takes,
            weights: flat.weights,
            labels: flat.labels,
        };
        plan.check(engine)?;
        plan.all = plan.route_to(plan.outputs.clone());
        Ok(plan)
    }

    fn check(&self, engine: &E) -> Result<(), Error<E::Error>> {
        for placed in &self.layers {
            let inputs: Vec<_> = placed
                .inputs
                .iter()
                .map(|&input| self.shapes[input])
                .collect();
            if let Layer::CustomLayer(_) = placed.node.layer {
                if self.customs.find(&placed.path).is_none() {
                    return Err(Error::NoFunction {
                        path: placed.path.clone(),
                    });
                }
                continue;
            }
            if let Err(reason) = engine.supports(&placed.node.layer, &inputs) {
                return Err(Error::Unsupported {
                    path: placed.path.clone(),
                    layer: placed.node.entry().name,
                    reason,
                });
            }
        }
        let paths = self
            .layers
            .iter()
            .filter_map(|placed| match placed.node.layer {
                Layer::CustomLayer(_) => Some(placed.path.as_str()),
                _ => None,
            });
        match self.customs.without_layer(paths) {
            Some(path) => Err(Error::NoSuchLayer { path }),
            None => Ok(()),
        }
    }

    /// The graph of the network.
    #[must_use]
    pub fn graph(&self) -> &'static Graph {
        self.graph
    }

    /// Every tensor of the network, once, in the order in which PyTorch lists them.
    /// A run asks for them by their places here.
    #[must_use]
    pub fn weights(&self) -> &[Weight] {
        &self.weights
    }

    /// What the elements of each input are: integers where they are indices.
    #[must_use]
    pub fn takes(&self) -> &[Elements] {
        &self.takes
    }

    /// The shape of a value in the notation, without the batch.
    #[must_use]
    pub fn shape(&self, value: usize) -> Option<Shape> {
        self.shapes.get(value).copied()
    }

    /// The value that leaves the statement with this label: `layer3`, or
    /// `backbone.layer3` inside of a network that is a layer.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchLabel`].
    pub fn label(&self, label: &str) -> Result<usize, Error<E::Error>> {
        self.labels
            .get(label)
            .copied()
            .ok_or_else(|| Error::NoSuchLabel {
                label: label.to_owned(),
            })
    }

    /// The way to the network's outputs.
    #[must_use]
    pub fn route(&self) -> &Route {
        &self.all
    }

    /// The way to some values: layers that none of them needs do not run.
    #[must_use]
    pub fn route_to(&self, targets: Vec<usize>) -> Route {
        let mut read: HashSet<usize> = targets.iter().copied().collect();
        let mut steps = Vec::new();
        for (index, placed) in self.layers.iter().enumerate().rev() {
            let mut results = placed.output..placed.output + placed.node.results;
            if !results.any(|result| read.contains(&result)) {
                continue;
            }
            // The last place of a value among the inputs moves it in.
            let mut last = vec![false; placed.inputs.len()];
            for (place, input) in placed.inputs.iter().enumerate().rev() {
                last[place] = read.insert(*input);
            }
            steps.push((index, last));
        }
        steps.reverse();
        Route { targets, steps }
    }
}

impl<E: Engine> Clone for Plan<E> {
    fn clone(&self) -> Self {
        Self {
            graph: self.graph,
            layers: self.layers.clone(),
            shapes: self.shapes.clone(),
            outputs: self.outputs.clone(),
            customs: self.customs.clone(),
            takes: self.takes.clone(),
            weights: self.weights.clone(),
            labels: self.labels.clone(),
            all: self.all.clone(),
        }
    }
}

impl<E: Engine> std::fmt::Debug for Plan<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("network", &self.graph.name())
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
}

/// The layers of networks in one row.
#[derive(Default)]
struct Flat {
    layers: Vec<Placed>,
    shapes: Vec<Shape>,
    weights: Vec<Weight>,
    /// Which tensor has a name already.
    named: HashMap<String, usize>,
    labels: HashMap<String, usize>,
}

impl Flat {
    /// Adds the layers of a network whose inputs are these values, under paths that
    /// begin with `prefix` and tensors stored under `stored`. Returns what each of
    /// its values is.
    fn add(
        &mut self,
        graph: &'static Graph,
        inputs: &[usize],
        prefix: &str,
        stored: &str,
    ) -> Vec<usize> {
        let mut values = inputs.to_vec();
        for node in graph.nodes() {
            let inputs: Vec<_> = node.inputs.iter().map(|&input| values[input]).collect();
            let path = format!("{prefix}{}", node.path);
            if let Some(inner) = graph.inner(node) {
                let owner = weights::owner(graph, node);
                let made = self.add(
                    inner,
                    &inputs,
                    &format!("{path}."),
                    &format!("{stored}{}.", owner.path),
                );
                let outputs = inner.outputs().iter().take(node.results);
                values.extend(outputs.map(|output| made[output.1]));
                continue;
            }
            let output = self.shapes.len();
            let results = node.output..node.output + node.results;
            self.shapes.extend(&graph.values()[results]);
            values.extend(output..output + node.results);
            let tensors = self.tensors(graph, node, stored);
            self.layers.push(Placed {
                path,
                node,
                inputs,
                output,
                tensors,
            });
        }
        for statement in graph.statements() {
            if !statement.label.is_empty() {
                let label = format!("{prefix}{}", statement.label);
                self.labels.insert(label, values[statement.output]);
            }
        }
        values
    }

    fn tensors(
        &mut self,
        graph: &'static Graph,
        node: &'static Node,
        stored: &str,
    ) -> HashMap<String, usize> {
        let owner = weights::owner(graph, node);
        let mut own = HashMap::new();
        for (index, tensor) in node.tensors().enumerate() {
            // Shared weights have the name that they have where they are stored.
            let (layer, name) = match (tensor.role, owner.layer.tensor(index)) {
                (Role::Weight, Some(first)) => (owner, owner.tensor_name(&first)),
                _ => (node, node.tensor_name(&tensor)),
            };
            let full = format!("{stored}{name}");
            let place = self.place(full, || weights::of(&layer.layer, &tensor));
            own.insert(tensor.name.to_string(), place);
        }
        if let Some(counter) = weights::counter(&node.layer) {
            let full = format!("{stored}{}.{}", node.path, weights::COUNTER);
            let place = self.place(full, || counter);
            own.insert(weights::COUNTER.to_owned(), place);
        }
        own
    }

    /// The place of a tensor of this name.
    fn place(&mut self, name: String, weight: impl FnOnce() -> Weight) -> usize {
        if let Some(place) = self.named.get(&name) {
            return *place;
        }
        let place = self.weights.len();
        let mut weight = weight();
        weight.name.clone_from(&name);
        self.weights.push(weight);
        self.named.insert(name, place);
        place
    }
}
