//! How the figures of recurrent layers come about.

use core::fmt;

use super::{Biases, Recurrent};
use crate::number::Grouped;
use crate::shape::Shape;

pub(super) fn explain(
    recurrent: &Recurrent,
    inputs: &[Shape],
    f: &mut dyn fmt::Write,
) -> fmt::Result {
    let width = recurrent.width();
    if width != recurrent.state() {
        writeln!(f, "features: 2*{} = {width}", recurrent.state())?;
    }
    if recurrent.layers == 1 {
        parameters(recurrent, 0, "parameters", f)?;
    } else {
        parameters(recurrent, 0, "parameters of layer 0", f)?;
        parameters(recurrent, 1, "parameters of each later layer", f)?;
    }
    if let (Ok(weights), Ok(macs)) = (recurrent.weights(), recurrent.macs(inputs)) {
        let length = inputs[0].extents().at(0);
        writeln!(f, "MACs: {length}*{} = {}", Grouped(weights), Grouped(macs))?;
    }
    Ok(())
}

/// One line: `parameters: 2*(4*256*(128 + 256) + 2*4*256) = 790,528`.
fn parameters(
    recurrent: &Recurrent,
    layer: usize,
    name: &str,
    f: &mut dyn fmt::Write,
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
    write!(f, "{name}: ")?;
    if recurrent.bidirectional {
        f.write_str("2*(")?;
    }
    write!(
        f,
        "{product}*({} + {})",
        recurrent.entering(layer),
        recurrent.state()
    )?;
    match vectors {
        0 => {}
        1 => write!(f, " + {product}")?,
        _ => write!(f, " + {vectors}*{product}")?,
    }
    if let Some(projection) = recurrent.projection {
        write!(f, " + {projection}*{features}")?;
    }
    if recurrent.bidirectional {
        f.write_str(")")?;
    }
    let biases = vectors.saturating_mul((gates * features) as u64);
    let params = weights
        .saturating_add(biases)
        .saturating_mul(recurrent.directions() as u64);
    writeln!(f, " = {}", Grouped(params))
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
