//! What of each position is cached while a sequence is continued.

use crate::analysis::{Flow, Life, Placed};
use crate::layer::Layer;
use crate::layer::kept::Cache;
use crate::layer::merge::Merge;
use crate::layer::other::Other;
use crate::layer::receptive::{Along, Moved, Reach, Receptive};

/// Layers asked for their cache, one after the other.
///
/// A `kv_cache` says what is cached. An attention whose keys and values are made of that,
/// position by position, has no others; every other attention caches its own.
pub(super) struct Caches {
    /// Whether there was a `kv_cache`. Before the first one, nobody asks what a value is made of.
    any: bool,
}

impl Caches {
    pub(super) const NONE: Self = Self { any: false };

    /// What the next layer caches. `places` has a place per value, of which nothing else is asked
    /// meanwhile.
    pub(super) const fn next(
        &mut self,
        flow: &Flow<'_>,
        node: &Placed<'_>,
        places: &mut [Life],
    ) -> Cache {
        let layer = node.layer();
        let cached = matches!(layer, Layer::Other(Other::KvCache { .. }));
        if cached && !self.any {
            self.any = true;
            let mut value = 0;
            while value < flow.values() {
                places[value].last = NOT;
                value += 1;
            }
        }
        if !self.any {
            return layer.cache();
        }
        let made = cached || enter(node, places) && is_by_position(flow, node);
        let mut value = node.output();
        while value < node.end() {
            places[value].last = if made { MADE } else { NOT };
            value += 1;
        }
        match layer {
            Layer::Attention(attention) => match attention.keys_and_values() {
                Some([keys, values])
                    if places[node.input(keys)].last == MADE
                        && places[node.input(values)].last == MADE =>
                {
                    Cache::NOTHING
                }
                _ => attention.cache(),
            },
            _ => layer.cache(),
        }
    }
}

/// What stands in the place of a value that can be made of what is cached.
const MADE: usize = 1;

/// What stands in the place of any other.
const NOT: usize = 0;

/// Whether all that enters a layer can be made of what is cached.
const fn enter(node: &Placed<'_>, places: &[Life]) -> bool {
    let mut k = 0;
    while k < node.inputs() {
        if places[node.input(k)].last != MADE {
            return false;
        }
        k += 1;
    }
    node.inputs() > 0
}

/// Whether a layer looks at each position for itself, or moves elements only.
const fn is_by_position(flow: &Flow<'_>, node: &Placed<'_>) -> bool {
    match node.layer() {
        Layer::ShapeOp(_) | Layer::Merge(Merge::Concat { .. } | Merge::Stack) => true,
        layer => {
            let shapes = flow.gather_few(node);
            let mut k = 0;
            while k < node.inputs() {
                if k == shapes.len() || !sees_itself(&layer.receptive(&shapes, k)) {
                    return false;
                }
                k += 1;
            }
            true
        }
    }
}

/// Whether a position sees none of the others.
const fn sees_itself(receptive: &Receptive) -> bool {
    match receptive {
        Receptive::Whole => false,
        Receptive::Axes(along) => matches!(
            along[0],
            Along {
                reach: Reach::Steps {
                    stride: 1,
                    per: 1,
                    span: 0,
                    lead: 0
                },
                moved: Moved::By(0),
            }
        ),
    }
}
