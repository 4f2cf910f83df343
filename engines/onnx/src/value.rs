//! Values of the model while it is built: their names, types and extents.

use shapewise_core::Shape;

use crate::Error;

/// A value of the model: what a node makes, an input, a tensor, a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) elements: Elements,
    /// All axes, the batch with them.
    pub(crate) dims: Vec<Dim>,
}

/// What the elements of a value are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elements {
    /// Numbers of the model's type.
    Numbers,
    /// Indices: 64-bit integers.
    Indices,
    /// Truth values.
    Truths,
}

/// The extent of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dim {
    Batch,
    Size(usize),
}

impl Value {
    pub(crate) fn rank(&self) -> usize {
        self.dims.len()
    }

    /// The extent of an axis that is not the batch's.
    pub(crate) fn size(&self, axis: usize) -> usize {
        match self.dims[axis] {
            Dim::Size(size) => size,
            Dim::Batch => unreachable!("no layer asks for the extent of the batch"),
        }
    }
}

/// These extents as axes.
pub(crate) fn sizes(extents: &[usize]) -> Vec<Dim> {
    extents.iter().copied().map(Dim::Size).collect()
}

/// The batch, then these extents.
pub(crate) fn batched(extents: &[usize]) -> Vec<Dim> {
    [Dim::Batch].into_iter().chain(sizes(extents)).collect()
}

/// The axes of a value of the network in the model: the batch, then the notation's
/// order for vectors and sequences, channels first for images and beyond.
pub(crate) fn axes_of(shape: &Shape) -> Vec<Dim> {
    if shape.rank() > 2 {
        batched(shape.channels_first().as_slice())
    } else {
        batched(shape.as_slice())
    }
}

/// Where an axis of the notation is in the model.
pub(crate) fn axis_of(place: usize, rank: usize) -> usize {
    match place {
        _ if rank <= 2 => place + 1,
        _ if place + 1 == rank => 1,
        _ => place + 2,
    }
}

/// A number as ONNX has it.
pub(crate) fn int(value: usize) -> Result<i64, Error> {
    i64::try_from(value).map_err(|_| Error::Overflow)
}

/// Numbers as ONNX has them.
pub(crate) fn ints(values: &[usize]) -> Result<Vec<i64>, Error> {
    values.iter().map(|&value| int(value)).collect()
}

/// The axes of two values that are combined element by element, the shorter one
/// repeated as NumPy does.
pub(crate) fn broadcast(a: &[Dim], b: &[Dim]) -> Vec<Dim> {
    let rank = a.len().max(b.len());
    let at = |dims: &[Dim], axis: usize| {
        (axis + dims.len())
            .checked_sub(rank)
            .map_or(Dim::Size(1), |place| dims[place])
    };
    (0..rank)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (Dim::Size(1), other) => other,
            (own, _) => own,
        })
        .collect()
}
