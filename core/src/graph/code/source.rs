//! Reading the layers and statements of a [code](super), in const evaluation.

use super::{Reader, Texts};
use crate::entry::Rules;
use crate::graph::{Arguments, Form, Ready, Statement, Step, Tracer};
use crate::value::Value;

/// What is left of a network's code to read.
#[derive(Clone, Copy, Debug)]
pub(in crate::graph) struct Source {
    pub(super) numbers: Reader,
    pub(super) texts: Texts,
    reads: &'static [usize],
    renamed: &'static [(&'static str, &'static str)],
}

impl Source {
    /// Nothing to read.
    pub(in crate::graph) const EMPTY: Self = Self::new(&[0], &[], &[], &[]);

    /// A code from its beginning on.
    pub(super) const fn new(
        code: &'static [u8],
        texts: &'static [&'static str],
        reads: &'static [usize],
        renamed: &'static [(&'static str, &'static str)],
    ) -> Self {
        let mut source = Self {
            numbers: Reader::new(code),
            texts: Texts::new(texts),
            reads,
            renamed,
        };
        source.numbers.number();
        source
    }

    const fn text(&mut self) -> &'static str {
        self.texts.next(self.numbers.number())
    }

    pub(super) const fn outputs<const OUTPUTS: usize>(
        &mut self,
    ) -> [(&'static str, usize); OUTPUTS] {
        let mut outputs = [("", 0); OUTPUTS];
        let mut i = 0;
        while i < OUTPUTS {
            outputs[i] = (self.text(), self.numbers.number());
            i += 1;
        }
        outputs
    }

    /// The next step, but for what goes in and its path.
    const fn step(&mut self) -> Step {
        let mut step = Step::EMPTY;
        step.kind = self.numbers.kind();
        step.results = self.numbers.number();
        step.shared = self.numbers.number().checked_sub(1);
        step.renamed = take(&mut self.renamed, self.numbers.number());
        let count = self.numbers.number();
        let length = self.numbers.number();
        step.arguments = Arguments::code(step.kind, count, self.numbers.take(length));
        if let Rules::Subnetwork = step.kind.rules {
            step.ready = Some(Ready::Network(self.numbers.number()));
        }
        step
    }
}

impl<const NODES: usize, const VALUES: usize> Tracer<NODES, VALUES> {
    /// The trace whose layers are read from this code, with these texts, values that go in,
    /// and renamed tensors.
    #[must_use]
    pub const fn reading(
        mut self,
        code: &'static [u8],
        texts: &'static [&'static str],
        reads: &'static [usize],
        renamed: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.source = Source::new(code, texts, reads, renamed);
        self
    }

    /// The next layer of the code, and an earlier one that is like it.
    pub(super) const fn read(&mut self) -> (Step, Option<usize>) {
        let like = self.source.numbers.number().checked_sub(1);
        let mut step = match like {
            Some(earlier) => self.trace.nodes[earlier].step,
            None => self.source.step(),
        };
        step.inputs = take(&mut self.source.reads, self.source.numbers.number());
        step.path = self.source.text();
        (step, like)
    }

    /// Adds the next layer of the code, `called` so in messages.
    ///
    /// # Panics
    ///
    /// When it does not fit its inputs.
    #[track_caller]
    pub const fn next(&mut self, called: &str) {
        match self.read() {
            (step, Some(earlier)) if self.alike(step.inputs, earlier) => {
                self.again(&step, earlier);
            }
            (step, _) => self.layer(&step, called),
        }
    }

    /// Adds the next layer of the code with these arguments.
    ///
    /// # Panics
    ///
    /// When it does not fit its inputs.
    #[track_caller]
    pub const fn given(&mut self, arguments: &'static [(&'static str, Value)], called: &str) {
        let (mut step, _) = self.read();
        step.arguments = Arguments::list(arguments);
        self.layer(&step, called);
    }

    /// Whether these values have the shapes that went into an earlier layer.
    const fn alike(&self, inputs: &[usize], earlier: usize) -> bool {
        let others = self.trace.nodes[earlier].step.inputs;
        if inputs.len() != others.len() {
            return false;
        }
        let mut i = 0;
        while i < inputs.len() {
            if !self.trace.values[inputs[i]].equals(&self.trace.values[others[i]]) {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The statements of the code, which stand behind its layers.
    #[must_use]
    pub const fn statements<const STATEMENTS: usize>(&self) -> [Statement; STATEMENTS] {
        let mut source = self.source;
        let mut statements = [Statement::EMPTY; STATEMENTS];
        let mut first = 0;
        let mut i = 0;
        while i < STATEMENTS {
            first = source.numbers.near(first);
            let end = first + source.numbers.number();
            statements[i] = Statement {
                label: match source.numbers.number() {
                    0 => source.text(),
                    node => self.trace.nodes[node - 1].step.path,
                },
                text: match source.numbers.number() {
                    0 => source.text(),
                    other => statements[other - 1].text,
                },
                form: Form::numbered(source.numbers.number()),
                depth: source.numbers.number(),
                copies: source.numbers.number(),
                nodes: (first, end),
                input: source.numbers.near(first),
                output: source.numbers.near(end),
            };
            i += 1;
        }
        statements
    }
}

/// So many from the beginning of a list, which they leave. Most are none or one:
/// to const evaluation `split_at` is twenty calls.
const fn take<T>(list: &mut &'static [T], count: usize) -> &'static [T] {
    match (count, *list) {
        (0, _) => &[],
        (1, [first, rest @ ..]) => {
            *list = rest;
            core::slice::from_ref(first)
        }
        (_, all) => {
            let (taken, rest) = all.split_at(count);
            *list = rest;
            taken
        }
    }
}
