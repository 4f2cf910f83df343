//! Checkpoints that `torch.save` wrote.

use std::path::Path;

use pytorch_reader::{DType, PytorchReader};
use safetensors::tensor::{Dtype, TensorView};

use crate::Error;

/// Under which key training scripts keep the tensors, beside their own things.
const KEYS: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// The tensors of a `.pt` file in the form of a `.safetensors` file, which has one reader
/// that says what does not fit.
pub(crate) fn as_safetensors(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |why: String| Error::Pytorch {
        path: path.to_owned(),
        why,
    };
    let reader = PytorchReader::new(path).map_err(|error| unreadable(error.to_string()))?;
    let mut tensors = Vec::new();
    for (name, tensor) in reader.into_tensors() {
        let bytes = tensor.read();
        let bytes = bytes.map_err(|error| unreadable(format!("`{name}`: {error}")))?;
        tensors.push((name, dtype(tensor.dtype()), tensor.shape().to_vec(), bytes));
    }
    tensors.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let inside = |key: &str| {
        let mut names = tensors.iter().map(|(name, ..)| name.strip_prefix(key));
        names.any(|rest| rest.is_some_and(|rest| rest.starts_with('.')))
    };
    let key = KEYS.into_iter().find(|key| inside(key));
    let named = tensors.iter().filter_map(|(name, dtype, shape, bytes)| {
        let name = match key {
            Some(key) => name.strip_prefix(key)?.strip_prefix('.')?,
            None => name,
        };
        let view = TensorView::new(*dtype, shape.clone(), bytes);
        Some(view.map(|view| (name, view)))
    });
    let named: Result<Vec<_>, _> = named.collect();
    let bytes = named.and_then(|named| safetensors::serialize(named, None));
    bytes.map_err(|error| unreadable(error.to_string()))
}

fn dtype(dtype: DType) -> Dtype {
    match dtype {
        DType::F64 => Dtype::F64,
        DType::F32 => Dtype::F32,
        DType::F16 => Dtype::F16,
        DType::BF16 => Dtype::BF16,
        DType::I64 => Dtype::I64,
        DType::I32 => Dtype::I32,
        DType::I16 => Dtype::I16,
        DType::I8 => Dtype::I8,
        DType::U64 => Dtype::U64,
        DType::U32 => Dtype::U32,
        DType::U16 => Dtype::U16,
        DType::U8 => Dtype::U8,
        DType::Bool => Dtype::BOOL,
    }
}
