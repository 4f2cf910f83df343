//! The formulas, the layer catalogue, the graph and the reports of `shapewise`.
//!
//! Everything that shapewise knows about a layer stands here once: its output
//! shape, its parameter tensors, its multiply-accumulates. The `network!` macro
//! calls these rules while it expands, rustc calls the same rules in const
//! evaluation, and anybody may call them at run time. The crate has no
//! dependencies and needs no allocator.
//!
//! Use it through the `shapewise` crate, which re-exports it.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "std")]
extern crate std;

pub mod analysis;
mod argument;
#[doc(hidden)]
pub mod arithmetic;
pub mod catalogue;
mod entry;
pub mod error;
mod extents;
#[doc(hidden)]
pub mod figure;
pub mod formula;
pub mod graph;
pub mod layer;
pub mod layers;
pub mod network;
mod number;
pub mod plan;
pub mod report;
mod shape;
#[doc(hidden)]
pub mod symbolic;
mod text;
mod value;
mod window;

pub use error::Error;
pub use extents::{Extents, MAX_RANK, Sides};
pub use graph::{Counts, Graph, Stage};
pub use layer::Layer;
pub use layer::custom::Custom;
pub use network::Network;
pub use shape::{Axis, Shape};
#[doc(hidden)]
pub use shape::{axis_name, axis_of_rank};
pub use text::Text;
pub use value::{Equation, Letters, Value};
