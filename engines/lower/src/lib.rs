//! Every layer of `shapewise` in tensor operations, once, for any engine that has
//! them.
//!
//! A network that the `network!` macro declared is a static graph. [`Plan`] makes it
//! ready for an [`Engine`], which supplies [`Operations`] on tensors and knows no layer;
//! [`Plan::run`] goes through the layers. [`Plan::weights`] are the tensors of the
//! network with PyTorch's names, shapes and initialisation.
//!
//! # Layout
//!
//! The batch comes first. A vector is `N x F`, a sequence LxF is `N x L x F`, an image
//! HxWxC is `N x C x H x W`, a volume `N x C x D x H x W`. Layers that want the
//! channels of a sequence first (convolution, pooling, batch normalisation) stand
//! between two transpositions. The states of recurrent layers, which the notation has
//! as a sequence of layers times directions, are `N x S x H`. Inputs of an
//! `embedding` are integers. Tensors are as PyTorch has them.

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

pub use custom::{CustomCall, CustomFn, Customs};
pub use dims::{Dim, Elements};
pub use engine::{
    AvgPool, Conv, ConvTranspose, Direction, Engine, Evenly, Fold, MAX_AXES, Made, MaxPool, Norm,
    Operations, Resize, Site, Steps,
};
pub use error::Error;
pub use plan::{Plan, Route};
pub use run::{Mode, Run, Update, Weights};
pub use weights::{Init, Initial, Weight, weights};
