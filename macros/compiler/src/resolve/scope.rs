//! The names that can be read at a point: labels, parameters, `let`, indices.

use proc_macro2::Ident;

use super::findings::Findings;
use super::value::Val;
use crate::ordered::Names;
use crate::report::Error;
use crate::syntax::tree::Home;

/// What flows at a point.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    /// One value of the graph.
    Value(usize),
    /// Several, after a layer with several results: the next statement says
    /// from which it goes on.
    Several(Vec<usize>),
    /// Something that an error above keeps from being known.
    Unknown,
}

/// A labelled value.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// What leaves its statement.
    pub(super) flow: Flow,
    /// The layer that has the label as its name.
    pub(super) main: Option<usize>,
    /// The labels inside of it.
    pub(super) inner: Labels,
    /// Its copies, where it is a repeat.
    pub(super) copies: Option<Vec<Copied>>,
}

/// A copy of a repeat.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    /// What leaves it.
    pub(super) flow: Flow,
    /// The labels inside of it.
    pub(super) inner: Labels,
}

impl Label {
    /// The label of a value with nothing inside.
    pub(super) fn of(flow: Flow) -> Self {
        Self {
            flow,
            main: None,
            inner: Labels::new(),
            copies: None,
        }
    }
}

/// Labels by their names.
pub(super) type Labels = Names<Label>;

/// The names of one body.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its labels.
    pub(super) labels: Labels,
    /// Its parameters, `let`s and loop indices.
    pub(super) values: Names<Val>,
    /// Whether names further out are hidden: the body of a block.
    pub(super) opaque: bool,
    /// What entered the block or the network, where this frame begins one.
    pub(super) input: Option<Flow>,
}

impl Frame {
    /// A frame in which outer names can be read.
    pub(super) fn nested() -> Self {
        Self {
            labels: Labels::new(),
            values: Names::new(),
            opaque: false,
            input: None,
        }
    }

    /// The frame of a block or network.
    pub(super) fn of_scope(input: Flow) -> Self {
        Self {
            opaque: true,
            input: Some(input),
            ..Self::nested()
        }
    }
}

/// The names that can be read, innermost last.
#[derive(Debug, Default)]
pub(super) struct Frames {
    frames: Vec<Frame>,
}

impl Frames {
    /// Goes into a body.
    pub(super) fn push(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    /// Leaves the innermost body; gives what was named in it.
    pub(super) fn pop(&mut self) -> Frame {
        self.frames.pop().unwrap_or_else(Frame::nested)
    }

    /// The frames that can be seen from here, innermost first.
    fn visible(&self) -> impl Iterator<Item = &Frame> {
        let opaque = self.frames.iter().rposition(|frame| frame.opaque);
        let first = opaque.unwrap_or(0);
        self.frames[first..].iter().rev()
    }

    /// The parameter, `let` or index of that name.
    pub(super) fn value(&self, name: &str) -> Option<&Val> {
        self.visible().find_map(|frame| frame.values.get(name))
    }

    /// The label of that name.
    pub(super) fn label(&self, name: &str) -> Option<&Label> {
        self.visible().find_map(|frame| frame.labels.get(name))
    }

    /// Whether a label of that name is hidden here: it stands outside of the
    /// block.
    pub(super) fn hides(&self, name: &str) -> bool {
        self.frames.iter().any(|frame| frame.labels.contains(name))
    }

    /// What entered the enclosing block or network.
    pub(super) fn input(&self) -> Option<&Flow> {
        self.visible().find_map(|frame| frame.input.as_ref())
    }

    /// How a label inside of a labelled part is read from here: `block.left`.
    pub(super) fn inner_label(&self, name: &str) -> Option<String> {
        fn within(labels: &Labels, name: &str) -> Option<String> {
            labels.iter().find_map(|(outer, label)| {
                let inner = match label.inner.get(name) {
                    Some(_) => name.to_owned(),
                    None => within(&label.inner, name)?,
                };
                Some(format!("{outer}.{inner}"))
            })
        }
        self.visible().find_map(|frame| within(&frame.labels, name))
    }

    /// The labelled repeat in whose copies a label stands.
    pub(super) fn repeat_of(&self, name: &str) -> Option<String> {
        self.visible().find_map(|frame| {
            let mut labels = frame.labels.iter();
            let found = labels.find(|(_, label)| {
                let mut copies = label.copies.iter().flatten();
                copies.any(|copy| copy.inner.contains(name))
            });
            found.map(|(repeat, _)| repeat.to_owned())
        })
    }

    /// The labels of these values.
    pub(super) fn labels_of(&self, values: &[usize]) -> Vec<String> {
        let named = |value: &usize| {
            self.visible().find_map(|frame| {
                let mut labels = frame.labels.iter();
                let found =
                    labels.find(|(_, label)| matches!(label.flow, Flow::Value(v) if v == *value));
                found.map(|(name, _)| name.to_owned())
            })
        };
        values.iter().filter_map(named).collect()
    }

    /// All names that can be read here, for "did you mean".
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.visible()
            .flat_map(|frame| frame.labels.names().chain(frame.values.names()))
    }

    /// The layer or block that a name stands for, where it is a parameter.
    pub(super) fn layer<'n>(&'n self, name: &'n Ident) -> &'n Ident {
        match self.value(&name.to_string()) {
            Some(Val::Word(word)) => &word.name,
            Some(Val::Layer(applied)) => &applied.name,
            _ => name,
        }
    }

    /// Where a block of that name is looked up: for a parameter, where it was given.
    pub(super) fn home(&self, name: &Ident, here: Home) -> Home {
        match self.value(&name.to_string()) {
            Some(Val::Word(word)) => word.home,
            Some(Val::Layer(applied)) => applied.home,
            _ => here,
        }
    }

    /// Makes a parameter, `let` or index readable.
    pub(super) fn bind(&mut self, name: &Ident, mut value: Val, findings: &mut Findings) {
        let text = name.to_string();
        if shapewise_core::catalogue::find(&text).is_some() {
            let headline = format!("`{text}` hides the layer of that name");
            let error = Error::new(name.span(), headline).help("give it another name");
            findings.tell_name(name, error);
            // What it is used for may be the one or the other.
            value = Val::Unknown;
        }
        self.set(text, value);
    }

    /// Gives a value its name in the innermost body.
    pub(super) fn set(&mut self, name: String, value: Val) {
        if let Some(frame) = self.frames.last_mut() {
            frame.values.insert(name, value);
        }
    }

    /// A label that stands for another value from here on, which has no name.
    pub(super) fn forget(&mut self, name: &Ident) {
        let text = name.to_string();
        if let Some(frame) = self.frames.last_mut()
            && frame.labels.contains(&text)
        {
            frame.labels.insert(text, Label::of(Flow::Unknown));
        }
    }

    /// Makes a label readable. A label twice in one body is an error.
    pub(super) fn define(&mut self, name: &Ident, label: Label, findings: &mut Findings) {
        let text = name.to_string();
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let twice = frame.labels.contains(&text);
        // The later one is what is read: it is what stands nearest.
        frame.labels.insert(text.clone(), label);
        if twice {
            findings.tell(
                Error::new(name.span(), format!("the label `{text}` is used twice"))
                    .help("give each statement a label of its own"),
            );
        }
    }
}
