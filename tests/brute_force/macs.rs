//! Multiply-accumulates, product by product.

use proptest::prelude::*;
use shapewise::{Extents, Layer, Value};

use super::axes::{Axis, axes, build, every, input, padding, window};

/// Every combination of one number below each extent.
fn points(extents: &[usize]) -> Vec<Vec<usize>> {
    let mut points = vec![Vec::new()];
    for extent in extents {
        points = points
            .iter()
            .flat_map(|point| (0..*extent).map(|i| [&point[..], &[i]].concat()))
            .collect();
    }
    points
}

/// The products of a convolution: at each of `positions`, for each pair of an
/// input and an output channel of one group, for each tap.
fn products(positions: &[usize], kernel: &Extents, channels: (usize, usize), groups: usize) -> u64 {
    let mut products = 0;
    for _position in points(positions) {
        for from in 0..channels.0 {
            for to in 0..channels.1 {
                let group = |channel: usize, of: usize| channel / (of / groups);
                if group(from, channels.0) == group(to, channels.1) {
                    products += points(kernel.as_slice()).len() as u64;
                }
            }
        }
    }
    products
}

/// Elements of all weights, counted tensor by tensor.
fn weights(layer: &Layer) -> u64 {
    let tensors = (0..).map_while(|index| layer.tensor(index));
    let weights = tensors.filter(|tensor| tensor.role == shapewise::layer::Role::Weight);
    weights.filter_map(|tensor| tensor.elements()).sum()
}

fn arguments(axes: &[Axis]) -> Vec<(&'static str, Value)> {
    let mut arguments = window(axes);
    arguments.push(("padding", padding(axes)));
    arguments
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn convolution_counts_every_product(
        axes in axes(3, 5),
        (groups, from, to) in (1..=3_usize, 1..=2_usize, 1..=2_usize),
    ) {
        let (from, to) = (groups * from, groups * to);
        let mut arguments = arguments(&axes);
        arguments.push(("channels", Value::Int(to as u64)));
        arguments.push(("groups", Value::Int(groups as u64)));
        let shape = [input(&axes, from)];
        let kernel = every(&axes, |axis| axis.kernel);
        if let Ok((layer, output)) = build("conv", &arguments, &shape) {
            let spatial = output.spatial();
            let expected = products(spatial.as_slice(), &kernel, (from, to), groups);
            prop_assert_eq!(layer.macs(&shape), Ok(expected));
            let one = products(&[1], &kernel, (from, to), groups);
            prop_assert_eq!(weights(&layer), one);
        }
        // A transposed convolution takes its taps at the input's positions.
        if let Ok((layer, _)) = build("conv_transpose", &arguments, &shape) {
            let spatial = shape[0].spatial();
            let expected = products(spatial.as_slice(), &kernel, (from, to), groups);
            prop_assert_eq!(layer.macs(&shape), Ok(expected));
        }
    }

    #[test]
    fn depthwise_and_separable_count_every_product(
        axes in axes(2, 5),
        (channels, multiplier, to) in (1..=3_usize, 1..=3_usize, 1..=4_usize),
    ) {
        let mut arguments = arguments(&axes);
        arguments.push(("multiplier", Value::Int(multiplier as u64)));
        let shape = [input(&axes, channels)];
        let kernel = every(&axes, |axis| axis.kernel);
        let one = every(&axes, |_| 1);
        let middle = channels * multiplier;
        if let Ok((depthwise, output)) = build("depthwise_conv", &arguments, &shape) {
            let positions = output.spatial();
            let first = products(positions.as_slice(), &kernel, (channels, middle), channels);
            prop_assert_eq!(output.channels(), middle);
            prop_assert_eq!(depthwise.macs(&shape), Ok(first));

            arguments.push(("channels", Value::Int(to as u64)));
            let (separable, output) = build("separable_conv", &arguments, &shape)?;
            let second = products(positions.as_slice(), &one, (middle, to), 1);
            prop_assert_eq!(output.channels(), to);
            prop_assert_eq!(separable.macs(&shape), Ok(first + second));
            prop_assert_eq!(weights(&separable), weights(&depthwise) + (middle * to) as u64);
        }
    }
}
