//! Convolutions.

use shapewise_core::layer::convolution as core;
use shapewise_core::layer::convolution::{Convolution, PaddingMode};
use shapewise_core::layer::shape_ops::Fill;

use crate::engine::{Conv, ConvTranspose, DeformConv, Engine};
use crate::layers::parametrization;
use crate::lowering::{Lowered, Lowering, pairs};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Convolution) -> Lowered<E> {
    if let Convolution::Deformable(layer) = layer {
        return deformed(l, layer);
    }
    let x = l.input();
    let x = l.channels_first(x)?;
    let y = match layer {
        Convolution::Conv(conv) | Convolution::Depthwise(conv) => {
            let weight = parametrization::weight(l, conv.parametrization.as_ref())?;
            let bias = l.tensor("bias")?;
            convolved(l, conv, x, weight, bias)?
        }
        Convolution::Separable(conv) => {
            let weight = l.weight("depthwise.weight")?;
            let y = convolved(l, &conv.depthwise, x, weight, None)?;
            let (weight, bias) = (l.weight("pointwise.weight")?, l.tensor("pointwise.bias")?);
            convolved(l, &conv.pointwise(), y, weight, bias)?
        }
        Convolution::Transpose(conv) => {
            let weight = parametrization::weight(l, conv.parametrization.as_ref())?;
            let bias = l.tensor("bias")?;
            let options = ConvTranspose {
                stride: conv.window.stride.as_slice(),
                padding: &pairs(&conv.window.padding),
                output_padding: conv.output_padding.as_slice(),
                dilation: conv.window.dilation.as_slice(),
                groups: conv.groups,
            };
            l.engine.conv_transpose(x, weight, bias, &options)?
        }
        // It reads other values, too, and is made above.
        Convolution::Deformable(_) => x,
    };
    Ok(l.back_from_channels_first(y)?)
}

fn deformed<E: Engine>(l: &mut Lowering<'_, E>, layer: &core::DeformableConv) -> Lowered<E> {
    let [x, offset] = [0, layer.offset].map(|place| l.inputs[place].clone());
    let mask = layer.mask.map(|place| l.inputs[place].clone());
    l.inputs.clear();
    let (weight, bias) = (l.weight("weight")?, l.tensor("bias")?);
    let conv = &layer.conv;
    let options = DeformConv {
        conv: Conv {
            stride: conv.window.stride.as_slice(),
            padding: &pairs(&conv.window.padding),
            dilation: conv.window.dilation.as_slice(),
            groups: conv.groups,
        },
        groups: layer.offset_groups,
    };
    Ok(l.engine
        .deform_conv(x, offset, mask, weight, bias, &options)?)
}

fn convolved<E: Engine>(
    l: &mut Lowering<'_, E>,
    conv: &core::Conv,
    x: E::Value,
    weight: E::Value,
    bias: Option<E::Value>,
) -> Lowered<E> {
    let fill = match conv.padding_mode {
        PaddingMode::Zeros => None,
        PaddingMode::Reflect => Some(Fill::Reflect),
        PaddingMode::Replicate => Some(Fill::Replicate),
        PaddingMode::Circular => Some(Fill::Circular),
    };
    let mut padding = pairs(&conv.window.padding);
    let x = match fill {
        Some(fill) => {
            let all = [&[(0, 0); 2], padding.as_slice()].concat();
            padding.fill((0, 0));
            l.engine.pad(x, &all, fill)?
        }
        None => x,
    };
    let options = Conv {
        stride: conv.window.stride.as_slice(),
        padding: &padding,
        dilation: conv.window.dilation.as_slice(),
        groups: conv.groups,
    };
    Ok(l.engine.conv(x, weight, bias, &options)?)
}
