use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        conv1: Conv2D(filters = 8, kernel_size = (3, 3), strides = 1, activation = "relu");
    }
}

fn main() {}
