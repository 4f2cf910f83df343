//! What a file is, by its first bytes.

use std::fmt;

/// A format in which models, tensors or what stands for them are kept.
///
/// Only those that people give where another is wanted; `.safetensors` is not among
/// them, as it begins with a number and has no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// What PyTorch writes, by `torch.save` or otherwise: a zip archive with a pickle.
    PyTorch,
    /// A pickle of Python's, as `torch.save` wrote before PyTorch 1.6.
    Pickle,
    /// What Keras 3 writes as `.keras`: a zip archive with a configuration.
    Keras,
    /// NumPy's `.npy` or `.npz`.
    NumPy,
    /// A zip archive of something else.
    Zip,
    /// GGUF of llama.cpp.
    Gguf,
    /// HDF5, as Keras' `.h5`.
    Hdf5,
    /// A model of ONNX.
    Onnx,
    /// The index of a checkpoint in several files.
    Index,
    /// JSON of another kind.
    Json,
    /// What Git has in the place of a large file.
    LfsPointer,
    /// A web page, or what a server says instead of a file.
    WebPage,
    /// Compressed by gzip, zstd, xz or bzip2.
    Compressed,
    /// An archive of tar.
    Tar,
}

impl Format {
    /// How many bytes of a file are enough to know it.
    pub const BYTES: usize = 4096;

    /// The format of a file that begins so, if it is a known one.
    #[must_use]
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let begins = |mark: &[u8]| beginning.starts_with(mark);
        Some(match beginning {
            _ if begins(b"PK\x03\x04") => Self::of_zip(beginning),
            _ if begins(b"GGUF") => Self::Gguf,
            _ if begins(b"\x89HDF\r\n\x1a\n") => Self::Hdf5,
            _ if begins(b"\x93NUMPY") => Self::NumPy,
            _ if begins(b"\x1f\x8b")
                || begins(b"\x28\xb5\x2f\xfd")
                || begins(b"\xfd7zXZ\0")
                || begins(b"BZh") =>
            {
                Self::Compressed
            }
            _ if begins(b"version https://git-lfs.github.com/spec/")
                || begins(b"version https://hawser.github.com/spec/") =>
            {
                Self::LfsPointer
            }
            // The protocols that Python has, and what each of them begins with:
            // a frame, or an instruction that puts something on the stack.
            [0x80, 2..=5, ..] => Self::Pickle,
            // The version of the format, then one of the model's texts or its graph.
            [
                0x08,
                1..=127,
                0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42,
                ..,
            ] => Self::Onnx,
            _ if beginning.get(257..262) == Some(b"ustar") => Self::Tar,
            _ => return Self::of_text(beginning),
        })
    }

    /// By the name of the first file in the archive.
    fn of_zip(beginning: &[u8]) -> Self {
        let length = beginning
            .get(26..28)
            .and_then(|bytes| bytes.try_into().ok());
        let length = length.map_or(0, u16::from_le_bytes);
        let name = beginning.get(30..).unwrap_or_default();
        let name = &name[..name.len().min(length.into())];
        match name {
            // `torch.save` begins with the pickle, TorchScript and `torch.export` with
            // their tensors.
            _ if name.ends_with(b"/data.pkl") || contains(name, b"/data/") => Self::PyTorch,
            _ if name.ends_with(b".npy") => Self::NumPy,
            b"metadata.json" | b"config.json" => Self::Keras,
            _ => Self::Zip,
        }
    }

    fn of_text(beginning: &[u8]) -> Option<Self> {
        let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
        let text = text.trim_ascii_start();
        match text.first()? {
            b'{' => {
                let is_index = contains(text, b"\"weight_map\"");
                Some(if is_index { Self::Index } else { Self::Json })
            }
            b'<' => {
                let marks: [&[u8]; 4] = [b"<!doctype", b"<html", b"<?xml", b"<!--"];
                let is_page = marks.iter().any(|mark| {
                    let head = text.get(..mark.len());
                    head.is_some_and(|head| head.eq_ignore_ascii_case(mark))
                });
                is_page.then_some(Self::WebPage)
            }
            _ => None,
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PyTorch => "a file of PyTorch",
            Self::Pickle => "a pickle of Python's, as older versions of `torch.save` wrote",
            Self::Keras => "a model of Keras",
            Self::NumPy => "a file of NumPy",
            Self::Zip => "a zip archive",
            Self::Gguf => "a GGUF model",
            Self::Hdf5 => "an HDF5 file, as Keras writes",
            Self::Onnx => "an ONNX model",
            Self::Index => "the index of a checkpoint in several files",
            Self::Json => "a JSON text",
            Self::LfsPointer => "a pointer of Git LFS, which stands for the file",
            Self::WebPage => "a web page, as a failed download leaves",
            Self::Compressed => "a compressed file",
            Self::Tar => "a tar archive",
        })
    }
}
