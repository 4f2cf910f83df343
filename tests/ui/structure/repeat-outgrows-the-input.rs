use shapewise::network;

network! {
    pub struct Net(image: 28x28x8) -> 16 {
        stack: repeat 3 {
            conv(16, 3x3, stride = 2), relu;
            conv(16, 3x3), relu;
        }
        global_avg_pool;
    }
}

fn main() {}
