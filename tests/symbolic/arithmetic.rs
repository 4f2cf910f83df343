//! What rustc calculates is what the macro calculates.

use shapewise::Network;

/// A network with a layer for each operator and function, as wide as its result.
macro_rules! layers {
    ($a:expr, $b:expr) => {{
        ::shapewise::network! {
            struct Net(x: 1) -> (y: 1) {
                linear($a + $b), linear($a - $b), linear($a * $b), linear($a * $b / $b);
                linear($a % $b + 1), linear((0 - $a) % $b + $b);
                linear(1 << $b >> $b - 8), linear(($a << $b) >> $b), linear($b - ((0 - $a) >> 1));
                linear(div_floor($a, $b) + 1), linear(div_ceil($a, $b));
                linear(1 - div_floor(0 - $a, $b)), linear(1 - div_ceil($a, 0 - $b));
                linear(min($a, 0 - $b) + $b + 1), linear(max($a, 0 - $b));
                linear(1);
            }
        }
        Net::GRAPH.values()
    }};
}

#[test]
fn every_operation_is_the_same_to_rustc() {
    macro_rules! same {
        ($($a:literal, $b:literal;)+) => {$({
            const A: usize = $a;
            const B: usize = $b;
            let (known, calculated) = (layers!($a, $b), layers!(A, B));
            assert_eq!(known, calculated, "{A}, {B}");
        })+};
    }
    same! {
        9, 8;
        64, 11;
        65, 16;
        1001, 40;
    }
}
