//! What is known of values that are only recorded.

use std::rc::Rc;

use shapewise_core::Shape;
use shapewise_lower::{Dim, Elements};

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) dims: Vec<Dim>,
    pub(crate) elements: Elements,
    /// What all copies of the value have in common.
    pub(super) token: Rc<()>,
}

impl Known {
    pub(crate) fn new(dims: Vec<Dim>, elements: Elements) -> Self {
        Self {
            dims,
            elements,
            token: Rc::new(()),
        }
    }
}

/// What does not fit.
#[derive(Debug)]
pub(crate) struct Misfit(pub(super) String);

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

pub(crate) fn sizes(extents: &[usize]) -> Vec<Dim> {
    extents.iter().copied().map(Dim::Size).collect()
}

/// The number of elements of a sample, and whether there is a batch.
pub(super) fn count(dims: &[Dim]) -> (usize, usize) {
    let batches = dims.iter().filter(|dim| **dim == Dim::Batch).count();
    let elements = dims.iter().filter_map(|dim| dim.size()).product();
    (elements, batches)
}

pub(super) fn misfit<T>(what: impl std::fmt::Debug) -> Result<T, Misfit> {
    Err(Misfit(format!("{what:?}")))
}

/// The extents of two operands together.
pub(super) fn together(a: &[Dim], b: &[Dim]) -> Result<Vec<Dim>, Misfit> {
    if a.len() != b.len() {
        return misfit((a, b));
    }
    let axes = a.iter().zip(b).map(|(a, b)| match (a, b) {
        (Dim::Size(1), other) | (other, Dim::Size(1)) => Ok(*other),
        (a, b) if a == b => Ok(*a),
        pair => misfit(pair),
    });
    axes.collect()
}

/// How many windows fit.
pub(super) fn fit(
    extent: usize,
    kernel: usize,
    dilation: usize,
    stride: usize,
    (before, after): (usize, usize),
) -> Option<usize> {
    let reach = (kernel - 1) * dilation + 1;
    Some((extent + before + after).checked_sub(reach)? / stride + 1)
}

/// The extents of a value of this shape.
pub(crate) fn dims_of(shape: Shape) -> Vec<Dim> {
    let extents = match shape.rank() > 2 {
        true => shape.channels_first(),
        false => shape.extents(),
    };
    [vec![Dim::Batch], sizes(extents.as_slice())].concat()
}
