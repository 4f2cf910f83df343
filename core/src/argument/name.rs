//! Names of arguments, compared as numbers.

/// The name of an argument with the number that stands for it: const evaluation
/// compares numbers many times faster than texts.
///
/// A rule names what it reads as a constant, which const evaluation finds once
/// and not for each layer.
///
/// ```
/// use shapewise_core::catalogue::{Args, Name};
/// use shapewise_core::{Value, layers};
///
/// const BIAS: Name = Name::new("bias");
/// const FEATURES: Name = Name::new("features");
///
/// let args = Args::new(layers::linear, &[("features", Value::Int(10))]);
/// assert_eq!(args.get(FEATURES), Value::Int(10));
/// assert!(args.bool(BIAS), "the default");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: &'static str,
    pub(crate) key: u64,
}

impl Name {
    /// The name of this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        let key = key(text);
        Self { text, key }
    }
}

/// A [`Name`] as a constant: `args.bool(name!("bias"))`.
macro_rules! name {
    ($text:literal) => {
        const { $crate::argument::Name::new($text) }
    };
}
pub(crate) use name;

/// A number for a name, no other name of the same layer having it: FNV-1a, of
/// four letters at once where there are as many.
pub(crate) const fn key(name: &str) -> u64 {
    let mut key: u64 = 0xcbf2_9ce4_8422_2325;
    let mut rest = name.as_bytes();
    loop {
        let (letters, after) = match rest {
            [a, b, c, d, after @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), after),
            [a, after @ ..] => (*a as u32, after),
            // The last bits, by which the index goes, are then of all letters.
            [] => return key ^ (key >> 32),
        };
        key = (key ^ letters as u64).wrapping_mul(0x0100_0000_01b3);
        rest = after;
    }
}
