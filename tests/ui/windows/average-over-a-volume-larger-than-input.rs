use shapewise::network;

network! {
    pub struct Net(clip: 4x16x16x8) -> 8 {
        pool: avg_pool(5x3x3, padding = 1);
        global_avg_pool;
    }
}

fn main() {}
