//! What PyTorch computes for every layer of the language and for small networks, as
//! the tests of engines read it.
//!
//! The numbers stand in `data`; the variable `SHAPEWISE_NUMERICS` names another
//! folder of the same form. `data/README.md` says what is in them, and how they were
//! made.
//!
//! Values are laid out as in `shapewise-lower`: the batch first, images and volumes
//! with their channels first, sequences with their features last.

#![forbid(unsafe_code)]

mod array;
mod definition;
mod index;
mod networks;
mod report;

pub use array::{Array, Numbers};
pub use definition::layer_graph;
pub use index::{LayerCase, NetworkCase, NetworkTensor, Numerics, TensorCase, arrays};
pub use report::Report;
