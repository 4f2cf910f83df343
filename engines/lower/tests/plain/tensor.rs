//! A tensor, and what is done with its elements.

use super::{Wrong, wrong};

/// Elements in the order of memory, the last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) dims: Vec<usize>,
    pub(crate) data: Data,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Float(Vec<f32>),
    Int(Vec<i64>),
    Bool(Vec<bool>),
}

impl Data {
    fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }
}

/// The place of every element of these extents, in the order of memory.
pub(crate) fn places(dims: &[usize]) -> Vec<Vec<usize>> {
    let count = dims.iter().product();
    (0..count)
        .map(|mut index| {
            let mut at = vec![0; dims.len()];
            for (place, extent) in at.iter_mut().zip(dims).rev() {
                *place = index % extent;
                index /= extent;
            }
            at
        })
        .collect()
}

impl Tensor {
    pub(crate) fn new(dims: &[usize], data: Data) -> Result<Self, Wrong> {
        if dims.iter().product::<usize>() != data.len() {
            return wrong(format!("{} elements as {dims:?}", data.len()));
        }
        Ok(Self {
            dims: dims.to_vec(),
            data,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.data.len()
    }

    pub(crate) fn floats(&self) -> Result<&[f32], Wrong> {
        match &self.data {
            Data::Float(values) => Ok(values),
            _ => wrong("floats are calculated with"),
        }
    }

    /// Where an element is in memory.
    fn offset(&self, at: &[usize]) -> usize {
        assert_eq!(at.len(), self.dims.len(), "as many places as axes");
        let axes = at.iter().zip(&self.dims);
        axes.fold(0, |offset, (place, extent)| {
            assert!(place < extent, "{at:?} of {:?}", self.dims);
            offset * extent + place
        })
    }

    /// A float, by the places along the first two axes and along the others.
    pub(crate) fn within(&self, first: usize, second: usize, others: &[usize]) -> f64 {
        let start = first * self.dims[1] + second;
        let axes = others.iter().zip(&self.dims[2..]);
        let offset = axes.fold(start, |offset, (place, extent)| offset * extent + place);
        f64::from(self.floats().expect("floats")[offset])
    }

    /// A float.
    pub(crate) fn at(&self, at: &[usize]) -> f64 {
        f64::from(self.floats().expect("floats")[self.offset(at)])
    }

    /// Elements of any kind from elsewhere: for each place of the result where in
    /// `self` it is from.
    pub(crate) fn gathered(&self, dims: &[usize], from: impl Fn(&[usize]) -> Vec<usize>) -> Self {
        let offsets: Vec<_> = places(dims)
            .iter()
            .map(|at| self.offset(&from(at)))
            .collect();
        fn picked<T: Copy>(values: &[T], offsets: &[usize]) -> Vec<T> {
            offsets.iter().map(|&offset| values[offset]).collect()
        }
        Self {
            dims: dims.to_vec(),
            data: match &self.data {
                Data::Float(values) => Data::Float(picked(values, &offsets)),
                Data::Int(values) => Data::Int(picked(values, &offsets)),
                Data::Bool(values) => Data::Bool(picked(values, &offsets)),
            },
        }
    }

    /// A function of every float.
    pub(crate) fn each(&self, f: impl Fn(f64) -> f64) -> Result<Self, Wrong> {
        let data = self.floats()?.iter().map(|&x| f(f64::from(x)) as f32);
        Self::new(&self.dims, Data::Float(data.collect()))
    }

    /// Where in this the element of a larger value is, whose axes this repeats.
    pub(crate) fn repeated(&self, at: &[usize]) -> Vec<usize> {
        let axes = at.iter().zip(&self.dims);
        axes.map(|(&place, &extent)| if extent == 1 { 0 } else { place })
            .collect()
    }
}

/// The extents of two operands together.
fn together(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Wrong> {
    let fits = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || *a == 1 || *b == 1);
    match fits {
        true => Ok(a.iter().zip(b).map(|(a, b)| *a.max(b)).collect()),
        false => wrong(format!("{a:?} and {b:?}")),
    }
}

/// A function of every pair of integers, where both are.
pub(super) fn whole(
    a: &Tensor,
    b: &Tensor,
    f: impl Fn(i64, i64) -> i64,
) -> Option<Result<Tensor, Wrong>> {
    let (Data::Int(first), Data::Int(second)) = (&a.data, &b.data) else {
        return None;
    };
    let made = together(&a.dims, &b.dims).and_then(|dims| {
        let pair = |at: &Vec<usize>| {
            let [a, b] = [a.offset(&a.repeated(at)), b.offset(&b.repeated(at))];
            f(first[a], second[b])
        };
        Tensor::new(&dims, Data::Int(places(&dims).iter().map(pair).collect()))
    });
    Some(made)
}

/// A function of every pair of floats.
pub(super) fn both(a: &Tensor, b: &Tensor, f: impl Fn(f64, f64) -> f64) -> Result<Tensor, Wrong> {
    let dims = together(&a.dims, &b.dims)?;
    for operand in [a, b] {
        operand.floats()?;
    }
    let data = places(&dims)
        .iter()
        .map(|at| f(a.at(&a.repeated(at)), b.at(&b.repeated(at))) as f32)
        .collect();
    Tensor::new(&dims, Data::Float(data))
}

/// A comparison of every pair of integers.
pub(super) fn compared(
    a: &Tensor,
    b: &Tensor,
    f: impl Fn(i64, i64) -> bool,
) -> Result<Tensor, Wrong> {
    let dims = together(&a.dims, &b.dims)?;
    let (Data::Int(first), Data::Int(second)) = (&a.data, &b.data) else {
        return wrong("integers are compared");
    };
    let data = places(&dims)
        .iter()
        .map(|at| {
            let [a, b] = [a.offset(&a.repeated(at)), b.offset(&b.repeated(at))];
            f(first[a], second[b])
        })
        .collect();
    Tensor::new(&dims, Data::Bool(data))
}

pub(super) fn concat(values: &[Tensor], axis: usize) -> Result<Tensor, Wrong> {
    let mut dims = values[0].dims.clone();
    dims[axis] = values.iter().map(|value| value.dims[axis]).sum();
    for value in values {
        let mut own = value.dims.clone();
        own[axis] = dims[axis];
        if own != dims {
            return wrong(format!("{:?} beside {dims:?}", value.dims));
        }
    }
    // Which value has each place along the axis, and where.
    let sources: Vec<_> = values
        .iter()
        .enumerate()
        .flat_map(|(value, x)| (0..x.dims[axis]).map(move |place| (value, place)))
        .collect();
    let (mut floats, mut ints) = (vec![], vec![]);
    for mut at in places(&dims) {
        let (value, place) = sources[at[axis]];
        at[axis] = place;
        let offset = values[value].offset(&at);
        match &values[value].data {
            Data::Float(values) => floats.push(values[offset]),
            Data::Int(values) => ints.push(values[offset]),
            Data::Bool(_) => return wrong("truth values stay apart"),
        }
    }
    match ints.is_empty() {
        true => Tensor::new(&dims, Data::Float(floats)),
        false => Tensor::new(&dims, Data::Int(ints)),
    }
}

pub(super) fn padded(x: &Tensor, padding: &[(usize, usize)], value: f32) -> Result<Tensor, Wrong> {
    if padding.len() != x.dims.len() {
        return wrong("padding of every axis");
    }
    let axes = x.dims.iter().zip(padding);
    let dims: Vec<_> = axes
        .map(|(extent, (before, after))| before + extent + after)
        .collect();
    x.floats()?;
    let data = places(&dims)
        .iter()
        .map(|at| {
            let inside = at
                .iter()
                .zip(padding)
                .zip(&x.dims)
                .map(|((place, sides), extent)| {
                    place.checked_sub(sides.0).filter(|place| place < extent)
                });
            match inside.collect::<Option<Vec<_>>>() {
                Some(at) => x.at(&at) as f32,
                None => value,
            }
        })
        .collect();
    Tensor::new(&dims, Data::Float(data))
}

pub(super) fn reduced(
    x: &Tensor,
    axes: &[usize],
    keep: bool,
    f: impl Fn(&[f64]) -> f64,
) -> Result<Tensor, Wrong> {
    let mut dims = x.dims.clone();
    for &axis in axes {
        dims[axis] = 1;
    }
    let mut groups = vec![vec![]; dims.iter().product()];
    let whole = Tensor::new(&dims, Data::Bool(vec![false; groups.len()]))?;
    x.floats()?;
    for at in places(&x.dims) {
        groups[whole.offset(&whole.repeated(&at))].push(x.at(&at));
    }
    let data = groups.iter().map(|values| f(values) as f32).collect();
    if !keep {
        let mut axis = 0;
        dims.retain(|_| {
            axis += 1;
            !axes.contains(&(axis - 1))
        });
    }
    Tensor::new(&dims, Data::Float(data))
}

pub(super) fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor, Wrong> {
    let rank = a.dims.len();
    let (lead_a, lead_b) = (&a.dims[..rank - 2], &b.dims[..b.dims.len() - 2]);
    let mut dims = together(lead_a, lead_b)?;
    let (rows, inner, columns) = (a.dims[rank - 2], a.dims[rank - 1], b.dims[rank - 1]);
    if b.dims[rank - 2] != inner {
        return wrong(format!("{:?} times {:?}", a.dims, b.dims));
    }
    dims.extend([rows, columns]);
    let data = places(&dims)
        .iter()
        .map(|at| {
            let sum: f64 = (0..inner)
                .map(|k| {
                    let (mut first, mut second) = (at.clone(), at.clone());
                    first[rank - 1] = k;
                    second[rank - 2] = k;
                    for axis in 0..rank - 2 {
                        first[axis] = first[axis].min(a.dims[axis] - 1);
                        second[axis] = second[axis].min(b.dims[axis] - 1);
                    }
                    a.at(&first) * b.at(&second)
                })
                .sum();
            sum as f32
        })
        .collect();
    Tensor::new(&dims, Data::Float(data))
}

/// The error function, by its series `2/sqrt(pi) * x * sum of (-x^2)^n / (n! (2n+1))`,
/// which is exact enough where the function is not 1 or -1 yet.
pub(crate) fn erf(x: f64) -> f64 {
    if x.abs() > 4.0 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..100 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}
