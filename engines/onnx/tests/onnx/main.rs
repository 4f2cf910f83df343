//! Exported models, checked with ONNX's own tools and run in onnxruntime.

#![allow(
    clippy::duplicate_mod,
    reason = "two of the repository's examples bring the same module"
)]

mod bounds;
mod cases;
mod data;
mod errors;
mod examples;
mod files;
mod inside;
mod interpreter;
mod layers;
mod networks;
mod python;
mod shapes;
mod weights;
