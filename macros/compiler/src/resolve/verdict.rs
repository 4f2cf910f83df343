//! What is wrong whatever the numbers are that only rustc knows.
//!
//! An error that is the same in worlds with different numbers depends on none of them:
//! so it is told now, with the shapes as expressions of what the user wrote.

use shapewise_core::Shape;
use shapewise_core::error::Error as CoreError;

use super::display::{display, shape_of};
use super::replay::State;
use super::search::atoms;
use crate::graph::{CheckKind, Resolved};
use crate::report::Error;

/// In how many worlds something has to be the same.
pub(super) const ENOUGH: usize = 6;

/// How many numbers an atom has to have had in them.
const DIFFERENT: usize = 4;

/// What is wrong in all worlds. The states are those of the worlds of the graph, its own
/// first, at the end of the network or at its dead end.
pub(super) fn of(graph: &Resolved, states: &[State]) -> Option<Error> {
    if states.len() < ENOUGH {
        return None;
    }
    expectation(graph, states).or_else(|| layer(graph, states))
}

/// Whether the states have different numbers for these atoms.
fn differ(states: &[State], mut atoms: impl Iterator<Item = usize>) -> bool {
    atoms.all(|atom| {
        let mut numbers: Vec<Option<&i128>> =
            states.iter().map(|state| state.atoms.get(atom)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() >= DIFFERENT
    })
}

/// The error of the layer at the dead end.
fn layer(graph: &Resolved, states: &[State]) -> Option<Error> {
    let end = graph.dead_end.as_deref()?;
    if !differ(states, atoms(graph, &end.step).into_iter()) {
        return None;
    }
    let told = |state: &State| {
        let error = state.refusal(graph, end)?;
        let inputs = end.step.inputs.iter();
        let words = inputs.filter_map(|value| {
            let shape = state.shapes.get(*value)?;
            let shown = display(graph, *value)?;
            // A number alone may be any number of the message.
            (shape.rank() > 1).then(|| (shape.to_string(), shown))
        });
        Some(error.renaming(&words.collect::<Vec<_>>()))
    };
    // Of a rank nothing but the headline is said without numbers.
    let reasons = states.iter().map(|state| state.reason(graph, end));
    let reasons: Vec<CoreError> = reasons.collect::<Option<_>>()?;
    let of_rank = reasons.iter().all(CoreError::is_of_rank);
    let too_large = |reason: &CoreError| matches!(reason, CoreError::Overflow { .. });
    if reasons.iter().any(too_large) {
        return None;
    }
    let (first, others) = states.split_first()?;
    let mut error = told(first)?;
    for state in others {
        let other = told(state)?;
        if !(error.agrees(&other) || of_rank && error.headline() == other.headline()) {
            return None;
        }
        error = error.shared(&other);
    }
    let trail = end.trail.iter();
    Some(trail.fold(error, |error, fact| error.fact("in", fact)))
}

/// The error of the first expectation that no numbers can meet.
fn expectation(graph: &Resolved, states: &[State]) -> Option<Error> {
    let symbols = graph.symbols.as_ref()?;
    if !differ(states, 0..symbols.atoms.len()) {
        return None;
    }
    let (first, _) = states.split_first()?;
    first.expected.iter().find_map(|(place, ..)| {
        let pairs: Option<Vec<(Shape, Shape)>> = states
            .iter()
            .map(|state| {
                let mut all = state.expected.iter();
                let (_, found, expected) = all.find(|(other, ..)| other == place)?;
                Some((*found, *expected))
            })
            .collect();
        let (found, expected): (Vec<Shape>, Vec<Shape>) = pairs?.into_iter().unzip();
        if !never_equal(&found, &expected) {
            return None;
        }
        let check = graph.checks.get(*place)?;
        let CheckKind::Expect { what, goes_on, .. } = &check.kind else {
            return None;
        };
        // An output is declared, and does not stand behind an arrow of its own.
        let write = if *goes_on { "write `=> " } else { "declare `" };
        let text = |shapes: &[Shape]| {
            let extents = (0..shapes.first()?.rank()).map(|axis| {
                let found = shapes.iter().map(|shape| shape.as_slice().get(axis));
                let found: Option<Vec<i128>> =
                    found.map(|extent| i128::try_from(*extent?).ok()).collect();
                symbols.express(&found?)
            });
            extents
                .collect::<Option<Vec<String>>>()
                .map(|extents| shape_of(&extents))
        };
        let expected = text(&expected).unwrap_or_else(|| expected[0].to_string());
        Some(match text(&found) {
            Some(found) => Error::new(check.place, format!("{what} gives {found}, not {expected}"))
                .help(format!("{write}{found}`, or change what leads there")),
            None => Error::new(check.place, format!("{what} never gives {expected}"))
                .help("change what leads there"),
        })
    })
}

/// Whether shapes differ in their ranks, or on an axis on which all of them are the
/// same.
fn never_equal(found: &[Shape], expected: &[Shape]) -> bool {
    let same = |of: &dyn Fn(&Shape) -> Option<usize>| {
        let one = |shapes: &[Shape]| {
            let first = of(shapes.first()?)?;
            shapes
                .iter()
                .all(|shape| of(shape) == Some(first))
                .then_some(first)
        };
        matches!((one(found), one(expected)), (Some(a), Some(b)) if a != b)
    };
    if same(&|shape| Some(shape.rank())) {
        return true;
    }
    let rank = found.first().map_or(0, Shape::rank);
    let equal = found
        .iter()
        .chain(expected)
        .all(|shape| shape.rank() == rank);
    equal && (0..rank).any(|axis| same(&|shape| shape.as_slice().get(axis).copied()))
}
