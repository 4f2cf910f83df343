//! Regularisation.

use shapewise_core::layer::regularisation::Regularisation;

use crate::compose::activation::dropped;
use crate::dims::Elements;
use crate::engine::Engine;
use crate::lowering::{Lowered, Lowering};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Regularisation) -> Lowered<E> {
    let x = l.input();
    // Indices pass, as they do at inference.
    if !l.training() || l.engine.elements(&x) != Elements::Float {
        return Ok(x);
    }
    match *layer {
        Regularisation::Dropout { p } if p > 0.0 => Ok(l.engine.dropout(x, p)?),
        Regularisation::Dropout { .. } => Ok(x),
        // Source: torchvision's `stochastic_depth`.
        Regularisation::StochasticDepth { p, batch } => {
            let rank = l.engine.dims(&x).len();
            let mut one = l.engine.full(&vec![1; rank], 1.0)?;
            if !batch {
                one = l.engine.per_sample(one, &x)?;
            }
            Ok(dropped(l.engine, x, &one, p)?)
        }
    }
}
