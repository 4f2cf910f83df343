use shapewise::network;

network! {
    pub struct Net(image: 28x28x4) -> 28x28x4 {
        both: concat {
            left: branch { conv(4, 1x1); }
            branch { conv(8, 1x1); }
        }
        head: conv(4, 1x1);
        add(left, head);
    }
}

fn main() {}
