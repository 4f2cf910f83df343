use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        conv(8, 3x3, padding = 1, padding = 1);
        conv(8, 3x3, bias = flase);
        maxpool(2x2, strid = 2);
        entry: max_pool(2x2, strid = 2);
        permute(1, 0, 2);
        concat(entry);
        flatten, linear(10);
    }
}

fn main() {}
