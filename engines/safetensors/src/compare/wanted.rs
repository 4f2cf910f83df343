//! The tensors of a definition.

use shapewise_core::layer::{Layer, Role};
use shapewise_core::{Extents, Graph};

use crate::reading::{Reading, any_matches};
use crate::report::Hint;

/// A tensor that the definition has.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Its full name.
    pub(super) name: String,
    /// The path of its layer.
    pub(super) layer: String,
    /// Its extents in the checkpoint.
    pub(super) shape: Extents,
    /// Whether they are those of the definition in reverse order.
    pub(super) transposed: bool,
    /// Whether it is a matrix that a layer multiplies by.
    pub(super) factor: bool,
    /// Whether it holds whole numbers, whatever the network's type.
    pub(super) index: bool,
    /// The tensor that it is a copy of, by its place among the wanted ones.
    pub(super) owner: Option<usize>,
}

impl Wanted {
    /// Whether its extents are these.
    pub(super) fn has_shape(&self, shape: &[u64]) -> bool {
        let own = self.shape.as_slice().iter().map(|extent| *extent as u64);
        own.eq(shape.iter().copied())
    }

    /// Whether the checkpoint has it with its axes in reverse order, of a matrix that is not
    /// square. What a square one is cannot be seen.
    pub(super) fn seems_transposed(&self, shape: &[u64]) -> Option<bool> {
        let [rows, columns] = *self.shape.as_slice() else {
            return None;
        };
        if !self.factor || rows == columns {
            return None;
        }
        match (self.has_shape(shape), self.hint(shape)) {
            (true, _) => Some(self.transposed),
            (false, Some(Hint::Transposed)) => Some(!self.transposed),
            (false, _) => None,
        }
    }

    /// Whether its shape is the same with its axes in reverse order.
    pub(super) fn is_square(&self) -> bool {
        self.factor && matches!(self.shape.as_slice(), [rows, columns] if rows == columns)
    }

    /// Whether one of the patterns means it.
    pub(super) fn is_meant_by(&self, patterns: &[String]) -> bool {
        self.is_matrix() && any_matches(patterns, [&self.layer, &self.name])
    }

    /// Whether it is a matrix that may be stored transposed.
    pub(super) fn is_matrix(&self) -> bool {
        !self.index && self.shape.as_slice().len() == 2
    }

    /// Expects it transposed where one of the patterns means it.
    fn turn(&mut self, patterns: &[String]) {
        if self.is_meant_by(patterns)
            && let [rows, columns] = *self.shape.as_slice()
        {
            self.shape = Extents::new(&[columns, rows]);
            self.transposed = true;
        }
    }

    /// How another shape may have come about.
    pub(super) fn hint(&self, shape: &[u64]) -> Option<Hint> {
        let own = self.shape.as_slice().iter().map(|extent| *extent as u64);
        if shape.len() > 1 && own.rev().eq(shape.iter().copied()) {
            return Some(Hint::Transposed);
        }
        let mut extents = shape.iter();
        let elements = extents.try_fold(1_u64, |product, extent| product.checked_mul(*extent));
        (elements.is_some() && elements == self.shape.product()).then_some(Hint::SameElements)
    }
}

/// Every tensor of the network, in the order of its layers; those of a network
/// that is a layer stand in its place.
pub(super) fn of_graph(graph: &'static Graph, reading: &Reading) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    add(graph, "", &mut wanted);
    if !reading.transposed.is_empty() {
        for wanted in &mut wanted {
            wanted.turn(&reading.transposed);
        }
    }
    wanted
}

/// Adds the tensors of a network whose paths begin so.
fn add(graph: &'static Graph, prefix: &str, wanted: &mut Vec<Wanted>) {
    // Where each layer's tensors begin.
    let mut first = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        let begin = wanted.len();
        first.push(begin);
        let shared = node.shared.map(|owner| first[owner]);
        if let Some(inner) = graph.inner(node) {
            let path = format!("{prefix}{}.", node.path);
            add(inner, &path, wanted);
            // A network shares all that it has, in the same order.
            if let Some(first) = shared {
                for index in begin..wanted.len() {
                    wanted[index].owner = Some(owner_of(wanted, first + index - begin));
                }
            }
            continue;
        }
        for (index, tensor) in node.tensors().enumerate() {
            let owner = match (shared, tensor.role) {
                (Some(first), Role::Weight) => Some(owner_of(wanted, first + index)),
                _ => None,
            };
            wanted.push(Wanted {
                name: format!("{prefix}{}", node.tensor_name(&tensor)),
                layer: format!("{prefix}{}", node.path),
                shape: tensor.extents,
                transposed: false,
                factor: tensor.role == Role::Weight
                    && tensor.extents.as_slice().len() == 2
                    && matches!(node.layer, Layer::Dense(_) | Layer::Attention(_)),
                index: tensor.is_index(),
                owner,
            });
        }
    }
}

/// The tensor at `index`, or the one that it is a copy of: a copy of a copy is a
/// copy of the first.
fn owner_of(wanted: &[Wanted], index: usize) -> usize {
    wanted[index].owner.unwrap_or(index)
}
