use shapewise::network;

network! {
    #[deny(inexact_stride)]
    pub struct Net(image: 113x113x64) -> 56x56x64 {
        pool: max_pool(2x2);
    }
}

fn main() {}
