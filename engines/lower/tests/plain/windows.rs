//! Convolutions and pooling, element by element.

use shapewise_lower::{AvgPool, Conv, ConvTranspose, MaxPool};

use super::tensor::{Data, Tensor, places};
use super::{Wrong, wrong};

/// Where an element of a window is in the unpadded input, if it is there.
pub(crate) fn inside(
    start: &[usize],
    element: &[usize],
    stride: &[usize],
    dilation: &[usize],
    padding: &[(usize, usize)],
    extents: &[usize],
) -> Option<Vec<usize>> {
    (0..start.len())
        .map(|axis| {
            let place = start[axis] * stride[axis] + element[axis] * dilation[axis];
            let place = place.checked_sub(padding[axis].0)?;
            (place < extents[axis]).then_some(place)
        })
        .collect()
}

/// How many windows there are along each axis.
fn counts(
    kernel: &[usize],
    stride: &[usize],
    dilation: &[usize],
    padding: &[(usize, usize)],
    extents: &[usize],
) -> Result<Vec<usize>, Wrong> {
    (0..kernel.len())
        .map(|axis| {
            let reach = (kernel[axis] - 1) * dilation[axis] + 1;
            let padded = extents[axis] + padding[axis].0 + padding[axis].1;
            match padded.checked_sub(reach) {
                Some(rest) => Ok(rest / stride[axis] + 1),
                None => wrong(format!("a window of {reach} on {padded}")),
            }
        })
        .collect()
}

pub(super) fn conv(
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    options: &Conv<'_>,
) -> Result<Tensor, Wrong> {
    let (extents, kernel) = (&x.dims[2..], &weight.dims[2..]);
    let (outputs, inputs) = (weight.dims[0], weight.dims[1]);
    if x.dims[1] != inputs * options.groups {
        return wrong(format!("{:?} by {:?}", x.dims, weight.dims));
    }
    let out = counts(
        kernel,
        options.stride,
        options.dilation,
        options.padding,
        extents,
    )?;
    let dims = [&[x.dims[0], outputs], out.as_slice()].concat();
    let taps = places(kernel);
    let data = places(&dims)
        .iter()
        .map(|at| {
            let (sample, output, start) = (at[0], at[1], &at[2..]);
            let group = output / (outputs / options.groups);
            let mut sum = bias.map_or(0.0, |bias| bias.at(&[output]));
            for element in &taps {
                let place = inside(
                    start,
                    element,
                    options.stride,
                    options.dilation,
                    options.padding,
                    extents,
                );
                let Some(place) = place else { continue };
                for input in 0..inputs {
                    let from = x.within(sample, group * inputs + input, &place);
                    sum += from * weight.within(output, input, element);
                }
            }
            sum as f32
        })
        .collect();
    Tensor::new(&dims, Data::Float(data))
}

pub(super) fn conv_transpose(
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    options: &ConvTranspose<'_>,
) -> Result<Tensor, Wrong> {
    let (extents, kernel) = (&x.dims[2..], &weight.dims[2..]);
    let each = weight.dims[1];
    let inputs = x.dims[1] / options.groups;
    let out: Vec<_> = (0..kernel.len())
        .map(|axis| {
            let span = (extents[axis] - 1) * options.stride[axis]
                + (kernel[axis] - 1) * options.dilation[axis]
                + 1;
            let (before, after) = options.padding[axis];
            span + options.output_padding[axis] - before - after
        })
        .collect();
    let dims = [&[x.dims[0], each * options.groups], out.as_slice()].concat();
    let mut sums = vec![0.0; dims.iter().product()];
    let place_of = |at: &[usize]| {
        at.iter()
            .zip(&dims)
            .fold(0, |sum, (at, extent)| sum * extent + at)
    };
    for at in places(&dims) {
        sums[place_of(&at)] = bias.map_or(0.0, |bias| bias.at(&[at[1]]));
    }
    // Every element of the input adds the kernel times itself.
    for from in places(&x.dims) {
        let group = from[1] / inputs;
        for element in places(kernel) {
            let place: Option<Vec<_>> = (0..kernel.len())
                .map(|axis| {
                    let place = from[axis + 2] * options.stride[axis]
                        + element[axis] * options.dilation[axis];
                    let place = place.checked_sub(options.padding[axis].0)?;
                    (place < out[axis]).then_some(place)
                })
                .collect();
            let Some(place) = place else { continue };
            for output in 0..each {
                let to = [&[from[0], group * each + output], place.as_slice()].concat();
                sums[place_of(&to)] += x.at(&from) * weight.within(from[1], output, &element);
            }
        }
    }
    let data = sums.into_iter().map(|sum: f64| sum as f32).collect();
    Tensor::new(&dims, Data::Float(data))
}

pub(super) fn max_pool(x: &Tensor, options: &MaxPool<'_>) -> Result<Tensor, Wrong> {
    let MaxPool {
        kernel,
        stride,
        padding,
        dilation,
    } = *options;
    let extents = &x.dims[2..];
    let out = counts(kernel, stride, dilation, padding, extents)?;
    let dims = [&x.dims[..2], out.as_slice()].concat();
    let data = places(&dims)
        .iter()
        .map(|at| {
            let elements = places(kernel);
            let seen = elements.iter().filter_map(|element| {
                let place = inside(&at[2..], element, stride, dilation, padding, extents)?;
                Some(x.at(&[&at[..2], place.as_slice()].concat()))
            });
            seen.fold(f64::NEG_INFINITY, f64::max) as f32
        })
        .collect();
    Tensor::new(&dims, Data::Float(data))
}

pub(super) fn avg_pool(x: &Tensor, options: &AvgPool<'_>) -> Result<Tensor, Wrong> {
    let (kernel, stride, padding) = (options.kernel, options.stride, options.padding);
    let (extents, dilation) = (&x.dims[2..], vec![1; kernel.len()]);
    let out = counts(kernel, stride, &dilation, padding, extents)?;
    let dims = [&x.dims[..2], out.as_slice()].concat();
    let all: usize = kernel.iter().product();
    let data = places(&dims)
        .iter()
        .map(|at| {
            let elements = places(kernel);
            let seen = elements.iter().filter_map(|element| {
                let place = inside(&at[2..], element, stride, &dilation, padding, extents)?;
                Some(x.at(&[&at[..2], place.as_slice()].concat()))
            });
            (seen.sum::<f64>() / all as f64) as f32
        })
        .collect();
    Tensor::new(&dims, Data::Float(data))
}
