use shapewise::network;

network! {
    use vision::blocks::Botleneck;

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        Botleneck(16);
    }
}

fn main() {}
