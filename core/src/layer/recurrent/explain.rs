//! How the figures of recurrent layers come about.

use core::fmt;

use super::{Biases, Recurrent};
use crate::layer::explain::{Figured, Lines};
use crate::number::Grouped;
use crate::shape::Shape;

pub(super) fn explain(
    recurrent: &Recurrent,
    inputs: &[Shape],
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let width = recurrent.width();
    if width != recurrent.state() {
        lines.output("features", format_args!("2*{}", recurrent.state()), width)?;
    }
    if recurrent.layers == 1 {
        parameters(recurrent, 0, "parameters", lines)?;
    } else {
        parameters(recurrent, 0, "parameters of layer 0", lines)?;
        parameters(recurrent, 1, "parameters of each later layer", lines)?;
    }
    if let (Ok(weights), Ok(macs)) = (recurrent.weights(), recurrent.macs(inputs)) {
        let length = inputs[0].extents().at(0);
        let formula = format_args!("{length}*{}", Grouped(weights));
        lines.tell(Figured::Macs, "MACs", formula, Grouped(macs))?;
    }
    Ok(())
}

/// One line: `parameters: 2*(4*256*(128 + 256) + 2*4*256) = 790,528`.
fn parameters(
    recurrent: &Recurrent,
    layer: usize,
    name: &str,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let Ok(weights) = recurrent.layer_weights(layer) else {
        return Ok(());
    };
    let (gates, features) = (recurrent.gates(), recurrent.features);
    let product = Gated { gates, features };
    let vectors: u64 = match recurrent.biases {
        Biases::None => 0,
        Biases::Single => 1,
        Biases::Double => 2,
    };
    let (entering, state) = (recurrent.entering(layer), recurrent.state());
    let one = fmt::from_fn(|f| {
        write!(f, "{product}*({entering} + {state})")?;
        match vectors {
            0 => {}
            1 => write!(f, " + {product}")?,
            _ => write!(f, " + {vectors}*{product}")?,
        }
        match recurrent.projection {
            Some(projection) => write!(f, " + {projection}*{features}"),
            None => Ok(()),
        }
    });
    let formula = fmt::from_fn(|f| match recurrent.bidirectional {
        true => write!(f, "2*({one})"),
        false => write!(f, "{one}"),
    });
    let biases = vectors.saturating_mul((gates * features) as u64);
    let params = weights
        .saturating_add(biases)
        .saturating_mul(recurrent.directions() as u64);
    lines.tell(Figured::Params, name, formula, Grouped(params))
}

/// The rows of a layer's weights: `4*256`, `64` where there is one gate.
struct Gated {
    gates: usize,
    features: usize,
}

impl fmt::Display for Gated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.gates {
            1 => write!(f, "{}", self.features),
            gates => write!(f, "{gates}*{}", self.features),
        }
    }
}
