//! Files for reading.

use std::fs::{self, File, FileType};
use std::path::Path;

use crate::error::{Error, Problem, Special};

/// Opens a regular file for reading.
///
/// What else has a path is refused before it is opened: a program would wait for a
/// pipe's other end, and neither pipes nor devices have a size.
///
/// # Errors
///
/// [`Problem::Special`] for what is no regular file, [`Problem::Io`] when the system
/// refuses.
pub fn open(path: &Path) -> Result<File, Error> {
    let io = Error::io(path);
    refuse_special(path, &fs::metadata(path).map_err(&io)?)?;
    let file = File::open(path).map_err(&io)?;
    // It may have become another since.
    refuse_special(path, &file.metadata().map_err(&io)?)?;
    Ok(file)
}

/// Refuses what is no regular file.
pub(crate) fn refuse_special(path: &Path, metadata: &fs::Metadata) -> Result<(), Error> {
    if metadata.is_file() {
        return Ok(());
    }
    let problem = Problem::Special(special(metadata.file_type()));
    Err(Error::new(path, problem))
}

fn special(kind: FileType) -> Special {
    if kind.is_dir() {
        return Special::Folder;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Special::Pipe;
        }
        if kind.is_socket() {
            return Special::Socket;
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Special::Device;
        }
    }
    Special::Other
}
