use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x64 {
        gate: global_avg_pool, linear(64);
        mul(image, gate);
    }
}

fn main() {}
