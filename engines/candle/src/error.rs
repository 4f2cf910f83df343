//! Why a model cannot be built, run or loaded.

use std::fmt;
use std::path::PathBuf;

use candle_core::DType;
use shapewise_files::Plain;

/// Why a model cannot be built, run or loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// What the network or its inputs do not allow, with the layer and the shapes.
    Network(shapewise_lower::Error<candle_core::Error>),
    /// The `VarBuilder` does not have the network's tensors.
    Tensors {
        /// The network.
        network: &'static str,
        /// How many tensors it has.
        all: usize,
        /// Those that are missing, or of another shape, and why.
        unfit: Vec<(String, String)>,
    },
    /// An input whose floats are of another type than the model's.
    DType {
        /// Its name.
        input: &'static str,
        /// The type of the model's tensors.
        expected: DType,
        /// Its own.
        given: DType,
    },
    /// The checkpoint cannot be read.
    Checkpoint(shapewise_safetensors::Error),
    /// The checkpoint does not fit the network: the report of what is wrong.
    Fit(String),
    /// A file that `torch.save` wrote cannot be read.
    Pytorch {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// An operation of candle's that failed outside of a layer.
    Candle(candle_core::Error),
}

/// How many tensors that do not fit are listed.
const LISTED: usize = 12;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(error) => error.fmt(f),
            Self::Tensors {
                network,
                all,
                unfit,
            } => {
                write!(
                    f,
                    "{} of the {all} tensors of `{network}` are not there:",
                    unfit.len()
                )?;
                for (name, why) in unfit.iter().take(LISTED) {
                    write!(f, "\n  `{name}`: {why}")?;
                }
                match unfit.len().saturating_sub(LISTED) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
            Self::DType {
                input,
                expected,
                given,
            } => write!(
                f,
                "the input `{input}` is of {}, and the model is of {}",
                given.as_str(),
                expected.as_str()
            ),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Pytorch { path, why } => {
                write!(f, "{}: {}", Plain(&path.to_string_lossy()), Plain(why))
            }
            Self::Fit(report) => f.write_str(report),
            Self::Candle(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Network(error) => error.source(),
            Self::Checkpoint(error) => error.source(),
            Self::Candle(error) => error.source(),
            _ => None,
        }
    }
}

impl From<shapewise_lower::Error<candle_core::Error>> for Error {
    fn from(error: shapewise_lower::Error<candle_core::Error>) -> Self {
        Self::Network(error)
    }
}

impl From<shapewise_safetensors::Error> for Error {
    fn from(error: shapewise_safetensors::Error) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Self::Candle(error)
    }
}

/// So that `?` works in functions that give candle's `Result`.
impl From<Error> for candle_core::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Candle(error) => error,
            error => Self::wrap(error),
        }
    }
}
