//! Networks written by macros of the user's own: shapes, numbers, labels and
//! whole layers come in groups that cannot be seen.

use shapewise::network;

macro_rules! tokens {
    ($(#[$meta:meta])* $vis:vis $name:ident, $label:ident, $shape:tt, $kernel:tt, $channels:tt, $out:tt) => {
        network! {
            $(#[$meta])*
            $vis struct $name(image: $shape) -> (classes: $out) {
                $label: conv($channels, $kernel, padding = 2), relu;
                flatten, linear($out);
            }
        }
    };
}

tokens!(
    /// By token trees.
    pub ByTokens, first, 28x28x1, 5x5, 6, 10
);

macro_rules! literals {
    ($name:ident, $shape:literal, $kernel:literal, $channels:literal, $rate:literal, $out:literal) => {
        network! {
            pub struct $name(image: $shape) -> (classes: $out) {
                conv1: conv($channels, $kernel, padding = 2), dropout($rate) => [28, 28, $channels];
                flatten, linear($out);
                assert params <= $channels * 10K;
            }
        }
    };
}

literals!(ByLiterals, 28x28x1, 5x5, 6, 0.5, 10);

macro_rules! expressions {
    ($name:ident, $shape:expr, $kernel:expr, $channels:expr, $bias:expr, $out:expr) => {
        network! {
            pub struct $name(image: $shape) -> (classes: $out) {
                conv1: conv($channels, $kernel, padding = 2, bias = $bias);
                flatten, linear(2 * $out), linear($out);
            }
        }
    };
}

expressions!(ByExpressions, 28x28x1, 5x5, 2 + 4, true, 10);
// An expression stays whole: this is 2 * (2 + 3).
expressions!(Precedence, [28, 28, 1], 5x5, 6, false, 2 + 3);

macro_rules! layers {
    ($name:ident { $($layer:ident)* } $($body:tt)*) => {
        network! {
            pub struct $name(image: 28x28x1) -> (classes: 10) {
                flatten $(, $layer)*;
                $($body)*
            }
        }
    };
}

layers!(ByLayers { relu softmax } head: linear(10););

macro_rules! nested {
    ($shape:literal) => {
        tokens!(ThroughTwo, second, $shape, 5x5, 6, 10);
    };
}

nested!(28x28x1);

const _: () = {
    assert!(ByTokens::FIRST.params == 156);
    assert!(ByLiterals::CONV1.params == 156);
    assert!(ByExpressions::CONV1.params == 156);
    assert!(Precedence::CONV1.params == 150);
    assert!(Precedence::PARAMS == 150 + (28 * 28 * 6 * 10 + 10) + 55);
    assert!(ByLayers::HEAD.params == 7_850);
    assert!(ThroughTwo::SECOND.params == 156);
};

macro_rules! blocks {
    ($vis:vis $block:ident($width:ident) { $($body:tt)* } $name:ident) => {
        network! {
            $vis block $block($width) { $($body)* }
            pub struct $name(image: 28x28x1) -> (map: 28x28x4) { $block(4); }
        }
    };
}

blocks!(pub First(width) { conv(width, 1x1), relu; } OfFirst);
blocks!(Second(width) { conv(width, 1x1), tanh; } OfSecond);

macro_rules! used {
    ($($path:ident)::+, $name:ident) => {
        network! {
            use $($path)::+;
            pub struct $name(image: 28x28x1) -> (map: 28x28x2) { First(2); }
        }
    };
}

used!(self::First, UsedFirst);
