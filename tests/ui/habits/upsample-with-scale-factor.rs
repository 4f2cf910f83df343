use shapewise::network;

network! {
    pub struct Net(image: 28x28x64) -> 56x56x64 {
        Upsample(scale_factor = 2, mode = "bilinear");
    }
}

fn main() {}
