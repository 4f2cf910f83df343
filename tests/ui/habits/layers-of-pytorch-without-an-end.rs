use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> (classes: 10) {
        nn.Conv2d(3, 64, kernel_size=3, padding=1),
        nn.LeakyReLU(0.1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16384, 10),
    }
}

fn main() {}
