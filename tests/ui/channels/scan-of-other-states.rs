use shapewise::network;

network! {
    pub struct Net(x: 12x64, delta: 12x64, b: 12x16, c: 12x8) -> 12x64 {
        selective_scan(x, delta, b, c);
    }
}

fn main() {}
