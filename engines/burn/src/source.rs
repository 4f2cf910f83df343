//! A checkpoint, whatever wrote it.

use std::path::Path;

use shapewise_files::Format;
use shapewise_safetensors::{Checkpoint, ErrorKind, Header, TensorInfo};

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
            Err(error) if is_pytorch(error.kind()) => Self::pytorch(path),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(feature = "pytorch")]
    fn pytorch(path: &Path) -> Result<Self, Error> {
        let bytes = crate::pytorch::as_safetensors(path)?;
        let header = Header::of_file(&bytes)?.into_owned();
        Ok(Self::Memory { bytes, header })
    }

    #[cfg(not(feature = "pytorch"))]
    fn pytorch(path: &Path) -> Result<Self, Error> {
        Err(Error::Pytorch {
            path: path.to_owned(),
            why: "PyTorch wrote it, which shapewise-burn reads with its feature `pytorch`; \
                  `safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")` writes \
                  what it always reads"
                .to_owned(),
        })
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

fn is_pytorch(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::OtherFormat(Format::PyTorch | Format::Pickle)
    )
}
