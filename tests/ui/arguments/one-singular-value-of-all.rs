use shapewise::network;

network! {
    struct Critic(image: 8x8x4) -> (y: 8x8x8) {
        h: conv(8, 3x3, padding = half, spectral_norm = true, norm_dim = all);
        y: conv(8, 1x1, weight_norm = true, power_iterations = 2);
    }
}

fn main() {}
