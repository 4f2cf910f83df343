//! Pooling and patches by simpler operations.

use super::movement::taken;
use crate::dims::{Dim, sizes};
use crate::engine::{Along, AvgPool, Engine, Fold, Made, known};

/// Padding of the spatial axes as padding of all.
fn of_all(padding: &[(usize, usize)]) -> Vec<(usize, usize)> {
    [&[(0, 0); 2], padding].concat()
}

pub(crate) fn evenly<E: Engine>(
    e: &mut E,
    x: E::Value,
    padding: &[(usize, usize)],
    value: f64,
) -> Result<(E::Value, Vec<usize>), E::Error> {
    if padding.iter().all(|(before, after)| before == after) {
        return Ok((x, padding.iter().map(|sides| sides.0).collect()));
    }
    let x = e.pad_constant(x, &of_all(padding), value)?;
    Ok((x, vec![0; padding.len()]))
}

pub(crate) fn avg_pool_counted<E: Engine>(
    e: &mut E,
    x: E::Value,
    options: &AvgPool<'_>,
) -> Made<E> {
    let extents = known(e, &x);
    let axes = options.kernel.len();
    let x = e.pad_constant(x, &of_all(options.padding), 0.0)?;
    let none = vec![(0, 0); axes];
    let mut y = e.avg_pool(
        x,
        &AvgPool {
            padding: &none,
            count_include_pad: true,
            ..*options
        },
    )?;
    // How much larger each window is than what it has of the input: a factor for
    // each axis.
    let out = known(e, &y);
    for axis in 0..axes {
        let (kernel, stride) = (options.kernel[axis], options.stride[axis]);
        let (before, extent) = (options.padding[axis].0, extents[axis + 2]);
        let factors: Vec<_> = (0..out[axis + 2])
            .map(|place| {
                let start = (place * stride).max(before);
                let end = (place * stride + kernel).min(before + extent);
                ratio(kernel, end.saturating_sub(start).max(1))
            })
            .collect();
        if factors
            .iter()
            .all(|factor| (factor - 1.0).abs() < f64::EPSILON)
        {
            continue;
        }
        let factors = weights_along(e, &factors, axis + 2, axes + 2)?;
        y = e.mul(y, factors)?;
    }
    Ok(y)
}

#[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
pub(crate) fn ratio(a: usize, b: usize) -> f64 {
    a as f64 / b as f64
}

/// Numbers along one axis of values of so many axes.
pub(crate) fn weights_along<E: Engine>(
    e: &mut E,
    weights: &[f64],
    axis: usize,
    rank: usize,
) -> Made<E> {
    let mut extents = vec![1; rank];
    extents[axis] = weights.len();
    e.floats(weights, &extents)
}

/// Which elements each window of an adaptive pool covers along an axis. Source:
/// PyTorch's `AdaptiveAvgPool2d`.
fn covered(from: usize, to: usize) -> Vec<(usize, usize)> {
    let wide = |place: usize| place as u128 * from as u128;
    let narrow = |place: u128| usize::try_from(place).unwrap_or(from);
    (0..to)
        .map(|place| {
            let start = wide(place) / to as u128;
            let end = wide(place + 1).div_ceil(to as u128);
            (narrow(start), narrow(end))
        })
        .collect()
}

/// The kernel of an ordinary pool that does the same, where all windows are alike.
fn even(extents: &[usize], size: &[usize]) -> Option<Vec<usize>> {
    let axes = extents[2..].iter().zip(size);
    axes.map(|(from, to)| from.is_multiple_of(*to).then(|| from / to))
        .collect()
}

/// Along an axis, the elements of every window as an axis of their own behind it;
/// short windows repeat their last element.
fn windows<E: Engine>(
    e: &mut E,
    x: E::Value,
    axis: usize,
    windows: &[(usize, usize)],
    longest: usize,
) -> Made<E> {
    let places: Vec<_> = windows
        .iter()
        .flat_map(|&(start, end)| (start..start + longest).map(move |place| place.min(end - 1)))
        .collect();
    let mut dims = e.dims(&x);
    dims[axis] = Dim::Size(windows.len());
    dims.insert(axis + 1, Dim::Size(longest));
    let x = taken(e, x, axis, &places)?;
    e.reshape(x, &dims)
}

fn longest(windows: &[(usize, usize)]) -> usize {
    let lengths = windows.iter().map(|(start, end)| end - start);
    lengths.max().unwrap_or(1)
}

