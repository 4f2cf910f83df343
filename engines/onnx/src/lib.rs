//! Networks of `shapewise` as ONNX models.
//!
//! A network that the `network!` macro declared is a static graph; this crate
//! says it in ONNX's operators (opset 22, IR version 10), under the definition's
//! own names and with the shape of every value written down.
//!
//! ```
//! use shapewise::network;
//! use shapewise_onnx::{Batch, Options, Weights, export};
//!
//! network! {
//!     pub struct Digits(image: 28x28x1) -> (digits: 10) {
//!         conv1: conv(8, 5x5), relu, max_pool(2x2);
//!         fc: flatten, linear(10);
//!     }
//! }
//!
//! let model = export::<Digits>(&Options::default())?;
//! assert!(model.len() < 5_000);
//!
//! let options = Options::default().batch(Batch::Fixed(1)).weights(Weights::Zeros);
//! # let folder = std::env::temp_dir().join(format!("digits-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! shapewise_onnx::write::<Digits>(folder.join("digits.onnx"), &options)?;
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), shapewise_onnx::Error>(())
//! ```
//!
//! # Layout
//!
//! The batch comes first. An image HxWxC is `N x C x H x W` in the model, a volume
//! `N x C x D x H x W`, as PyTorch has them; a sequence LxF is `N x L x F`, as its
//! attention, linear and (batch first) recurrent layers have it; a vector is
//! `N x F`. Layers that want the channels of a sequence first (convolution,
//! pooling, batch normalisation) stand between two transpositions; onnxruntime
//! removes those that cancel. What goes into an `embedding` is of 64-bit integers.
//!
//! # Names
//!
//! Inputs, outputs and tensors are called as in the definition. The result of the
//! layer `layer1.0.conv1` is `layer1.0.conv1.output` (a recurrent layer's are
//! `lstm.sequence`, `lstm.hidden`, `lstm.cell`) and the node that makes it has the
//! layer's path; what stands in between is `layer1.0.conv1/Transpose`.
//!
//! The layers of a network that is a layer stand in its place, under their paths
//! from the outermost network on:
//!
//! ```
//! use shapewise::network;
//! use shapewise_onnx::{Options, export};
//!
//! network! {
//!     pub struct Digits(image: 28x28x1) -> (digits: 10) {
//!         body: Body;
//!         fc: flatten, linear(10);
//!     }
//!     struct Body(image: 28x28x1) -> (features: 12x12x8) {
//!         conv1: conv(8, 5x5), relu, max_pool(2x2);
//!     }
//! }
//!
//! let model = export::<Digits>(&Options::default())?;
//! let model = String::from_utf8_lossy(&model);
//! assert!(model.contains("body.conv1.weight"));
//! # Ok::<(), shapewise_onnx::Error>(())
//! ```
//!
//! # What a model computes
//!
//! What PyTorch computes in evaluation mode: dropout is nothing, batch
//! normalisation takes its buffers. The buffers `relative_position_index` and
//! `relative_coords_table` of windowed attention follow from the window and are calculated in the model, as all that
//! follows from extents is: a model has no constants besides short lists of numbers.
//!
//! # What ONNX cannot say
//!
//! An [`Error::Unsupported`] names the layer: an `lstm` with `proj_size`, since
//! ONNX's has no projection, an `upsample` whose scale is too near to 1 to change any
//! size, an `avg_pool` with padding as large as the window that does not count, and a
//! layer of one's own, since nothing says what it computes. Networks of type `i8` need
//! another [`Options::dtype`], since a definition has no quantisation parameters.

#![forbid(unsafe_code)]

mod builder;
mod element;
mod engine;
mod error;
mod export;
mod model;
mod ops;
mod options;
mod positions;
mod proto;
mod value;
mod view;
mod weights;

pub use error::Error;
#[doc(hidden)]
pub use export::export_training;
pub use export::{export, export_graph, write, write_graph, write_graph_telling};
pub use options::{Batch, Options, Weights};
pub use shapewise_safetensors::{Reading, Rule};

/// The version of ONNX's operators that models use.
pub const OPSET: i64 = 22;
/// The version of ONNX's format that models have.
pub const IR_VERSION: i64 = 10;
/// The most bytes that protobuf allows in a model.
pub(crate) const LIMIT: u64 = (1 << 31) - 1;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
