//! Patches: `unfold` and `fold`.

use shapewise_core::layer::shape_ops::Patches;

use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::{Value, batched, ints, sizes};

/// Every patch as a position: along each axis the elements of every patch side by
/// side, then the axes in order.
pub(super) fn unfold(said: &mut Said<'_>, x: &Value, patches: &Patches) -> Result<Value, Error> {
    let window = &patches.window;
    let axes = window.kernel.len();
    let mut x = said.builder.channels_first(x)?;
    let around: Vec<_> = (0..axes)
        .map(|axis| {
            let padding = &window.padding;
            (
                axis + 2,
                padding.before().at(axis),
                padding.after().at(axis),
            )
        })
        .collect();
    x = said.builder.pad(&x, &around, "constant", 0.0)?;
    // Axes that were split lie in front of those that were not.
    for axis in 0..axes {
        let place = 2 + 2 * axis;
        let (kernel, stride) = (window.kernel.at(axis), window.stride.at(axis));
        let dilation = window.dilation.at(axis);
        let rest = dilation
            .checked_mul(kernel - 1)
            .and_then(|reach| x.size(place).checked_sub(reach + 1))
            .ok_or(Error::Overflow)?;
        let count = rest / stride + 1;
        let starts = said.builder.range(count, stride)?;
        let starts = said.builder.reshape(&starts, sizes(&[count, 1]))?;
        let steps = said.builder.range(kernel, dilation)?;
        let places = said.builder.binary("Add", &starts, &steps);
        x = said.builder.gather(&x, &places, place)?;
    }
    let (counts, elements) = (counts(axes), elements(axes));
    let order = match patches.channels_last {
        true => [&[0], &counts[..], &elements[..], &[1]].concat(),
        false => [&[0], &counts[..], &[1], &elements[..]].concat(),
    };
    let y = said.builder.transpose(&x, &order)?;
    said.builder
        .reshape(&y, batched(said.results[0].as_slice()))
}

/// The places of the axes that count patches, once every axis is split.
fn counts(axes: usize) -> Vec<usize> {
    (0..axes).map(|axis| 2 + 2 * axis).collect()
}

/// The places of the axes that count a patch's elements.
fn elements(axes: usize) -> Vec<usize> {
    (0..axes).map(|axis| 3 + 2 * axis).collect()
}

/// The whole of which the input has the patches.
pub(super) fn fold(said: &mut Said<'_>, x: &Value, patches: &Patches) -> Result<Value, Error> {
    let window = &patches.window;
    let (positions, features) = (x.size(1), x.size(2));
    let mut x = x.clone();
    if patches.channels_last {
        let channels = patches.whole.channels();
        let split = batched(&[positions, features / channels, channels]);
        let split = said.builder.reshape(&x, split)?;
        let first = said.builder.transpose(&split, &[0, 3, 2, 1])?;
        x = said
            .builder
            .reshape(&first, batched(&[features, positions]))?;
    } else {
        x = said.builder.transpose(&x, &[0, 2, 1])?;
    }
    // The operator knows images and more; a sequence is an image of height 1.
    let one = usize::from(window.kernel.len() == 1);
    let with = |value: usize, extents: shapewise_core::Extents| {
        ints(&[&vec![value; one][..], extents.as_slice()].concat())
    };
    let (image, kernel) = (with(1, patches.whole.spatial())?, with(1, window.kernel)?);
    let (image, kernel) = (said.builder.list(&image), said.builder.list(&kernel));
    let pads = [
        with(0, window.padding.before())?,
        with(0, window.padding.after())?,
    ];
    let attributes = vec![
        ("dilations", Attribute::Ints(with(1, window.dilation)?)),
        ("pads", Attribute::Ints(pads.concat())),
        ("strides", Attribute::Ints(with(1, window.stride)?)),
    ];
    let whole = patches.whole.channels_first();
    let mut dims = batched(whole.as_slice());
    let inputs = [&x, &image, &kernel];
    if one == 1 {
        dims.splice(2..2, sizes(&[1]));
        let y = said.builder.node("Col2Im", &inputs, attributes, dims);
        let y = said.builder.reshape(&y, batched(whole.as_slice()))?;
        return said.builder.back_from_channels_first(&y);
    }
    Ok(said.builder.node("Col2Im", &inputs, attributes, dims))
}
