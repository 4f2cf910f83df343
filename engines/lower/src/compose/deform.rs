//! Convolution whose taps move.

use crate::compose::{activation, along, index, ranked};
use crate::dims::{Dim, sizes};
use crate::engine::{Conv, DeformConv, Engine, Made, known};

/// The four elements around each tap are read as rows of a list; what comes of the taps lies as an
/// image, side by side for each position, so that a convolution which moves by its own size multiplies
/// them by the weight. Source: torchvision's `deform_conv2d`.
pub(crate) fn deform_conv<E: Engine>(
    e: &mut E,
    x: E::Value,
    taps: (E::Value, Option<E::Value>),
    weight: (E::Value, Option<E::Value>),
    options: &DeformConv<'_>,
) -> Made<E> {
    let (offset, mask) = taps;
    let conv = &options.conv;
    let channels = known(e, &x)[1];
    let extents = [known(e, &x)[2], known(e, &x)[3]];
    let kernel = [known(e, &weight.0)[2], known(e, &weight.0)[3]];
    let out = [known(e, &offset)[2], known(e, &offset)[3]];
    let batch = e.dims(&x)[0];
    let groups = options.groups;
    let each = channels / groups;
    let positions = [kernel[0] * kernel[1], out[0], out[1]];
    let with = |more: &[usize]| [&[batch], &sizes(more)[..]].concat();

    let pairs = [groups * positions[0], 2, out[0], out[1]];
    let pairs = e.reshape(offset, &with(&pairs))?;
    let mut at = Vec::new();
    for axis in 0..2 {
        let moved = e.at(pairs.clone(), 2, axis)?;
        let moved = e.reshape(moved, &with(&[groups, positions[0], out[0], out[1]]))?;
        let places = unmoved(e, conv, axis, kernel, out[axis])?;
        let place = e.add(moved, places)?;
        // Beyond the border all is 0, however far.
        at.push(e.clamp(place, -1.0, float(extents[axis]))?);
    }
    // A border of zeros, one before and two behind, which the taps do not leave.
    let x = e.pad_constant(x, &[(0, 0), (0, 0), (1, 2), (1, 2)], 0.0)?;
    let bordered = extents.map(|extent| extent + 3);
    let rows = bordered[0] * bordered[1];
    let x = e.reshape(x, &with(&[groups, each, rows]))?;
    let x = e.permute(x, &[0, 1, 3, 2])?;

    let mut whole = Vec::new();
    let mut shares = Vec::new();
    for place in at {
        let still = e.detach(place.clone())?;
        let floor = activation::integer_below(e, still)?;
        let behind = e.sub(place, floor.clone())?;
        let before = e.mul_scalar(behind.clone(), -1.0)?;
        let before = e.add_scalar(before, 1.0)?;
        whole.push(floor);
        shares.push([before, behind]);
    }
    let width = e.ints(&[index(bordered[1])], &[1; 5])?;
    let mut sum: Option<E::Value> = None;
    for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        // Counted from the border.
        let row = e.add_scalar(whole[0].clone(), float(1 + down))?;
        let column = e.add_scalar(whole[1].clone(), float(1 + right))?;
        // As integers: floats of half the size have no large places.
        let (row, column) = (e.to_int(row)?, e.to_int(column)?);
        let row = e.mul(row, width.clone())?;
        let place = e.add(row, column)?;
        let read = read(e, x.clone(), place)?;
        let share = e.mul(shares[0][down].clone(), shares[1][right].clone())?;
        let share = e.reshape(share, &with(&[groups, positions.iter().product(), 1]))?;
        let read = e.mul(read, share)?;
        sum = Some(match sum {
            Some(sum) => e.add(sum, read)?,
            None => read,
        });
    }
    let mut read = sum.unwrap_or(x);
    if let Some(mask) = mask {
        let mask = e.reshape(mask, &with(&[groups, positions.iter().product(), 1]))?;
        read = e.mul(read, mask)?;
    }
    let apart = [groups, kernel[0], kernel[1], out[0], out[1], each];
    let read = e.reshape(read, &with(&apart))?;
    let read = e.permute(read, &[0, 1, 6, 4, 2, 5, 3])?;
    let image = [channels, out[0] * kernel[0], out[1] * kernel[1]];
    let read = e.reshape(read, &with(&image))?;
    let options = Conv {
        stride: &kernel,
        padding: &[(0, 0); 2],
        dilation: &[1; 2],
        groups: conv.groups,
    };
    let (weight, bias) = weight;
    e.conv(read, weight, bias, &options)
}

/// Where each tap is along an axis without an offset, `1 x 1 x taps x positions` on the axes of both.
fn unmoved<E: Engine>(
    e: &mut E,
    conv: &Conv<'_>,
    axis: usize,
    kernel: [usize; 2],
    positions: usize,
) -> Made<E> {
    let taps: Vec<_> = (0..kernel[0] * kernel[1])
        .map(|tap| [tap / kernel[1], tap % kernel[1]][axis] * conv.dilation[axis])
        .map(float)
        .collect();
    let taps = e.floats(&taps, &[taps.len()])?;
    let taps = along(e, taps, 2, 5)?;
    let starts = e.arange(positions)?;
    let starts = e.to_float(starts)?;
    let starts = e.mul_scalar(starts, float(conv.stride[axis]))?;
    let starts = e.add_scalar(starts, -float(conv.padding[axis].0))?;
    let starts = along(e, starts, 3 + axis, 5)?;
    e.add(taps, starts)
}

/// `N x G x R x C` by the places of rows, `N x G x ..`: `N x G x P x C`.
fn read<E: Engine>(e: &mut E, x: E::Value, places: E::Value) -> Made<E> {
    let dims = e.dims(&x);
    let [groups, rows, each] = [1, 2, 3].map(|axis| known(e, &x)[axis]);
    let count: usize = known(e, &places)[2..].iter().product();
    let Dim::Size(samples) = dims[0] else {
        return matched(e, x, places);
    };
    // All samples are one list.
    let lists = samples * groups;
    let starts: Vec<_> = (0..lists).map(|list| index(list * rows)).collect();
    let starts = e.ints(&starts, &[lists, 1])?;
    let places = e.reshape(places, &sizes(&[lists, count]))?;
    let places = e.add(places, starts)?;
    let places = e.reshape(places, &sizes(&[lists * count]))?;
    let x = e.reshape(x, &sizes(&[lists * rows, each]))?;
    let read = e.select(x, 0, places)?;
    e.reshape(read, &sizes(&[samples, groups, count, each]))
}

/// The same where the number of samples is not known: a product with rows of which one element is 1.
fn matched<E: Engine>(e: &mut E, x: E::Value, places: E::Value) -> Made<E> {
    let batch = e.dims(&x)[0];
    let extents = known(e, &places);
    let count: usize = extents[2..].iter().product();
    let rows = known(e, &x)[2];
    let dims = [&[batch], &sizes(&[extents[1], count, 1])[..]].concat();
    let places = e.reshape(places, &dims)?;
    let all = e.arange(rows)?;
    let all = ranked(e, all, 4)?;
    let chosen = e.equal(places, all)?;
    let chosen = e.to_float(chosen)?;
    e.matmul(chosen, x)
}

#[expect(clippy::cast_precision_loss, reason = "a place in floating point")]
fn float(place: usize) -> f64 {
    place as f64
}
