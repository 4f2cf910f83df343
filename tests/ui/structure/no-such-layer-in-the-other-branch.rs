use shapewise::network;

network! {
    pub struct Net(x: 8) -> 8 {
        let wide = false;
        if wide {
            liner(64), relu;
        }
        fc: linear(8);
    }
}

fn main() {}
