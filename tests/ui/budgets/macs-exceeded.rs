use shapewise::network;

network! {
    pub struct Net(image: 224x224x3) -> 10 {
        conv(64, 7x7, stride = 2, padding = 3), relu;
        global_avg_pool, linear(10);
        assert macs < 100M;
    }
}

fn main() {}
