//! Published networks as `shapewise` definitions: to use, to build upon, and to read.
//!
//! Each family is a module behind a feature of its name, or all of them behind `all`:
//!
//! ```toml
//! [dependencies]
//! shapewise-zoo = { path = "../shapewise/zoo", features = ["resnet"] }
//! ```
//!
//! Tensors are called as torchvision calls them, so that its weights load; parameters and multiply-accumulates
//! are what PyTorch counts, and outputs are torchvision's, which tests hold. The number of classes is a const generic,
//! and so are height and width where the family allows other images:
//!
//! ```
//! # #[cfg(feature = "resnet")]
//! # {
//! use shapewise_zoo::resnet::ResNet50;
//!
//! assert_eq!(<ResNet50>::PARAMS, 25_557_032);
//! assert_eq!(ResNet50::<10>::OUTPUT.features(), 10);
//! assert_eq!(ResNet50::<10, 64>::INPUT.height(), 64);
//! # }
//! ```
//!
//! A network of the zoo is a layer of a network of one's own:
//!
//! ```
//! # #[cfg(feature = "resnet")]
//! # {
//! type Features = shapewise_zoo::resnet::ResNet18<128>;
//!
//! shapewise::network! {
//!     /// How good a picture is.
//!     pub struct Score(image: 224x224x3) -> (score: 1) {
//!         features: Features;
//!         head: relu, linear(1), sigmoid;
//!     }
//! }
//! assert_eq!(Score::PARAMS, Features::PARAMS + 129);
//! # }
//! ```
//!
//! Its blocks are blocks of a network of one's own, too:
//!
//! ```
//! # #[cfg(feature = "resnet")]
//! # mod test {
//! shapewise::network! {
//!     use shapewise_zoo::resnet::Bottleneck;
//!
//!     /// A backbone for small images.
//!     pub struct Small(image: 32x32x3) -> (map: 16x16x128) {
//!         stem: conv(32, 3x3, padding = half, bias = false), batch_norm, relu;
//!         Bottleneck(16);
//!         Bottleneck(32, stride = 2);
//!     }
//! }
//! # }
//! # fn main() {}
//! ```

#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alexnet")]
pub mod alexnet;
#[cfg(feature = "convnext")]
pub mod convnext;
#[cfg(feature = "densenet")]
pub mod densenet;
#[cfg(feature = "efficientnet")]
pub mod efficientnet;
#[cfg(feature = "googlenet")]
pub mod googlenet;
#[cfg(feature = "inception")]
pub mod inception;
#[cfg(feature = "maxvit")]
pub mod maxvit;
#[cfg(feature = "mnasnet")]
pub mod mnasnet;
#[cfg(feature = "mobilenet_v2")]
pub mod mobilenet_v2;
#[cfg(feature = "mobilenet_v3")]
pub mod mobilenet_v3;
#[cfg(feature = "regnet")]
pub mod regnet;
#[cfg(feature = "resnet")]
pub mod resnet;
#[cfg(feature = "shufflenet_v2")]
pub mod shufflenet_v2;
#[cfg(feature = "squeezenet")]
pub mod squeezenet;
#[cfg(feature = "swin")]
pub mod swin;
#[cfg(feature = "swin_v2")]
pub mod swin_v2;
#[cfg(feature = "vgg")]
pub mod vgg;
#[cfg(feature = "vit")]
pub mod vit;
