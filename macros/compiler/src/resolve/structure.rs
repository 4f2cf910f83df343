//! Structure: groups and conditions; residuals, branches and repeats below.

mod merge;
mod repeat;
mod residual;

use super::Builder;
use super::scope::{Flow, Frame, Labels};
use super::statement::{Passed, Seat};
use crate::syntax::tree::{Body, If};

impl<'a> Builder<'a> {
    /// `{ ... }`: a named part.
    pub(super) fn group(&mut self, body: &'a Body, flow: Flow, seat: &Seat) -> Passed {
        let prefix = self.draft.paths.next(seat.segment.as_deref());
        self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled))
    }

    /// A body whose labels are the statement's own when it is labelled, and stay
    /// readable after it when it is not.
    fn nested(&mut self, body: &'a Body, flow: Flow, labelled: bool) -> Passed {
        if !labelled {
            return self.body(body, flow).into();
        }
        let (flow, inner) = self.in_frame(|this| this.body(body, flow));
        Passed {
            inner,
            ..flow.into()
        }
    }

    /// Walks with a frame of its own; gives the labels that are defined in it, too.
    fn in_frame<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> (T, Labels) {
        self.names.push(Frame::nested());
        let result = walk(self);
        (result, self.names.pop().labels)
    }

    /// Walks inside of a structure of this name, in which the flow that entered is not what
    /// `input` is.
    pub(super) fn in_structure<T>(
        &mut self,
        name: &'static str,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.findings.trail.structures.push(name);
        let result = walk(self);
        self.findings.trail.structures.pop();
        result
    }

    /// Walks inside of a scope of its own, at a path.
    pub(super) fn in_scope<T>(&mut self, path: String, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.draft.paths.enter(path);
        let result = walk(self);
        self.draft.paths.leave();
        result
    }

    /// `if condition { ... } else { ... }`
    pub(super) fn conditional(&mut self, conditional: &'a If, flow: Flow, seat: &Seat) -> Passed {
        let (then, otherwise) = (Some(&conditional.then), conditional.otherwise.as_ref());
        let (body, left) = match self.at(&flow).condition(&conditional.condition) {
            Some(true) => (then, otherwise),
            Some(false) => (otherwise, then),
            None => return Flow::Unknown.into(),
        };
        if let Some(left) = left {
            self.unwalked(left, Vec::new());
        }
        let Some(body) = body else {
            return flow.into();
        };
        if seat.labelled || seat.segment.is_some() {
            let prefix = self.draft.paths.next(seat.segment.as_deref());
            return self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled));
        }
        self.body(body, flow).into()
    }
}
