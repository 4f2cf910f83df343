//! Checkpoints by their paths, with the report of what does not fit.

use std::collections::HashMap;
use std::path::Path;

use candle_core::pickle::PthTensors;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use shapewise_core::Network;
use shapewise_files::Format;
use shapewise_safetensors::{
    Checker, Checkpoint, ElementType, ErrorKind, Header, Reading, TensorInfo,
};

use crate::{Error, Model};

/// Under which key training scripts keep the tensors, beside their own things.
const KEYS: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// The tensors of a checkpoint, read where they are wanted.
enum Source {
    File(Checkpoint),
    Pytorch {
        tensors: PthTensors,
        header: Header<'static>,
    },
}

impl<N: Network> Model<N> {
    /// The network with the tensors of a checkpoint, by PyTorch's names: a `.safetensors`
    /// file, or a `.pt` or `.pth` file of tensors that `torch.save` wrote (of a
    /// `state_dict()`, or of a dictionary with one as `state_dict`, `model_state_dict` or
    /// `model`). Floats of 16, 32 and 64 bits are read as `dtype`.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] or [`Error::Pytorch`] when the file cannot be read,
    /// [`Error::Fit`] when it does not fit the network: the whole report of what is
    /// missing, of another shape, or called otherwise.
    pub fn load(path: impl AsRef<Path>, dtype: DType, device: &Device) -> Result<Self, Error> {
        Self::load_with(path, &Reading::new(), dtype, device)
    }

    /// The network with the tensors of a checkpoint that has them under other names, or its
    /// matrices transposed, as the reading says. Floats convert, whatever it says of them.
    ///
    /// # Errors
    ///
    /// As [`Model::load`], where the checkpoint does not fit even so.
    ///
    /// ```no_run
    /// # use candle_core::{DType, Device};
    /// # use shapewise::network;
    /// # use shapewise_candle::Model;
    /// # network! { pub struct Gpt2(x: 8) -> 8 { c_attn: linear(8); } }
    /// use shapewise_candle::{Reading, Rule};
    ///
    /// // `module.h.0.attn.c_attn.weight` and so on, as `Conv1D` of `transformers` stores it.
    /// let reading = Reading::new().renames(Rule::Prefix).transposed(["*.c_*"]);
    /// let model = Model::<Gpt2>::load_with("gpt2.pt", &reading, DType::F32, &Device::Cpu)?;
    /// # Ok::<(), shapewise_candle::Error>(())
    /// ```
    pub fn load_with(
        path: impl AsRef<Path>,
        reading: &Reading,
        dtype: DType,
        device: &Device,
    ) -> Result<Self, Error> {
        let source = Source::open(path.as_ref())?;
        let checker = Checker::of::<N>().reading(reading.clone().any_float(true));
        let report = checker.compare(source.header());
        if !report.is_ok() {
            return Err(Error::Fit(report.to_string()));
        }
        let mut tensors = HashMap::new();
        for weight in shapewise_lower::weights(N::GRAPH) {
            let stored = report.stored(&weight.name);
            // Counts of batches may be missing.
            if let Some(info) = source.header().tensor(&stored.name) {
                let tensor = source.read(info)?;
                let tensor = match stored.transposed {
                    true => tensor.t()?.contiguous()?,
                    false => tensor,
                };
                tensors.insert(weight.name, tensor);
            }
        }
        Self::new(VarBuilder::from_tensors(tensors, dtype, device))
    }
}

impl Source {
    fn open(path: &Path) -> Result<Self, Error> {
        match Checkpoint::open(path) {
            Ok(checkpoint) => Ok(Self::File(checkpoint)),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::OtherFormat(Format::PyTorch | Format::Pickle)
                ) =>
            {
                let unreadable = |error: candle_core::Error| Error::Pytorch {
                    path: path.to_owned(),
                    why: error.to_string(),
                };
                let mut tensors = PthTensors::new(path, None).map_err(unreadable)?;
                for key in KEYS {
                    if !tensors.tensor_infos().is_empty() {
                        break;
                    }
                    if let Ok(inside) = PthTensors::new(path, Some(key)) {
                        tensors = inside;
                    }
                }
                let header = header(&tensors)?;
                Ok(Self::Pytorch { tensors, header })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn header(&self) -> &Header<'static> {
        match self {
            Self::File(checkpoint) => checkpoint.header(),
            Self::Pytorch { header, .. } => header,
        }
    }

    fn read(&self, info: &TensorInfo<'_>) -> Result<Tensor, Error> {
        match self {
            Self::File(checkpoint) => {
                let unread = || {
                    let (name, given) = (info.name(), info.element_type().name());
                    candle_core::Error::Msg(format!("`{name}` is of {given}, which is not read"))
                };
                let dtype = dtype(info.element_type()).ok_or_else(unread)?;
                let bytes = checkpoint.read(info)?;
                let shape = info.shape().iter().map(|&extent| usize::try_from(extent));
                let shape: Result<Vec<_>, _> = shape.collect();
                let shape = shape.map_err(candle_core::Error::wrap)?;
                Ok(Tensor::from_raw_buffer(
                    &bytes,
                    dtype,
                    &shape,
                    &Device::Cpu,
                )?)
            }
            Self::Pytorch { tensors, .. } => {
                let tensor = tensors.get(info.name())?;
                tensor.ok_or_else(|| {
                    candle_core::Error::Msg(format!("`{}` is not there", info.name())).into()
                })
            }
        }
    }
}

fn dtype(elements: ElementType) -> Option<DType> {
    Some(match elements {
        ElementType::F64 => DType::F64,
        ElementType::F32 => DType::F32,
        ElementType::F16 => DType::F16,
        ElementType::Bf16 => DType::BF16,
        ElementType::I64 => DType::I64,
        ElementType::I32 => DType::I32,
        ElementType::I16 => DType::I16,
        ElementType::U32 => DType::U32,
        ElementType::U8 => DType::U8,
        _ => return None,
    })
}

/// The names, types and shapes of a `.pt` file as a header of the other format, which has
/// one reader that says what does not fit.
fn header(tensors: &PthTensors) -> Result<Header<'static>, Error> {
    let mut infos: Vec<_> = tensors.tensor_infos().iter().collect();
    infos.sort_by_key(|(name, _)| *name);
    let mut rows = serde_json::Map::new();
    let mut end = 0;
    for (name, info) in infos {
        let begin = end;
        let shape = info.layout.dims();
        end += info.layout.shape().elem_count() * info.dtype.size_in_bytes();
        rows.insert(
            name.clone(),
            serde_json::json!({
                "dtype": info.dtype.as_str().to_uppercase(),
                "shape": shape,
                "data_offsets": [begin, end],
            }),
        );
    }
    let text = serde_json::Value::Object(rows).to_string();
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let bytes = [&length.to_le_bytes(), text.as_bytes()].concat();
    Ok(Header::of_beginning(&bytes)?.into_owned())
}
