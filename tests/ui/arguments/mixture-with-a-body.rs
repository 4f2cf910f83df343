use shapewise::network;

network! {
    pub struct Net(tokens: 32x64) -> 32x64 {
        mlp: mixture_of_experts(8, active = 2) {
            linear(256); gelu; linear(64);
        }
    }
}

fn main() {}
