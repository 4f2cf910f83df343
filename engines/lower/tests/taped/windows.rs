//! The gradients of convolutions and pooling, element by element.

use shapewise_lower::{AvgPool, Conv, ConvTranspose, MaxPool};

use super::back::{Back, Sums};
use crate::plain::{Tensor, inside, places};

/// What a window has of the input: for every place of the result and every element of
/// the window, where that is.
fn seen<'a>(
    out: &'a [usize],
    kernel: &'a [usize],
    [stride, dilation]: [&'a [usize]; 2],
    padding: &'a [(usize, usize)],
    extents: &'a [usize],
) -> impl Iterator<Item = (Vec<usize>, Vec<usize>, Vec<usize>)> + 'a {
    places(out).into_iter().flat_map(move |start| {
        places(kernel).into_iter().filter_map(move |element| {
            let from = inside(&start, &element, stride, dilation, padding, extents)?;
            Some((start.clone(), element, from))
        })
    })
}

/// An element of the first two axes and of the others.
fn at(first: usize, second: usize, others: &[usize]) -> Vec<usize> {
    [&[first, second], others].concat()
}

pub(super) fn conv(x: &Tensor, weight: &Tensor, options: &Conv<'_>) -> Back {
    let (x, weight) = (x.clone(), weight.clone());
    let (stride, dilation) = (options.stride.to_vec(), options.dilation.to_vec());
    let (padding, groups) = (options.padding.to_vec(), options.groups);
    Box::new(move |own| {
        let (outputs, inputs) = (weight.dims[0], weight.dims[1]);
        let (mut to_x, mut to_weight) = (Sums::new(&x.dims), Sums::new(&weight.dims));
        let kernel = &weight.dims[2..];
        let moves = [stride.as_slice(), &dilation];
        for (start, element, from) in seen(&own.dims[2..], kernel, moves, &padding, &x.dims[2..]) {
            for (sample, output) in pairs(x.dims[0], outputs) {
                let by = own.within(sample, output, &start);
                let group = output / (outputs / groups);
                for input in 0..inputs {
                    let channel = group * inputs + input;
                    let (tap, value) = (
                        weight.within(output, input, &element),
                        x.within(sample, channel, &from),
                    );
                    to_x.add_within(sample, channel, &from, by * tap);
                    to_weight.add_within(output, input, &element, by * value);
                }
            }
        }
        vec![
            Some(to_x.tensor()),
            Some(to_weight.tensor()),
            Some(of_bias(own)),
        ]
    })
}

fn pairs(first: usize, second: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..first).flat_map(move |a| (0..second).map(move |b| (a, b)))
}

/// The gradient of what is added to each channel.
fn of_bias(own: &Tensor) -> Tensor {
    let mut sums = Sums::new(&[own.dims[1]]);
    for place in places(&own.dims) {
        sums.add(&[place[1]], own.at(&place));
    }
    sums.tensor()
}

pub(super) fn conv_transpose(x: &Tensor, weight: &Tensor, options: &ConvTranspose<'_>) -> Back {
    let (x, weight) = (x.clone(), weight.clone());
    let (stride, dilation) = (options.stride.to_vec(), options.dilation.to_vec());
    let (padding, groups) = (options.padding.to_vec(), options.groups);
    Box::new(move |own| {
        let (each, inputs) = (weight.dims[1], x.dims[1] / groups);
        let (mut to_x, mut to_weight) = (Sums::new(&x.dims), Sums::new(&weight.dims));
        let kernel = &weight.dims[2..];
        let moves = [stride.as_slice(), &dilation];
        // Its windows are over the result.
        for (start, element, to) in seen(&x.dims[2..], kernel, moves, &padding, &own.dims[2..]) {
            for (sample, input) in pairs(x.dims[0], x.dims[1]) {
                let value = x.within(sample, input, &start);
                for output in 0..each {
                    let by = own.within(sample, input / inputs * each + output, &to);
                    let tap = weight.within(input, output, &element);
                    to_x.add_within(sample, input, &start, by * tap);
                    to_weight.add_within(input, output, &element, by * value);
                }
            }
        }
        vec![
            Some(to_x.tensor()),
            Some(to_weight.tensor()),
            Some(of_bias(own)),
        ]
    })
}

pub(super) fn max_pool(x: &Tensor, options: &MaxPool<'_>) -> Back {
    let x = x.clone();
    let kernel = options.kernel.to_vec();
    let (stride, dilation) = (options.stride.to_vec(), options.dilation.to_vec());
    let padding = options.padding.to_vec();
    Box::new(move |own| {
        let mut to_x = Sums::new(&x.dims);
        for place in places(&own.dims) {
            let elements = places(&kernel);
            let seen = elements.iter().filter_map(|element| {
                let extents = &x.dims[2..];
                let from = inside(&place[2..], element, &stride, &dilation, &padding, extents)?;
                Some(at(place[0], place[1], &from))
            });
            let most = seen.max_by(|a, b| x.at(a).total_cmp(&x.at(b)));
            to_x.add(&most.expect("a window sees something"), own.at(&place));
        }
        vec![Some(to_x.tensor())]
    })
}

pub(super) fn avg_pool(x: &Tensor, options: &AvgPool<'_>) -> Back {
    let (dims, kernel) = (x.dims.clone(), options.kernel.to_vec());
    let (stride, padding) = (options.stride.to_vec(), options.padding.to_vec());
    Box::new(move |own| {
        let mut to_x = Sums::new(&dims);
        let dilation = vec![1; kernel.len()];
        let moves = [stride.as_slice(), &dilation];
        let count: usize = kernel.iter().product();
        for (start, _, from) in seen(&own.dims[2..], &kernel, moves, &padding, &dims[2..]) {
            for (sample, channel) in pairs(dims[0], dims[1]) {
                let by = own.within(sample, channel, &start);
                to_x.add_within(sample, channel, &from, by / count as f64);
            }
        }
        vec![Some(to_x.tensor())]
    })
}
