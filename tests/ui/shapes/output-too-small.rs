use shapewise::network;

network! {
    pub struct Autoencoder(image: 28x28x1) -> (image: 28x28x1) {
        encoder: conv(8, 3x3, stride = 2, padding = 1), relu => 14x14x8;
        decoder: conv_transpose(1, 3x3, stride = 2, padding = 1), sigmoid;
    }
}

fn main() {}
