use shapewise::network;

network! {
    use vision::blocks::Inner;

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        Inner(16);
    }
}

fn main() {}
