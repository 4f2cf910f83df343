//! The walk over a network: each layer in turn, values dropped after their last
//! reader.

use crate::dims::Dim;
use crate::engine::{Engine, Made, Site};
use crate::error::{Error, Fault};
use crate::layers;
use crate::lowering::{Lowering, dims_of};
use crate::plan::{Placed, Plan, Route};

/// What a network is run for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Dropout does nothing, batch normalisation takes the statistics that were kept.
    #[default]
    Inference,
    /// Dropout and stochastic depth are active; batch normalisation takes the
    /// statistics of the batch, and updates those that are kept.
    Training,
}

/// What becomes of a buffer.
#[derive(Clone, Debug, PartialEq)]
pub enum Update<V> {
    /// It is this now.
    Value(V),
    /// It is 1 more: a count of batches.
    Increment,
}

/// What gives the tensor at a place of [`Plan::weights`] when a layer reads it.
pub type Weights<'a, E> = dyn FnMut(&mut E, usize) -> Made<E> + 'a;

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Run<V> {
    /// The values that the route leads to, in its order.
    pub values: Vec<V>,
    /// What becomes of the buffers that a run in training mode changes, by their places
    /// in [`Plan::weights`], in the order in which it does.
    pub updates: Vec<(usize, Update<V>)>,
}

impl<E: Engine> Plan<E> {
    /// Runs the network: its outputs, of these inputs. `weights` gives the tensor at
    /// a place of [`Plan::weights`]. How values are laid out is said in
    /// [the crate](crate#layout).
    ///
    /// # Errors
    ///
    /// Those about inputs, and [`Error::Engine`].
    pub fn run(
        &self,
        engine: &mut E,
        weights: &mut Weights<'_, E>,
        inputs: Vec<E::Value>,
        mode: Mode,
    ) -> Result<Run<E::Value>, Error<E::Error>> {
        self.run_to(self.route(), engine, weights, inputs, mode)
    }

    /// Runs as much of the network as the values that `route` leads to need.
    ///
    /// # Errors
    ///
    /// As [`Plan::run`].
    pub fn run_to(
        &self,
        route: &Route,
        engine: &mut E,
        weights: &mut Weights<'_, E>,
        inputs: Vec<E::Value>,
        mode: Mode,
    ) -> Result<Run<E::Value>, Error<E::Error>> {
        let batch = self.check_inputs(engine, &inputs)?;
        let inputs = inputs.into_iter().zip(&route.inputs);
        let mut values: Vec<Option<E::Value>> = inputs
            .map(|(value, &is_read)| is_read.then_some(value))
            .collect();
        values.resize(self.shapes.len(), None);
        let mut updates = Vec::new();
        // Both are used for every layer: a list for each would cost more than the walk.
        let (mut entering, mut made) = (Vec::new(), Vec::new());
        for step in &route.steps {
            let placed = &self.layers[step.layer];
            for (&input, &is_last) in placed.inputs.iter().zip(&step.last) {
                let value = match is_last {
                    true => values[input].take(),
                    false => values[input].clone(),
                };
                entering.extend(value);
            }
            let mut lowering = Lowering {
                engine: &mut *engine,
                path: &placed.path,
                tensors: &placed.tensors,
                node: placed.node,
                batch,
                inputs: entering,
                shapes: &placed.shapes,
                results: &self.shapes[placed.results()],
                weights: &mut *weights,
                mode,
                updates: &mut updates,
            };
            self.lower(placed, &mut lowering, &mut made)?;
            entering = lowering.inputs;
            entering.clear();
            for ((value, place), &is_read) in made.drain(..).zip(placed.results()).zip(&step.read) {
                values[place] = is_read.then_some(value);
            }
        }
        Ok(Run {
            values: self.targets(route, values),
            updates,
        })
    }

    /// The values that are asked for, each moved out where it is asked for last.
    fn targets(&self, route: &Route, mut values: Vec<Option<E::Value>>) -> Vec<E::Value> {
        let mut targets = Vec::with_capacity(route.targets.len());
        for (place, &target) in route.targets.iter().enumerate() {
            let again = route.targets[place + 1..].contains(&target);
            let value = match values.get_mut(target) {
                Some(value) if again => value.clone(),
                Some(value) => value.take(),
                None => None,
            };
            targets.extend(value);
        }
        targets
    }

