use shapewise::network;

network! {
    struct Voice(audio: 100x4) -> (y: 100x8) {
        y: conv(8, 3, padding = half, norm_dim = 2);
    }
}

fn main() {}
