use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 3x3);
        assert train_bytes(batch_size = 64) <= 1GiB;
        assert train_bytes(optimizer = adamx) <= 1GiB;
        assert train_bytes(64) <= 1GiB;
        assert train_bytes(batch = 64, batch = 32) <= 1GiB;
        assert train_bytes(tensor = 2) <= 1GiB;
        assert train_bytes(fancy = 2) <= 1GiB;
        assert params(batch = 64) <= 1M;
        assert vram <= 1GiB;
    }
}

fn main() {}