    fn lower(
        &self,
        placed: &Placed,
        lowering: &mut Lowering<'_, E>,
        made: &mut Vec<E::Value>,
    ) -> Result<(), Error<E::Error>> {
        let site = Site {
            path: &placed.path,
            node: placed.node,
            inputs: &placed.inputs,
            results: placed.results(),
        };
        lowering.engine.begins(&site);
        let done = layers::lower(lowering, &self.customs, made);
        let done = done.and_then(|()| Ok(lowering.engine.ends(&site, made)?));
        done.map_err(|fault| {
            let path = placed.path.clone();
            match fault {
                Fault::Engine(source) => Error::Engine {
                    path,
                    layer: placed.node.entry().name,
                    source,
                },
                Fault::Overflow => Error::Overflow { path },
                Fault::Unsupported(reason) => Error::Unsupported {
                    path,
                    layer: placed.node.entry().name,
                    reason: reason.to_owned(),
                },
                Fault::OneValue => Error::OneValue { path },
                Fault::NoTensor(name) => Error::NoTensor { path, name },
                Fault::NoFunction => Error::NoFunction { path },
                Fault::CustomShape { expected, given } => Error::CustomShape {
                    path,
                    expected,
                    given,
                },
            }
        })
    }

    /// Whether the inputs are those of the network; how many samples they have.
    fn check_inputs(&self, engine: &E, inputs: &[E::Value]) -> Result<Dim, Error<E::Error>> {
        let names = self.graph.inputs();
        if inputs.len() != names.len() {
            return Err(Error::InputCount {
                expected: names.to_vec(),
                given: inputs.len(),
            });
        }
        let mut batch = None;
        for (place, (value, &input)) in inputs.iter().zip(names).enumerate() {
            let given = engine.dims(value);
            let expected = dims_of(&self.shapes[place], Dim::Batch);
            if !fits(&given, &expected) {
                return Err(Error::InputShape {
                    input,
                    layer: self.reader(place),
                    expected,
                    given,
                });
            }
            let own = given[0];
            let expected = *batch.get_or_insert(own);
            if own != expected {
                return Err(Error::BatchSize {
                    input,
                    expected,
                    given: own,
                });
            }
            let (expected, given) = (self.takes[place], engine.elements(value));
            if given != expected {
                return Err(Error::InputElements {
                    input,
                    layer: self.reader(place),
                    expected,
                    given,
                });
            }
        }
        Ok(batch.unwrap_or(Dim::Batch))
    }

    /// The first layer that reads a value, as it is called; the network, where none does.
    fn reader(&self, value: usize) -> String {
        let mut layers = self.layers.iter();
        let placed = layers.find(|placed| placed.inputs.contains(&value));
        placed.map_or_else(
            || self.graph.name().to_owned(),
            |placed| format!("{}: {}", placed.path, placed.node.entry().name),
        )
    }

    /// Whether a tensor has the extents and elements of the one at a place of
    /// [`Plan::weights`].
    ///
    /// # Errors
    ///
    /// [`Error::TensorShape`] and [`Error::TensorElements`].
    pub fn check_weight(
        &self,
        engine: &E,
        place: usize,
        value: &E::Value,
    ) -> Result<(), Error<E::Error>> {
        let Some(weight) = self.weights().get(place) else {
            return Ok(());
        };
        let name = || weight.name.clone();
        let expected = crate::dims::sizes(weight.extents.as_slice());
        let given = engine.dims(value);
        if given != expected {
            return Err(Error::TensorShape {
                name: name(),
                expected,
                given,
            });
        }
        let (expected, given) = (weight.elements, engine.elements(value));
        if given != expected {
            return Err(Error::TensorElements {
                name: name(),
                expected,
                given,
            });
        }
        Ok(())
    }
}

/// Whether extents are those that are expected, of any number of samples.
fn fits(given: &[Dim], expected: &[Dim]) -> bool {
    given.len() == expected.len()
        && given
            .iter()
            .zip(expected)
            .all(|(given, expected)| match expected {
                Dim::Batch => *given != Dim::Size(0),
                Dim::Size(_) => given == expected,
            })
}
