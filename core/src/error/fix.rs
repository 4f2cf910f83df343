//! What to write instead of what does not fit.

use crate::extents::Extents;
use crate::value::Value;

/// A change to a layer that may make it fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fix {
    /// No change.
    None,
    /// Give the argument this value.
    Set {
        /// The argument.
        argument: &'static str,
        /// Its new value.
        value: Value,
    },
    /// Put this unit before the layer.
    Before(&'static str),
    /// Write this layer instead: its name, with the first argument's value
    /// kept and `kernel` added where one is given.
    Instead {
        /// The other layer.
        layer: &'static str,
        /// Its kernel.
        kernel: Extents,
    },
}

/// The fix that gives one argument a value.
pub(super) const fn set(argument: &'static str, value: Value) -> Fix {
    Fix::Set { argument, value }
}

/// A number per axis, as kernels are written.
pub(super) const fn extents(extents: Extents) -> Value {
    Value::Extents(extents)
}

/// One number where all axes have the same, else the list.
pub(super) const fn uniform(extents: Extents) -> Value {
    let mut axis = 1;
    while axis < extents.len() {
        if extents.at(axis) != extents.at(0) {
            return Value::Extents(extents);
        }
        axis += 1;
    }
    Value::Int(extents.at(0) as u64)
}
