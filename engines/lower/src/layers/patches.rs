//! Patches: `unfold` and `fold`.

use shapewise_core::layer::shape_ops::Patches;

use crate::engine::{Along, Engine, Fold, known};
use crate::lowering::{Lowered, Lowering, pairs};

/// Every patch as a position: along each axis the elements of every patch side by
/// side, then the axes in order.
pub(super) fn unfold<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    patches: &Patches,
) -> Lowered<E> {
    let window = &patches.window;
    let axes = window.kernel.len();
    let mut x = l.channels_first(x)?;
    if !window.padding.is_zero() {
        let padding = [&[(0, 0); 2], pairs(&window.padding).as_slice()].concat();
        x = l.engine.pad_constant(x, &padding, 0.0)?;
    }
    // Axes that were split lie in front of those that were not.
    for axis in 0..axes {
        let along = Along {
            kernel: window.kernel.at(axis),
            stride: window.stride.at(axis),
            dilation: window.dilation.at(axis),
        };
        x = l.engine.unfold(x, 2 + 2 * axis, along)?;
    }
    let counts: Vec<_> = (0..axes).map(|axis| 2 + 2 * axis).collect();
    let elements: Vec<_> = (0..axes).map(|axis| 3 + 2 * axis).collect();
    let order = match patches.channels_last {
        true => [&[0], &counts[..], &elements[..], &[1]].concat(),
        false => [&[0], &counts[..], &[1], &elements[..]].concat(),
    };
    let y = l.engine.permute(x, &order)?;
    let dims = l.batched(l.results[0].as_slice());
    Ok(l.engine.reshape(y, &dims)?)
}

/// The whole of which the input has the patches.
pub(super) fn fold<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    patches: &Patches,
) -> Lowered<E> {
    let window = &patches.window;
    let extents = known(l.engine, &x);
    let (positions, features) = (extents[1], extents[2]);
    let x = if patches.channels_last {
        let channels = patches.whole.channels();
        let split = l.batched(&[positions, features / channels, channels]);
        let split = l.engine.reshape(x, &split)?;
        let first = l.engine.permute(split, &[0, 3, 2, 1])?;
        let dims = l.batched(&[features, positions]);
        l.engine.reshape(first, &dims)?
    } else {
        l.engine.permute(x, &[0, 2, 1])?
    };
    let whole = patches.whole.spatial();
    let options = Fold {
        size: whole.as_slice(),
        kernel: window.kernel.as_slice(),
        stride: window.stride.as_slice(),
        padding: &pairs(&window.padding),
        dilation: window.dilation.as_slice(),
    };
    let y = l.engine.fold(x, &options)?;
    Ok(l.back_from_channels_first(y)?)
}
