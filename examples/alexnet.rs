//! AlexNet of the founding article: the whole table from one layer list.

use shapewise::network;

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

const _: () = assert!(AlexNet::PARAMS == 62_378_344);
const LOGITS: usize = AlexNet::OUTPUT.elements();

fn main() {
    println!("{}", AlexNet::summary());
    println!("{LOGITS}");
}
