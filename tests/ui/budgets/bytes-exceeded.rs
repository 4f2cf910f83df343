use shapewise::network;

network! {
    #[dtype(f16)]
    pub struct Net(features: 1024) -> 1024 {
        linear(1024);
        assert param_bytes <= 2MiB;
    }
}

fn main() {}
