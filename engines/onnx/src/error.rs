//! What can be wrong with an export.

use std::path::PathBuf;
use std::{fmt, io};

use shapewise_core::Extents;

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
        reason: &'static str,
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
    /// A file that could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// A `.safetensors` file that is none.
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
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
        expected: &'static str,
        /// Its type in the file.
        found: String,
    },
    /// External weights that are not in the folder of the model.
    Location {
        /// Where the weights are.
        weights: PathBuf,
        /// Where the model would be.
        model: PathBuf,
    },
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
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Malformed { path, reason } => {
                write!(f, "{} is no safetensors file: {reason}", path.display())
            }
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
            Self::Location { weights, model } => write!(
                f,
                "external weights stand in the folder of the model, but {} and {} have different ones",
                weights.display(),
                model.display()
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
