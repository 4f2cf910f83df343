use shapewise::network;

network! {
    pub struct Net(image: 14x14x512) -> 196x512 {
        attend: attention(8);
    }
}

fn main() {}
