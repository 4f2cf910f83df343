//! Exported models, checked with ONNX's own tools and run in onnxruntime.

mod cases;
mod data;
mod errors;
mod examples;
mod layers;
mod networks;
mod python;
mod shapes;
mod weights;
