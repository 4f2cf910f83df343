use shapewise::network;

network! {
    pub struct Net(x: 12x64) -> 12x64 {
        mixture_of_experts(6, active = 2, features = 128, groups = 4);
    }
}

fn main() {}
