use shapewise::network;

network! {
    struct Voice(audio: 100x1) -> (y: 100x8) {
        y: conv(8, 3, padding = half, weight_norm = true, spectral_norm = true);
    }
}

fn main() {}