pub(crate) fn adaptive_avg_pool<E: Engine>(e: &mut E, x: E::Value, size: &[usize]) -> Made<E> {
    let extents = known(e, &x);
    if let Some(kernel) = even(&extents, size) {
        let options = AvgPool {
            kernel: &kernel,
            stride: &kernel,
            padding: &vec![(0, 0); kernel.len()],
            count_include_pad: true,
        };
        return e.avg_pool(x, &options);
    }
    let mut x = x;
    for (place, &to) in size.iter().enumerate() {
        let axis = place + 2;
        if extents[axis] == to {
            continue;
        }
        let parts = covered(extents[axis], to);
        let longest = longest(&parts);
        x = windows(e, x, axis, &parts, longest)?;
        let mut shares = Vec::new();
        for (start, end) in &parts {
            let length = end - start;
            shares.extend((0..longest).map(|element| match element < length {
                true => ratio(1, length),
                false => 0.0,
            }));
        }
        let mut dims = vec![1; e.dims(&x).len()];
        dims[axis] = to;
        dims[axis + 1] = longest;
        let shares = e.floats(&shares, &dims)?;
        x = e.mul(x, shares)?;
        x = e.sum(x, &[axis + 1], false)?;
    }
    Ok(x)
}

pub(crate) fn adaptive_max_pool<E: Engine>(e: &mut E, x: E::Value, size: &[usize]) -> Made<E> {
    let extents = known(e, &x);
    if let Some(kernel) = even(&extents, size) {
        let options = crate::engine::MaxPool {
            kernel: &kernel,
            stride: &kernel,
            padding: &vec![(0, 0); kernel.len()],
            dilation: &vec![1; kernel.len()],
        };
        return e.max_pool(x, &options);
    }
    let mut x = x;
    for (place, &to) in size.iter().enumerate() {
        let axis = place + 2;
        if extents[axis] == to {
            continue;
        }
        let parts = covered(extents[axis], to);
        x = windows(e, x, axis, &parts, longest(&parts))?;
        x = e.max(x, &[axis + 1], false)?;
    }
    Ok(x)
}

pub(crate) fn unfold<E: Engine>(e: &mut E, x: E::Value, axis: usize, patches: Along) -> Made<E> {
    let count = patches.count(known(e, &x)[axis]);
    let Along {
        kernel,
        stride,
        dilation,
    } = patches;
    let places: Vec<_> = (0..count)
        .flat_map(|patch| (0..kernel).map(move |element| patch * stride + element * dilation))
        .collect();
    let mut dims = e.dims(&x);
    dims[axis] = Dim::Size(count);
    dims.insert(axis + 1, Dim::Size(kernel));
    let x = taken(e, x, axis, &places)?;
    e.reshape(x, &dims)
}

/// Axis by axis: each element of the patches is put to where it belongs along the
/// axis, zeros between, and these are summed.
pub(crate) fn fold<E: Engine>(e: &mut E, x: E::Value, options: &Fold<'_>) -> Made<E> {
    let axes = options.size.len();
    let dims = e.dims(&x);
    let elements: usize = options.kernel.iter().product();
    let channels = Dim::Size(known(e, &x)[1] / elements);
    let counts: Vec<_> = (0..axes).map(|axis| count(options, axis)).collect();
    let mut apart = vec![dims[0], channels];
    apart.extend(sizes(options.kernel));
    apart.extend(sizes(&counts));
    let mut x = e.reshape(x, &apart)?;
    for (axis, &count) in counts.iter().enumerate() {
        let (element_axis, patch_axis) = (2 + axis, 2 + axes + axis);
        // A zero behind the patches, which all places between them take.
        let mut padding = vec![(0, 0); apart.len()];
        padding[patch_axis] = (0, 1);
        let padded = e.pad_constant(x, &padding, 0.0)?;
        let mut sum: Option<E::Value> = None;
        for element in 0..options.kernel[axis] {
            let one = e.slice(padded.clone(), element_axis, element, element + 1)?;
            let places = placed(options, axis, element, count);
            let one = taken(e, one, patch_axis, &places)?;
            sum = Some(match sum {
                Some(sum) => e.add(sum, one)?,
                None => one,
            });
        }
        x = sum.unwrap_or(padded);
    }
    let mut whole = vec![dims[0], channels];
    whole.extend(sizes(options.size));
    e.reshape(x, &whole)
}

/// Which patch has its `element` at each place of the whole along an axis; `count`
/// where none has.
fn placed(options: &Fold<'_>, axis: usize, element: usize, count: usize) -> Vec<usize> {
    let (stride, before) = (options.stride[axis], options.padding[axis].0);
    let ahead = element * options.dilation[axis];
    (0..options.size[axis])
        .map(|place| match (place + before).checked_sub(ahead) {
            Some(start) if start % stride == 0 => (start / stride).min(count),
            _ => count,
        })
        .collect()
}

/// How many patches there are along an axis.
fn count(options: &Fold<'_>, axis: usize) -> usize {
    let (before, after) = options.padding[axis];
    let reach = (options.kernel[axis] - 1) * options.dilation[axis] + 1;
    (options.size[axis] + before + after - reach) / options.stride[axis] + 1
}
