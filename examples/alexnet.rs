//! AlexNet of the founding article: the whole table from one layer list.
//!
//! `cargo run --example alexnet` prints the table as the article has it, each
//! cell compared with the article's, then the report of `AlexNet::summary()`.

use shapewise::network;

pub(crate) mod article;

network! {
    /// AlexNet as one tower, on a 227x227 image.
    pub struct AlexNet(image: 227x227x3) -> (logits: 1000) {
        conv1: conv(96, 11x11, stride = 4), relu        => 55x55x96;
        pool1: max_pool(3x3, stride = 2)                => 27x27x96;
        conv2: conv(256, 5x5, padding = 2), relu        => 27x27x256;
        pool2: max_pool(3x3, stride = 2)                => 13x13x256;
        conv3: conv(384, 3x3, padding = 1), relu        => 13x13x384;
        conv4: conv(384, 3x3, padding = 1), relu        => 13x13x384;
        conv5: conv(256, 3x3, padding = 1), relu        => 13x13x256;
        pool3: max_pool(3x3, stride = 2)                => 6x6x256;
        fc1:   flatten, linear(4096), relu, dropout(0.5) => 4096;
        fc2:   linear(4096), relu, dropout(0.5);
        fc3:   linear(1000);

        assert params == 62_378_344;
    }
}

// The figures are constants: rustc checks what is said about them.
const _: () = assert!(AlexNet::PARAMS == 62_378_344);
const LOGITS: usize = AlexNet::OUTPUT.elements();

/// The article's table.
const TABLE: [[&str; 5]; 15] = [
    ["Layer", "Tensor size", "Weights", "Biases", "Parameters"],
    ["Input Image", "227x227x3", "0", "0", "0"],
    ["Conv-1", "55x55x96", "34,848", "96", "34,944"],
    ["MaxPool-1", "27x27x96", "0", "0", "0"],
    ["Conv-2", "27x27x256", "614,400", "256", "614,656"],
    ["MaxPool-2", "13x13x256", "0", "0", "0"],
    ["Conv-3", "13x13x384", "884,736", "384", "885,120"],
    ["Conv-4", "13x13x384", "1,327,104", "384", "1,327,488"],
    ["Conv-5", "13x13x256", "884,736", "256", "884,992"],
    ["MaxPool-3", "6x6x256", "0", "0", "0"],
    ["FC-1", "4096x1", "37,748,736", "4,096", "37,752,832"],
    ["FC-2", "4096x1", "16,777,216", "4,096", "16,781,312"],
    ["FC-3", "1000x1", "4,096,000", "1,000", "4,097,000"],
    ["Output", "1000x1", "0", "0", "0"],
    ["Total", "", "", "", "62,378,344"],
];

pub(crate) fn main() {
    article::print::<AlexNet, 15>(TABLE);
    println!("{}", AlexNet::summary().for_terminal());

    // Constants can be the length of an array.
    let scores = [0.0_f32; LOGITS];
    assert_eq!(scores.len(), 1000);
}
