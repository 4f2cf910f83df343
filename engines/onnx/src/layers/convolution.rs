//! Convolutions.

use shapewise_core::layer::Window;
use shapewise_core::layer::convolution::{Conv, ConvTranspose, Convolution, PaddingMode};

use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::layer::Said;
use crate::value::{Value, batched, int, ints};

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
    let padding = &conv.window.padding;
    let pads = [padding.before(), padding.after()];
    let pads = [pads[0].as_slice(), pads[1].as_slice()].concat();
    let mut attributes = window(&conv.window, &pads)?;
    attributes.push((
        "dilations",
        Attribute::Ints(ints(conv.window.dilation.as_slice())?),
    ));
    attributes.push(("group", Attribute::Int(int(conv.groups)?)));
    let more = ints(conv.output_padding.as_slice())?;
    attributes.push(("output_padding", Attribute::Ints(more)));
    let inputs: Vec<_> = [x, &weight].into_iter().chain(&bias).collect();
    let out = said.results[0].channels_first();
    Ok(said.builder.node(
        "ConvTranspose",
        &inputs,
        attributes,
        batched(out.as_slice()),
    ))
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
