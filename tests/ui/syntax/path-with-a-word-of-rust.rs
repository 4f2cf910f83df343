use shapewise::network;

network! {
    pub struct Net(image: 8x8x3) -> 8x8x3 { backbones::mod; }
}

fn main() {}
