//! Blocks: a call is its body with the arguments in it.

use super::Applying;
use crate::report::Error;
use crate::resolve::Builder;
use crate::resolve::findings::Called;
use crate::resolve::scope::{Flow, Frame};
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Given;
use crate::suggest::nearest;
use crate::syntax::tree::Block;

impl<'a> Builder<'a> {
    /// Expands a block.
    pub(super) fn block(
        &mut self,
        applying: &Applying<'_>,
        block: &'a Block,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        let name = block.name.to_string();
        if let Some(mut cycle) = self.findings.trail.since(block.home, &name) {
            cycle.push(&name);
            let cycle = cycle.join(" -> ");
            let error = Error::new(
                applying.name.span(),
                format!("block `{name}` contains itself"),
            )
            .fact("cycle", cycle)
            .help("a block cannot call itself; `repeat` repeats layers");
            return self.findings.refuse(applying.unit, error).into();
        }
        let Some(mut frame) = self.parameters(applying, block, &flow) else {
            return Flow::Unknown.into();
        };
        frame.input = Some(flow.clone());
        let text = applying.unit.to_string();
        let prefix = if seat.flat {
            None
        } else {
            Some(self.draft.paths.next(seat.segment.as_deref()))
        };
        self.draft.hidden += 1;
        self.findings.trail.calls.push(Called {
            block: name,
            home: block.home,
            text,
        });
        self.names.push(frame);
        let flow = match prefix {
            Some(prefix) => self.in_scope(prefix, |this| this.body(&block.body, flow)),
            None => self.body(&block.body, flow),
        };
        let frame = self.names.pop();
        self.findings.trail.calls.pop();
        self.draft.hidden -= 1;
        Passed {
            inner: frame.labels,
            ..flow.into()
        }
    }

    /// The frame of a block's body: its parameters with what the call gives.
    fn parameters(
        &mut self,
        applying: &Applying<'_>,
        block: &'a Block,
        flow: &Flow,
    ) -> Option<Frame> {
        // An error may have been told at another call of the same unit.
        let mut wrong = false;
        let mut frame = Frame::of_scope(flow.clone());
        let mut position = 0;
        for given in &applying.given {
            let parameter = match &given.name {
                Some(name) => block
                    .parameters
                    .iter()
                    .find(|parameter| parameter.name == *name),
                None => {
                    position += 1;
                    block.parameters.get(position - 1)
                }
            };
            let Some(parameter) = parameter else {
                let error = no_parameter(block, given);
                self.findings.tell_of(applying.unit, error);
                wrong = true;
                continue;
            };
            let name = parameter.name.to_string();
            if given.to.is_some() {
                let headline = format!(
                    "a block does not declare what comes in: `->` has no meaning at `{name}`"
                );
                self.findings
                    .tell_of(applying.unit, Error::new(given.place, headline));
                wrong = true;
            }
            if frame
                .values
                .insert(name.clone(), given.value.clone())
                .is_some()
            {
                let error = Error::new(given.place, format!("`{name}` is given twice"));
                self.findings.tell_of(applying.unit, error);
                wrong = true;
            }
        }
        self.names.push(frame);
        for parameter in &block.parameters {
            let name = parameter.name.to_string();
            match &parameter.default {
                _ if self.names.value(&name).is_some() => {}
                Some(default) => {
                    let before = self.findings.errors.len();
                    let value = self.at(flow).evaluate(default);
                    wrong |= self.findings.errors.len() > before;
                    self.names.set(name, value);
                }
                None => {
                    let error = Error::new(
                        applying.unit.place,
                        format!("block `{}` needs `{name}`", block.name),
                    )
                    .help(called_as(block));
                    self.findings.tell_of(applying.unit, error);
                    wrong = true;
                }
            }
        }
        let frame = self.names.pop();
        (!wrong).then_some(frame)
    }
}

/// The error for an argument that a block does not take.
fn no_parameter(block: &Block, given: &Given) -> Error {
    let Some(name) = &given.name else {
        let count = block.parameters.len();
        let takes = if count == 1 {
            "1 argument".to_owned()
        } else {
            format!("{count} arguments")
        };
        return Error::new(given.place, format!("block `{}` takes {takes}", block.name))
            .help(called_as(block));
    };
    let error = Error::new(
        name.span(),
        format!("block `{}` has no parameter `{name}`", block.name),
    );
    let names: Vec<String> = block
        .parameters
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    match nearest(&name.to_string(), names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(called_as(block)),
    }
}

/// How a block is called.
pub(super) fn called_as(block: &Block) -> String {
    format!("it is called as `{}`", block.usage())
}
