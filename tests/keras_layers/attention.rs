//! Keras's attention layers.

use crate::Row;
use crate::frameworks::Mapped;

pub fn map(_row: &Row) -> Option<Mapped> {
    None
}
