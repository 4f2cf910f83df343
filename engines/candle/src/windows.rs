//! Convolutions and pooling. candle has them over one and two axes, with one stride, one
//! dilation and one padding for all of them; others are made of these.

use candle_core::{Result, Tensor};
use shapewise_lower::{AvgPool, Conv, ConvTranspose, MaxPool};

use crate::engine::filled;

/// Along an axis, `before` elements of one value in front, and as many behind, or fewer of
/// its own, as make it this long.
pub(crate) fn fitted(
    x: &Tensor,
    axis: usize,
    before: usize,
    length: usize,
    value: f64,
) -> Result<Tensor> {
    let own = x.dim(axis)?.min(length.saturating_sub(before));
    let x = match own < x.dim(axis)? {
        true => x.narrow(axis, 0, own)?,
        false => x.clone(),
    };
    let after = length.saturating_sub(before + own);
    if (before, after) == (0, 0) {
        return Ok(x);
    }
    let more = |number: usize| {
        let mut extents = x.dims().to_vec();
        extents[axis] = number;
        filled(&extents, value, x.dtype(), x.device())
    };
    let mut parts = Vec::with_capacity(3);
    if before > 0 {
        parts.push(more(before)?);
    }
    parts.push(x.clone());
    if after > 0 {
        parts.push(more(after)?);
    }
    Tensor::cat(&parts, axis)
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

impl Along {
    /// How many windows there are over so many elements.
    fn count(self, extent: usize) -> usize {
        let whole = extent + self.padding.0 + self.padding.1;
        whole.saturating_sub(self.reach()) / self.stride + 1
    }

    /// From the first to the last element of a window.
    fn reach(self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// How many elements so many windows cover.
    fn covers(self, count: usize) -> usize {
        (count - 1) * self.stride + self.reach()
    }

    /// Padded, and without the elements behind the last window.
    fn covered(self, x: &Tensor, axis: usize, value: f64) -> Result<Tensor> {
        let length = self.covers(self.count(x.dim(axis)?));
        fitted(x, axis, self.padding.0, length, value)
    }
}

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

/// A bias for each channel, where there is one.
pub(crate) fn shifted(y: Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let Some(bias) = bias else { return Ok(y) };
    let mut extents = vec![1; y.rank()];
    extents[1] = bias.elem_count();
    y.broadcast_add(&bias.reshape(extents)?)
}

pub(crate) fn conv(
    x: &Tensor,
    weight: &Tensor,
    given: &Conv<'_>,
    gradients: bool,
) -> Result<Tensor> {
    let axes = along(
        &weight.dims()[2..],
        given.stride,
        given.padding,
        given.dilation,
    );
    match axes[..] {
        [axis] => conv1d(x, weight, axis, given.groups, gradients),
        [height, width] => conv2d(x, weight, [height, width], given.groups, gradients),
        [depth, height, width] => {
            let rest = [height, width];
            conv3d(x, weight, depth, rest, given.groups, gradients)
        }
        _ => Err(spatial("convolution", x)),
    }
}

fn conv1d(
    x: &Tensor,
    weight: &Tensor,
    axis: Along,
    groups: usize,
    gradients: bool,
) -> Result<Tensor> {
    // The gradient of candle's own is wrong with a stride or a dilation.
    if gradients {
        let row = Along {
            padding: (0, 0),
            kernel: 1,
            ..axis
        };
        let (x, weight) = (x.unsqueeze(2)?, weight.unsqueeze(2)?);
        return conv2d(&x, &weight, [row, axis], groups, true)?.squeeze(2);
    }
    let (stride, dilation) = (axis.stride, axis.dilation);
    match axis.padding {
        (before, after) if before == after => x.conv1d(weight, before, stride, dilation, groups),
        _ => axis
            .covered(x, 2, 0.0)?
            .conv1d(weight, 0, stride, dilation, groups),
    }
}

fn conv2d(
    x: &Tensor,
    weight: &Tensor,
    axes: [Along; 2],
    groups: usize,
    gradients: bool,
) -> Result<Tensor> {
    let [height, width] = axes;
    let (stride, dilation) = (height.stride, height.dilation);
    let alike = stride == width.stride && dilation == width.dilation;
    let (before, after) = height.padding;
    if alike && before == after && height.padding == width.padding && !gradients {
        return x.conv2d(weight, before, stride, dilation, groups);
    }
    // Elements that are left over behind the last window have gradients of another shape.
    let mut x = height.covered(x, 2, 0.0)?;
    x = width.covered(&x, 3, 0.0)?;
    if alike {
        return x.conv2d(weight, 0, stride, dilation, groups);
    }
    // A dilated kernel is one with zeros between its elements; a stride that is a multiple
    // of another is that other over parts of the axis that are channels of their own.
    let stride = gcd(height.stride, width.stride);
    let mut weight = weight.clone();
    for (axis, along) in [(2, height), (3, width)] {
        weight = spread(&weight, axis, along.dilation)?;
        let parts = along.stride / stride;
        if parts > 1 {
            let kernel = weight.dim(axis)?.next_multiple_of(parts);
            weight = folded(&fitted(&weight, axis, 0, kernel, 0.0)?, axis, parts)?;
            let length = x.dim(axis)? - along.reach() + kernel;
            x = folded(&fitted(&x, axis, 0, length, 0.0)?, axis, parts)?;
        }
    }
    x.conv2d(&weight.contiguous()?, 0, stride, 1, groups)
}

/// The windows along the first axis as channels of images.
fn conv3d(
    x: &Tensor,
    weight: &Tensor,
    depth: Along,
    rest: [Along; 2],
    groups: usize,
    gradients: bool,
) -> Result<Tensor> {
    let x = depth.covered(x, 2, 0.0)?;
    let count = (x.dim(2)? - depth.reach()) / depth.stride + 1;
    let places = (0..count).flat_map(|window| {
        (0..depth.kernel).map(move |element| window * depth.stride + element * depth.dilation)
    });
    let x = taken(&x, 2, places)?;
    let (n, c, _, h, w) = x.dims5()?;
    let x = x.reshape(vec![n, c, count, depth.kernel, h, w])?;
    let x = x.permute(vec![0, 2, 1, 3, 4, 5])?;
    let x = x.reshape((n * count, c * depth.kernel, h, w))?;
    let (out, own, kernel, kernel_h, kernel_w) = weight.dims5()?;
    let weight = weight.reshape((out, own * kernel, kernel_h, kernel_w))?;
    let y = conv2d(&x, &weight, rest, groups, gradients)?;
    let (_, _, h, w) = y.dims4()?;
    y.reshape((n, count, out, h, w))?
        .permute((0, 2, 1, 3, 4))?
        .contiguous()
}

pub(crate) fn conv_transpose(
    x: &Tensor,
    weight: &Tensor,
    given: &ConvTranspose<'_>,
    gradients: bool,
) -> Result<Tensor> {
    let axes = along(
        &weight.dims()[2..],
        given.stride,
        given.padding,
        given.dilation,
    );
    let groups = given.groups;
    // Candle's own over one axis has no gradient, and mixes the samples of a batch.
    if let [axis] = axes[..] {
        let options = ConvTranspose {
            stride: &[axis.stride; 2],
            padding: &[(0, 0), axis.padding],
            output_padding: &[0, given.output_padding[0]],
            dilation: &[axis.dilation; 2],
            groups,
        };
        let (x, weight) = (x.unsqueeze(2)?, weight.unsqueeze(2)?);
        return conv_transpose(&x, &weight, &options, gradients)?.squeeze(2);
    }
    // Candle's own, where it has one, of which the padding is then cut off.
    let y = match axes[..] {
        [height, width] if height.stride == width.stride && height.dilation == width.dilation => {
            let (parts, weights) = (x.chunk(groups, 1)?, weight.chunk(groups, 0)?);
            let parts = parts.iter().zip(&weights).map(|(x, weight)| {
                let (x, weight) = (x.contiguous()?, weight.contiguous()?);
                x.conv_transpose2d(&weight, 0, 0, height.stride, height.dilation)
            });
            Tensor::cat(&parts.collect::<Result<Vec<_>>>()?, 1)?
        }
        _ => return by_conv(x, weight, given, &axes, gradients),
    };
    let mut y = y;
    for (place, along) in axes.iter().enumerate() {
        let axis = place + 2;
        let (before, after) = along.padding;
        let length = y.dim(axis)? + given.output_padding[place] - before - after;
        if before > 0 {
            y = y.narrow(axis, before, y.dim(axis)? - before)?;
        }
        y = fitted(&y, axis, 0, length, 0.0)?;
    }
    y.contiguous()
}

/// A transposed convolution as one of its input with zeros between, by the kernel
/// reversed.
fn by_conv(
    x: &Tensor,
    weight: &Tensor,
    given: &ConvTranspose<'_>,
    axes: &[Along],
    gradients: bool,
) -> Result<Tensor> {
    let mut x = x.clone();
    let none = vec![(0, 0); axes.len()];
    for (place, along) in axes.iter().enumerate() {
        let axis = place + 2;
        x = spread(&x, axis, along.stride)?;
        let around = along.reach() - 1;
        let (before, after) = along.padding;
        let whole = x.dim(axis)? + 2 * around + given.output_padding[place];
        let length = whole - before - after;
        let cut = before.saturating_sub(around);
        if cut > 0 {
            x = x.narrow(axis, cut, x.dim(axis)? - cut)?;
        }
        x = fitted(&x, axis, around.saturating_sub(before), length, 0.0)?;
    }
    let groups = given.groups;
    let kernel = weight.dims()[2..].to_vec();
    let (into, out) = (weight.dim(0)? / groups, weight.dim(1)?);
    let spatial: Vec<usize> = (2..weight.rank()).collect();
    let weight = weight.contiguous()?.flip(&spatial)?;
    let weight = weight.reshape([&[groups, into, out], &kernel[..]].concat())?;
    let order: Vec<usize> = [0, 2, 1].into_iter().chain(3..kernel.len() + 3).collect();
    let weight = weight.permute(order)?;
    let weight = weight.reshape([&[groups * out, into], &kernel[..]].concat())?;
    let options = Conv {
        stride: &vec![1; axes.len()],
        padding: &none,
        dilation: given.dilation,
        groups,
    };
    conv(&x, &weight, &options, gradients)
}

pub(crate) fn max_pool(x: &Tensor, given: &MaxPool<'_>, gradients: bool) -> Result<Tensor> {
    let axes = along(given.kernel, given.stride, given.padding, given.dilation);
    let dense = axes.iter().all(|axis| axis.dilation == 1);
    // The gradient of candle's own is only right for some windows.
    if gradients || !dense {
        return one_by_one(x, &axes, f64::NEG_INFINITY, |a, b| a.maximum(b));
    }
    pooled(x, &axes, f64::NEG_INFINITY, |x, [height, width]| {
        let (kernel, stride) = ((height.kernel, width.kernel), (height.stride, width.stride));
        x.max_pool2d_with_stride(kernel, stride)
    })
}

/// What is added around counts.
pub(crate) fn avg_pool(x: &Tensor, given: &AvgPool<'_>, gradients: bool) -> Result<Tensor> {
    let axes = along(given.kernel, given.stride, given.padding, &[]);
    if gradients {
        let sums = one_by_one(x, &axes, 0.0, |a, b| a + b)?;
        return sums / float(given.kernel.iter().product());
    }
    pooled(x, &axes, 0.0, |x, [height, width]| {
        let (kernel, stride) = ((height.kernel, width.kernel), (height.stride, width.stride));
        x.avg_pool2d_with_stride(kernel, stride)
    })
}

/// Pooling over one to three axes by one over two. Of three, it is that of two axes, then
/// that of the one before them: the largest of the largest, the mean of means of as many.
fn pooled(
    x: &Tensor,
    axes: &[Along],
    padding: f64,
    pool: impl Fn(&Tensor, [Along; 2]) -> Result<Tensor>,
) -> Result<Tensor> {
    let mut x = x.clone();
    for (place, along) in axes.iter().enumerate() {
        if along.padding != (0, 0) {
            x = along.covered(&x, place + 2, padding)?;
        }
    }
    match *axes {
        [axis] => pool(&x.unsqueeze(2)?, [ONE, axis])?.squeeze(2),
        [height, width] => pool(&x, [height, width]),
        [depth, height, width] => {
            let (n, c, d, h, w) = x.dims5()?;
            let x = pool(&x.reshape((n, c * d, h, w))?, [height, width])?;
            let (_, _, h, w) = x.dims4()?;
            let x = pool(&x.reshape((n, c, d, h * w))?, [depth, ONE])?;
            let d = x.dim(2)?;
            x.reshape((n, c, d, h, w))
        }
        _ => Err(spatial("pooling", &x)),
    }
}

/// Along one axis after the other, the first elements of all windows with the second ones,
/// and so on.
fn one_by_one(
    x: &Tensor,
    axes: &[Along],
    padding: f64,
    with: impl Fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let mut x = x.clone();
    for (place, along) in axes.iter().enumerate() {
        let axis = place + 2;
        let count = along.count(x.dim(axis)?);
        let covered = along.covered(&x, axis, padding)?;
        let element = |element: usize| {
            let start = element * along.dilation;
            match along.stride {
                1 => covered.narrow(axis, start, count),
                stride => taken(&covered, axis, (0..count).map(|w| start + w * stride)),
            }
        };
        x = element(0)?;
        for place in 1..along.kernel {
            x = with(&x, &element(place)?)?;
        }
    }
    Ok(x)
}

/// The elements at some places along an axis.
fn taken(x: &Tensor, axis: usize, places: impl Iterator<Item = usize>) -> Result<Tensor> {
    let places: Vec<i64> = places
        .map(|place| i64::try_from(place).unwrap_or(i64::MAX))
        .collect();
    if places
        .iter()
        .copied()
        .eq(0..i64::try_from(x.dim(axis)?).unwrap_or(i64::MAX))
    {
        return Ok(x.clone());
    }
    let number = places.len();
    let places = Tensor::from_vec(places, number, x.device())?;
    x.contiguous()?.index_select(&places, axis)
}

/// Zeros between the elements of an axis, so that they are so far apart.
fn spread(x: &Tensor, axis: usize, apart: usize) -> Result<Tensor> {
    let extent = x.dim(axis)?;
    if apart == 1 || extent == 1 {
        return Ok(x.clone());
    }
    let wide = fitted(&x.unsqueeze(axis + 1)?, axis + 1, 0, apart, 0.0)?;
    let mut extents = x.dims().to_vec();
    extents[axis] = extent * apart;
    wide.reshape(extents)?
        .narrow(axis, 0, (extent - 1) * apart + 1)
}

/// Every so many elements of an axis as so many channels, axis 1.
fn folded(x: &Tensor, axis: usize, parts: usize) -> Result<Tensor> {
    let mut extents = x.dims().to_vec();
    extents[axis] /= parts;
    let mut apart = extents.clone();
    apart.insert(axis + 1, parts);
    let mut order: Vec<usize> = (0..apart.len()).collect();
    order.remove(axis + 1);
    order.insert(2, axis + 1);
    extents[1] *= parts;
    x.reshape(apart)?.permute(order)?.reshape(extents)
}

fn gcd(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        b => gcd(b, a % b),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of elements")]
fn float(number: usize) -> f64 {
    number as f64
}

/// There is no such operation over so many axes behind the channels.
fn spatial(operation: &str, x: &Tensor) -> candle_core::Error {
    candle_core::Error::Msg(format!("no {operation} over the axes of {:?}", x.shape()))
}
