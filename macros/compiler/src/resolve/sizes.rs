//! Sizes of the input with which the ways of a network meet again, found by trying.

use shapewise_core::Shape;

use super::world::World;
use super::{Builder, Outcome};
use crate::syntax::tree::{File, Network};

/// How often an input may be halved on the way: its size is rounded to multiples of 2, 4,
/// and so on. Each is a walk over the network.
const MOST_HALVINGS: u32 = 5;

/// Adds to an error of ways that meet again with other extents which sizes of the input
/// nearby would do, where the network has one input and fits with such a size.
pub(super) fn propose(file: &File, network: &Network, world: World<'_>, outcome: &mut Outcome) {
    let Some(declared) = outcome.graph.values.first() else {
        return;
    };
    if network.inputs.len() != 1 || !world.atoms.borrow().is_empty() || declared.symbolic {
        return;
    }
    let declared = declared.shape;
    let fits = |shape: &Shape| {
        let mut builder = Builder::new(file, network, world, &[]);
        builder.resized = Some(*shape);
        let tried = builder.run();
        // What is declared to leave the network changes with what enters it.
        let others = tried.errors.iter().filter(|error| !error.is_of_output());
        !tried.lost && others.count() == 0
    };
    let nearest = |up: bool| {
        let multiples = (1..=MOST_HALVINGS).map(|halvings| 1_usize << halvings);
        let mut rounded = multiples.filter_map(|of| rounded(&declared, of, up));
        rounded.find(|shape| *shape != declared && fits(shape))
    };
    let Some(larger) = nearest(true) else {
        return;
    };
    let smaller = nearest(false);
    let smaller = smaller.map_or_else(String::new, |shape| format!(" or `{shape}`"));
    outcome.errors.help_apart(&format!(
        "the next sizes that fit: declare the input as `{larger}`{smaller}"
    ));
}

/// A shape whose positions are rounded to multiples.
fn rounded(shape: &Shape, of: usize, up: bool) -> Option<Shape> {
    let mut extents = shape.as_slice().to_vec();
    let spatial = shape.spatial_rank();
    for extent in extents.iter_mut().take(spatial) {
        *extent = if up {
            extent.div_ceil(of).checked_mul(of)?
        } else {
            *extent / of * of
        };
    }
    Shape::try_new(&extents)
}
