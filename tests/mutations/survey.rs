//! What a file consists of, and at which lines a mistake in it can be told.

use std::ops::Range;

use proc_macro2::Ident;
use shapewise_compiler::syntax::tree::{Body, Expect, Item, UnitKind};

use super::sites::{line, range};

/// A network or block: its name and the bytes of its body.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) network: bool,
    pub(crate) header: usize,
    pub(crate) end: usize,
}

/// What a file consists of: what mistakes refer to, and what ends their reach.
pub(crate) struct Survey<'a> {
    pub(crate) source: &'a str,
    pub(crate) owners: Vec<Owner>,
    /// All labels, by owner.
    pub(crate) labels: Vec<(usize, String)>,
    /// The last statement of each owner.
    pub(crate) last: Vec<Range<usize>>,
    /// The lines of the assertions.
    pub(crate) assertions: Vec<usize>,
    /// The bytes of each declared shape.
    claims: Vec<Range<usize>>,
    /// Each call of a block: its name and its bytes.
    calls: Vec<(String, Range<usize>)>,
}

impl<'a> Survey<'a> {
    /// Looks through a file whose bodies are these, in this order.
    pub(crate) fn of(source: &'a str, bodies: &[(&Ident, &Body, bool)]) -> Self {
        let mut survey = Self {
            source,
            owners: Vec::new(),
            labels: Vec::new(),
            last: Vec::new(),
            assertions: Vec::new(),
            claims: Vec::new(),
            calls: Vec::new(),
        };
        for (name, body, network) in bodies {
            let mut statements = body.items.iter().filter_map(|item| match item {
                Item::Statement(statement) => Some(range(statement.place)),
                _ => None,
            });
            survey.last.push(statements.next_back().unwrap_or(0..0));
            survey.owners.push(Owner {
                name: name.to_string(),
                network: *network,
                header: name.span().byte_range().start,
                end: body.end.byte_range().end,
            });
            survey.body(survey.owners.len() - 1, body);
        }
        survey
    }

    fn body(&mut self, owner: usize, body: &Body) {
        for item in &body.items {
            let statement = match item {
                Item::Statement(statement) => statement,
                Item::Assertion(assertion) => {
                    let line = self.line(range(assertion.place).start);
                    self.assertions.push(line);
                    continue;
                }
                Item::Let(_) | Item::Broken(_) => continue,
            };
            for label in &statement.labels {
                self.labels.push((owner, label.to_string()));
            }
            for unit in &statement.units {
                if let UnitKind::Call(call) = &unit.kind {
                    self.calls.push((call.name.to_string(), range(unit.place)));
                }
                for inner in unit.bodies() {
                    self.body(owner, inner);
                }
            }
            if let Some(Expect::Shapes(shapes)) = &statement.expect {
                let places = shapes.iter().map(|shape| range(shape.place));
                self.claims.extend(places);
            }
        }
    }

    pub(crate) fn line(&self, byte: usize) -> usize {
        line(self.source, byte)
    }

    /// The lines at which a mistake can be told that stands after `from`: to the
    /// first declared shape; in a block, also after each of its calls. Whether a
    /// shape is declared there.
    pub(crate) fn window(&self, owner: usize, from: usize, lines: &mut Vec<Range<usize>>) -> bool {
        let of = &self.owners[owner];
        let claim = self
            .claims
            .iter()
            .filter(|claim| claim.end > from && claim.end <= of.end && claim.start > of.header)
            .min_by_key(|claim| claim.start);
        let to = claim.map_or(of.end, |claim| claim.end);
        lines.push(self.line(from)..self.line(to) + 1);
        self.called(from..to, lines);
        if claim.is_some() {
            return true;
        }
        if of.network {
            // The output is declared in the header, and compared at the last
            // statement, which may be above one that is gone.
            lines.push(self.line(of.header)..self.line(of.header) + 1);
            lines.push(self.line(from) - 1..self.line(from));
            let last = self.last[owner].clone();
            lines.push(self.line(last.start)..self.line(last.end) + 1);
            return false;
        }
        let mut local = true;
        for (_, call) in self.calls.iter().filter(|(name, _)| *name == of.name) {
            let caller = self
                .owners
                .iter()
                .position(|owner| owner.header < call.start && call.end < owner.end);
            local &= caller.is_some_and(|caller| self.window(caller, call.start, lines));
        }
        local
    }

    /// The lines of the blocks that are called in a part of the source.
    fn called(&self, part: Range<usize>, lines: &mut Vec<Range<usize>>) {
        for (name, call) in &self.calls {
            if !part.contains(&call.start) {
                continue;
            }
            for block in self.owners.iter().filter(|owner| owner.name == *name) {
                lines.push(self.line(block.header)..self.line(block.end) + 1);
                self.called(block.header..block.end, lines);
            }
        }
    }
}
