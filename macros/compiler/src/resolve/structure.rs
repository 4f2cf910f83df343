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
        let prefix = self.next_path(seat.segment.as_deref());
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
        self.frames.push(Frame::nested());
        let result = walk(self);
        let frame = self.frames.pop();
        (result, frame.map(|frame| frame.labels).unwrap_or_default())
    }

    /// `if condition { ... } else { ... }`
    pub(super) fn conditional(&mut self, conditional: &'a If, flow: Flow, seat: &Seat) -> Passed {
        let body = match self.condition(&conditional.condition, &flow) {
            Some(true) => Some(&conditional.then),
            Some(false) => conditional.otherwise.as_ref(),
            None => return Flow::Unknown.into(),
        };
        let Some(body) = body else {
            return flow.into();
        };
        if seat.labelled || seat.segment.is_some() {
            let prefix = self.next_path(seat.segment.as_deref());
            return self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled));
        }
        self.body(body, flow).into()
    }
}
