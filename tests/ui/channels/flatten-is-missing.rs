use shapewise::network;

network! {
    pub struct Net(image: 227x227x3) -> 1000 {
        conv5: conv(256, 3x3, stride = 18), relu;
        pool5: max_pool(3x3, stride = 2);
        fc1: linear(4096), relu, dropout(0.5);
        fc2: linear(4096), relu, dropout(0.5);
        fc3: linear(1000);
    }
}

fn main() {}
