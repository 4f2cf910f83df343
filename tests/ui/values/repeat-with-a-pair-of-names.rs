use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        let widths = [8, 16];
        repeat (i, width) in widths { conv(width, 3x3, dilation = i + 1); }
        conv(widths[-1], 3x3);
        conv(widths.len(), 3x3);
        conv(widths, 3x3);
        repeat 2 { repeat relu in 0..2 { conv(8, 3x3); } }
        flatten, linear(10);
    }
}

fn main() {}
