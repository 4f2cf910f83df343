//! Published networks that several tests, examples and engines use, each once.
//!
//! What an example shows stands in the example; what is written in several ways on
//! purpose (with constants of rustc's, by labels for a table) stands where that is tried.

mod alexnet;
mod resnet;
mod vgg16;

pub use alexnet::AlexNet;
pub use resnet::{ResNet18, Small, SmallHalf};
pub use vgg16::Vgg16;
