use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        fc: flatten, linear(10);
    }
}

const _: () = assert!(Net::PARAMS <= 5_000, "the budget of parameters is exceeded");

fn main() {}
