//! Convolutions and pooling, by the spatial axes that burn has them for.

use burn::tensor::Tensor;
use burn::tensor::module;
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions, MaxPoolOptions};
use shapewise_lower::{AvgPool, Conv, ConvTranspose, Engine, MaxPool, Operations};

use crate::Failure;
use crate::engine::{Burn, float};
use crate::value::{Ranked, Value, array, vector};

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
    let bias = bias.map(vector).transpose()?;
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
        (x, _) => return Err(spatial("convolution", &x)),
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
    let bias = bias.map(vector).transpose()?;
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
        (x, _) => return Err(spatial("transposed convolution", &x)),
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

pub(crate) fn max_pool(x: Value, given: &MaxPool<'_>) -> Result<Value, Failure> {
    let axes = along(given.kernel, given.stride, given.padding, given.dilation);
    pooled(x, &axes, |x, axes| {
        let options = MaxPoolOptions::new(axes.map(|axis| axis.kernel))
            .with_stride(axes.map(|axis| axis.stride))
            .with_padding_pairs(axes.map(|axis| axis.padding))
            .with_dilation(axes.map(|axis| axis.dilation));
        module::max_pool2d(x, options)
    })
}

/// What is added around counts.
pub(crate) fn avg_pool(x: Value, given: &AvgPool<'_>) -> Result<Value, Failure> {
    let axes = along(given.kernel, given.stride, given.padding, &[]);
    pooled(x, &axes, |x, axes| {
        let options = AvgPoolOptions::new(axes.map(|axis| axis.kernel))
            .with_stride(axes.map(|axis| axis.stride))
            .with_padding_pairs(axes.map(|axis| axis.padding));
        module::avg_pool2d(x, options)
    })
}

/// What a window is along an axis.
#[derive(Clone, Copy)]
struct Along {
    kernel: usize,
    stride: usize,
    padding: (usize, usize),
    dilation: usize,
}

/// A window of one element, which changes nothing.
const ONE: Along = Along {
    kernel: 1,
    stride: 1,
    padding: (0, 0),
    dilation: 1,
};

/// Windows by their axes; what a list lacks is as in [`ONE`].
fn along(
    kernel: &[usize],
    stride: &[usize],
    padding: &[(usize, usize)],
    dilation: &[usize],
) -> Vec<Along> {
    let kernels = kernel.iter().enumerate();
    let axes = kernels.map(|(axis, &kernel)| Along {
        kernel,
        stride: stride.get(axis).copied().unwrap_or(ONE.stride),
        padding: padding.get(axis).copied().unwrap_or(ONE.padding),
        dilation: dilation.get(axis).copied().unwrap_or(ONE.dilation),
    });
    axes.collect()
}

/// Pooling over one to three axes by one over two. Of three, it is that of two axes, then
/// that of the one before them: the largest of the largest, the mean of means of as many.
fn pooled(
    x: Value,
    axes: &[Along],
    pool: impl Fn(Tensor<4>, [Along; 2]) -> Tensor<4>,
) -> Result<Value, Failure> {
    Ok(match (float(x)?, axes) {
        (Ranked::D3(x), &[axis]) => {
            let [n, c, l] = x.dims();
            let x = pool(x.reshape([n, c, 1, l]), [ONE, axis]);
            let [_, _, _, l] = x.dims();
            x.reshape([n, c, l]).into()
        }
        (Ranked::D4(x), &[height, width]) => pool(x, [height, width]).into(),
        (Ranked::D5(x), &[depth, height, width]) => {
            let [n, c, d, h, w] = x.dims();
            let x = pool(x.reshape([n, c * d, h, w]), [height, width]);
            let [_, _, h, w] = x.dims();
            let x = pool(x.reshape([n, c, d, h * w]), [depth, ONE]);
            let [_, _, d, _] = x.dims();
            x.reshape([n, c, d, h, w]).into()
        }
        (x, _) => return Err(spatial("pooling", &x)),
    })
}

/// There is no such operation over so many axes behind the channels.
fn spatial(operation: &'static str, x: &Ranked) -> Failure {
    Failure::Spatial(operation, x.extents().len().saturating_sub(2))
}
