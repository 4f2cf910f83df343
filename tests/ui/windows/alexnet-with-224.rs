use shapewise::network;

network! {
    #[deny(inexact_stride)]
    pub struct AlexNet(image: 224x224x3) -> 1000 {
        conv1: conv(96, 11x11, stride = 4), relu;
        pool1: max_pool(3x3, stride = 2);
        conv2: conv(256, 5x5, padding = 2), relu;
        pool2: max_pool(3x3, stride = 2);
        global_avg_pool, linear(1000);
    }
}

fn main() {}
