//! Nodes whose layer is made elsewhere: only rustc knows what they give.

use shapewise_core::Shape;
use shapewise_core::catalogue::Entry;

use super::network::Called;
use crate::graph::{Ready, Step, candidate};
use crate::resolve::draft::Draft;
use crate::resolve::statement::Seat;
use crate::resolve::world::World;

impl Draft {
    /// Such a layer as it is written.
    pub(super) fn ready_step(
        &mut self,
        entry: &'static Entry,
        called: &Called,
        ready: Ready,
        inputs: Vec<usize>,
        seat: &Seat,
    ) -> Step {
        Step {
            entry,
            arguments: Vec::new(),
            codes: Vec::new(),
            ready: Some(ready),
            symbolic: true,
            called: seat.called(&called.name),
            within: String::new(),
            place: called.place,
            inputs,
            output: self.graph.values.len(),
            path: self.paths.next(seat.segment.as_deref()),
            span: called.span,
            shared: None,
            renamed: Vec::new(),
        }
    }

    /// A shape in the place of one that only rustc knows.
    pub(super) fn guess(&mut self, world: World<'_>, input: &Shape) -> Shape {
        world.guessed.set(true);
        let place = self.guessed;
        self.guessed += 1;
        guessed(world.choice.number, place, input)
    }
}

/// The shape that the macro takes for one that only rustc knows, by its place among
/// those.
pub(in crate::resolve) fn guessed(world: usize, place: usize, input: &Shape) -> Shape {
    // Of all ranks; alike and different, since merges want positions alike.
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
