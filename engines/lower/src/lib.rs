//! Every layer of `shapewise` in tensor operations, once, for any engine that has
//! them.
//!
//! A network that the `network!` macro declared is a static graph. [`Plan`] makes it
//! ready for an [`Engine`], which supplies [`Operations`] on tensors and knows no layer;
//! [`Plan::run`] goes through the layers. [`weights`] lists the tensors of a network with
//! PyTorch's names, shapes and initialisation.
//!
//! ```
//! use shapewise::{Network, network};
//! use shapewise_lower::{Customs, Engine, Error, Mode, Plan, weights};
//!
//! network! {
//!     struct Digits(image: 8x8x1) -> (logits: 10) {
//!         conv1: conv(6, 3x3), relu, max_pool(2x2);
//!         fc: flatten, linear(10);
//!     }
//! }
//!
//! /// A network with its tensors, in any engine.
//! struct Model<E: Engine> {
//!     plan: Plan<E>,
//!     tensors: Vec<E::Value>,
//! }
//!
//! impl<E: Engine> Model<E> {
//!     fn forward(&self, engine: &mut E, images: E::Value) -> Result<E::Value, Error<E::Error>> {
//!         let mut weights = |_: &mut E, place: usize| Ok(self.tensors[place].clone());
//!         let run = self.plan.run(engine, &mut weights, vec![images], Mode::Inference)?;
//!         Ok(run.values[0].clone())
//!     }
//! }
//!
//! let weights = weights(Digits::GRAPH);
//! assert_eq!(weights[0].name, "conv1.weight");
//! assert_eq!(weights[0].extents.as_slice(), [6, 1, 3, 3]);
//! ```
//!
//! # An engine
//!
//! An engine is two traits on one type. [`Operations`] are the forty-odd functions that it
//! must have: moves of elements, arithmetic, reductions, products, windows. [`Engine`] are
//! as many that have bodies in those, from `softmax` to whole recurrent layers; an engine
//! writes its own for those that it has a kernel for. So
//!
//! - an engine that calculates has tensors as [values](Operations::Value);
//! - an engine that only records, as an exporter does, has names or shapes. No layer asks
//!   for an element, constants are small, and the number of samples may be unknown
//!   ([`Dim::Batch`]). [`Engine::begins`] and [`Engine::ends`] say which layer it is for.
//!
//! What an engine can't do, it says in [`Engine::supports`], and [`Plan::new`] tells it of
//! the layer: a model that was built runs. The engines of this crate's tests, one on
//! vectors of numbers and one that records, are examples of both.
//!
//! # Layout
//!
//! The batch comes first. A vector is `N x F`, a sequence LxF is `N x L x F`, an image
//! HxWxC is `N x C x H x W`, a volume `N x C x D x H x W`. Layers that want the
//! channels of a sequence first (convolution, pooling, batch normalisation) stand
//! between two transpositions. The states of recurrent layers, which the notation has
//! as a sequence of layers times directions, are `N x S x H`. What goes into an
//! `embedding` is of integers, so that inputs that do are too. Tensors are as PyTorch has
//! them.
//!
//! # Training
//!
//! In [`Mode::Training`] dropout and stochastic depth are active, with the engine's
//! [random numbers](Operations::bernoulli), and batch normalisation takes the statistics of
//! the batch; what the running ones are then is [returned](Run::updates), and the engine
//! keeps it. Gradients are the engine's own.

#![forbid(unsafe_code)]

mod compose;
mod custom;
mod dims;
mod engine;
mod error;
mod indices;
mod layers;
mod lowering;
mod plan;
mod run;
mod weights;

/// The bodies of operations of [`Engine`], for engines with a kernel of their own for
/// some cases.
pub mod provided {
    pub use crate::compose::activation::gelu;
    pub use crate::compose::movement::{embedding, pixel_unshuffle};
    pub use crate::compose::normalisation::{layer_norm, local_response_norm, rms_norm};
}

pub use custom::{CustomCall, CustomFn, Customs};
pub use dims::{Dim, Elements};
pub use engine::{
    Along, AvgPool, Conv, ConvTranspose, DeformConv, Direction, Engine, Evenly, Fold, MAX_AXES,
    Made, MaxPool, Norm, Operations, Resize, Site, Steps,
};
pub use error::Error;
pub use plan::{Plan, Route};
pub use run::{Mode, Run, Update, Weights};
pub use weights::{Beside, Init, Initial, Side, Weight, weights};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
