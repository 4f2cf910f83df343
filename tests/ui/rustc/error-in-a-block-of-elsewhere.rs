use shapewise::network;

network! {
    use vision::blocks::Wide;

    pub struct Net(image: 8x8x16) -> (map: 8x8x5) {
        first: conv(8, 1x1);
        wide:  Wide(3, times = 1);
    }
}

fn main() {}
