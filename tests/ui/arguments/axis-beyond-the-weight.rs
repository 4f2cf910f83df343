use shapewise::network;

network! {
    struct Voice(audio: 100x4) -> (y: 100x8) {
        y: conv(8, 3, padding = half, weight_norm = true, norm_dim = 3);
    }
}

fn main() {}
