//! A checkpoint on disk: its header, and the bytes of its tensors where they are
//! wanted.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use shapewise_files::{Format, Problem};

use crate::error::{Error, ErrorKind};
use crate::header::{Header, LENGTH_BYTES, TensorInfo, header_length};

/// A `.safetensors` file that is open for reading.
///
/// Its header is read and checked as a whole when it is opened; of the tensors only
/// what is asked for.
///
/// ```no_run
/// use std::io::Read as _;
/// use shapewise_safetensors::Checkpoint;
///
/// let checkpoint = Checkpoint::open("head.safetensors")?;
/// for tensor in checkpoint.tensors() {
///     println!("{} {:?} {}", tensor.name(), tensor.shape(), tensor.element_type());
/// }
/// if let Some(bias) = checkpoint.tensor("fc.bias") {
///     let mut first = [0; 4];
///     checkpoint.bytes(bias).read_exact(&mut first).unwrap();
/// }
/// # Ok::<(), shapewise_safetensors::Error>(())
/// ```
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    file: File,
    header: Header<'static>,
    /// Where the bytes of the tensors begin.
    data: u64,
}

impl Checkpoint {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    ///
    /// An [`Error`] with the path when the file cannot be read or is not a valid
    /// safetensors file. Pipes, devices and folders are refused before they are opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = shapewise_files::open(path)?;
        match read_header(&file) {
            Ok((header, data)) => Ok(Self {
                path: path.to_owned(),
                file,
                header,
                data,
            }),
            Err(kind) => Err(Error::of(path, kind)),
        }
    }

    /// The path that it was opened under.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file itself.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Its header.
    #[must_use]
    pub fn header(&self) -> &Header<'static> {
        &self.header
    }

    /// The tensors, in the order of the header.
    #[must_use]
    pub fn tensors(&self) -> &[TensorInfo<'static>] {
        self.header.tensors()
    }

    /// The tensor of that name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo<'static>> {
        self.header.tensor(name)
    }

    /// Where the bytes of one of its tensors begin, counted from the start of the file.
    #[must_use]
    pub fn offset(&self, tensor: &TensorInfo<'_>) -> u64 {
        // A tensor of another file may be anywhere; those of this one are in it.
        self.data.saturating_add(tensor.offsets().0)
    }

    /// The bytes of one of its tensors, one piece after the other. Several may be read
    /// at a time.
    #[must_use]
    pub fn bytes<'a>(&'a self, tensor: &'a TensorInfo<'_>) -> Bytes<'a> {
        let at = self.offset(tensor);
        Bytes {
            checkpoint: self,
            name: tensor.name(),
            at,
            end: at.saturating_add(tensor.byte_len()),
        }
    }

    /// All bytes of one of its tensors.
    ///
    /// # Errors
    ///
    /// An [`Error`] with the path when they cannot be read.
    pub fn read(&self, tensor: &TensorInfo<'_>) -> Result<Vec<u8>, Error> {
        let length = usize::try_from(tensor.byte_len()).map_err(|_| {
            let error = io::Error::from(io::ErrorKind::OutOfMemory);
            Error::of(&self.path, ErrorKind::File(Problem::Io(error)))
        })?;
        let (mut bytes, mut filled) = (vec![0; length], 0);
        let mut left = self.bytes(tensor);
        while filled < length {
            filled += left.fill(&mut bytes[filled..])?;
        }
        Ok(bytes)
    }
}

/// The bytes of a tensor that are still to be read.
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    checkpoint: &'a Checkpoint,
    name: &'a str,
    at: u64,
    end: u64,
}

impl Bytes<'_> {
    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.end - self.at
    }

    /// Reads as many bytes as are left and fit, or fewer; none are left when it returns
    /// 0. The same as [`Read::read`], with an error that is typed.
    ///
    /// # Errors
    ///
    /// An [`Error`] with the path when they cannot be read.
    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let most = usize::try_from(self.left()).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let fail = |kind| Err(Error::of(&self.checkpoint.path, kind));
        loop {
            match read_at(&self.checkpoint.file, &mut buffer[..most], self.at) {
                Ok(0) => {
                    return fail(ErrorKind::Shortened {
                        tensor: self.name.to_owned(),
                    });
                }
                Ok(read) => {
                    self.at += read as u64;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return fail(ErrorKind::File(Problem::Io(error))),
            }
        }
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill(buffer).map_err(io::Error::other)
    }
}

/// Reads at a place of a file, wherever others read in it.
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, at);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, at);
    #[cfg(not(any(unix, windows)))]
    {
        use std::io::{Seek as _, SeekFrom};
        let mut file = file;
        file.seek(SeekFrom::Start(at))?;
        file.read(buffer)
    }
}

/// The header of a file, and where it ends.
fn read_header(mut file: &File) -> Result<(Header<'static>, u64), ErrorKind> {
    let io = |error| ErrorKind::File(Problem::Io(error));
    let total = file.metadata().map_err(io)?.len();
    let mut beginning = Vec::new();
    let most = Format::BYTES as u64;
    file.take(most).read_to_end(&mut beginning).map_err(io)?;
    let length = header_length(&beginning, total)?;
    // No longer than the limit and the file: only then is there room made for it.
    let end = LENGTH_BYTES + length;
    let mut text = beginning;
    let read = text.len();
    text.resize(end, 0);
    if read < end {
        file.read_exact(&mut text[read..]).map_err(io)?;
    }
    let header = Header::parse(&text[LENGTH_BYTES..])?;
    header.check_data(total - end as u64)?;
    Ok((header.into_owned(), end as u64))
}
