//! What a model is exported with.

use std::path::PathBuf;

use shapewise_core::graph::DType;
use shapewise_safetensors::Reading;

/// How a network is exported: by default with a symbolic batch, the weights as
/// inputs of the model, in the network's own type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The first extent of every input and output.
    pub batch: Batch,
    /// Where the weights are.
    pub weights: Weights,
    /// How their file is read, where it is not as the definition has it.
    pub reading: Reading,
    /// The type of weights and activations, if not the network's.
    pub dtype: Option<DType>,
}

impl Options {
    /// The options with this batch.
    #[must_use]
    pub fn batch(mut self, batch: Batch) -> Self {
        self.batch = batch;
        self
    }

    /// The options with these weights.
    #[must_use]
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// The options with weights that are read in this way: other names of tensors, matrices
    /// transposed, floats converted.
    ///
    /// ```no_run
    /// # use shapewise::network;
    /// # network! { pub struct Gpt2(x: 8) -> 8 { c_attn: linear(8); } }
    /// use shapewise_onnx::{Options, Reading, Rule, Weights, write};
    ///
    /// // `module.h.0.attn.c_attn.weight` and so on, as `Conv1D` of `transformers` stores it.
    /// let reading = Reading::new().renames(Rule::Prefix).transposed(["*.c_*"]).any_float(true);
    /// let weights = Weights::Embedded("gpt2.safetensors".into());
    /// write::<Gpt2>("gpt2.onnx", &Options::default().weights(weights).reading(reading))?;
    /// # Ok::<(), shapewise_onnx::Error>(())
    /// ```
    #[must_use]
    pub fn reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// The options with this type of weights and activations.
    #[must_use]
    pub fn dtype(mut self, dtype: DType) -> Self {
        self.dtype = Some(dtype);
        self
    }
}

/// The first extent of every input and output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Batch {
    /// Decided when the model runs; the name that stands for it.
    Symbolic(String),
    /// So many samples.
    Fixed(u32),
}

impl Default for Batch {
    /// The symbol `batch`.
    fn default() -> Self {
        Self::Symbolic("batch".to_owned())
    }
}

/// Where the weights of a model are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// Nowhere: every tensor is an input of the model. The file has a few
    /// kilobytes and shows the architecture.
    #[default]
    Inputs,
    /// In the model, all of them 0: it runs, and has the size that it will have.
    Zeros,
    /// In the model, copied from this `.safetensors` file; a tensor that is changed on the
    /// way ([`Options::reading`]) is in memory as a whole.
    Embedded(PathBuf),
    /// In this `.safetensors` file, to which the model points. Both stand in one
    /// folder whenever the model is read.
    External(PathBuf),
}
