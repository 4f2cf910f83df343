//! LeNet-5 in its usual modern form, through the same table as AlexNet.
//!
//! `cargo run --example lenet5` prints it, each cell compared with figures that
//! were worked out by hand, then the report of `LeNet5::summary()`.

use shapewise::network;

mod article;

network! {
    /// LeNet-5 with average pooling, on a 28x28 digit.
    pub struct LeNet5(digit: 28x28x1) -> (classes: 10) {
        conv1: conv(6, 5x5, padding = 2), tanh => 28x28x6;
        pool1: avg_pool(2x2, stride = 2)       => 14x14x6;
        conv2: conv(16, 5x5), tanh             => 10x10x16;
        pool2: avg_pool(2x2, stride = 2)       => 5x5x16;
        fc1:   flatten, linear(120), tanh;
        fc2:   linear(84), tanh;
        fc3:   linear(10);

        assert params == 61_706;
    }
}

/// The figures, worked out by hand.
const TABLE: [[&str; 5]; 11] = [
    ["Layer", "Tensor size", "Weights", "Biases", "Parameters"],
    ["Input Image", "28x28x1", "0", "0", "0"],
    ["Conv-1", "28x28x6", "150", "6", "156"],
    ["AvgPool-1", "14x14x6", "0", "0", "0"],
    ["Conv-2", "10x10x16", "2,400", "16", "2,416"],
    ["AvgPool-2", "5x5x16", "0", "0", "0"],
    ["FC-1", "120x1", "48,000", "120", "48,120"],
    ["FC-2", "84x1", "10,080", "84", "10,164"],
    ["FC-3", "10x1", "840", "10", "850"],
    ["Output", "10x1", "0", "0", "0"],
    ["Total", "", "", "", "61,706"],
];

pub(crate) fn main() {
    article::print::<LeNet5, 11>(TABLE);
    println!("{}", LeNet5::summary().for_terminal());
}
