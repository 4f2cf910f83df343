//! Why a model cannot be built, run or loaded.

use std::fmt;
use std::path::PathBuf;

use shapewise_lower::{Elements, Weight};

use shapewise_files::Plain;

use crate::Failure;

/// Why a model cannot be built, run or loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// What the network or its inputs do not allow, with the layer and the shapes.
    Network(shapewise_lower::Error<Failure>),
    /// An operation that failed outside of a layer.
    Operation(Failure),
    /// The checkpoint cannot be read, or does not fit the network.
    Checkpoint(shapewise_safetensors::Error),
    /// A tensor of the checkpoint whose elements are of another type than is read.
    Elements {
        /// Its name.
        name: String,
        /// What the network has there.
        expected: Elements,
        /// The type in the checkpoint.
        given: String,
    },
    /// The checkpoint does not fit the network: the report of what is wrong.
    Fit(String),
    /// A file that `torch.save` wrote cannot be read, without the feature `pytorch` none.
    Pytorch {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// A pattern that no parameter's name has.
    NoParameter {
        /// The pattern.
        pattern: String,
        /// Names that the network has.
        names: Vec<String>,
    },
    /// The file cannot be written.
    File(shapewise_files::Error),
    /// The tensors cannot be written in the format.
    Write(String),
}

impl Error {
    pub(crate) fn elements(weight: &Weight, given: impl fmt::Display) -> Self {
        Self::Elements {
            name: weight.name.clone(),
            expected: weight.elements,
            given: given.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(error) => error.fmt(f),
            Self::Operation(error) => error.fmt(f),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Elements {
                name,
                expected,
                given,
            } => write!(
                f,
                "`{name}` is of {given} in the checkpoint, {expected} are read"
            ),
            Self::Fit(report) => f.write_str(report),
            Self::Pytorch { path, why } => {
                write!(f, "{}: {}", Plain(&path.to_string_lossy()), Plain(why))
            }
            Self::NoParameter { pattern, names } => write!(
                f,
                "no parameter is called `{pattern}`; there are `{}`",
                names.join("`, `")
            ),
            Self::File(error) => error.fmt(f),
            Self::Write(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl From<shapewise_lower::Error<Failure>> for Error {
    fn from(error: shapewise_lower::Error<Failure>) -> Self {
        Self::Network(error)
    }
}

impl From<Failure> for Error {
    fn from(error: Failure) -> Self {
        Self::Operation(error)
    }
}

impl From<shapewise_files::Error> for Error {
    fn from(error: shapewise_files::Error) -> Self {
        Self::File(error)
    }
}

impl From<shapewise_safetensors::Error> for Error {
    fn from(error: shapewise_safetensors::Error) -> Self {
        Self::Checkpoint(error)
    }
}
