use shapewise::network;

const WIDTH: u32 = 8;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(WIDTH as usize, 3x3);
    }
}

fn main() {}
