//! Images that are written with their channels first, as PyTorch has them.

use shapewise_core::Shape;
use shapewise_core::layer::Layer;

use crate::graph::{Resolved, Warning};
use crate::syntax::tree::Network;

/// The lint that tells of them.
const LINT: &str = "channels_first";

/// Warns of inputs that look so where a layer takes them as images and everything
/// happens to fit: 1, 3 or 4 rows of as many columns as channels.
pub(super) fn warn(network: &Network, graph: &mut Resolved) {
    if network.attributes.allows(LINT) {
        return;
    }
    for (value, port) in network.inputs.iter().enumerate() {
        let Some(info) = graph.values.get(value).filter(|info| !info.symbolic) else {
            continue;
        };
        let &[first, rows, columns] = info.shape.as_slice() else {
            continue;
        };
        let looks_so = matches!(first, 1 | 3 | 4) && rows == columns && rows > first;
        let mut readers = graph.nodes.iter();
        let is_image = readers.any(|node| {
            node.step.inputs.first() == Some(&value)
                && matches!(node.layer, Layer::Convolution(_) | Layer::Pooling(_))
        });
        if looks_so && is_image {
            let message = format!(
                "`{}` is an image of {first} by {rows} with {columns} channels: the channels are written last. Where they were meant to be the {first}, write `{rows}x{columns}x{first}`; `#[allow({LINT})]` on the network allows it",
                info.shape
            );
            graph.warnings.push(Warning {
                lint: LINT,
                span: port.shape.place.first,
                message,
            });
        }
    }
}

/// Whether an expected shape is the computed one with its channels first.
pub(super) fn is_channels_first(expected: &Shape, computed: &Shape) -> bool {
    computed.rank() > 2 && expected != computed && expected.extents() == computed.channels_first()
}
