//! A network that was walked over, with other numbers for what only rustc knows.
//!
//! The walk looks at every word of the source. With other numbers, only what depends on
//! them is calculated again: arguments by their recipes, and the rules of the layers
//! that they reach.

use std::rc::Rc;

use shapewise_core::error::Error as CoreError;
use shapewise_core::{Counts, Layer, Shape, Value};

use super::call::guessed;
use crate::check::layer::{Checked, Input, Subject, apply, check};
use crate::graph::{
    Check, CheckKind, Choice, DeadEnd, Formula, Node, Numbers, Resolved, Step, ValueInfo,
};
use crate::report::Error;

/// What the numbers of a network are with others for the atoms.
#[derive(Debug, Default)]
pub(super) struct State {
    /// What each atom is.
    pub(super) atoms: Vec<i128>,
    /// The shapes of the values, as far as they are known.
    pub(super) shapes: Vec<Shape>,
    /// The layers, with what they cost.
    layers: Vec<(Layer, Counts)>,
    /// How many shapes were guessed.
    guesses: usize,
    /// For each expectation of the checks in turn, what there is and what is expected.
    pub(super) expected: Vec<(usize, Shape, Shape)>,
}

/// Why a network does not fit with other numbers.
#[derive(Debug)]
pub(super) enum Stop {
    /// A layer does not fit, by its place among the nodes; that of the dead end is after
    /// the last.
    Layer(usize),
    /// A condition, by its place among the checks, is decided otherwise.
    Decision(usize),
    /// An expression has no result.
    Value(usize),
}

impl Stop {
    /// How many nodes come before it.
    pub(super) fn after(&self, graph: &Resolved) -> usize {
        match self {
            Self::Layer(node) => *node,
            Self::Decision(check) | Self::Value(check) => {
                graph.checks.get(*check).map_or(0, |check| check.after)
            }
        }
    }
}

/// Calculates a network again.
pub(super) fn replay(graph: &Resolved, choice: &Choice, atoms: Vec<i128>) -> (State, Option<Stop>) {
    let mut state = State {
        atoms,
        ..State::default()
    };
    let stop = state.run(graph, choice.number).err();
    (state, stop)
}

