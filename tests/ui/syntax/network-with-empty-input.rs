use shapewise::network;

network! {
    pub struct Net() -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
