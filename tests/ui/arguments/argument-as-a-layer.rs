use shapewise::network;

network! {
    struct Critic(image: 8x8x4) -> (y: 4) {
        y: weight_norm, global_avg_pool;
    }
}

fn main() {}
