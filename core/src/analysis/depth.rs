//! How deep a network is.

use super::Flow;
use crate::layer::{Layer, Role};

/// The most weighted layers on any path from an input: layers that multiply
/// what comes in with learned weights (convolutions, linear, recurrent and
/// attention layers), as papers count the depth that is in a network's name.
/// Normalisations and tables of vectors are none.
///
/// `places` has a place per value.
///
/// # Panics
///
/// With fewer places than values.
pub const fn depth(flow: &Flow<'_>, places: &mut [usize]) -> usize {
    let mut value = 0;
    while value < flow.inputs() {
        places[value] = 0;
        value += 1;
    }
    let mut deepest = 0;
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let mut depth = 0;
        let mut k = 0;
        while k < node.inputs() {
            let before = places[node.input(k)];
            if before > depth {
                depth = before;
            }
            k += 1;
        }
        if multiplies_weights(node.layer(), node.macs()) {
            depth += 1;
        }
        let mut value = node.output();
        while value < node.end() {
            places[value] = depth;
            value += 1;
        }
        if depth > deepest {
            deepest = depth;
        }
        i += 1;
    }
    deepest
}

/// Whether a layer that costs so much multiplies its input with learned weights.
const fn multiplies_weights(layer: &Layer, macs: u64) -> bool {
    let mut index = 0;
    while let Some(tensor) = layer.tensor(index) {
        if matches!(tensor.role, Role::Weight) {
            return macs > 0;
        }
        index += 1;
    }
    false
}
