//! Nodes whose layer is made elsewhere: only rustc knows what they give.

use proc_macro2::Ident;
use shapewise_core::{Counts, Layer, Shape};

use super::network::Called;
use crate::graph::Node;
use crate::graph::candidate;
use crate::resolve::draft::Draft;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::world::World;
use crate::syntax::tree::Unit;

impl Draft {
    /// The node of such a layer, with everything but what it is.
    pub(super) fn ready_node(
        &mut self,
        entry: &'static shapewise_core::catalogue::Entry,
        called: &Called,
        inputs: Vec<usize>,
        results: usize,
        seat: &Seat,
    ) -> Node {
        Node {
            entry,
            layer: Layer::Other(shapewise_core::layer::other::Other::Identity),
            arguments: Vec::new(),
            codes: Vec::new(),
            ready: None,
            inside: None,
            symbolic: true,
            called: seat.called(&called.name),
            place: called.place,
            inputs,
            output: self.graph.values.len(),
            results,
            counts: Counts::ZERO,
            path: self.paths.next(seat.segment.as_deref()),
            span: called.span,
            shared: None,
            renamed: Vec::new(),
        }
    }

    /// Adds such a node; `unknown` says whether only rustc knows what it gives.
    pub(super) fn add_ready(
        &mut self,
        node: Node,
        outputs: &[Shape],
        unknown: bool,
        unit: &Unit,
        called: &Called,
        seat: &Seat,
    ) -> Passed {
        let index = self.graph.nodes.len();
        let values = node.output..node.output + node.results;
        let name = Ident::new("network", called.span);
        let flow = self.add(node, outputs, &name, unit, seat);
        // What a network of this invocation gives is known, whatever came in.
        for value in values {
            self.graph.values[value].symbolic = unknown;
        }
        Passed {
            node: Some(index),
            ..flow.into()
        }
    }

    /// A shape in the place of one that only rustc knows.
    pub(super) fn guess(&mut self, world: World<'_>, input: &Shape) -> Shape {
        world.guessed.set(true);
        let place = self.guessed;
        self.guessed += 1;
        // Of all ranks; alike and different, since merges want positions alike.
        let world = world.choice.number;
        let own = |shared: bool| if shared { 0 } else { 4 * place };
        let rank = (world + own(world % 3 != 2)) % 5;
        // Places of their own among the candidates, beyond those of atoms.
        let extents: Vec<usize> = (0..rank)
            .map(|axis| {
                let channels = axis + 1 == rank;
                let shared = if channels {
                    world % 4 < 2
                } else {
                    world % 7 < 5
                };
                candidate(world, 3 + own(shared) + axis, None)
            })
            .map(|extent| usize::try_from(extent).unwrap_or(1))
            .collect();
        Shape::try_new(&extents)
            .filter(|shape| shape.checked_elements().is_some())
            .unwrap_or(*input)
    }
}
