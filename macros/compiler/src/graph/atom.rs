//! The values that only rustc knows, and what the macro takes them for.

use proc_macro2::{Ident, Span, TokenStream};

use crate::ordered::Set;
use crate::report::Place;

/// A value that the user wrote and only rustc knows.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Its tokens as text: the same tokens are the same value.
    pub key: String,
    /// As it is shown.
    pub text: String,
    /// What rustc evaluates.
    pub tokens: TokenStream,
    /// Where it is written first.
    pub place: Place,
    /// The types that it is used as.
    pub types: Set<AtomType>,
    /// Whether it is a const generic of the network.
    pub generic: bool,
    /// Whether it is a `bool` generic.
    pub boolean: bool,
    /// The default of the generic, where it is a literal.
    pub default: Option<i128>,
}

/// The type that an atom has where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtomType {
    /// `usize`
    Int,
    /// `bool`
    Bool,
    /// `f64`
    Float,
}

impl AtomType {
    /// The associated constant that holds the atom as this type.
    pub fn constant(self, atom: usize) -> Ident {
        let suffix = match self {
            Self::Int => "",
            Self::Bool => "_BOOL",
            Self::Float => "_FLOAT",
        };
        Ident::new(
            &format!("SHAPEWISE_SYMBOL_{atom}{suffix}"),
            Span::mixed_site(),
        )
    }
}

/// What the atoms are in a world: by its number, unless they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The number of the world.
    pub number: usize,
    /// The first atoms, where they were chosen otherwise.
    pub chosen: Vec<i128>,
}

impl Choice {
    /// The world of a number.
    pub(crate) fn numbered(number: usize) -> Self {
        Self {
            number,
            chosen: Vec::new(),
        }
    }

    /// What an atom is.
    pub fn value(&self, index: usize, atom: &Atom) -> i128 {
        if atom.boolean {
            let default = atom.default.unwrap_or(0);
            return (default + i128::from(self.number >> (index % 3) & 1 == 1)) % 2;
        }
        match self.chosen.get(index) {
            Some(value) => *value,
            None => candidate(self.number, index, atom.default),
        }
    }
}

/// What an atom is in a world. In the first world it is its default; atoms
/// differ from each other, and among the worlds are such with small, large, odd
/// and highly divisible numbers, in ascending and descending order.
pub(crate) fn candidate(world: usize, atom: usize, default: Option<i128>) -> i128 {
    const COMMON: [i128; 16] = [
        64, 32, 96, 128, 48, 160, 192, 224, 80, 112, 144, 176, 208, 240, 256, 288,
    ];
    const PRIMES: [i128; 16] = [
        1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069, 1087, 1091, 1093,
        1097,
    ];
    let place = i128::try_from(atom).unwrap_or(0);
    let power = atom % 12;
    // Beyond the lists, atoms differ still.
    let beyond = i128::try_from(atom / 12).unwrap_or(0) * 5040;
    match (world, default) {
        (0, Some(default)) => default,
        (1, Some(default)) => default * 2,
        (2, Some(default)) => default * 4,
        (3, Some(default)) => default * if atom.is_multiple_of(2) { 3 } else { 1 },
        (4, Some(default)) => default + place + 1,
        (0, None) => COMMON[atom % 16] + place / 16 * 320,
        (1, None) => (4 << power) + beyond,
        (2, None) => (8192 >> power) + beyond,
        (3, None) => PRIMES[atom % 16] + place / 16 * 1024,
        (4, None) => (6 << power) + beyond,
        (5, _) => (12288 >> power) + beyond,
        (6, _) => place * 2 + 3,
        (7, _) => place + 1,
        (8, _) => 24 - place % 24 + beyond,
        (9, _) => PRIMES[atom % 16] * 2 + place / 16 * 1024,
        _ => {
            // Numbers with many divisors, in an order of their own per world.
            const MANY: [i128; 16] = [
                1, 2, 3, 4, 6, 8, 12, 16, 24, 48, 64, 96, 192, 384, 768, 1536,
            ];
            let mixed = (atom * (2 * (world % 8) + 1) + world * 5 + world / 8) % 16;
            MANY[mixed] + place / 16 * 5040
        }
    }
}
