//! Matrices whose shape does not tell how they are stored.

use std::collections::HashMap;

use crate::compare::pairs::Pairs;
use crate::compare::wanted::Wanted;
use crate::reading::Reading;

/// Whether matrices are stored transposed, by the path of what they are in: true where one
/// of them is.
pub(super) struct Orientation<'a> {
    within: HashMap<&'a str, bool>,
}

impl<'a> Orientation<'a> {
    /// What the matrices tell that are not square.
    pub(super) fn of(pairs: &Pairs<'a>) -> Self {
        let mut within: HashMap<&str, bool> = HashMap::new();
        for (index, wanted) in pairs.wanted.iter().enumerate() {
            let Some((tensor, _)) = pairs.found_for(index) else {
                continue;
            };
            let Some(transposed) = wanted.seems_transposed(tensor.shape()) else {
                continue;
            };
            for path in around(&wanted.layer) {
                *within.entry(path).or_default() |= transposed;
            }
        }
        // Where none is, there is nothing to look for.
        if !within.values().any(|transposed| *transposed) {
            within.clear();
        }
        Self { within }
    }

    /// Whether a matrix is square, taken as it is, and nearest to others of which one is
    /// transposed.
    pub(super) fn doubts(&self, wanted: &Wanted, reading: &Reading) -> bool {
        if self.within.is_empty() || !wanted.is_square() || wanted.transposed {
            return false;
        }
        let mut nearest = around(&wanted.layer).filter_map(|path| self.within.get(path));
        nearest.next() == Some(&true) && !wanted.is_meant_by(&reading.upright)
    }
}

/// The paths that a layer is in, the innermost first: `h.0.attn`, `h.0`, `h`, and the network.
fn around(layer: &str) -> impl Iterator<Item = &str> {
    let dots = layer.rmatch_indices('.');
    dots.map(|(dot, _)| &layer[..dot]).chain([""])
}

/// The patterns that no matrix of the definition matches.
pub(super) fn idle<'a>(
    wanted: &'a [Wanted],
    reading: &'a Reading,
) -> impl Iterator<Item = &'a String> {
    let patterns = reading.transposed.iter().chain(&reading.upright);
    patterns.filter(|pattern| {
        let alone = std::slice::from_ref(*pattern);
        !wanted.iter().any(|wanted| wanted.is_meant_by(alone))
    })
}
