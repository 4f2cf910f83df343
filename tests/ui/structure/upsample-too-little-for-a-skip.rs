use shapewise::network;

network! {
    pub struct Net(image: 64x64x3) -> (map: 64x64x24) {
        skip: conv(8, 3x3, padding = 1), relu;
        max_pool(2x2);
        conv(16, 3x3, padding = 1), relu;
        max_pool(2x2);
        upsample(2);
        concat(skip, _);
    }
}

fn main() {}
