use shapewise::network;

network! {
    pub struct Net(x: 1x64) -> 12x32 {
        expand([12, 32]);
    }
}

fn main() {}
