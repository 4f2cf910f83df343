//! Networks with numbers that only rustc knows.

#[path = "symbolic/agreement.rs"]
mod agreement;
#[path = "symbolic/arithmetic.rs"]
mod arithmetic;
#[path = "symbolic/constants.rs"]
mod constants;
#[path = "symbolic/custom.rs"]
mod custom;
#[path = "symbolic/mobilenet.rs"]
mod mobilenet;
#[path = "symbolic/networks.rs"]
mod networks;
#[path = "symbolic/unet.rs"]
mod unet;
#[path = "symbolic/vit.rs"]
mod vit;
