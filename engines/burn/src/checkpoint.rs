//! Checkpoints in and out, by PyTorch's names.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use burn::tensor::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};
use shapewise_core::Network;
use shapewise_files::Target;
use shapewise_lower::{Elements, Initial, Weight};
use shapewise_safetensors::{Checker, ElementType, Reading, Report};

use crate::source::Source;
use crate::{Error, Model};

impl<N: Network> Model<N> {
    /// The model with the tensors of a checkpoint, by PyTorch's names: a `.safetensors`
    /// file, or a `.pt` or `.pth` file of tensors that `torch.save` wrote (of a
    /// `state_dict()`, or of a dictionary with one as `state_dict`, `model_state_dict` or
    /// `model`). Floats of 16, 32 and 64 bits are read. PyTorch's own files take the feature
    /// `pytorch`.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] or [`Error::Pytorch`] when the file cannot be read,
    /// [`Error::Fit`] when it does not fit the network: the whole report of what is
    /// missing, of another shape, or called otherwise. Nothing is loaded then.
    pub fn load(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        self.load_with(path, &Reading::new())
    }

    /// The model with the tensors of a checkpoint that has them under other names, or its
    /// matrices transposed, as the reading says. Floats convert, whatever it says of them.
    ///
    /// # Errors
    ///
    /// As [`Model::load`], where the checkpoint does not fit even so.
    ///
    /// ```no_run
    /// # use burn::tensor::Device;
    /// # use shapewise::network;
    /// # use shapewise_burn::Model;
    /// # network! { pub struct Gpt2(x: 8) -> 8 { c_attn: linear(8); } }
    /// use shapewise_burn::{Reading, Rule};
    ///
    /// // `module.h.0.attn.c_attn.weight` and so on, as `Conv1D` of `transformers` stores it.
    /// let reading = Reading::new().renames(Rule::Prefix).transposed(["*.c_*"]);
    /// let model = Model::<Gpt2>::new(&Device::flex())?.load_with("gpt2.safetensors", &reading)?;
    /// # Ok::<(), shapewise_burn::Error>(())
    /// ```
    pub fn load_with(self, path: impl AsRef<Path>, reading: &Reading) -> Result<Self, Error> {
        let source = Source::open(path.as_ref())?;
        let report = compare::<N>(&source, reading);
        if !report.is_ok() {
            return Err(Error::Fit(report.to_string()));
        }
        self.with_tensors(|weight| {
            // Without counts of batches a checkpoint fits, too.
            Ok(read(&source, &report, weight)?.unwrap_or_else(|| weight.initial(0)))
        })
    }

    /// The model with those tensors of a checkpoint that fit it; the others stay as they
    /// are. The report says which: those of a head for another number of classes, say.
    ///
    /// # Errors
    ///
    /// As [`Model::load`], but for what does not fit. [`Error::Fit`] when nothing does.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use shapewise::network;
    /// # use shapewise_burn::Model;
    /// network! {
    ///     pub struct Pretrained(x: 8) -> 1000 { body: linear(16), relu; head: linear(1000); }
    ///     pub struct Finetuned(x: 8) -> 3 { body: linear(16), relu; head: linear(3); }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("load-fitting-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let file = folder.join("pretrained.safetensors");
    /// # let device = Device::flex();
    /// # Model::<Pretrained>::new(&device)?.save(&file)?;
    /// let (model, report) = Model::<Finetuned>::new(&device)?.load_fitting(&file)?;
    /// let left: Vec<&str> = report.mismatched().map(|finding| &*finding.name).collect();
    /// assert_eq!(left, ["head.weight", "head.bias"]);
    /// # let _ = (model, std::fs::remove_dir_all(folder));
    /// # Ok(())
    /// # }
    /// ```
    pub fn load_fitting(self, path: impl AsRef<Path>) -> Result<(Self, Report), Error> {
        self.load_fitting_with(path, &Reading::new())
    }

