//! The published networks of the examples and tests, and one more.

#![allow(dead_code, reason = "nothing prints the examples' summaries here")]

use shapewise::network;

#[path = "../networks/files.rs"]
mod files;
#[path = "../../examples/alexnet.rs"]
pub(crate) mod learnopencv;

pub(crate) use files::*;

network! {
    /// LeNet-5.
    pub struct LeNet5(image: 32x32x1) -> (logits: 10) {
        conv(6, 5x5), tanh, avg_pool(2x2);
        conv(16, 5x5), tanh, avg_pool(2x2);
        flatten, linear(120), tanh, linear(84), tanh, linear(10);
        assert params == 61_706;
    }
}
