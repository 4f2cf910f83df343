//! The facade under another name, and modules called as the crates that
//! generated code speaks to.

#![allow(dead_code, reason = "what is declared here only has to compile")]

/// Not the crate.
pub mod core {}
/// Not the crate.
pub mod std {}
/// Not the crate.
pub mod shapewise {}

sw::network! {
    pub struct Renamed(image: 28x28x1) -> (classes: 10) {
        features: {
            conv1: conv(6, 5x5, padding = 2), batch_norm, relu;
            pool1: avg_pool(2x2, stride = 2);
        }
        fc: flatten, linear(10), softmax;
        assert params <= 61K;
    }
}

const _: () = assert!(Renamed::FEATURES_CONV1.params == 168);

/// Names of the prelude and of generated code, as something else.
pub mod shadowed {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Clone;
    pub struct Copy;
    pub struct Debug;
    pub struct Shape;
    pub struct Stage;
    pub struct Graph;
    pub struct Network;
    pub struct Summary;
    pub struct Counts;
    pub struct Value;
    #[allow(non_camel_case_types)]
    pub struct u64;
    #[allow(non_camel_case_types)]
    pub struct usize;
    #[allow(non_camel_case_types)]
    pub struct str;

    sw::network! {
        pub struct AmongThem(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
    }

    /// A network may be called as what is generated beside it.
    pub mod names {
        sw::network! {
            pub struct Program(x: 4) -> 2 { trace: linear(2); }
            pub struct Graph(x: 4) -> 2 { graph1: linear(2); }
            pub struct Network(x: 4) -> 2 { network: linear(2); }
            pub struct Stage(x: 4) -> 2 { shape: linear(2); }
        }
    }
}

/// Blocks, under names of others.
pub mod blocks {
    sw::network! {
        pub block Some(width) { conv(width, 1x1), relu; }
        block Result() { relu; }
    }
    /// Again.
    pub mod again {
        pub use super::Some as Vec;
    }
}

sw::network! {
    use self::blocks::again::Vec;
    pub struct Used(image: 28x28x1) -> (map: 28x28x4) { Vec(4); }
}
