//! Residuals: a body and a shortcut, and what is wrong where they differ.

use proc_macro2::Ident;
use shapewise_core::catalogue;
use shapewise_core::layer::Projection;

use crate::graph::Resolved;
use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::call::Applying;
use crate::resolve::divergence::{agreeing, since};
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::syntax::tree::{Home, Residual, Unit, UnitKind};

impl<'a> Builder<'a> {
    /// `residual { ... } shortcut { ... }`
    pub(in crate::resolve) fn residual(
        &mut self,
        unit: &'a Unit,
        residual: &'a Residual,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        self.in_structure("residual", |this| {
            this.residual_of(unit, residual, flow, seat)
        })
    }

    fn residual_of(
        &mut self,
        unit: &'a Unit,
        residual: &'a Residual,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        if !seat.labelled && seat.segment.is_none() {
            return self.residual_body(unit, residual, flow, seat).into();
        }
        let prefix = self.draft.paths.next(seat.segment.as_deref());
        self.in_scope(prefix, |this| {
            if !seat.labelled {
                return this.residual_body(unit, residual, flow, seat).into();
            }
            let (flow, inner) =
                this.in_frame(|this| this.residual_body(unit, residual, flow, seat));
            Passed {
                inner,
                ..flow.into()
            }
        })
    }

    /// The body, the shortcut where it is taken, and their sum.
    fn residual_body(
        &mut self,
        unit: &'a Unit,
        residual: &'a Residual,
        flow: Flow,
        seat: &Seat,
    ) -> Flow {
        let added = match &residual.condition {
            Some(condition) => match self.at(&flow).condition(condition) {
                Some(added) => added,
                None => return Flow::Unknown,
            },
            None => true,
        };
        let out = self.body(&residual.body, flow.clone());
        if !added {
            return out;
        }
        let mut shortcut = flow.clone();
        if let Some((condition, body)) = &residual.shortcut {
            let taken = match condition {
                Some(condition) => match self.at(&flow).condition(condition) {
                    Some(taken) => taken,
                    None => return Flow::Unknown,
                },
                None => true,
            };
            if taken {
                shortcut = self.body(body, flow);
            }
        }
        let (Flow::Value(out), Flow::Value(shortcut)) = (&out, &shortcut) else {
            return Flow::Unknown;
        };
        if out == shortcut {
            let headline = "the residual adds a value to itself: its body has no layers";
            let error = Error::new(Place::at(unit.place.first), headline);
            return self.findings.refuse(unit, error);
        }
        self.sum(unit, *out, *shortcut, seat)
    }

    /// The addition at the end of a residual.
    fn sum(&mut self, unit: &'a Unit, out: usize, shortcut: usize, seat: &Seat) -> Flow {
        let entry = catalogue::ADDITION;
        // Where only rustc knows a shape, the addition's own rule finds it.
        let symbolic =
            self.draft.graph.values[out].symbolic || self.draft.graph.values[shortcut].symbolic;
        if !symbolic && let Some(error) = residual_mismatch(&self.draft.graph, unit, out, shortcut)
        {
            return self.findings.refuse(unit, error);
        }
        let applying = Applying {
            unit,
            name: Ident::new(entry.name, unit.place.first),
            home: Home::OWN,
            given: Vec::new(),
        };
        let path = self.draft.paths.implicit(entry.name);
        let operands = vec![Flow::Value(out), Flow::Value(shortcut)];
        self.layers()
            .layer_at(&applying, entry, operands, &Flow::Unknown, seat, path)
            .flow
    }
}

/// The error for a residual whose two ways differ.
fn residual_mismatch(graph: &Resolved, unit: &Unit, out: usize, shortcut: usize) -> Option<Error> {
    let (body, skip) = (&graph.values[out], &graph.values[shortcut]);
    if body.shape == skip.shape {
        return None;
    }
    let has_shortcut =
        matches!(&unit.kind, UnitKind::Residual(residual) if residual.shortcut.is_some());
    let error = Error::new(
        Place::at(unit.place.first),
        format!(
            "the body of the residual gives {}, but what it is added to is {}",
            body.shape, skip.shape
        ),
    )
    .fact("body", format!("{}, from {}", body.shape, body.origin))
    .fact("shortcut", format!("{}, from {}", skip.shape, skip.origin));
    let error = since(graph, error, shortcut, out);
    if has_shortcut {
        return Some(error.help(agreeing(graph, shortcut, out)));
    }
    let same_axes = body.shape.rank() == skip.shape.rank() && body.shape.spatial_rank() > 0;
    Some(
        if let Some(layer) = Projection::between(&skip.shape, &body.shape) {
            error.help(format!("`shortcut {{ {layer}; }}` after the body"))
        } else if same_axes && body.shape.channels() == skip.shape.channels() {
            error.help(agreeing(graph, shortcut, out))
        } else {
            error.help("both ways must have the same shape: keep it in the body by `padding = half`, or give the shortcut layers of its own")
        },
    )
}
