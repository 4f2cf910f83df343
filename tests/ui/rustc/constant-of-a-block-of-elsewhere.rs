use shapewise::{Network, network};

network! {
    use vision::blocks::Wide;

    pub struct Net(image: 8x8x16) -> (map: 8x8x5) {
        Wide(3);
    }
}

const _: u64 = <Net as Network>::PARAMS;

fn main() {}
