use shapewise::network;

network! {
    pub struct Net(image: 35x35x288) -> 17x17x768 {
        concat {
            branch { conv(384, 3x3, stride = 2); }
            branch { conv(64, 1x1); conv(96, 3x3, padding = half); conv(96, 3x3, stride = 2); }
            branch { max_pool(3x3, stride = 1, padding = 1); }
        }
    }
}

fn main() {}
