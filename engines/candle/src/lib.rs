//! The networks of [`network!`](https://docs.rs/shapewise) in
//! [candle](https://github.com/huggingface/candle): the definition that `cargo check` has
//! checked is what serves.
//!
//! [`Model<N>`](Model) is made from a `VarBuilder`, as candle's own modules are, by
//! PyTorch's names, and is a `ModuleT`; [`Model::eval`] is the `Module` for serving.
//!
//! ```
//! use candle_core::{DType, Device, Tensor};
//! use candle_nn::{VarBuilder, VarMap};
//! use shapewise::network;
//! use shapewise_candle::Model;
//!
//! network! {
//!     pub struct Digits(image: 8x8x1) -> (logits: 10) {
//!         conv1: conv(6, 3x3, padding = 1), relu, max_pool(2x2);
//!         fc: flatten, linear(10);
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Variables for training, with PyTorch's initialisation; a checkpoint, or zeros.
//! let variables = VarMap::new();
//! let vb = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
//! let model = Model::<Digits>::new(vb.pp("digits"))?;
//! assert_eq!(variables.all_vars().len(), 4);
//!
//! // The batch comes first, channels before the positions.
//! let images = Tensor::randn(0f32, 1., (32, 1, 8, 8), &Device::Cpu)?;
//! let logits = model.forward(&images)?;
//! assert_eq!(logits.dims(), [32, 10]);
//!
//! // Gradients as candle has them, and values on the way by their labels.
//! let gradients = logits.sum_all()?.backward()?;
//! let weight = model.tensor("conv1.weight").ok_or("no such tensor")?;
//! assert_eq!(gradients.get(weight).ok_or("no gradient")?.dims(), [6, 1, 3, 3]);
//! let features = model.run_to(&["conv1"], &[images])?;
//! assert_eq!(features[0].dims(), [32, 6, 4, 4]);
//! # Ok(())
//! # }
//! ```
//!
//! A model is a part of a module written by hand like any other of candle's:
//!
//! ```
//! use candle_core::{Module, Result, Tensor};
//! use candle_nn::{Linear, VarBuilder};
//! # use shapewise::network;
//! use shapewise_candle::Model;
//!
//! network! {
//!     pub struct Backbone(image: 32x32x3) -> 64 {
//!         conv1: conv(64, 3x3, stride = 2), batch_norm, relu;
//!         pool: global_avg_pool, flatten;
//!     }
//! }
//!
//! struct Tagger {
//!     backbone: Model<Backbone>,
//!     head: Linear,
//! }
//!
//! impl Tagger {
//!     fn new(vb: VarBuilder) -> Result<Self> {
//!         Ok(Self {
//!             backbone: Model::new(vb.pp("backbone"))?,
//!             head: candle_nn::linear(64, 5, vb.pp("head"))?,
//!         })
//!     }
//!
//!     fn forward_t(&self, images: &Tensor, train: bool) -> Result<Tensor> {
//!         images.apply_t(&self.backbone, train)?.apply(&self.head)
//!     }
//! }
//! ```
//!
//! # Checkpoints
//!
//! Any `VarBuilder` will do: `from_pth`, `from_buffered_safetensors`, or
//! `from_mmaped_safetensors`, which maps the file and is `unsafe` in candle, so that the caller
//! says that nobody changes it meanwhile. All tensors that are missing or of another shape
//! are one error. [`Model::load`] opens the file itself, reads only the network's tensors,
//! and tells in its report what is called otherwise.
//!
//! # What candle has not
//!
//! Strides, dilations and paddings that differ between axes or sides, ceil mode, pooling with
//! padding, adaptive pooling and everything over three axes are made of the operations that it
//! has; so are, where gradients are wanted, pooling, the normalisations and softmax, whose fast
//! forms have none. A layer that cannot be done is an error when the model is built.

#![forbid(unsafe_code)]

mod checkpoint;
mod engine;
mod error;
mod model;
mod normalisation;
mod windows;

pub use engine::Candle;
pub use error::Error;
pub use model::{Inference, Model};
pub use shapewise_lower::{CustomCall, Customs, Initial, Weight};
pub use shapewise_safetensors::{Reading, Rule};
