//! Writing the numbers of a [`Code`](super::Code).

use crate::entry::Entry;
use crate::entry::Kind;
use crate::extents::Extents;
use crate::graph::code::tag;
use crate::value::Value;

/// Writes numbers as bytes, which a function takes.
#[expect(missing_debug_implementations, reason = "closures have none")]
pub struct Writer<W>(pub W);

impl<W: FnMut(u8)> Writer<W> {
    /// A number.
    pub fn long(&mut self, mut number: u64) {
        while number >= 0x80 {
            (self.0)(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        (self.0)(number.to_le_bytes()[0]);
    }

    /// A `usize`.
    pub fn number(&mut self, number: usize) {
        self.long(number as u64);
    }

    /// A `usize` that is near another: small numbers are read faster.
    pub fn near(&mut self, number: usize, other: usize) {
        let difference = number.abs_diff(other);
        self.number(2 * difference + usize::from(number < other));
    }

    /// Extents, or a shape's.
    pub fn extents(&mut self, extents: &Extents) {
        self.number(extents.len());
        for extent in extents.as_slice() {
            self.number(*extent);
        }
    }

    /// What a layer is.
    pub fn kind(&mut self, kind: Kind) {
        let mut families = crate::layer::ALL.iter().enumerate();
        let place = families.find_map(|(family, of)| {
            let entry = of.entries.iter().position(|entry| entry.kind == kind)?;
            Some((family, entry))
        });
        // Every kind has an entry.
        let (family, entry) = place.unwrap_or_default();
        self.number(family);
        self.number(entry);
    }

    /// An argument of a layer.
    pub fn argument(&mut self, entry: &Entry, name: &str, value: &Value) {
        let mut places = entry.arguments.iter();
        let place = places.position(|argument| argument.name == name);
        let place = place.unwrap_or(entry.arguments.len());
        self.number(place);
        (self.0)(match value {
            Value::None => tag::NONE,
            Value::Int(_) => tag::INT,
            Value::Float(_) => tag::FLOAT,
            Value::Bool(false) => tag::FALSE,
            Value::Bool(true) => tag::TRUE,
            Value::Extents(_) => tag::EXTENTS,
            Value::Sides(_) => tag::SIDES,
            Value::Keyword(_) => tag::KEYWORD,
            Value::Range(..) => tag::RANGE,
            Value::Input(_) => tag::INPUT,
            Value::Equation(_) => tag::EQUATION,
        });
        match value {
            Value::None | Value::Bool(_) => {}
            Value::Int(number) => self.long(*number),
            Value::Float(number) => number.to_le_bytes().into_iter().for_each(&mut self.0),
            Value::Extents(extents) => self.extents(extents),
            Value::Sides(sides) => {
                self.extents(&sides.before());
                self.extents(&sides.after());
            }
            Value::Keyword(word) => {
                let argument = entry.arguments.get(place);
                let known = argument.map_or(&[][..], |argument| argument.accepts.keywords);
                let place = known.iter().position(|other| other == word);
                self.number(place.unwrap_or(known.len()));
            }
            Value::Range(start, end) => {
                self.number(*start);
                self.number(*end);
            }
            Value::Input(place) => self.number(*place),
            Value::Equation(equation) => {
                let text = equation.as_str().bytes();
                self.number(text.len());
                text.for_each(&mut self.0);
            }
        }
    }
}
