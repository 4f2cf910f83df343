use shapewise::network;

network! {
    block Stem(kernel) { conv(8, [kernel, kernel]), relu; }

    block Deep(kernel) { repeat i in 0..3 { Stem(kernel - i); } }

    block Half(width) { conv(width / 2, 3x3); }

    pub struct Net<const KERNEL: usize>(image: 8x8x3) -> (out) {
        Stem(3);
        Deep(KERNEL);
    }

    pub struct Thin<const WIDTH: usize>(image: 8x8x3) -> (out) {
        Half(WIDTH - 1);
    }

    pub struct Expecting<const WIDTH: usize>(image: 8x8x3) -> (out) {
        Told(WIDTH);
    }

    block Told(width) { conv(width, 3x3) => 6x6x8; }
}

shapewise::check!(Net::<5>);
shapewise::check!(Thin::<8>);
shapewise::check!(Expecting::<9>);

fn main() {}
