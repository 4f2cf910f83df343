use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        let (wide, narrow) = (32, 16);
        conv(wide, 3x3), relu;
        conv(narrow, 3x3), relu;
        let [first, second] = [8, 4];
        conv(first, 3x3), relu;
        conv(second, 3x3), relu;
        flatten, linear(10);
    }

    pub struct Other(image: 32x32x3) -> 10 {
        let widths = [32, 16];
        let (wide, narrow) = widths;
        conv(wide, 3x3), relu;
        conv(narrow, 3x3), relu;
        flatten, linear(10);
    }
}

fn main() {}
