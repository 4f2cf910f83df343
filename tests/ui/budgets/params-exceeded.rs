use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5, padding = half), relu;
        pool1: avg_pool(2x2);
        conv2: conv(16, 5x5), relu;
        pool2: avg_pool(2x2);
        fc1: flatten, linear(120), relu;
        fc2: linear(84), relu;
        fc3: linear(10);

        assert params <= 60K;
    }
}

fn main() {}
