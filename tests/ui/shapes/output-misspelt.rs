use shapewise::network;

network! {
    pub struct Detector(image: 26x26x3) -> (boxes: 13x13x125, classes: 10) {
        stem: conv(32, 2x2, stride = 2), relu;
        boxs: conv(125, 1x1);
        classes: from stem, global_avg_pool, linear(10);
    }
}

fn main() {}
