use shapewise::network;

network! {
    pub struct Net(tokens: 32x64) -> 32x64 {
        mixture_of_experts(4, active = 6, features = 256);
    }
}

fn main() {}
