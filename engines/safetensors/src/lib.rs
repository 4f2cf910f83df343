//! Checks safetensors checkpoints against a network that `shapewise` knows: whether
//! every tensor of the definition is there under its name, with its shape and its
//! type.
//!
//! Only the header of a checkpoint is read, whatever its size.
//!
//! ```
//! use shapewise::network;
//!
//! network! {
//!     pub struct Head(features: 512) -> 10 {
//!         fc: linear(10);
//!     }
//! }
//!
//! # let text = br#"{"fc.weight":{"dtype":"F32","shape":[10,512],"data_offsets":[0,20480]}}"#;
//! # let mut checkpoint = (text.len() as u64).to_le_bytes().to_vec();
//! # checkpoint.extend(text);
//! # checkpoint.resize(checkpoint.len() + 20_480, 0);
//! let report = shapewise_safetensors::check::<Head>(&checkpoint)?;
//! assert!(!report.is_ok());
//! assert_eq!(report.missing().next().unwrap().name, "fc.bias");
//! println!("{report}"); // a table of what is missing, unexpected or different
//! # Ok::<(), shapewise_safetensors::Error>(())
//! ```
//!
//! # What is compared
//!
//! - Names: those of [`Node::tensor_name`](shapewise_core::graph::Node::tensor_name),
//!   which are PyTorch's.
//! - Shapes: as PyTorch stores tensors.
//! - Types: every tensor, buffers included, has the network's own
//!   (`#[dtype(f16)]`; `f32` when left out); `relative_position_index` of windowed attention
//!   holds places in a table, which are `i64`. [`Checker::any_float`] also lets other
//!   floats of 16 bits or more pass.
//! - Of tensors that layers share, one copy is enough.
//!
//! Where a tensor is missing and one of its shape is there under another name, the
//! [`Finding`] says which [`Rename`] would make it fit. Tensors that frameworks leave
//! in checkpoints and no computation reads (`num_batches_tracked`) are harmless.
//!
//! # What may be changed on the way
//!
//! A [`Reading`] says so: which suggested names are followed, which matrices are transposed,
//! whether floats are converted. The engines load and export with one. A square matrix does
//! not show that it is transposed; where those next to it are, that is a finding.

#![forbid(unsafe_code)]

use std::path::Path;

use shapewise_core::Network;

mod checker;
mod checkpoint;
mod compare;
mod dtype;
mod error;
mod header;
mod numbers;
mod reading;
mod report;

pub use checker::Checker;
pub use checkpoint::{Bytes, Checkpoint};
pub use dtype::ElementType;
pub use error::{Error, ErrorKind};
pub use header::{Header, MAX_AXES, MAX_HEADER, TensorInfo};
pub use shapewise_files::{Format, Problem, Special};

pub use numbers::{convert, transpose};
pub use reading::{Reading, matches};
pub use report::{Expected, Finding, Found, Hint, Kind, Rename, Report, Rule, Stored};

/// Compares a whole checkpoint in memory with the network.
///
/// # Errors
///
/// An [`Error`] when the bytes are not a valid safetensors file. A valid one that does
/// not fit the network is no error but a [`Report`] that says so.
pub fn check<N: Network>(bytes: &[u8]) -> Result<Report, Error> {
    Checker::of::<N>().bytes(bytes)
}

/// Compares a checkpoint on disk with the network. Only its header is read.
///
/// # Errors
///
/// An [`Error`] with the path when the file cannot be read or is not a valid
/// safetensors file.
pub fn check_file<N: Network>(path: impl AsRef<Path>) -> Result<Report, Error> {
    Checker::of::<N>().file(path)
}

/// Compares the beginning of a checkpoint with the network: the eight bytes of the
/// header's length and the header. What comes after it may be missing, as when only
/// a part of a remote file was fetched.
///
/// # Errors
///
/// An [`Error`] when the bytes do not begin with a whole, valid header.
pub fn check_header<N: Network>(bytes: &[u8]) -> Result<Report, Error> {
    Checker::of::<N>().header(bytes)
}

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
