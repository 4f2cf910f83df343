use shapewise::network;

network! {
    use vision::blocks::*;

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        conv(16, 1x1);
    }
}

fn main() {}