    /// [`Model::load_fitting`] with a reading, as [`Model::load_with`] has one.
    ///
    /// # Errors
    ///
    /// As [`Model::load_fitting`].
    pub fn load_fitting_with(
        self,
        path: impl AsRef<Path>,
        reading: &Reading,
    ) -> Result<(Self, Report), Error> {
        let source = Source::open(path.as_ref())?;
        let report = compare::<N>(&source, reading);
        if report.usable() == 0 && !self.weights().is_empty() {
            return Err(Error::Fit(report.to_string()));
        }
        let unfit: BTreeSet<&str> = report.problems().map(|finding| &*finding.name).collect();
        let model = self.with_some(|weight| match unfit.contains(&*weight.name) {
            true => Ok(None),
            false => read(&source, &report, weight),
        })?;
        Ok((model, report))
    }

    /// Writes all tensors to a `.safetensors` file, by PyTorch's names. What stood there is
    /// replaced when everything is written.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let target = Target::new(path)?;
        let mut tensors = Vec::new();
        for weight in self.weights() {
            let Some(value) = self.tensor(&weight.name) else {
                continue;
            };
            let data = value.to_data();
            let (dtype, bytes) = match weight.elements {
                Elements::Float => {
                    let values = data.iter::<f32>();
                    (Dtype::F32, values.flat_map(f32::to_le_bytes).collect())
                }
                _ => {
                    let values = data.iter::<i64>();
                    (
                        Dtype::I64,
                        values.flat_map(i64::to_le_bytes).collect::<Vec<u8>>(),
                    )
                }
            };
            let extents = weight.extents.as_slice().to_vec();
            tensors.push((weight.name.clone(), dtype, extents, bytes));
        }
        let views = tensors.iter().map(|(name, dtype, extents, bytes)| {
            let view = TensorView::new(*dtype, extents.clone(), bytes);
            view.map(|view| (name.as_str(), view))
        });
        let views: Result<Vec<_>, _> = views.collect();
        let bytes = views.and_then(|views| safetensors::serialize(views, None));
        let bytes = bytes.map_err(|error| Error::Write(error.to_string()))?;
        target.write(|file| {
            let written = file.write_all(&bytes);
            written.map_err(|error| Error::File(shapewise_files::Error::io(path)(error)))
        })
    }
}

/// What of a checkpoint fits the network.
fn compare<N: Network>(source: &Source, reading: &Reading) -> Report {
    let checker = Checker::of::<N>().reading(reading.clone().any_float(true));
    checker.compare(source.header())
}

/// The elements of a tensor, where the checkpoint has it.
fn read(source: &Source, report: &Report, weight: &Weight) -> Result<Option<Initial>, Error> {
    let stored = report.stored(&weight.name);
    let Some(tensor) = source.header().tensor(&stored.name) else {
        return Ok(None);
    };
    let mut bytes = source.read(tensor)?;
    if stored.transposed
        && let [rows, columns] = *weight.extents.as_slice()
    {
        bytes = shapewise_safetensors::transpose(&bytes, columns, rows);
    }
    let two = || {
        bytes
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]))
    };
    let four = || bytes.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]]);
    let eight = || {
        let eight = bytes.chunks_exact(8);
        eight.map(|b| [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])
    };
    #[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
    Ok(Some(match (weight.elements, tensor.element_type()) {
        (Elements::Float, ElementType::F32) => {
            Initial::Floats(four().map(f32::from_le_bytes).collect())
        }
        (Elements::Float, ElementType::F64) => {
            Initial::Floats(eight().map(|b| f64::from_le_bytes(b) as f32).collect())
        }
        (Elements::Float, ElementType::F16) => {
            Initial::Floats(two().map(|bits| f16::from_bits(bits).to_f32()).collect())
        }
        (Elements::Float, ElementType::Bf16) => {
            Initial::Floats(two().map(|bits| bf16::from_bits(bits).to_f32()).collect())
        }
        (Elements::Int, ElementType::I64) => {
            Initial::Ints(eight().map(i64::from_le_bytes).collect())
        }
        (Elements::Int, ElementType::I32) => {
            Initial::Ints(four().map(|b| i32::from_le_bytes(b).into()).collect())
        }
        (_, other) => return Err(Error::elements(weight, other.name())),
    }))
}