impl State {
    fn numbers(&self) -> Numbers<'_> {
        Numbers {
            atoms: &self.atoms,
            shapes: &self.shapes,
        }
    }

    /// What a number is.
    pub(super) fn value(&self, number: &Formula) -> Option<i128> {
        number.value(self.numbers())
    }

    /// Whether rustc would have nothing to say of a network that is calculated to its
    /// end: each expectation is met, and there is no budget, which only rustc compares.
    pub(super) fn leaves_nothing(&self, graph: &Resolved) -> bool {
        let met = self
            .expected
            .iter()
            .all(|(_, found, expected)| found == expected);
        let budget = |check: &Check| {
            matches!(
                check.kind,
                CheckKind::Budget { .. } | CheckKind::Plan { .. }
            )
        };
        met && !graph.checks.iter().any(budget)
    }

    fn run(&mut self, graph: &Resolved, world: usize) -> Result<(), Stop> {
        for info in graph.values.iter().take(graph.inputs.len()) {
            let shape = match &info.code {
                Some(known) => known.recipe.shape(self.numbers()),
                None => Some(info.shape),
            };
            self.shapes.push(shape.ok_or(Stop::Layer(0))?);
        }
        let mut checks = graph.checks.iter().enumerate().peekable();
        for index in 0..=graph.nodes.len() {
            while let Some((place, check)) = checks.next_if(|(_, check)| check.after <= index) {
                self.check(place, check)?;
            }
            match graph.nodes.get(index) {
                Some(node) => self.node(graph, index, node, world)?,
                None => {
                    if let Some(end) = &graph.dead_end {
                        self.dead_end(graph, index, end)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check(&mut self, place: usize, check: &Check) -> Result<(), Stop> {
        let Some(recipe) = &check.recipe else {
            return match check.kind {
                CheckKind::Lost { .. } => Err(Stop::Value(place)),
                _ => Ok(()),
            };
        };
        let value = |found: bool| {
            if found {
                Ok(())
            } else {
                Err(Stop::Value(place))
            }
        };
        match &check.kind {
            CheckKind::Decision(decision) => match recipe.value(self.numbers()) {
                Some(found) if found == Value::Bool(decision.taken) => Ok(()),
                Some(_) => Err(Stop::Decision(place)),
                None => Err(Stop::Value(place)),
            },
            CheckKind::Expect { value, goes_on, .. } => {
                let expected = recipe.shape(self.numbers()).ok_or(Stop::Value(place))?;
                if let Some(shape) = self.shapes.get_mut(*value) {
                    self.expected.push((place, *shape, expected));
                    if *goes_on {
                        *shape = expected;
                    }
                }
                Ok(())
            }
            CheckKind::Lost { .. } => value(
                recipe
                    .formulas()
                    .iter()
                    .all(|number| number.value(self.numbers()).is_some())
                    && (recipe.formulas().len() < 2 || recipe.shape(self.numbers()).is_some()),
            ),
            CheckKind::Budget { .. } | CheckKind::Plan { .. } => Ok(()),
        }
    }

    fn node(
        &mut self,
        graph: &Resolved,
        index: usize,
        node: &Node,
        world: usize,
    ) -> Result<(), Stop> {
        let stop = || Stop::Layer(index);
        // What an author declares in the place of what is not known is as it is.
        let declared = graph.values.get(self.shapes.len()..node.step.output);
        let declared = declared.unwrap_or_default().iter();
        self.shapes.extend(declared.map(|value| value.shape));
        if node.step.ready.is_some() {
            self.ready(node, world).ok_or_else(stop)?;
            return Ok(());
        }
        let values = graph.values.get(node.outputs()).unwrap_or_default();
        if !node.step.symbolic && values.iter().all(|value| !value.symbolic) {
            // Nothing that it depends on is another number.
            self.shapes.extend(values.iter().map(|value| value.shape));
            self.layers.push((node.layer, node.counts));
            return Ok(());
        }
        let checked = self.rules(graph, &node.step).ok_or_else(stop)?;
        if !as_many(&node.step, &checked, node.results) {
            return Err(stop());
        }
        self.shapes
            .extend(checked.outputs.iter().take(node.results));
        self.layers.push((checked.layer, checked.counts));
        Ok(())
    }

    /// A network or a layer of the user's own.
    fn ready(&mut self, node: &Node, world: usize) -> Option<()> {
        if let Some(inside) = &node.inside {
            let results = inside.outputs.iter().take(node.results);
            for (_, value) in results {
                self.shapes.push(inside.values.get(*value)?.shape);
            }
        } else {
            let input = *self.shapes.get(*node.step.inputs.first()?)?;
            for _ in 0..node.results {
                self.shapes.push(guessed(world, self.guesses, &input));
                self.guesses += 1;
            }
        }
        self.layers.push((node.layer, node.counts));
        Some(())
    }

    fn dead_end(&mut self, graph: &Resolved, index: usize, end: &DeadEnd) -> Result<(), Stop> {
        let declared = graph.values.get(self.shapes.len()..).unwrap_or_default();
        self.shapes.extend(declared.iter().map(|value| value.shape));
        let checked = self.rules(graph, &end.step);
        let fits = checked.filter(|checked| as_many(&end.step, checked, end.results));
        fits.map(drop).ok_or(Stop::Layer(index))
    }

    /// What is told of the layer at the dead end, if these are the numbers.
    pub(super) fn refusal(&self, graph: &Resolved, end: &DeadEnd) -> Option<Error> {
        let step = &end.step;
        let input = |input: &usize| {
            Some(Input {
                shape: *self.shapes.get(*input)?,
                origin: &graph.values.get(*input)?.origin,
            })
        };
        let inputs: Vec<Input<'_>> = step.inputs.iter().map(input).collect::<Option<_>>()?;
        let given = self.given(step)?;
        let refused = check(&Subject {
            entry: step.entry,
            called: &step.called,
            given: &given,
            places: &end.places,
            inputs: &inputs,
            port: None,
            whole: step.place,
            deny_inexact_stride: graph.deny_inexact_stride,
        });
        refused.err()
    }

    /// Why the layer at the dead end does not fit.
    pub(super) fn reason(&self, graph: &Resolved, end: &DeadEnd) -> Option<CoreError> {
        let inputs = end
            .step
            .inputs
            .iter()
            .map(|input| self.shapes.get(*input).copied());
        let inputs: Vec<Shape> = inputs.collect::<Option<_>>()?;
        let given = self.given(&end.step)?;
        match apply(end.step.entry, &given, &inputs) {
            Ok(checked) if graph.deny_inexact_stride => checked.layer.inexact_stride(&inputs),
            Ok(_) => None,
            Err(error) => Some(error),
        }
    }

    /// The arguments of a layer.
    fn given(&self, step: &Step) -> Option<Vec<(&'static str, Value)>> {
        let mut given = step.arguments.clone();
        for ((_, value), written) in given.iter_mut().zip(&step.codes) {
            if let Some(written) = written {
                *value = written.recipe.value(self.numbers())?;
            }
        }
        Some(given)
    }

    /// Asks the rules of a layer; nothing where they refuse, or its arguments have no
    /// value.
    fn rules(&self, graph: &Resolved, step: &Step) -> Option<Checked> {
        let inputs = step
            .inputs
            .iter()
            .map(|input| self.shapes.get(*input).copied());
        let inputs: Vec<Shape> = inputs.collect::<Option<_>>()?;
        let given = self.given(step)?;
        let mut checked = apply(step.entry, &given, &inputs).ok()?;
        if graph.deny_inexact_stride && checked.layer.inexact_stride(&inputs).is_some() {
            return None;
        }
        if let Some(owner) = step.shared {
            let (owner, _) = self.layers.get(owner)?;
            checked.counts = checked.counts.sharing(&checked.layer, owner)?;
        }
        Some(checked)
    }

    /// Whether the totals of a network fit with these numbers, and with those of the
    /// layer at its dead end.
    pub(super) fn has_room(&self, graph: &Resolved) -> bool {
        let Some(mut resolved) = self.resolved(graph) else {
            return false;
        };
        let end = graph
            .dead_end
            .as_ref()
            .map(|end| self.rules(graph, &end.step));
        match end {
            Some(Some(checked)) => resolved.totals_fit(&checked.counts, &checked.outputs, 0),
            Some(None) => false,
            None => true,
        }
    }

    /// The network with these numbers, where its totals fit: as much of it as figures
    /// are made of.
    pub(super) fn resolved(&self, graph: &Resolved) -> Option<Resolved> {
        let mut resolved = Resolved::new(String::new());
        resolved.dtype = graph.dtype;
        resolved.inputs.clone_from(&graph.inputs);
        resolved.outputs.clone_from(&graph.outputs);
        resolved.values = graph
            .values
            .iter()
            .zip(&self.shapes)
            .map(|(info, shape)| ValueInfo {
                shape: *shape,
                symbolic: info.symbolic,
                code: None,
                display: String::new(),
                origin: String::new(),
                node: info.node,
                watch: None,
            })
            .collect();
        for (node, (layer, counts)) in graph.nodes.iter().zip(&self.layers) {
            let outputs = self.shapes.get(node.outputs())?;
            let inside = node.inside.as_ref().and_then(|inside| inside.activations());
            if !resolved.totals_fit(counts, outputs, inside.unwrap_or_default()) {
                return None;
            }
            resolved.nodes.push(Node {
                step: Rc::clone(&node.step),
                layer: *layer,
                inside: node.inside.clone(),
                results: node.results,
                counts: *counts,
            });
        }
        Some(resolved)
    }
}

/// Whether a layer has the results that have places: all of them, where it is written how
/// many there are.
fn as_many(step: &Step, checked: &Checked, results: usize) -> bool {
    let count = checked.outputs.len();
    results == count || (results < count && !step.entry.results.is_empty())
}
