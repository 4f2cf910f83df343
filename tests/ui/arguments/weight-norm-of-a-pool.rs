use shapewise::network;

network! {
    struct Critic(image: 8x8x4) -> (y: 4) {
        max_pool(2x2, weight_norm = true);
        y: weight_norm, global_avg_pool;
    }
}

fn main() {}
