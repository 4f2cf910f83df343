use shapewise::network;

network! {
    block Part(half) {
        conv(8, 3x3, padding = half), relu;
    }

    /// The same word is no mistake.
    block Fine(half, width) { conv(width, 3x3, padding = half); }

    pub struct Net(image: 32x32x3) -> 10 {
        Part(1), Fine(half, 8);
        same: conv(8, 3x3);
        conv(8, 3x3, padding = same);
        flatten, linear(10);
    }

    pub struct Taken(image: 32x32x3) -> 10 {
        let zeros = 2;
        pad(1, mode = zeros), conv(zeros, 3x3);
        flatten, linear(10);
    }
}

fn main() {}
