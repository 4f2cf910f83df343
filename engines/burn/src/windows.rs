//! Convolutions and pooling, by the spatial axes that burn has them for.

use burn::tensor::Tensor;
use burn::tensor::module;
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions, MaxPoolOptions};
use shapewise_lower::{AvgPool, Conv, ConvTranspose, Engine, MaxPool, Operations};

use crate::Failure;
use crate::engine::{Burn, float};
use crate::value::{Ranked, Value, array};

/// A bias per channel.
fn per_channel(bias: Option<Value>) -> Result<Option<Tensor<1>>, Failure> {
    match bias.map(float).transpose()? {
        None => Ok(None),
        Some(Ranked::D1(bias)) => Ok(Some(bias)),
        Some(other) => Err(Failure::Ranks(1, other.extents().len())),
    }
}

fn options<const N: usize>(
    stride: &[usize],
    padding: &[usize],
    dilation: &[usize],
    groups: usize,
) -> ConvOptions<N> {
    ConvOptions::new(array(stride), array(padding), array(dilation), groups)
}

pub(crate) fn conv(
    engine: &mut Burn,
    x: Value,
    weight: Value,
    bias: Option<Value>,
    given: &Conv<'_>,
) -> Result<Value, Failure> {
    let (x, padding) = engine.evenly(x, given.padding, 0.0)?;
    let bias = per_channel(bias)?;
    let (stride, dilation, groups) = (given.stride, given.dilation, given.groups);
    let made = match (float(x)?, float(weight)?) {
        (Ranked::D3(x), Ranked::D3(weight)) => {
            let options = options::<1>(stride, &padding, dilation, groups);
            Ranked::D3(module::conv1d(x, weight, bias, options))
        }
        (Ranked::D4(x), Ranked::D4(weight)) => {
            let options = options::<2>(stride, &padding, dilation, groups);
            Ranked::D4(module::conv2d(x, weight, bias, options))
        }
        (Ranked::D5(x), Ranked::D5(weight)) => {
            let options = options::<3>(stride, &padding, dilation, groups);
            Ranked::D5(module::conv3d(x, weight, bias, options))
        }
        (x, _) => return Err(Failure::Spatial("convolution", x.extents().len() - 2)),
    };
    Ok(Value::Float(made))
}

pub(crate) fn conv_transpose(
    engine: &mut Burn,
    x: Value,
    weight: Value,
    bias: Option<Value>,
    given: &ConvTranspose<'_>,
) -> Result<Value, Failure> {
    let even = given.evenly();
    let bias = per_channel(bias)?;
    macro_rules! options {
        ($axes:literal) => {
            ConvTransposeOptions::<$axes>::new(
                array(given.stride),
                array(&even.padding),
                array(&even.output_padding),
                array(given.dilation),
                given.groups,
            )
        };
    }
    let made = match (float(x)?, float(weight)?) {
        (Ranked::D3(x), Ranked::D3(weight)) => {
            Ranked::D3(module::conv_transpose1d(x, weight, bias, options!(1)))
        }
        (Ranked::D4(x), Ranked::D4(weight)) => {
            Ranked::D4(module::conv_transpose2d(x, weight, bias, options!(2)))
        }
        (Ranked::D5(x), Ranked::D5(weight)) => {
            Ranked::D5(module::conv_transpose3d(x, weight, bias, options!(3)))
        }
        (x, _) => {
            return Err(Failure::Spatial(
                "transposed convolution",
                x.extents().len() - 2,
            ));
        }
    };
    let mut made = Value::Float(made);
    for (axis, &(before, after)) in even.crop.iter().enumerate() {
        if (before, after) != (0, 0) {
            let extent = made.extents()[axis + 2];
            made = engine.slice(made, axis + 2, before, extent - after)?;
        }
    }
    Ok(made)
}

pub(crate) fn max_pool(engine: &mut Burn, x: Value, given: &MaxPool<'_>) -> Result<Value, Failure> {
    // Nothing is larger than what is around, which no window takes.
    let mut padding = vec![(0, 0); 2];
    padding.extend(given.padding);
    let x = match given.padding.iter().any(|pair| *pair != (0, 0)) {
        true => engine.pad_constant(x, &padding, f64::from(f32::MIN))?,
        false => x,
    };
    let two = |kernel: &[usize], stride: &[usize], dilation: &[usize]| {
        MaxPoolOptions::<2>::new(array(kernel))
            .with_stride(array(stride))
            .with_dilation(array(dilation))
    };
    let (kernel, stride, dilation) = (given.kernel, given.stride, given.dilation);
    let made = match float(x)? {
        Ranked::D3(x) => {
            let options = MaxPoolOptions::<1>::new(array(kernel))
                .with_stride(array(stride))
                .with_dilation(array(dilation));
            Ranked::D3(module::max_pool1d(x, options))
        }
        Ranked::D4(x) => Ranked::D4(module::max_pool2d(x, two(kernel, stride, dilation))),
        // The largest of the largest: two axes, then the one before them.
        Ranked::D5(x) => {
            let [n, c, d, h, w] = x.dims();
            let x = x.reshape([n, c * d, h, w]);
            let x = module::max_pool2d(x, two(&kernel[1..], &stride[1..], &dilation[1..]));
            let [_, _, h, w] = x.dims();
            let x = x.reshape([n, c, d, h * w]);
            let (kernel, stride) = ([kernel[0], 1], [stride[0], 1]);
            let x = module::max_pool2d(x, two(&kernel, &stride, &[dilation[0], 1]));
            let [_, _, d, _] = x.dims();
            Ranked::D5(x.reshape([n, c, d, h, w]))
        }
        x => return Err(Failure::Spatial("pooling", x.extents().len() - 2)),
    };
    Ok(Value::Float(made))
}

pub(crate) fn avg_pool(engine: &mut Burn, x: Value, given: &AvgPool<'_>) -> Result<Value, Failure> {
    let mut padding = vec![(0, 0); 2];
    padding.extend(given.padding);
    let x = match given.padding.iter().any(|pair| *pair != (0, 0)) {
        true => engine.pad_constant(x, &padding, 0.0)?,
        false => x,
    };
    let two = |kernel: &[usize], stride: &[usize]| {
        AvgPoolOptions::<2>::new(array(kernel)).with_stride(array(stride))
    };
    let (kernel, stride) = (given.kernel, given.stride);
    let made = match float(x)? {
        Ranked::D3(x) => {
            let options = AvgPoolOptions::<1>::new(array(kernel)).with_stride(array(stride));
            Ranked::D3(module::avg_pool1d(x, options))
        }
        Ranked::D4(x) => Ranked::D4(module::avg_pool2d(x, two(kernel, stride))),
        // The mean of means of as many: two axes, then the one before them.
        Ranked::D5(x) => {
            let [n, c, d, h, w] = x.dims();
            let x = x.reshape([n, c * d, h, w]);
            let x = module::avg_pool2d(x, two(&kernel[1..], &stride[1..]));
            let [_, _, h, w] = x.dims();
            let x = x.reshape([n, c, d, h * w]);
            let x = module::avg_pool2d(x, two(&[kernel[0], 1], &[stride[0], 1]));
            let [_, _, d, _] = x.dims();
            Ranked::D5(x.reshape([n, c, d, h, w]))
        }
        x => return Err(Failure::Spatial("pooling", x.extents().len() - 2)),
    };
    Ok(Value::Float(made))
}
