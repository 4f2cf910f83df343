use shapewise::network;

network! {
    pub struct Net(image: 28x28x192) -> 28x28x256 {
        concat {
            branch { conv(64, 1x1), relu; }
            branch { conv(96, 1x1), relu; conv(128, 3x3, padding = half), relu; }
            branch { conv(16, 1x1), relu; conv(32, 5x5), relu; dropout(0.1); }
            branch { max_pool(3x3, stride = 1, padding = 1); conv(32, 1x1), relu; }
        }
    }
}

fn main() {}
