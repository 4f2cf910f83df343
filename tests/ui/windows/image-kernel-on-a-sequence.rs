use shapewise::network;

network! {
    pub struct Net(audio: 16_000x1) -> 10 {
        stem: conv(64, 80x1, stride = 4), relu;
        global_avg_pool, linear(10);
    }
}

fn main() {}
