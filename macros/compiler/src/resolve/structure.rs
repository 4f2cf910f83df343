//! Structure: groups and conditions; residuals, branches and repeats below.

mod merge;
mod repeat;
mod residual;

use super::Builder;
use super::scope::{Flow, Frame};
use super::statement::{Passed, Seat};
use crate::syntax::tree::{Body, If, Unit};

impl<'a> Builder<'a> {
    /// `{ ... }`: a named part.
    pub(super) fn group(&mut self, body: &'a Body, flow: Flow, seat: &Seat) -> Passed {
        let prefix = self.next_path(seat.segment.as_deref());
        self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled))
    }

    /// A body whose labels are the statement's own when it is labelled, and stay
    /// readable after it when it is not.
    pub(super) fn nested(&mut self, body: &'a Body, flow: Flow, labelled: bool) -> Passed {
        if !labelled {
            return self.body(body, flow).into();
        }
        self.frames.push(Frame::nested());
        let flow = self.body(body, flow);
        let frame = self.frames.pop();
        Passed {
            inner: frame.map(|frame| frame.labels).unwrap_or_default(),
            ..flow.into()
        }
    }

    /// `if condition { ... } else { ... }`
    pub(super) fn conditional(
        &mut self,
        _unit: &'a Unit,
        conditional: &'a If,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
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
