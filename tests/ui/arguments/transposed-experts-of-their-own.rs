use shapewise::network;

network! {
    pub struct Net(tokens: 32x64) -> 32x64 {
        mixture_of_experts(8, active = 2, features = 256, projections = separate, transposed = true);
    }
}

fn main() {}
