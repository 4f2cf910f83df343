//! Tensors that begin as others of their layer decide: lengths and singular vectors of weights.

use shapewise_core::Extents;
use shapewise_core::layer::{Layer, Parametrization, Role, Tensor, WeightNorm};

use super::init::{Init, Initial, plainly, weight_of};
use super::random::Random;

/// How near PyTorch's `spectral_norm` comes to the singular vectors before training.
const ITERATIONS: usize = 15;

/// A weight beside which a tensor stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    extents: Extents,
    /// The axis whose slices are normalised, `None` where the whole is.
    axis: Option<usize>,
    filled: Filled,
    /// Of its name, which decides its numbers.
    key: u64,
}

/// Whether a vector has an element for each row of a matrix, or for each column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// For each row: `u`.
    Rows,
    /// For each column: `v`.
    Columns,
}

/// How a weight is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Filled {
    Uniform(f64),
    Normal(Option<usize>),
}

/// How PyTorch fills a tensor, not a bias, of a layer whose weight is made of others.
pub(super) fn normed(
    layer: &Layer,
    tensor: &Tensor,
    parametrization: &Parametrization,
    stored: &dyn Fn(&Tensor) -> String,
) -> Init {
    let whole = (0..)
        .map_while(|index| layer.tensor(index))
        .filter(|tensor| tensor.role == Role::Weight)
        .last();
    // The weight stands behind its lengths.
    let (Some(whole), Some(extents)) = (whole, weight_of(layer)) else {
        return plainly(layer, tensor);
    };
    if whole.name == tensor.name {
        return plainly(layer, &whole);
    }
    let beside = |axis| Beside {
        extents,
        axis,
        filled: match plainly(layer, &whole) {
            Init::Normal { zero_row, .. } => Filled::Normal(zero_row),
            Init::Uniform { bound } => Filled::Uniform(bound),
            _ => Filled::Uniform(1.0),
        },
        key: Random::key(&stored(&whole)),
    };
    match parametrization.norm {
        WeightNorm::Length { axis } => Init::Lengths(beside(axis)),
        WeightNorm::Spectral { axis, .. } => {
            let name = tensor.name.to_string();
            let side = match name.ends_with("_u") {
                true => Side::Rows,
                false => Side::Columns,
            };
            Init::Singular(beside(Some(axis)), side)
        }
    }
}

impl Beside {
    /// The weight's numbers.
    fn weight(&self, seed: u64) -> Vec<f64> {
        let init = match self.filled {
            Filled::Uniform(bound) => Init::Uniform { bound },
            Filled::Normal(zero_row) => Init::Normal { std: 1.0, zero_row },
        };
        match init.drawn(&self.extents, seed, Random::keyed(seed, self.key)) {
            Initial::Floats(values) => values.into_iter().map(f64::from).collect(),
            Initial::Ints(_) => Vec::new(),
        }
    }

    /// The weight's numbers with the row and the column that each stands in.
    fn placed(&self, weight: &[f64]) -> impl Iterator<Item = (usize, usize, f64)> {
        let extents = self.extents.as_slice();
        let (rows, inner) = match self.axis {
            Some(axis) => (extents[axis], extents[axis + 1..].iter().product()),
            None => (1, weight.len().max(1)),
        };
        let numbers = weight.iter().copied().enumerate();
        numbers.map(move |(place, number)| {
            let (outer, inside) = (place / inner, place % inner);
            (outer % rows, outer / rows * inner + inside, number)
        })
    }

    pub(super) fn lengths(&self, seed: u64) -> Vec<f32> {
        let rows = self.axis.map_or(1, |axis| self.extents.at(axis));
        let mut squares = vec![0.0; rows];
        for (row, _, number) in self.placed(&self.weight(seed)) {
            squares[row] += number * number;
        }
        single(squares.into_iter().map(f64::sqrt))
    }

    pub(super) fn singular(&self, seed: u64, side: Side) -> Vec<f32> {
        let weight = self.weight(seed);
        let rows = self.axis.map_or(1, |axis| self.extents.at(axis)).max(1);
        let mut random = Random::keyed(seed, !self.key);
        let mut normal = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<_>>();
        let (mut u, mut v) = (normal(rows), normal(weight.len() / rows));
        unit(&mut v);
        for _ in 0..ITERATIONS {
            u.fill(0.0);
            for (row, column, number) in self.placed(&weight) {
                u[row] += number * v[column];
            }
            unit(&mut u);
            v.fill(0.0);
            for (row, column, number) in self.placed(&weight) {
                v[column] += number * u[row];
            }
            unit(&mut v);
        }
        single(match side {
            Side::Rows => u,
            Side::Columns => v,
        })
    }
}

/// A vector with a length of 1.
fn unit(vector: &mut [f64]) {
    let square: f64 = vector.iter().map(|x| x * x).sum();
    let length = square.sqrt().max(1e-12);
    vector.iter_mut().for_each(|x| *x /= length);
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest numbers")]
fn single(values: impl IntoIterator<Item = f64>) -> Vec<f32> {
    values.into_iter().map(|value| value as f32).collect()
}
