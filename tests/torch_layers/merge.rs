//! Merges, and what works on two values.

use super::compare::Family;
use super::row::{Mapped, Row};

pub(crate) const FAMILY: Family = Family {
    name: "merge",
    map,
    rejections: &[],
};

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "CosineSimilarity" => Some(Err("no layer compares two values by their angle")),
        _ => None,
    }
}
