//! Convolutions.

use shapewise_core::layer::Window;
use shapewise_core::layer::convolution::{Conv, ConvTranspose, Convolution, PaddingMode};

use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::layer::Said;
use crate::value::{Value, batched, int, ints, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &Convolution) -> Result<Value, Error> {
    let x = said.input();
    let x = said.builder.channels_first(&x)?;
    let y = match layer {
        Convolution::Conv(conv) | Convolution::Depthwise(conv) => {
            let weight = said.weight("weight")?;
            let bias = said.tensor("bias")?;
            let out = said.results[0].channels_first();
            convolve(said, conv, &x, &weight, bias.as_ref(), out.as_slice())?
        }
        Convolution::Separable(conv) => {
            let weight = said.weight("depthwise.weight")?;
            let out = said.results[0].channels_first();
            let between = out.with(0, conv.depthwise.out_channels);
            let y = convolve(said, &conv.depthwise, &x, &weight, None, between.as_slice())?;
            let weight = said.weight("pointwise.weight")?;
            let bias = said.tensor("pointwise.bias")?;
            let pointwise = conv.pointwise();
            convolve(said, &pointwise, &y, &weight, bias.as_ref(), out.as_slice())?
        }
        Convolution::Transpose(conv) => transposed(said, conv, &x)?,
    };
    said.builder.back_from_channels_first(&y)
}

fn convolve(
    said: &mut Said<'_>,
    conv: &Conv,
    x: &Value,
    weight: &Value,
    bias: Option<&Value>,
    out: &[usize],
) -> Result<Value, Error> {
    let mode = match conv.padding_mode {
        PaddingMode::Zeros => None,
        PaddingMode::Reflect => Some("reflect"),
        PaddingMode::Replicate => Some("edge"),
        PaddingMode::Circular => Some("wrap"),
    };
    let padding = &conv.window.padding;
    let (x, pads) = match mode {
        None => (x.clone(), [padding.before(), padding.after()]),
        Some(mode) => {
            let around: Vec<_> = (0..padding.len())
                .map(|axis| {
                    (
                        axis + 2,
                        padding.before().at(axis),
                        padding.after().at(axis),
                    )
                })
                .collect();
            let none = shapewise_core::Extents::splat(0, padding.len());
            (said.builder.pad(x, &around, mode, 0.0)?, [none, none])
        }
    };
    let pads = [pads[0].as_slice(), pads[1].as_slice()].concat();
    let mut attributes = window(&conv.window, &pads)?;
    attributes.push((
        "dilations",
        Attribute::Ints(ints(conv.window.dilation.as_slice())?),
    ));
    attributes.push(("group", Attribute::Int(int(conv.groups)?)));
    let inputs: Vec<_> = [&x, weight].into_iter().chain(bias).collect();
    Ok(said.builder.node("Conv", &inputs, attributes, batched(out)))
}

fn transposed(said: &mut Said<'_>, conv: &ConvTranspose, x: &Value) -> Result<Value, Error> {
    let weight = said.weight("weight")?;
    let bias = said.tensor("bias")?;
    let axes = conv.window.kernel.len();
    let padding = &conv.window.padding;
    // What is added at the end is first what the padding takes away there.
    let mut after = padding.after().as_slice().to_vec();
    let mut more = conv.output_padding.as_slice().to_vec();
    for (after, more) in after.iter_mut().zip(&mut more) {
        let both = (*after).min(*more);
        *after -= both;
        *more -= both;
    }
    // Engines know less than the stride of it. The rest is a border where nothing but
    // the bias comes to.
    let mut border = vec![0; axes];
    for axis in 0..axes {
        if more[axis] >= conv.window.stride.at(axis) {
            border[axis] = std::mem::take(&mut more[axis]);
        }
    }
    let bordered = border.iter().any(|&border| border > 0);
    let out = said.results[0].channels_first();
    let mut inner = out.as_slice().to_vec();
    for (extent, border) in inner[1..].iter_mut().zip(&border) {
        *extent -= border;
    }
    let pads = [padding.before().as_slice(), &after].concat();
    let mut attributes = window(&conv.window, &pads)?;
    attributes.push((
        "dilations",
        Attribute::Ints(ints(conv.window.dilation.as_slice())?),
    ));
    attributes.push(("group", Attribute::Int(int(conv.groups)?)));
    attributes.push(("output_padding", Attribute::Ints(ints(&more)?)));
    let own = bias.as_ref().filter(|_| !bordered);
    let inputs: Vec<_> = [x, &weight].into_iter().chain(own).collect();
    let y = said
        .builder
        .node("ConvTranspose", &inputs, attributes, batched(&inner));
    if !bordered {
        return Ok(y);
    }
    let around: Vec<_> = (0..axes).map(|axis| (axis + 2, 0, border[axis])).collect();
    let y = said.builder.pad(&y, &around, "constant", 0.0)?;
    let Some(bias) = bias else {
        return Ok(y);
    };
    let mut extents = vec![1; axes + 1];
    extents[0] = conv.out_channels;
    let bias = said.builder.reshape(&bias, sizes(&extents))?;
    Ok(said.builder.binary("Add", &y, &bias))
}

/// The attributes of a window with this padding, the starts of all axes before
/// the ends.
pub(super) fn window(window: &Window, pads: &[usize]) -> Result<Attributes, Error> {
    Ok(vec![
        (
            "kernel_shape",
            Attribute::Ints(ints(window.kernel.as_slice())?),
        ),
        ("strides", Attribute::Ints(ints(window.stride.as_slice())?)),
        ("pads", Attribute::Ints(ints(pads)?)),
    ])
}
