//! What can be wrong with a model, its tensors or a batch.

use std::fmt;

use crate::dims::{Dim, Elements, written};

/// What is wrong, with the engine's own error `E` among it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error<E> {
    /// The engine can't do a layer.
    Unsupported {
        /// The path of the layer.
        path: String,
        /// What it is: `max_pool`.
        layer: &'static str,
        /// Why.
        reason: String,
    },
    /// Nothing says what a layer of the user's own computes.
    NoFunction {
        /// The path of the layer.
        path: String,
    },
    /// A function was given for a layer that is not there.
    NoSuchLayer {
        /// What was written for its path.
        path: String,
    },
    /// Another number of inputs than the network has.
    InputCount {
        /// The names of the network's inputs.
        expected: Vec<&'static str>,
        /// How many there were.
        given: usize,
    },
    /// An input of another shape than the network takes.
    InputShape {
        /// Its name.
        input: &'static str,
        /// The layer that reads it: `conv1: conv`.
        layer: String,
        /// What it should have, with [`Dim::Batch`] for any number of samples.
        expected: Vec<Dim>,
        /// What it has.
        given: Vec<Dim>,
    },
    /// Inputs with another number of samples than the first.
    BatchSize {
        /// The name of the input.
        input: &'static str,
        /// The samples of the first.
        expected: Dim,
        /// Its own.
        given: Dim,
    },
    /// An input with other elements than the network takes.
    InputElements {
        /// Its name.
        input: &'static str,
        /// The layer that reads it: `tokens: embedding`.
        layer: String,
        /// What it should have.
        expected: Elements,
        /// What it has.
        given: Elements,
    },
    /// A tensor of another shape than the definition says.
    TensorShape {
        /// Its name.
        name: String,
        /// What it should have.
        expected: Vec<Dim>,
        /// What it has.
        given: Vec<Dim>,
    },
    /// A tensor with other elements than the definition says.
    TensorElements {
        /// Its name.
        name: String,
        /// What it should have.
        expected: Elements,
        /// What it has.
        given: Elements,
    },
    /// A layer of the user's own gave another shape than it declares.
    CustomShape {
        /// The path of the layer.
        path: String,
        /// What it should have given.
        expected: Vec<Dim>,
        /// What it gave.
        given: Vec<Dim>,
    },
    /// No label of that name.
    NoSuchLabel {
        /// What was asked for.
        label: String,
    },
    /// A number that does not fit.
    Overflow {
        /// The path of the layer.
        path: String,
    },
    /// A normalisation by the statistics of one number for each channel: the variance
    /// of that is 0. PyTorch refuses it, too.
    OneValue {
        /// The path of the layer.
        path: String,
    },
    /// A layer without a tensor that its kind has.
    NoTensor {
        /// The path of the layer.
        path: String,
        /// The tensor's own name.
        name: String,
    },
    /// An operation of the engine failed.
    Engine {
        /// The path of the layer.
        path: String,
        /// What it is.
        layer: &'static str,
        /// The engine's error.
        source: E,
    },
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported {
                path,
                layer,
                reason,
            } => write!(f, "the engine can't do `{path}: {layer}`: {reason}"),
            Self::NoFunction { path } => write!(
                f,
                "nothing says what `{path}`, a layer of your own, computes: give a function for it"
            ),
            Self::NoSuchLayer { path } => {
                write!(
                    f,
                    "a function is given for `{path}`, and no layer of your own has that path"
                )
            }
            Self::InputCount { expected, given } => write!(
                f,
                "the network has {} (`{}`), and {given} came",
                match expected.len() {
                    1 => "one input".to_owned(),
                    count => format!("{count} inputs"),
                },
                expected.join("`, `")
            ),
            Self::InputShape {
                input,
                layer,
                expected,
                given,
            } => write!(
                f,
                "the input `{input}` is {}, and `{layer}` reads {}{}",
                written(given),
                written(expected),
                mistaken(given, expected)
            ),
            Self::BatchSize {
                input,
                expected,
                given,
            } => write!(
                f,
                "the input `{input}` has {given} samples, and the first one has {expected}"
            ),
            Self::InputElements {
                input,
                layer,
                expected,
                given,
            } => write!(
                f,
                "the input `{input}` has {given}, and `{layer}` reads {expected}"
            ),
            Self::TensorShape {
                name,
                expected,
                given,
            } => write!(
                f,
                "the tensor `{name}` is {}, not {}",
                written(given),
                written(expected)
            ),
            Self::TensorElements {
                name,
                expected,
                given,
            } => write!(f, "the tensor `{name}` has {given}, not {expected}"),
            Self::CustomShape {
                path,
                expected,
                given,
            } => write!(
                f,
                "the function of `{path}` gives {}, and the layer declares {}",
                written(given),
                written(expected)
            ),
            Self::NoSuchLabel { label } => write!(f, "the network has no label `{label}`"),
            Self::Overflow { path } => write!(f, "a number of `{path}` does not fit"),
            Self::OneValue { path } => write!(
                f,
                "`{path}` normalises by the statistics of the batch, which has one value per \
                 channel: it needs more"
            ),
            Self::NoTensor { path, name } => write!(f, "`{path}` has no tensor `{name}`"),
            Self::Engine {
                path,
                layer,
                source,
            } => write!(f, "`{path}: {layer}`: {source}"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Engine { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// How an input came to another shape, where that is plain.
fn mistaken(given: &[Dim], expected: &[Dim]) -> &'static str {
    let [_, channels, positions @ ..] = expected else {
        return "";
    };
    let channels_last = [positions, &[*channels]].concat();
    if given == &expected[1..] {
        ": the batch is the first axis, of one sample too"
    } else if positions.len() > 1 && given.get(1..) == Some(&channels_last) {
        ": channels come before the positions"
    } else {
        ""
    }
}

/// Why a layer could not be lowered; where it stands is known outside of it.
#[derive(Debug)]
pub(crate) enum Fault<E> {
    /// An operation of the engine failed.
    Engine(E),
    /// A number does not fit.
    Overflow,
    /// The engine can't do it, for this reason.
    Unsupported(&'static str),
    /// One number has no variance.
    OneValue,
    /// The layer has no tensor of this name.
    NoTensor(String),
    /// Nothing says what the layer computes.
    NoFunction,
    /// A function of the user's gave another shape.
    CustomShape {
        /// What it should have given.
        expected: Vec<Dim>,
        /// What it gave.
        given: Vec<Dim>,
    },
}

impl<E> From<E> for Fault<E> {
    fn from(error: E) -> Self {
        Self::Engine(error)
    }
}
