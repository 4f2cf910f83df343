//! The arguments of a layer as its rule reads them.

use super::{Entry, Kind};
use crate::argument::{Name, key};
use crate::error::{Error, attempt};
use crate::extents::{Extents, Sides};
use crate::shape::Shape;
use crate::text::same;
use crate::value::{Equation, Value};

/// The most arguments that a layer has.
pub(crate) const MAX_ARGUMENTS: usize = 52;

/// The arguments of one layer in one network, as its rule reads them: what was
/// written, else the catalogue's default.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    entry: &'a Entry,
    /// What is written for each of the entry's arguments, and after them for `in`.
    written: [Option<&'a Value>; MAX_ARGUMENTS],
    /// How many are written of those that must be.
    required: usize,
}

impl<'a> Args<'a> {
    /// The arguments `given` to `entry`. They are not checked.
    #[must_use]
    pub const fn new(entry: &'a Entry, given: &'a [(&'static str, Value)]) -> Self {
        let mut args = Self::none(entry);
        let mut rest = given;
        while let [(name, value), after @ ..] = rest {
            if let Some(place) = entry.index.find(key(name)) {
                args.write(place, value);
            }
            rest = after;
        }
        args
    }

    /// The arguments `given` to `entry`, everything written being of the right
    /// type, and everything required being written.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], and those of [`Argument::check`](crate::catalogue::Argument::check).
    pub(crate) const fn checked(
        entry: &'a Entry,
        given: &'a [(&'static str, Value)],
    ) -> Result<Self, Error> {
        let mut args = Self::none(entry);
        let mut rest = given;
        while let [(name, value), after @ ..] = rest {
            if let Some(place) = entry.index.find(key(name)) {
                attempt!(entry.check(place, value));
                args.write(place, value);
            }
            rest = after;
        }
        args.complete()
    }

    /// [`Args::checked`] of arguments that are given by their places.
    ///
    /// # Errors
    ///
    /// As [`Args::checked`].
    pub(crate) const fn checked_at(
        entry: &'a Entry,
        given: &'a [(usize, Value)],
    ) -> Result<Self, Error> {
        let mut args = Self::none(entry);
        let mut rest = given;
        while let [(place, value), after @ ..] = rest {
            attempt!(entry.check(*place, value));
            args.write(*place, value);
            rest = after;
        }
        args.complete()
    }

    const fn none(entry: &'a Entry) -> Self {
        Self {
            entry,
            written: [None; MAX_ARGUMENTS],
            required: 0,
        }
    }

    const fn write(&mut self, place: usize, value: &'a Value) {
        if self.written[place].is_none() {
            self.written[place] = Some(value);
            if place < self.entry.index.arguments && self.entry.arguments[place].required {
                self.required += 1;
            }
        }
    }

    const fn complete(self) -> Result<Self, Error> {
        let arguments = self.entry.arguments;
        let mut place = 0;
        while self.required < self.entry.index.required && place < arguments.len() {
            if arguments[place].required && self.written[place].is_none() {
                return Err(Error::Missing {
                    argument: arguments[place].name,
                });
            }
            place += 1;
        }
        Ok(self)
    }

