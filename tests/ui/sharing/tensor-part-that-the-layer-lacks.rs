use shapewise::network;

network! {
    pub struct Net(tokens: 12x32) -> (out: 12x32) {
        #[tensor(gate = "router", shared_experts = "shared_expert")]
        mlp: mixture_of_experts(4, active = 2, features = 16);
    }
}

fn main() {}
