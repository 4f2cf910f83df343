//! The networks of [`network!`](https://docs.rs/shapewise) in [burn](https://burn.dev): the
//! definition that `cargo check` has checked is what trains.
//!
//! [`Model<N>`](Model) is a module of burn's: `num_params`, optimisers, devices and records
//! work, in other modules, too. Its tensors have PyTorch's names and layout, and PyTorch's
//! initialisation.
//!
//! ```
//! use burn::module::Module;
//! use burn::tensor::{Device, Distribution, Tensor};
//! use shapewise::network;
//! use shapewise_burn::Model;
//!
//! network! {
//!     pub struct Digits(image: 8x8x1) -> (logits: 10) {
//!         conv1: conv(6, 3x3, padding = 1), relu, max_pool(2x2);
//!         fc: flatten, linear(10);
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let device = Device::flex().autodiff();
//! let model = Model::<Digits>::new(&device)?;
//! assert_eq!(model.num_params() as u64, Digits::PARAMS);
//!
//! // The batch comes first, channels before the positions.
//! let images = Tensor::<4>::random([32, 1, 8, 8], Distribution::Default, &device);
//! let logits: Tensor<2> = model.forward(images.clone())?;
//! assert_eq!(logits.dims(), [32, 10]);
//!
//! // Gradients by PyTorch's names, and values on the way.
//! let gradients = logits.sum().backward();
//! let weight = model.tensor("conv1.weight").ok_or("no such tensor")?;
//! assert_eq!(weight.grad(&gradients).ok_or("no gradient")?.extents(), [6, 1, 3, 3]);
//! let features = model.run_to(&["conv1"], vec![images.into()])?;
//! assert_eq!(features[0].extents(), [32, 6, 4, 4]);
//! # Ok(())
//! # }
//! ```
//!
//! [`Model::save`] writes `.safetensors` files, [`Model::load`] reads them and, with the
//! feature `pytorch`, what `torch.save` wrote; one that does not fit is an error with the
//! whole report, and nothing is loaded. [`Model::load_fitting`] takes what fits, [`Model::frozen`] keeps parameters
//! from training, [`Model::group`] gives some a learning rate of their own. With the feature
//! `train` a model is trained by burn's `Learner`: the module `train` shows it. What a network or its input
//! does not allow is a typed [`Error`] that names the layer.
//!
//! In training mode, on a device that tracks gradients, dropout is active and batch
//! normalisation keeps its statistics; [`valid`](burn::module::Module::valid) ends it, as for
//! burn's own modules.

#![forbid(unsafe_code)]

mod checkpoint;
mod engine;
mod error;
mod failure;
mod held;
mod model;
mod normalisation;
mod products;
#[cfg(feature = "pytorch")]
mod pytorch;
mod source;
mod table;
#[cfg(feature = "train")]
pub mod train;
mod value;
mod windows;

pub use engine::Burn;
pub use error::Error;
pub use failure::Failure;
pub use model::Model;
pub use shapewise_lower::{CustomCall, Customs, Initial, Weight};
pub use shapewise_safetensors::{Reading, Report, Rule};
pub use value::{Ranked, Value};
