use shapewise::network;

network! {
    use vision::blocks::Bottleneck as Neck;

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        Neck(0);
    }
}

fn main() {}
