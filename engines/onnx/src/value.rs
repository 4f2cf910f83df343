//! Values of the model while it is built: their names, types and extents.

use shapewise_core::Shape;
use shapewise_lower::{Dim, Elements};

use crate::Error;

/// A value of the model: what a node makes, an input, a tensor, a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) elements: Elements,
    /// All axes, the batch with them.
    pub(crate) dims: Vec<Dim>,
}

impl Value {
    pub(crate) fn rank(&self) -> usize {
        self.dims.len()
    }

    /// The extent of an axis; the batch's, which no layer asks for, as 1.
    pub(crate) fn size(&self, axis: usize) -> usize {
        self.dims[axis].size().unwrap_or(1)
    }
}

/// These extents as axes.
pub(crate) fn sizes(extents: &[usize]) -> Vec<Dim> {
    extents.iter().copied().map(Dim::Size).collect()
}

/// The axes of a value of the network in the model: the batch, then the notation's
/// order for vectors and sequences, channels first for images and beyond.
pub(crate) fn axes_of(shape: &Shape, batch: Dim) -> Vec<Dim> {
    let extents = match shape.rank() > 2 {
        true => shape.channels_first(),
        false => shape.extents(),
    };
    let extents = extents.as_slice().iter().copied().map(Dim::Size);
    [batch].into_iter().chain(extents).collect()
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
