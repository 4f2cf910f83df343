use shapewise::network;

network! {
    struct Backbone(image: 32x32x3) -> (map: 32x32x8) {
        map: conv(8, 3x3, padding = half), batch_norm(frozen = true, momentum = 0.2);
    }
}

fn main() {}
