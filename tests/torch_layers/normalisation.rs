//! Normalisations.

use super::compare::Family;
use super::row::{Mapped, Row};

pub(crate) const FAMILY: Family = Family {
    name: "normalisation",
    map,
    rejections: &[],
};

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        _ => None,
    }
}
