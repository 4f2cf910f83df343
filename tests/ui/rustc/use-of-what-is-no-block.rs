use shapewise::network;

network! {
    use vision::blocks::Last;
    use vision::blocks::Tiny;
    use vision::norms::conv;

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        Last(16);
    }
}

fn main() {}
