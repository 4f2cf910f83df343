//! What can be wrong with an export.

use std::fmt;
use std::path::PathBuf;

use shapewise_core::{Extents, Graph};
use shapewise_files::PlainPath;
use shapewise_safetensors::ElementType;

/// Why a network was not exported.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A layer that ONNX's operators cannot say.
    Unsupported {
        /// The path of the layer.
        path: String,
        /// What it is called in the language.
        layer: &'static str,
        /// What ONNX lacks.
        reason: String,
    },
    /// A type of weights and activations that a model cannot have.
    DType(&'static str),
    /// A batch of no samples, or of more than ONNX counts.
    Batch,
    /// Two values or tensors with one name, which ONNX keeps in one space.
    Name(String),
    /// More bytes than the 2 GiB that protobuf allows.
    TooLarge {
        /// What the model would take.
        bytes: u64,
    },
    /// A number too large for ONNX's 64 bits.
    Overflow,
    /// The model cannot be written: the file or its folder cannot be, or the file is
    /// that of the weights.
    File(shapewise_files::Error),
    /// The weights cannot be read, or their file is no `.safetensors` file.
    Weights(shapewise_safetensors::Error),
    /// A tensor that the `.safetensors` file does not have.
    Missing {
        /// The tensor.
        name: String,
    },
    /// A tensor of another shape in the `.safetensors` file.
    Shape {
        /// The tensor.
        name: String,
        /// Its shape in the definition.
        expected: Extents,
        /// Its shape in the file.
        found: Vec<u64>,
    },
    /// A tensor of another type in the `.safetensors` file.
    Type {
        /// The tensor.
        name: String,
        /// Its type in the model.
        expected: ElementType,
        /// Its type in the file.
        found: ElementType,
    },
    /// Weights of which their file does not show how they are stored, or a pattern of
    /// [`Options::reading`](crate::Options::reading) that means no matrix: the report.
    Fit(String),
    /// External weights that would have to be transposed or converted.
    Changed {
        /// The tensor.
        name: String,
    },
    /// External weights that are not in the folder of the model.
    Location {
        /// Where the weights are.
        weights: PathBuf,
        /// Where the model would be.
        model: PathBuf,
    },
    /// External weights in a file whose name is no Unicode text, which the model needs.
    FileName {
        /// Where the weights are.
        weights: PathBuf,
    },
}

impl Error {
    /// Why a network could not be lowered.
    pub(crate) fn of(error: shapewise_lower::Error<Self>, graph: &'static Graph) -> Self {
        use shapewise_lower::Error as Lower;
        let unsupported = |path: String, reason: &str| {
            let mut layers = graph.walk();
            let found = layers.find(|leaf| leaf.path().to_string() == path);
            Self::Unsupported {
                layer: found.map_or("", |leaf| leaf.node.entry().name),
                reason: reason.to_owned(),
                path,
            }
        };
        match error {
            Lower::Engine { source, .. } => source,
            Lower::Unsupported {
                path,
                layer,
                reason,
            } => Self::Unsupported {
                path,
                layer,
                reason,
            },
            Lower::NoFunction { path } => {
                unsupported(path, "what a layer of one's own computes is not known")
            }
            Lower::OneValue { path } => unsupported(path, "a single value has no variance"),
            Lower::NoTensor { path, name } => Self::Missing {
                name: format!("{path}.{name}"),
            },
            // What remains is about numbers, or about what this crate gives itself.
            _ => Self::Overflow,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported {
                path,
                layer,
                reason,
            } => write!(
                f,
                "ONNX cannot say the layer `{layer}` at `{path}`: {reason}"
            ),
            Self::DType(name) => write!(
                f,
                "a model cannot be of type {name} without quantisation parameters; export it with another `dtype`"
            ),
            Self::Batch => f.write_str("a fixed batch has at least one sample"),
            Self::Name(name) => write!(
                f,
                "`{name}` names two things of the network, and ONNX has one space of names for inputs, outputs and tensors"
            ),
            Self::TooLarge { bytes } => write!(
                f,
                "the model would have {bytes} bytes, and protobuf ends at 2 GiB; use external weights"
            ),
            Self::Overflow => f.write_str("an extent does not fit the 64 bits of ONNX"),
            Self::File(error) => error.fmt(f),
            Self::Weights(error) => error.fmt(f),
            Self::Missing { name } => write!(f, "the weights have no tensor `{name}`"),
            Self::Shape {
                name,
                expected,
                found,
            } => write!(
                f,
                "the tensor `{name}` is {expected} in the definition and {found:?} in the weights"
            ),
            Self::Type {
                name,
                expected,
                found,
            } => write!(
                f,
                "the tensor `{name}` is {expected} in the model and {found} in the weights"
            ),
            Self::Fit(report) => f.write_str(report.trim_end()),
            Self::Changed { name } => write!(
                f,
                "the tensor `{name}` is transposed or of another type in the file, and a model points to its bytes as they are; embed the weights"
            ),
            Self::Location { weights, model } => write!(
                f,
                "external weights stand in the folder of the model, but {} and {} have different ones",
                PlainPath(weights),
                PlainPath(model)
            ),
            Self::FileName { weights } => write!(
                f,
                "the model has the name of its weights' file as text, and {} has none",
                PlainPath(weights)
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(error) => error.source(),
            Self::Weights(error) => error.source(),
            _ => None,
        }
    }
}

impl From<shapewise_files::Error> for Error {
    fn from(error: shapewise_files::Error) -> Self {
        Self::File(error)
    }
}

impl From<shapewise_safetensors::Error> for Error {
    fn from(error: shapewise_safetensors::Error) -> Self {
        Self::Weights(error)
    }
}
