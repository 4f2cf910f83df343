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
    pub(super) layer: &'static str,
    /// Its extents.
    pub(super) shape: Extents,
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

/// Every tensor of the network, in the order of its layers.
pub(super) fn of_graph(graph: &'static Graph) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    // Where each layer's tensors begin.
    let mut first = Vec::with_capacity(graph.nodes.len());
    for node in graph.nodes {
        first.push(wanted.len());
        for (index, tensor) in node.tensors().enumerate() {
            let owner = match (node.shared, tensor.role) {
                (Some(owner), Role::Weight) => Some(first[owner] + index),
                _ => None,
            };
            // A copy of a copy is a copy of the first.
            let owner = owner.map(|owner| wanted[owner].owner.unwrap_or(owner));
            wanted.push(Wanted {
                name: node.tensor_name(&tensor).to_string(),
                layer: node.path,
                shape: tensor.extents,
                owner,
            });
        }
    }
    wanted
}
