//! Bodies: items in their order, and names that are defined below.

use shapewise_core::catalogue;

use super::findings::Called;
use super::scope::{Flow, Label};
use super::statement::NOTHING;
use super::{Builder, Source};
use crate::syntax::tree::{Body, Item, Statement, Unit, UnitKind};

impl<'a> Builder<'a> {
    /// Walks over a body; gives what flows out of it.
    pub(super) fn body(&mut self, body: &'a Body, flow: Flow) -> Flow {
        let mut flow = flow;
        for item in &body.items {
            match item {
                Item::Statement(statement) => flow = self.statement(statement, flow),
                Item::Let(binding) => {
                    let before = &binding.attributes;
                    self.findings.check_attributes_of(before, "a `let`", &[]);
                    let value = self.at(&flow).evaluate(&binding.value);
                    if let super::value::Val::Word(word) = &value
                        && !self.stands_for_layer(&word.to_string())
                    {
                        self.at(&flow).unknown_name(word);
                    }
                    self.names.bind(&binding.name, value, &mut self.findings);
                }
                Item::Assertion(assertion)
                    if self.depth > 0 || !self.findings.trail.calls.is_empty() =>
                {
                    self.findings.tell(
                        crate::report::Error::new(
                            assertion.place,
                            "`assert` stands in the body of a network, not inside of a part",
                        )
                        .help("move it to the end of the network"),
                    );
                }
                // After all statements, when the totals are known.
                Item::Assertion(_) => {}
                Item::Broken(broken) => {
                    self.findings.incomplete = true;
                    flow = match &broken.expect {
                        Some(shape) => self.assumed(shape, &flow),
                        None => Flow::Unknown,
                    };
                    for name in &broken.labels {
                        let label = Label::of(flow.clone());
                        self.names.define(name, label, &mut self.findings);
                    }
                }
            }
        }
        flow
    }
}

impl Builder<'_> {
    /// Whether a word is a layer, a block, or that there is none.
    fn stands_for_layer(&self, word: &str) -> bool {
        word == NOTHING
            || catalogue::find(word).is_some()
            || self
                .source
                .file
                .blocks
                .iter()
                .any(|block| block.name == word)
    }
}

/// Whether a label of that name stands anywhere in the network, or in the block of
/// it that is walked over.
pub(super) fn defined_later(source: Source<'_>, block: Option<&Called>, name: &str) -> bool {
    walked(source, block).is_some_and(|body| labels(body, name))
}

/// Whether a label of that name stands in a repeat of the network, or of the block that
/// is walked over.
pub(super) fn in_repeat(source: Source<'_>, block: Option<&Called>, name: &str) -> bool {
    fn within(body: &Body, name: &str) -> bool {
        body.items.iter().any(|item| match item {
            Item::Statement(statement) => statement.units.iter().any(|unit| match &unit.kind {
                UnitKind::Repeat(repeat) => labels(&repeat.body, name),
                _ => unit.bodies().into_iter().any(|body| within(body, name)),
            }),
            _ => false,
        })
    }
    walked(source, block).is_some_and(|body| within(body, name))
}

/// The body of the network, or of the block of it that is walked over.
fn walked<'a>(source: Source<'a>, block: Option<&Called>) -> Option<&'a Body> {
    let Some(called) = block else {
        return Some(&source.network.body);
    };
    let found = source.file.block(called.home, &called.block);
    found.map(|block| &block.body)
}

fn labels(body: &Body, name: &str) -> bool {
    body.items.iter().any(|item| match item {
        Item::Statement(statement) => in_statement(statement, name),
        Item::Broken(broken) => broken.labels.iter().any(|label| label == name),
        Item::Assertion(_) | Item::Let(_) => false,
    })
}

fn in_statement(statement: &Statement, name: &str) -> bool {
    statement.labels.iter().any(|label| label == name)
        || statement.units.iter().any(|unit| in_unit(unit, name))
}

fn in_unit(unit: &Unit, name: &str) -> bool {
    match &unit.kind {
        UnitKind::Residual(residual) => {
            labels(&residual.body, name)
                || residual
                    .shortcut
                    .as_ref()
                    .is_some_and(|(_, body)| labels(body, name))
        }
        UnitKind::Merge(merge) => merge.branches.iter().any(|branch| {
            branch.label.as_ref().is_some_and(|label| label == name) || labels(&branch.body, name)
        }),
        UnitKind::Group(_)
        | UnitKind::Repeat(_)
        | UnitKind::If(_)
        | UnitKind::Call(_)
        | UnitKind::Path(_)
        | UnitKind::Custom(_) => false,
    }
}
