use shapewise::network;

network! {
    pub struct Net(image: 8x8x4) -> 8x8x4 {
        stack: repeat 3 {
            skip: conv(4, 3x3, padding = half), relu;
        }
        add(_, stack.{3}.skip);
    }
}

fn main() {}
