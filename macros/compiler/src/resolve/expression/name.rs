//! Names in expressions, and the errors for those that are not known.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::report::{Error, Place};
use crate::resolve::body::{defined_later, in_repeat};
use crate::resolve::expression::Evaluator;
use crate::resolve::scope::{Flow, Label};
use crate::resolve::statement::is_assumed;
use crate::resolve::symbol::is_constant;
use crate::resolve::value::{Val, Word};
use crate::suggest::nearest;
use crate::syntax::named_extents;
use crate::syntax::tree::{Expression, ExpressionKind};

impl Evaluator<'_, '_> {
    /// What a bare word stands for: a parameter, a label, a constant of Rust, itself.
    pub(super) fn word(&mut self, word: &Ident) -> Val {
        let text = word.to_string();
        match text.as_str() {
            "_" => return Val::Flow(self.flow.clone()),
            "input"
                if self.names.value("input").is_none() && self.names.label("input").is_none() =>
            {
                if let Some(error) = self.input_of_two(word) {
                    return self.wrong(error);
                }
                return match self.names.input() {
                    Some(Flow::Several(_)) => self.wrong(
                        Error::new(
                            word.span(),
                            "`input` is not one value: there are several inputs",
                        )
                        .help(format!("write {}", self.input_names())),
                    ),
                    Some(input) => Val::Flow(input.clone()),
                    None => Val::Unknown,
                };
            }
            _ => {}
        }
        if let Some(value) = self.names.value(&text) {
            return value.clone();
        }
        match self.names.label(&text) {
            Some(label) => Val::Flow(label.flow.clone()),
            None if is_constant(&text) => {
                let tokens = TokenStream::from(TokenTree::Ident(word.clone()));
                self.atom(tokens, text, Place::at(word.span()))
            }
            None => Val::Word(Word {
                name: word.clone(),
                home: self.findings.trail.home(),
            }),
        }
    }

    /// The error for `input` inside of a residual, branch or repeat of a network, where it may
    /// be meant as what enters that.
    fn input_of_two(&self, word: &Ident) -> Option<Error> {
        let trail = &self.findings.trail;
        let structure = trail.structures.last().filter(|_| trail.calls.is_empty())?;
        let headline = format!(
            "`input` may be what enters the network or what enters the {structure} around it"
        );
        let network = match self.graph.inputs.as_slice() {
            [_] if self
                .source
                .network
                .inputs
                .iter()
                .all(|port| port.name.is_none()) =>
            {
                "name the network's input, `(image: ...)`, and write `image`".to_owned()
            }
            _ => format!("write {} for the network's", self.input_names()),
        };
        let label = format!(
            "label what enters the {structure}, `entry: ...;` before it, and write `entry`"
        );
        Some(Error::new(word.span(), headline).help(format!("{network}, or {label}")))
    }

    /// `` `left` or `right` ``
    fn input_names(&self) -> String {
        let names: Vec<String> = self
            .graph
            .inputs
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        names.join(" or ")
    }

    /// The label that an expression names, where it names one.
    pub(super) fn labelled(&mut self, expression: &Expression) -> Option<Label> {
        match &expression.kind {
            ExpressionKind::Word(word) => self.names.label(&word.to_string()).cloned(),
            ExpressionKind::Member(value, name) => {
                self.labelled(value)?.inner.get(&name.to_string()).cloned()
            }
            ExpressionKind::Copy(repeat, copy) => {
                let label = self.labelled(repeat)?;
                let copy = self.int(copy)?;
                let copied = usize::try_from(copy)
                    .ok()
                    .and_then(|copy| label.copies.as_ref()?.get(copy))?;
                Some(Label {
                    inner: copied.inner.clone(),
                    ..Label::of(copied.flow.clone())
                })
            }
            _ => None,
        }
    }

    /// The layer whose weight `shared = label` names.
    pub(in crate::resolve) fn tied(&mut self, expression: &Expression) -> Val {
        if let Some(label) = self.labelled(expression) {
            return match (label.main, label.flow) {
                (Some(node), _) => Val::Tied(node),
                (None, Flow::Unknown) => Val::Unknown,
                // Declared where an error keeps it from being computed.
                (None, Flow::Value(value)) if is_assumed(self.graph, value) => Val::Unknown,
                (None, _) => self.wrong(
                    Error::new(
                        expression.place,
                        format!("`{expression}` is no single layer, whose weight could be shared"),
                    )
                    .help("name the label of one earlier layer"),
                ),
            };
        }
        match self.evaluate(expression) {
            // A block's parameter may hold it.
            Val::Tied(node) => Val::Tied(node),
            Val::Unknown => Val::Unknown,
            other => {
                self.unfit(expression, "the label of an earlier layer", &other);
                Val::Unknown
            }
        }
    }

    /// Tells that a name is not known here.
    pub(in crate::resolve) fn unknown_name(&mut self, word: &Ident) {
        let error = self.name_error(word);
        self.findings.tell_missing(word.to_string(), error);
    }

    /// The error for a name that is not known here.
    pub(in crate::resolve) fn name_error(&self, word: &Ident) -> Error {
        let text = word.to_string();
        let block = self.findings.trail.block();
        let mut error = Error::new(word.span(), format!("`{text}` is not defined here"));
        if let Some(list) = named_extents(&text) {
            error = error.help(format!("write `{list}`"));
        } else if let Some(path) = self.names.inner_label(&text) {
            error = error.help(format!("`{path}` is the label inside"));
        } else if let Some(repeat) = self.names.repeat_of(&text) {
            error = error.help(format!(
                "a label inside of a repeat is read by its copy: `{repeat}.{{0}}.{text}`, or `{repeat}.*.{text}` of all"
            ));
        } else if in_repeat(self.source, block, &text) {
            error = error.help(format!(
                "a label inside of a repeat is read by its copy: label the repeat, and write `label.{{0}}.{text}`"
            ));
        } else if defined_later(self.source, block, &text) {
            error = Error::new(
                word.span(),
                format!("`{text}` is used before it is defined"),
            )
            .help("a label can be read below its statement");
        } else if let Some(near) = nearest(&text, self.names.all()) {
            error = error.help(format!("did you mean `{near}`?"));
        } else if let Some(block) = block
            && self.names.hides(&text)
        {
            error = error.help(format!(
                "a block sees its parameters only: add `{text}` to those of `{}`, and give the label where it is called",
                block.block
            ));
        }
        error
    }
}
