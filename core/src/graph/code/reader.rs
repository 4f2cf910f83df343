//! Reading the numbers and texts of a [`Code`](super::Code), in const evaluation.

use crate::entry::Entry;
use crate::entry::Kind;
use crate::extents::{Extents, Sides};
use crate::graph::code::tag;
use crate::value::{Equation, Value};

/// Numbers, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    bytes: &'static [u8],
    /// Where it stands in the code.
    pub(crate) at: usize,
}

impl Reader {
    pub(super) const fn new(bytes: &'static [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A reader of so many bytes that come next, which this one passes.
    pub(super) const fn take(&mut self, length: usize) -> Self {
        let taken = Self {
            bytes: self.bytes,
            at: self.at,
        };
        self.at += length;
        taken
    }

    const fn byte(&mut self) -> u8 {
        let byte = self.bytes[self.at];
        self.at += 1;
        byte
    }

    /// The next number: seven bits a byte, the lowest first, the eighth set where
    /// more follow.
    pub(super) const fn long(&mut self) -> u64 {
        let byte = self.byte();
        if byte < 0x80 {
            return byte as u64;
        }
        let mut number = (byte & 0x7f) as u64;
        let mut shift = 7;
        loop {
            let byte = self.byte();
            number |= ((byte & 0x7f) as u64) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    /// The next number, which was a `usize`.
    pub(super) const fn number(&mut self) -> usize {
        // Nearly all are small, and each call takes const evaluation long.
        let byte = self.bytes[self.at];
        if byte < 0x80 {
            self.at += 1;
            return byte as usize;
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was one")]
        {
            self.long() as usize
        }
    }

    /// The next number, which was written as its difference to another: twice that,
    /// or where it is less twice that and one.
    pub(super) const fn near(&mut self, other: usize) -> usize {
        let number = self.number();
        if number.is_multiple_of(2) {
            other + number / 2
        } else {
            other - number / 2
        }
    }

    pub(super) const fn extents(&mut self) -> Extents {
        let rank = self.number();
        let mut extents = Extents::EMPTY;
        while extents.len < rank {
            extents.values[extents.len] = self.number();
            extents.len += 1;
        }
        extents
    }

    pub(super) const fn kind(&mut self) -> Kind {
        let family = self.number();
        crate::layer::ALL[family].entries[self.number()].kind
    }

    /// The next argument of a layer, and its place in the entry: one beyond the
    /// last for `in`.
    pub(in crate::graph) const fn argument(&mut self, entry: &Entry) -> (usize, Value) {
        let place = self.number();
        let keywords = if place < entry.arguments.len() {
            entry.arguments[place].accepts.keywords
        } else {
            &[]
        };
        (place, self.value(keywords))
    }

    const fn equation(&mut self) -> Equation {
        let length = self.number();
        let (_, bytes) = self.bytes.split_at(self.at);
        self.at += length;
        match core::str::from_utf8(bytes.split_at(length).0) {
            Ok(text) => Equation::new(text),
            Err(_) => panic!("an equation is of ASCII"),
        }
    }

    const fn value(&mut self, keywords: &[&'static str]) -> Value {
        match self.byte() {
            tag::INT => Value::Int(self.long()),
            tag::FLOAT => {
                let mut bytes = [0; 8];
                let mut i = 0;
                while i < 8 {
                    bytes[i] = self.byte();
                    i += 1;
                }
                Value::Float(f64::from_le_bytes(bytes))
            }
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::EXTENTS => Value::Extents(self.extents()),
            tag::SIDES => {
                let before = self.extents();
                Value::Sides(Sides::new(before, self.extents()))
            }
            tag::KEYWORD => Value::Keyword(keywords[self.number()]),
            tag::RANGE => {
                let start = self.number();
                Value::Range(start, self.number())
            }
            tag::INPUT => Value::Input(self.number()),
            tag::EQUATION => Value::Equation(self.equation()),
            _ => Value::None,
        }
    }
}

/// Texts, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts {
    pieces: &'static [&'static str],
    rest: &'static str,
    /// How many bytes `rest` has.
    left: usize,
}

impl Texts {
    pub(super) const fn new(pieces: &'static [&'static str]) -> Self {
        Self {
            pieces,
            rest: "",
            left: 0,
        }
    }

    /// The next piece, as one text.
    pub(super) const fn piece(&mut self) -> &'static str {
        self.pieces(1)[0]
    }

    /// The next pieces, each a text.
    pub(super) const fn pieces(&mut self, count: usize) -> &'static [&'static str] {
        let (pieces, others) = self.pieces.split_at(count);
        self.pieces = others;
        pieces
    }

    /// The next text, of so many bytes.
    pub(super) const fn next(&mut self, length: usize) -> &'static str {
        if self.left == 0
            && let [first, others @ ..] = self.pieces
        {
            self.pieces = others;
            self.rest = first;
            self.left = first.len();
        }
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.left -= length;
        text
    }
}
