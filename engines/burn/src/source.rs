//! A checkpoint, whatever wrote it.

use std::path::Path;

#[cfg(feature = "pytorch")]
use shapewise_safetensors::ErrorKind;
use shapewise_safetensors::{Checkpoint, Header, TensorInfo};

use crate::Error;

/// The tensors of a checkpoint.
pub(crate) enum Source {
    /// A `.safetensors` file, read where a tensor is wanted.
    File(Checkpoint),
    /// The same format in memory, made of another.
    #[cfg(feature = "pytorch")]
    Memory {
        bytes: Vec<u8>,
        header: Header<'static>,
    },
}

impl Source {
    /// Opens a `.safetensors` file, or one that `torch.save` wrote.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        match Checkpoint::open(path) {
            Ok(checkpoint) => Ok(Self::File(checkpoint)),
            #[cfg(feature = "pytorch")]
            Err(error) if is_pytorch(error.kind()) => {
                let bytes = crate::pytorch::as_safetensors(path)?;
                let header = Header::of_file(&bytes)?.into_owned();
                Ok(Self::Memory { bytes, header })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn header(&self) -> &Header<'static> {
        match self {
            Self::File(checkpoint) => checkpoint.header(),
            #[cfg(feature = "pytorch")]
            Self::Memory { header, .. } => header,
        }
    }

    /// The bytes of one of its tensors.
    pub(crate) fn read(&self, tensor: &TensorInfo<'_>) -> Result<Vec<u8>, Error> {
        match self {
            Self::File(checkpoint) => Ok(checkpoint.read(tensor)?),
            #[cfg(feature = "pytorch")]
            Self::Memory { bytes, .. } => {
                let (begin, end) = tensor.offsets();
                let data = bytes
                    .first_chunk()
                    .map_or(0, |length| u64::from_le_bytes(*length).saturating_add(8));
                let at = |offset: u64| usize::try_from(data.saturating_add(offset)).ok();
                let part = at(begin).zip(at(end));
                let part = part.and_then(|(begin, end)| bytes.get(begin..end));
                Ok(part.unwrap_or_default().to_vec())
            }
        }
    }
}

#[cfg(feature = "pytorch")]
fn is_pytorch(kind: &ErrorKind) -> bool {
    use shapewise_files::Format;
    matches!(
        kind,
        ErrorKind::OtherFormat(Format::PyTorch | Format::Pickle)
    )
}
