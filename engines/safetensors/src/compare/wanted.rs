//! The tensors of a definition.

use shapewise_core::layer::Role;
use shapewise_core::{Extents, Graph};

use crate::report::Hint;

/// A tensor that the definition has.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Its full name.
    pub(super) name: String,
    /// The path of its layer.
    pub(super) layer: String,
    /// Its extents.
    pub(super) shape: Extents,
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
pub(super) fn of_graph(graph: &'static Graph) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    add(graph, "", &mut wanted);
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
