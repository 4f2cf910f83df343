use shapewise::network;

network! {
    block Tower(channels) { conv(channels, 1x1), relu; }

    pub struct Net(left: 16x16x8, right: 16x16x8) -> (out) {
        first: Tower(8);
        second: from right, Tower(8, shared = first);
        add(first, second);
    }
}

fn main() {}
