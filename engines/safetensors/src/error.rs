//! What can be wrong with a file before it is compared at all.

use std::fmt;
use std::path::{Path, PathBuf};

use shapewise_files::{Format, Plain, PlainPath, Problem};

use crate::header::MAX_HEADER;

/// Why a file is not a safetensors checkpoint that can be trusted.
#[derive(Debug)]
pub struct Error {
    path: Option<PathBuf>,
    kind: ErrorKind,
}

impl Error {
    pub(crate) fn of(path: &Path, kind: ErrorKind) -> Self {
        let path = Some(path.to_owned());
        Self { path, kind }
    }

    /// The file, where it has a path and is not bytes in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { path: None, kind }
    }
}

impl From<shapewise_files::Error> for Error {
    fn from(error: shapewise_files::Error) -> Self {
        Self::of(&error.path, ErrorKind::File(error.problem))
    }
}

/// What is wrong with a file.
///
/// Offsets that are called `at` are bytes from the first `{` of the header.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file cannot be read.
    File(Problem),
    /// The file is of another format.
    OtherFormat(Format),
    /// There are fewer than the eight bytes that hold the length of the header.
    NoLength {
        /// How many bytes there are.
        bytes: u64,
    },
    /// The header is said to be longer than the format allows.
    HeaderTooLarge {
        /// The length that is written.
        length: u64,
    },
    /// The header is said to go on beyond the end of the file.
    HeaderTruncated {
        /// The length that is written.
        length: u64,
        /// How many bytes follow it.
        bytes: u64,
    },
    /// The header is not UTF-8.
    NotUtf8 {
        /// The first byte that is not.
        at: usize,
    },
    /// The header is not JSON, or not JSON of the right form.
    Syntax {
        /// Where.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A value that nothing reads is nested too deep.
    TooDeep {
        /// Where.
        at: usize,
    },
    /// A number that is negative, or written with a fraction or an exponent.
    NotANatural {
        /// Where.
        at: usize,
    },
    /// A number that does not fit 64 bits.
    NumberTooLarge {
        /// Where.
        at: usize,
    },
    /// A name that is there twice: two tensors, or two fields of one tensor.
    Duplicate {
        /// Where the second one stands.
        at: usize,
        /// The name.
        name: String,
    },
    /// A tensor without one of its three fields.
    MissingField {
        /// The tensor.
        tensor: String,
        /// The field.
        field: &'static str,
    },
    /// A type of elements that the format does not have.
    UnknownType {
        /// The tensor.
        tensor: String,
        /// The type.
        name: String,
    },
    /// A tensor with too many axes.
    TooManyAxes {
        /// The tensor.
        tensor: String,
    },
    /// The size of a tensor does not fit 64 bits.
    Overflow {
        /// The tensor.
        tensor: String,
    },
    /// Elements of less than a byte that do not fill the last one.
    PartOfAByte {
        /// The tensor.
        tensor: String,
    },
    /// A tensor that ends before it begins.
    Reversed {
        /// The tensor.
        tensor: String,
        /// The offset of its first byte.
        begin: u64,
        /// The offset after its last byte.
        end: u64,
    },
    /// A tensor with more or fewer bytes than its shape and type need.
    WrongSize {
        /// The tensor.
        tensor: String,
        /// The bytes that its shape and type need.
        needed: u64,
        /// The bytes between its offsets.
        given: u64,
    },
    /// A tensor that begins inside of another.
    Overlap {
        /// The tensor.
        tensor: String,
        /// The offset of its first byte.
        begin: u64,
        /// Where the one before it ends.
        after: u64,
    },
    /// Bytes that belong to no tensor.
    Gap {
        /// The tensor after them.
        tensor: String,
        /// The offset of its first byte.
        begin: u64,
        /// Where the one before it ends.
        after: u64,
    },
    /// The file ends before the last tensor does.
    DataTruncated {
        /// The bytes that the tensors need.
        needed: u64,
        /// The bytes that follow the header.
        bytes: u64,
    },
    /// The file goes on after the last tensor.
    DataLeft {
        /// The bytes that the tensors need.
        needed: u64,
        /// The bytes that follow the header.
        bytes: u64,
    },
    /// The file became shorter after its header was read.
    Shortened {
        /// The tensor whose bytes are no longer there.
        tensor: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", PlainPath(path))?;
        }
        self.kind.fmt(f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problem) => problem.fmt(f),
            Self::OtherFormat(format) => write!(
                f,
                "this is {format}, and no safetensors file; {}",
                instead(*format)
            ),
            Self::NoLength { bytes: 0 } => f.write_str("the file is empty"),
            Self::NoLength { bytes } => write!(
                f,
                "no safetensors file: it has {bytes} bytes, and the length of the header alone takes 8"
            ),
            Self::HeaderTooLarge { length } => write!(
                f,
                "this is no safetensors file, or a damaged one: by its first bytes the header has {length}, and the format allows {MAX_HEADER}"
            ),
            Self::HeaderTruncated { length, bytes } => write!(
                f,
                "the file is cut off within its header: {length} bytes are announced, {bytes} are there"
            ),
            Self::NotUtf8 { at } => write!(f, "byte {at} of the header is not UTF-8"),
            Self::Syntax { at, expected } => {
                write!(f, "byte {at} of the header: expected {expected}")
            }
            Self::TooDeep { at } => {
                write!(f, "byte {at} of the header: values are nested too deep")
            }
            Self::NotANatural { at } => write!(
                f,
                "byte {at} of the header: extents and offsets are whole numbers from 0 on"
            ),
            Self::NumberTooLarge { at } => {
                write!(
                    f,
                    "byte {at} of the header: the number does not fit 64 bits"
                )
            }
            Self::Duplicate { at, name } => {
                write!(
                    f,
                    "byte {at} of the header: `{}` a second time",
                    Plain(name)
                )
            }
            Self::MissingField { tensor, field } => {
                write!(f, "tensor `{}` has no `{field}`", Plain(tensor))
            }
            Self::UnknownType { tensor, name } => write!(
                f,
                "tensor `{}` has elements of the unknown type `{}`",
                Plain(tensor),
                Plain(name)
            ),
            Self::TooManyAxes { tensor } => {
                write!(f, "tensor `{}` has too many axes", Plain(tensor))
            }
            Self::Overflow { tensor } => write!(
                f,
                "the size of tensor `{}` does not fit 64 bits",
                Plain(tensor)
            ),
            Self::PartOfAByte { tensor } => write!(
                f,
                "the elements of tensor `{}` do not fill whole bytes",
                Plain(tensor)
            ),
            Self::Reversed { tensor, begin, end } => write!(
                f,
                "tensor `{}` begins at byte {begin} and ends at {end}, before that",
                Plain(tensor)
            ),
            Self::WrongSize {
                tensor,
                needed,
                given,
            } => write!(
                f,
                "tensor `{}` needs {needed} bytes by its shape and type, and has {given}",
                Plain(tensor)
            ),
            Self::Overlap {
                tensor,
                begin,
                after,
            } => write!(
                f,
                "tensor `{}` begins at byte {begin}, inside of the one that ends at {after}",
                Plain(tensor)
            ),
            Self::Gap {
                tensor,
                begin,
                after,
            } => write!(
                f,
                "the bytes {after} to {begin}, before tensor `{}`, belong to no tensor",
                Plain(tensor)
            ),
            Self::DataTruncated { needed, bytes } => write!(
                f,
                "the file is cut off: its tensors need {needed} bytes, {bytes} are there"
            ),
            Self::DataLeft { needed, bytes } => write!(
                f,
                "the tensors end after {needed} bytes, and the file after {bytes}"
            ),
            Self::Shortened { tensor } => write!(
                f,
                "the file became shorter while it was read: tensor `{}` is cut off",
                Plain(tensor)
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::File(problem) => problem.source(),
            _ => None,
        }
    }
}

/// What to do where a file of another format was given.
fn instead(format: Format) -> &'static str {
    match format {
        Format::PyTorch | Format::Pickle => {
            "load it in PyTorch and write its tensors with `safetensors.torch.save_file`"
        }
        Format::Keras | Format::Hdf5 | Format::NumPy => {
            "load it in Python and write its arrays with `safetensors.numpy.save_file`"
        }
        Format::Gguf | Format::Onnx => "give the safetensors file that it was made of",
        Format::Index => "give one of the files that it names under `weight_map`",
        Format::LfsPointer => "`git lfs pull` fetches the file",
        Format::WebPage => "fetch the file again",
        Format::Zip | Format::Tar | Format::Compressed => "the tensors may be in it",
        _ => "give the file that holds the tensors",
    }
}