    /// The rules of the layer.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.entry.kind
    }

    /// The declared number of input channels or features: the argument `in`,
    /// which every layer has.
    #[must_use]
    pub const fn declared(&self) -> Option<u64> {
        match self.written[self.entry.index.arguments] {
            Some(Value::Int(declared)) => Some(*declared),
            _ => None,
        }
    }

    /// The value of an argument: written, default, or [`Value::None`].
    #[must_use]
    pub const fn get(&self, name: Name) -> Value {
        *self.find(name)
    }

    const fn find(&self, name: Name) -> &Value {
        let Some(place) = self.entry.index.find(name.key) else {
            return &Value::None;
        };
        match self.written[place] {
            Some(value) => value,
            // `in` stands behind the entry's own, and has no default.
            None if place == self.entry.index.arguments => &Value::None,
            None => &self.entry.arguments[place].default,
        }
    }

    /// Whether the argument is written.
    pub(crate) const fn writes(&self, name: Name) -> bool {
        match self.entry.index.find(name.key) {
            Some(place) => self.written[place].is_some(),
            None => false,
        }
    }

    /// Whether one of the last `count` arguments of the entry is written: less work than
    /// asking for each by its name.
    pub(crate) const fn writes_last(&self, count: usize) -> bool {
        let mut place = self.entry.index.arguments;
        let first = place.saturating_sub(count);
        while place > first {
            place -= 1;
            if self.written[place].is_some() {
                return true;
            }
        }
        false
    }

    /// Whether the argument has a value, written or by default.
    #[must_use]
    pub const fn has(&self, name: Name) -> bool {
        !matches!(self.find(name), Value::None)
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::Overflow`] for one beyond
    /// `usize`.
    pub const fn int(&self, name: Name) -> Result<usize, Error> {
        match *self.find(name) {
            Value::Int(value) => to_usize(value),
            _ => Err(Error::Missing {
                argument: name.text,
            }),
        }
    }

    /// A truth value; `false` without one.
    #[must_use]
    pub const fn bool(&self, name: Name) -> bool {
        matches!(self.find(name), Value::Bool(true))
    }

    /// A number with a point; 0 without one.
    #[must_use]
    pub const fn float(&self, name: Name) -> f64 {
        match *self.find(name) {
            Value::Float(value) => value,
            #[expect(clippy::cast_precision_loss, reason = "a small number as a float")]
            Value::Int(value) => value as f64,
            _ => 0.0,
        }
    }

    /// The word that the argument is; the empty word where it is none.
    #[must_use]
    pub const fn word(&self, name: Name) -> &'static str {
        match *self.find(name) {
            Value::Keyword(word) => word,
            _ => "",
        }
    }

    /// Whether the argument is this word.
    #[must_use]
    pub const fn is(&self, name: Name, word: &str) -> bool {
        same(self.word(name), word)
    }

    /// An equation.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without one.
    pub(crate) const fn equation(&self, name: Name) -> Result<Equation, Error> {
        match *self.find(name) {
            Value::Equation(equation) => Ok(equation),
            _ => Err(Error::Missing {
                argument: name.text,
            }),
        }
    }

    /// An extent per spatial axis; a single number serves all axes.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::AxisCount`] for a list of
    /// another length.
    pub const fn per_axis(&self, name: Name, input: &Shape) -> Result<Extents, Error> {
        spread(name, self.find(name), input)
    }

    /// [`Args::per_axis`], or `default` without a value.
    ///
    /// # Errors
    ///
    /// [`Error::AxisCount`] for a list of another length.
    pub const fn per_axis_or(
        &self,
        name: Name,
        input: &Shape,
        default: Extents,
    ) -> Result<Extents, Error> {
        match self.find(name) {
            Value::None => Ok(default),
            value => spread(name, value, input),
        }
    }

    /// An extent per spatial axis, every one written: a kernel. A single number
    /// serves a sequence only.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::AxisCount`] for a list of
    /// another length.
    pub const fn extents(&self, name: Name, input: &Shape) -> Result<Extents, Error> {
        list(name, self.find(name), input)
    }

    /// The place, among the layer's inputs, of the value given for an argument.
    #[must_use]
    pub const fn place(&self, name: Name) -> Option<usize> {
        match *self.find(name) {
            Value::Input(place) => Some(place),
            _ => None,
        }
    }

    /// A number, an extent per axis or a pair per axis, as pairs; nothing
    /// without a value. Keywords are the rule's own.
    ///
    /// # Errors
    ///
    /// [`Error::AxisCount`] for a list of another length.
    pub const fn sides(&self, name: Name, input: &Shape) -> Result<Sides, Error> {
        match *self.find(name) {
            Value::Sides(sides) if sides.len() == input.spatial_rank() => Ok(sides),
            Value::Sides(sides) => Err(Error::AxisCount {
                argument: name.text,
                given: sides.before(),
                input: *input,
            }),
            ref value @ (Value::Int(_) | Value::Extents(_)) => match spread(name, value, input) {
                Ok(both) => Ok(Sides::symmetric(both)),
                Err(error) => Err(error),
            },
            _ => Ok(Sides::none(input.spatial_rank())),
        }
    }
}

/// The value of an argument on each axis, where a single number is that of all.
const fn spread(name: Name, value: &Value, input: &Shape) -> Result<Extents, Error> {
    match *value {
        Value::Int(value) => match to_usize(value) {
            Ok(value) => Ok(Extents::splat(value, input.spatial_rank())),
            Err(error) => Err(error),
        },
        _ => list(name, value, input),
    }
}

/// The value of an argument on each axis.
const fn list(name: Name, value: &Value, input: &Shape) -> Result<Extents, Error> {
    let extents = match *value {
        Value::Extents(extents) => extents,
        Value::Int(value) => match to_usize(value) {
            Ok(value) => Extents::new(&[value]),
            Err(error) => return Err(error),
        },
        _ => {
            return Err(Error::Missing {
                argument: name.text,
            });
        }
    };
    if extents.len() == input.spatial_rank() {
        Ok(extents)
    } else {
        Err(Error::AxisCount {
            argument: name.text,
            given: extents,
            input: *input,
        })
    }
}

const fn to_usize(value: u64) -> Result<usize, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "compared just after")]
    let size = value as usize;
    if size as u64 == value {
        Ok(size)
    } else {
        Err(Error::Overflow {
            what: "the argument",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argument::name;
    use crate::catalogue::entries;

    #[test]
    fn keys_tell_the_arguments_of_a_layer_apart() {
        for entry in entries() {
            assert!(entry.arguments.len() < MAX_ARGUMENTS, "{}", entry.name);
            for (i, argument) in entry.arguments.iter().enumerate() {
                assert_ne!(argument.key, key("in"), "{}", entry.name);
                let alike = entry.arguments[i + 1..]
                    .iter()
                    .find(|other| other.key == argument.key);
                assert_eq!(
                    alike.map(|other| other.name),
                    None,
                    "{}.{}",
                    entry.name,
                    argument.name
                );
            }
        }
    }

    #[test]
    fn what_is_not_declared_has_no_value() {
        for entry in entries() {
            let args = Args::new(entry, &[]);
            assert_eq!(args.get(name!("in")), Value::None, "{}", entry.name);
            assert_eq!(args.declared(), None, "{}", entry.name);
        }
        let given = [("in", Value::Int(7))];
        let args = Args::new(crate::layers::linear, &given);
        assert_eq!(
            (args.get(name!("in")), args.declared()),
            (given[0].1, Some(7))
        );
    }
}
