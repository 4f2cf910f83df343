//! A network made ready to run: its layers in a row, those of networks that are
//! layers in their place.

use std::collections::{BTreeMap, HashSet};

use shapewise_core::graph::Graph;
use shapewise_core::layer::Layer;
use shapewise_core::{Network, Shape};

use crate::custom::Customs;
use crate::dims::Elements;
use crate::engine::Engine;
use crate::error::Error;
use crate::indices;
use crate::weights::Weight;

mod flat;

pub(crate) use flat::{Flat, Placed};

/// A network that an engine can do, made ready to run.
///
/// Values are numbered: the inputs first, then the results of each layer in turn,
/// the layers of a network that is a layer in its place.
pub struct Plan<E: Engine> {
    pub(crate) graph: &'static Graph,
    pub(crate) layers: Vec<Placed>,
    pub(crate) shapes: Vec<Shape>,
    outputs: Vec<usize>,
    pub(crate) customs: Customs<E>,
    /// What the elements of the inputs are.
    pub(crate) takes: Vec<Elements>,
    weights: Vec<Weight>,
    labels: BTreeMap<String, usize>,
    all: Route,
}

/// Which layers run for some values, and when values are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    pub(crate) targets: Vec<usize>,
    /// Which of the network's inputs are read.
    pub(crate) inputs: Vec<bool>,
    pub(crate) steps: Vec<Step>,
}

/// A layer that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) layer: usize,
    /// Which of its inputs are read here last.
    pub(crate) last: Vec<bool>,
    /// Which of its results are read later.
    pub(crate) read: Vec<bool>,
}

impl<E: Engine> Plan<E> {
    /// The network `N` for an engine, with what computes layers of the user's own.
    ///
    /// # Errors
    ///
    /// As [`Plan::of`].
    ///
    /// ```
    /// use shapewise::network;
    /// use shapewise_lower::{Customs, Engine, Error, Mode, Plan};
    ///
    /// network! {
    ///     struct Digits(image: 8x8x1) -> (logits: 10) {
    ///         conv1: conv(6, 3x3), relu, max_pool(2x2);
    ///         fc: flatten, linear(10);
    ///     }
    /// }
    ///
    /// /// The logits of a batch of images, and what the convolution makes of it.
    /// fn logits<E: Engine>(
    ///     engine: &mut E,
    ///     images: E::Value,
    ///     weights: &[E::Value],
    /// ) -> Result<[E::Value; 2], Error<E::Error>> {
    ///     let plan = Plan::new::<Digits>(engine, Customs::new())?;
    ///     let route = plan.route_to(vec![plan.outputs()[0], plan.label("conv1")?]);
    ///     let mut weight = |_: &mut E, place: usize| Ok(weights[place].clone());
    ///     let run = plan.run_to(&route, engine, &mut weight, vec![images], Mode::Inference)?;
    ///     Ok(run.values.try_into().unwrap_or_else(|_| panic!("as many as were asked for")))
    /// }
    /// ```
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
        let flat = Flat::of(graph);
        let takes = indices::of_inputs(&flat.layers, &flat.shapes, graph.inputs().len());
        let mut plan = Self {
            graph,
            all: Route::default(),
            layers: flat.layers,
            shapes: flat.shapes,
            outputs: flat.outputs,
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
            if let Layer::CustomLayer(_) = placed.node.layer {
                if self.customs.find(&placed.path).is_none() {
                    return Err(Error::NoFunction {
                        path: placed.path.clone(),
                    });
                }
                continue;
            }
            if let Err(reason) = engine.supports(&placed.node.layer, &placed.shapes) {
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

    /// Every tensor of the network, once: layer by layer, those of each in PyTorch's
    /// order. A run asks for them by their places here.
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

    /// Every label with the value that leaves its statement.
    pub fn labels(&self) -> impl Iterator<Item = (&str, usize)> {
        let labels = self.labels.iter();
        labels.map(|(label, value)| (label.as_str(), *value))
    }

    /// The values that the network gives, in the order of its outputs.
    #[must_use]
    pub fn outputs(&self) -> &[usize] {
        &self.outputs
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
            let later: Vec<bool> = placed
                .results()
                .map(|result| read.contains(&result))
                .collect();
            if !later.contains(&true) {
                continue;
            }
            // The last place of a value among the inputs moves it in.
            let mut last = vec![false; placed.inputs.len()];
            for (place, input) in placed.inputs.iter().enumerate().rev() {
                last[place] = read.insert(*input);
            }
            steps.push(Step {
                layer: index,
                last,
                read: later,
            });
        }
        steps.reverse();
        let inputs = 0..self.graph.inputs().len();
        Route {
            targets,
            inputs: inputs.map(|input| read.contains(&input)).collect(),
            steps,
        }
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
