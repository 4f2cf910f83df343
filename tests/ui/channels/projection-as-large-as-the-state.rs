use shapewise::network;

network! {
    pub struct Net(tokens: 128x64) -> 128x64 {
        read: lstm(64, proj_size = 64);
    }
}

fn main() {}
