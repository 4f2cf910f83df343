use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        #[cfg(test)]
        extra: dropout(0.5);
        fc: flatten, linear(10);
    }
}

fn main() {}
