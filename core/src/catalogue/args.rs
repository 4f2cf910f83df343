//! The arguments of a layer as its rule reads them.

use crate::catalogue::Entry;
use crate::error::Error;
use crate::extents::{Extents, Sides};
use crate::layer::Kind;
use crate::shape::Shape;
use crate::text::same;
use crate::value::Value;

/// The most arguments that a layer has.
pub(crate) const MAX_ARGUMENTS: usize = 32;

/// A number for a name, no other name of the same layer having it: const
/// evaluation compares numbers many times faster than texts (FNV-1a).
pub(super) const fn key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut key: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        key = (key ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    key
}

/// The arguments of one layer in one network, as its rule reads them: what was
/// written, else the catalogue's default.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    entry: &'a Entry,
    given: &'a [(&'static str, Value)],
    /// The [`key`]s of what is given, in its order.
    keys: [u64; MAX_ARGUMENTS],
}

impl<'a> Args<'a> {
    /// The arguments `given` to `entry`.
    #[must_use]
    pub const fn new(entry: &'a Entry, given: &'a [(&'static str, Value)]) -> Self {
        let mut keys = [0; MAX_ARGUMENTS];
        let mut i = 0;
        while i < given.len() && i < MAX_ARGUMENTS {
            keys[i] = key(given[i].0);
            i += 1;
        }
        Self { entry, given, keys }
    }

    /// The rules of the layer.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.entry.kind
    }

    /// Whether everything written is known and of the right type, and everything
    /// required is written.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], and those of [`Argument::check`](crate::catalogue::Argument::check).
    pub const fn check(&self) -> Result<(), Error> {
        let mut i = 0;
        while i < self.given.len() && i < MAX_ARGUMENTS {
            if let Some(argument) = self.entry.argument_by_key(self.keys[i])
                && let Err(error) = argument.check(self.given[i].1)
            {
                return Err(error);
            }
            i += 1;
        }
        let mut i = 0;
        while i < self.entry.arguments.len() {
            let argument = &self.entry.arguments[i];
            if argument.required && self.given(argument.key).is_none() {
                return Err(Error::Missing {
                    argument: argument.name,
                });
            }
            i += 1;
        }
        Ok(())
    }

    /// The value of an argument: written, default, or [`Value::None`].
    #[must_use]
    pub const fn get(&self, name: &str) -> Value {
        let key = key(name);
        if let Some(value) = self.given(key) {
            return value;
        }
        match self.entry.argument_by_key(key) {
            Some(argument) => argument.default,
            None => Value::None,
        }
    }

    const fn given(&self, key: u64) -> Option<Value> {
        let mut i = 0;
        while i < self.given.len() && i < MAX_ARGUMENTS {
            if self.keys[i] == key {
                return Some(self.given[i].1);
            }
            i += 1;
        }
        None
    }

    /// Whether the argument has a value, written or by default.
    #[must_use]
    pub const fn has(&self, name: &str) -> bool {
        !matches!(self.get(name), Value::None)
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::Overflow`] for one beyond
    /// `usize`.
    pub const fn int(&self, name: &'static str) -> Result<usize, Error> {
        match self.get(name) {
            Value::Int(value) => to_usize(value),
            _ => Err(Error::Missing { argument: name }),
        }
    }

    /// A truth value; `false` without one.
    #[must_use]
    pub const fn bool(&self, name: &str) -> bool {
        matches!(self.get(name), Value::Bool(true))
    }

    /// A number with a point; 0 without one.
    #[must_use]
    pub const fn float(&self, name: &str) -> f64 {
        match self.get(name) {
            Value::Float(value) => value,
            #[expect(clippy::cast_precision_loss, reason = "a small number as a float")]
            Value::Int(value) => value as f64,
            _ => 0.0,
        }
    }

    /// Whether the argument is this word.
    #[must_use]
    pub const fn is(&self, name: &str, word: &str) -> bool {
        matches!(self.get(name), Value::Keyword(value) if same(value, word))
    }

    /// An extent per spatial axis; a single number serves all axes.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::AxisCount`] for a list of
    /// another length.
    pub const fn per_axis(&self, name: &'static str, input: &Shape) -> Result<Extents, Error> {
        match self.get(name) {
            Value::Int(value) => match to_usize(value) {
                Ok(value) => Ok(Extents::splat(value, input.spatial_rank())),
                Err(error) => Err(error),
            },
            _ => self.extents(name, input),
        }
    }

    /// An extent per spatial axis, every one written: a kernel. A single number
    /// serves a sequence only.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a value, [`Error::AxisCount`] for a list of
    /// another length.
    pub const fn extents(&self, name: &'static str, input: &Shape) -> Result<Extents, Error> {
        let extents = match self.get(name) {
            Value::Extents(extents) => extents,
            Value::Int(value) => match to_usize(value) {
                Ok(value) => Extents::new(&[value]),
                Err(error) => return Err(error),
            },
            _ => return Err(Error::Missing { argument: name }),
        };
        if extents.len() == input.spatial_rank() {
            Ok(extents)
        } else {
            Err(Error::AxisCount {
                argument: name,
                given: extents,
                input: *input,
            })
        }
    }

    /// The place, among the layer's inputs, of the value given for an argument.
    #[must_use]
    pub const fn place(&self, name: &str) -> Option<usize> {
        match self.get(name) {
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
    pub const fn sides(&self, name: &'static str, input: &Shape) -> Result<Sides, Error> {
        match self.get(name) {
            Value::Sides(sides) if sides.len() == input.spatial_rank() => Ok(sides),
            Value::Sides(sides) => Err(Error::AxisCount {
                argument: name,
                given: sides.before(),
                input: *input,
            }),
            Value::Int(_) | Value::Extents(_) => match self.per_axis(name, input) {
                Ok(both) => Ok(Sides::symmetric(both)),
                Err(error) => Err(error),
            },
            _ => Ok(Sides::none(input.spatial_rank())),
        }
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
}
