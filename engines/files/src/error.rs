//! What can be wrong with a file, whatever it holds.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::text::PlainPath;

/// Why a file cannot be read or written.
#[derive(Debug)]
pub struct Error {
    /// The file.
    pub path: PathBuf,
    /// What is the matter with it.
    pub problem: Problem,
}

/// What is the matter with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The system refuses.
    Io(io::Error),
    /// It is no file that can be read from any place and replaced.
    Special(Special),
    /// It would be written, and is one of those that are read for it.
    IsRead {
        /// The path under which it is read.
        input: PathBuf,
    },
    /// Nothing can be written beside it, which comes before it is replaced.
    Beside {
        /// The folder that it stands in.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// What has a path and is no regular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Special {
    /// A folder.
    Folder,
    /// A pipe, with a name or without.
    Pipe,
    /// A socket.
    Socket,
    /// A device, as `/dev/null`.
    Device,
    /// Something else.
    Other,
}

impl Error {
    pub(crate) fn new(path: &Path, problem: Problem) -> Self {
        let path = path.to_owned();
        Self { path, problem }
    }

    /// What the system said of this path, for `map_err`.
    pub fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::new(path, Problem::Io(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", PlainPath(&self.path), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Special(special) => write!(f, "{special}, and a regular file is wanted here"),
            Self::IsRead { input } => write!(
                f,
                "this is the file that is read as {}, and writing would destroy it; write to another path",
                PlainPath(input)
            ),
            Self::Beside { folder, error } => write!(
                f,
                "a new file is first written beside it, in {}: {error}",
                PlainPath(folder)
            ),
        }
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "this is a folder",
            Self::Pipe => "this is a pipe",
            Self::Socket => "this is a socket",
            Self::Device => "this is a device",
            Self::Other => "this is something else than a file",
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.problem.source()
    }
}

impl Problem {
    /// What the system said, where it said something.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) | Self::Beside { error, .. } => Some(error),
            Self::Special(_) | Self::IsRead { .. } => None,
        }
    }
}
