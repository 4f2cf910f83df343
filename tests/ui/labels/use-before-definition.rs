use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 28x28x2 {
        add(_, later);
        later: from image, conv(1, 1x1);
        concat(image, later);
    }
}

fn main() {}
