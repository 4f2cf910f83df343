use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        #[tensor(weight = "kernel", weight = "filter")]
        conv(8, 1x1);
    }
}

fn main() {}
