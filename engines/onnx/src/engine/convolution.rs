//! Convolutions, and what all windows have in common.

use shapewise_lower::{Conv, ConvTranspose, DeformConv, Dim, Made};

use super::{Onnx, Operand};
use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::value::{Value, int, ints, sizes};

/// How windows lie along the spatial axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows<'a> {
    pub(super) kernel: &'a [usize],
    pub(super) stride: &'a [usize],
    pub(super) padding: &'a [(usize, usize)],
    pub(super) dilation: &'a [usize],
}

impl Windows<'_> {
    /// The attributes that all operators of windows have.
    pub(super) fn attributes(&self) -> Result<Attributes, Error> {
        Ok(vec![
            ("kernel_shape", Attribute::Ints(ints(self.kernel)?)),
            ("strides", Attribute::Ints(ints(self.stride)?)),
            ("pads", Attribute::Ints(pads(self.padding)?)),
        ])
    }

    /// What comes out, of so many channels.
    pub(super) fn out(&self, x: &Value, channels: Dim) -> Result<Vec<Dim>, Error> {
        let mut dims = vec![x.dims[0], channels];
        for axis in 0..self.kernel.len() {
            let (before, after) = self.padding[axis];
            let reach = (self.kernel[axis] - 1).checked_mul(self.dilation[axis]);
            let padded = x.size(axis + 2).checked_add(before);
            let padded = padded.and_then(|extent| extent.checked_add(after));
            let rest = padded
                .zip(reach)
                .and_then(|(extent, reach)| extent.checked_sub(reach)?.checked_sub(1));
            dims.push(Dim::Size(
                rest.ok_or(Error::Overflow)? / self.stride[axis] + 1,
            ));
        }
        Ok(dims)
    }
}

/// Padding as ONNX has it: the starts of all axes before the ends.
pub(super) fn pads(padding: &[(usize, usize)]) -> Result<Vec<i64>, Error> {
    let (before, after): (Vec<_>, Vec<_>) = padding.iter().copied().unzip();
    ints(&[before, after].concat())
}

fn kernel(weight: &Value) -> Vec<usize> {
    (2..weight.rank()).map(|axis| weight.size(axis)).collect()
}

impl Onnx {
    pub(super) fn convolution(
        &mut self,
        x: Operand,
        weight: Operand,
        bias: Option<Operand>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        let (x, weight) = (self.solid(x)?, self.solid(weight)?);
        let windows = Windows {
            kernel: &kernel(&weight),
            stride: options.stride,
            padding: options.padding,
            dilation: options.dilation,
        };
        let mut attributes = windows.attributes()?;
        attributes.push(("dilations", Attribute::Ints(ints(options.dilation)?)));
        attributes.push(("group", Attribute::Int(int(options.groups)?)));
        let dims = windows.out(&x, weight.dims[0])?;
        let bias = bias.map(|bias| bias.value);
        let inputs: Vec<_> = [&x, &weight].into_iter().chain(&bias).collect();
        Ok(self.builder.node("Conv", &inputs, attributes, dims).into())
    }

    pub(super) fn deformable_convolution(
        &mut self,
        [x, offset, weight]: [Operand; 3],
        bias: Option<Operand>,
        mask: Option<Operand>,
        options: &DeformConv<'_>,
    ) -> Made<Self> {
        let (x, offset, weight) = (self.solid(x)?, self.solid(offset)?, self.solid(weight)?);
        let conv = &options.conv;
        let windows = Windows {
            kernel: &kernel(&weight),
            stride: conv.stride,
            padding: conv.padding,
            dilation: conv.dilation,
        };
        let mut attributes = windows.attributes()?;
        attributes.push(("dilations", Attribute::Ints(ints(conv.dilation)?)));
        attributes.push(("group", Attribute::Int(int(conv.groups)?)));
        attributes.push(("offset_group", Attribute::Int(int(options.groups)?)));
        let result = [(x.elements, windows.out(&x, weight.dims[0])?)];
        let bias = match bias {
            Some(bias) => Some(self.solid(bias)?),
            None => None,
        };
        let mask = match mask {
            Some(mask) => Some(self.solid(mask)?),
            None => None,
        };
        let inputs = [
            Some(&x),
            Some(&weight),
            Some(&offset),
            bias.as_ref(),
            mask.as_ref(),
        ];
        // What is left out at the end is not named.
        let named = inputs
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |last| last + 1);
        let made = self
            .builder
            .node_with("DeformConv", &inputs[..named], attributes, &result);
        Ok(made[0].clone().into())
    }

    pub(super) fn transposed_convolution(
        &mut self,
        x: Operand,
        weight: Operand,
        bias: Option<Operand>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        let (x, weight) = (self.solid(x)?, self.solid(weight)?);
        let kernel = kernel(&weight);
        let axes = kernel.len();
        // What is added at the end is first what the padding takes away there.
        let mut padding = options.padding.to_vec();
        let mut more = options.output_padding.to_vec();
        for ((_, after), more) in padding.iter_mut().zip(&mut more) {
            let both = (*after).min(*more);
            *after -= both;
            *more -= both;
        }
        // Engines know less than the stride of it. The rest is a border where nothing but
        // the bias comes to.
        let mut border = vec![(0, 0); axes + 2];
        for axis in 0..axes {
            if more[axis] >= options.stride[axis] {
                border[axis + 2].1 = std::mem::take(&mut more[axis]);
            }
        }
        let bordered = border.iter().any(|sides| *sides != (0, 0));
        let channels = weight.size(1).checked_mul(options.groups);
        let channels = channels.ok_or(Error::Overflow)?;
        let mut dims = vec![x.dims[0], Dim::Size(channels)];
        for axis in 0..axes {
            let (before, after) = padding[axis];
            let reach = (kernel[axis] - 1).checked_mul(options.dilation[axis]);
            let starts = (x.size(axis + 2) - 1).checked_mul(options.stride[axis]);
            let extent = starts
                .zip(reach)
                .and_then(|(starts, reach)| starts.checked_add(reach)?.checked_add(1 + more[axis]))
                .and_then(|extent| extent.checked_sub(before)?.checked_sub(after));
            dims.push(Dim::Size(extent.ok_or(Error::Overflow)?));
        }
        let windows = Windows {
            kernel: &kernel,
            stride: options.stride,
            padding: &padding,
            dilation: options.dilation,
        };
        let mut attributes = windows.attributes()?;
        attributes.push(("dilations", Attribute::Ints(ints(options.dilation)?)));
        attributes.push(("group", Attribute::Int(int(options.groups)?)));
        attributes.push(("output_padding", Attribute::Ints(ints(&more)?)));
        let bias = bias.map(|bias| bias.value);
        let own = bias.as_ref().filter(|_| !bordered);
        let inputs: Vec<_> = [&x, &weight].into_iter().chain(own).collect();
        let y = self
            .builder
            .node("ConvTranspose", &inputs, attributes, dims);
        if !bordered {
            return Ok(y.into());
        }
        let y = self.builder.pad(&y, &border, "constant", 0.0)?;
        let Some(bias) = bias else {
            return Ok(y.into());
        };
        let mut extents = vec![1; axes + 1];
        extents[0] = channels;
        let bias = self.builder.reshape(&bias, sizes(&extents))?;
        Ok(self.builder.binary("Add", &y, &bias).into())
    }
}
