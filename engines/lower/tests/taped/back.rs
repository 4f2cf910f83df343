//! What the gradient of a result is for the operands.

use shapewise_lower::{Dim, Operations};

use super::floats;
use crate::plain::{Data, Plain, Tensor, places};

/// The gradients of the operands, where they have one, by that of the result.
pub(super) type Back = Box<dyn Fn(&Tensor) -> Vec<Option<Tensor>>>;

/// One more gradient of a value.
pub(super) fn add(sum: &mut Option<Tensor>, more: Tensor) {
    *sum = Some(match sum.take() {
        Some(sum) => Plain::default()
            .add(sum, more)
            .expect("gradients of one value"),
        None => more,
    });
}

fn of_one(back: impl Fn(&Tensor) -> Tensor + 'static) -> Back {
    Box::new(move |own| vec![Some(back(own))])
}

fn sizes(dims: &[usize]) -> Vec<Dim> {
    dims.iter().copied().map(Dim::Size).collect()
}

fn with_dims(x: &Tensor, dims: &[usize]) -> Tensor {
    Plain::default()
        .reshape(x.clone(), &sizes(dims))
        .expect("the same elements")
}

/// The sum along the axes that were repeated.
fn gathered(own: &Tensor, dims: &[usize]) -> Tensor {
    let axes = (0..dims.len()).filter(|&axis| dims[axis] == 1 && own.dims[axis] > 1);
    let axes: Vec<_> = axes.collect();
    Plain::default()
        .sum(own.clone(), &axes, true)
        .expect("axes of it")
}

pub(super) fn each(x: &Tensor, derivative: impl Fn(f64) -> f64 + 'static) -> Back {
    let slopes = x.each(derivative).expect("floats");
    of_one(move |own| {
        Plain::default()
            .mul(own.clone(), slopes.clone())
            .expect("alike")
    })
}

pub(super) fn scaled(factor: f64) -> Back {
    of_one(move |own| {
        Plain::default()
            .mul_scalar(own.clone(), factor)
            .expect("floats")
    })
}

pub(super) fn repeated(x: &Tensor) -> Back {
    let dims = x.dims.clone();
    of_one(move |own| gathered(own, &dims))
}

pub(super) fn reshaped(x: &Tensor) -> Back {
    let dims = x.dims.clone();
    of_one(move |own| with_dims(own, &dims))
}

pub(super) fn permuted(order: &[usize]) -> Back {
    let mut inverse = vec![0; order.len()];
    for (place, &axis) in order.iter().enumerate() {
        inverse[axis] = place;
    }
    of_one(move |own| {
        Plain::default()
            .permute(own.clone(), &inverse)
            .expect("an order")
    })
}

pub(super) fn sliced(x: &Tensor, axis: usize, start: usize, end: usize) -> Back {
    let mut padding = vec![(0, 0); x.dims.len()];
    padding[axis] = (start, x.dims[axis] - end);
    of_one(move |own| {
        let padded = Plain::default().pad_constant(own.clone(), &padding, 0.0);
        padded.expect("padding of every axis")
    })
}

pub(super) fn padded(x: &Tensor, padding: &[(usize, usize)]) -> Back {
    let (dims, padding) = (x.dims.clone(), padding.to_vec());
    of_one(move |own| {
        own.gathered(&dims, |at| {
            at.iter()
                .zip(&padding)
                .map(|(at, sides)| at + sides.0)
                .collect()
        })
    })
}

pub(super) fn joined(values: &[Tensor], axis: usize) -> Back {
    let extents: Vec<_> = values.iter().map(|value| value.dims[axis]).collect();
    Box::new(move |own| {
        let mut start = 0;
        let parts = extents.iter().map(|extent| {
            let part = Plain::default().slice(own.clone(), axis, start, start + extent);
            start += extent;
            Some(part.expect("a part of it"))
        });
        parts.collect()
    })
}

pub(super) fn selected(x: &Tensor, axis: usize, indices: &Tensor) -> Back {
    let Data::Int(chosen) = indices.data.clone() else {
        panic!("integers select");
    };
    let dims = x.dims.clone();
    of_one(move |own| {
        let mut sums = Sums::new(&dims);
        for at in places(&own.dims) {
            let mut from = at.clone();
            from[axis] = usize::try_from(chosen[at[axis]]).expect("an index");
            sums.add(&from, own.at(&at));
        }
        sums.tensor()
    })
}

/// The gradients of both operands by the derivatives of their elements.
pub(super) fn both(a: &Tensor, b: &Tensor, slopes: fn(f64, f64) -> (f64, f64)) -> Back {
    let (a, b) = (a.clone(), b.clone());
    Box::new(move |own| {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for at in places(&own.dims) {
            let by = own.at(&at);
            let (to_a, to_b) = slopes(a.at(&a.repeated(&at)), b.at(&b.repeated(&at)));
            first.push(by * to_a);
            second.push(by * to_b);
        }
        let pairs = [(first, &a), (second, &b)];
        let gradients = pairs.map(|(values, x)| gathered(&floats(&own.dims, values), &x.dims));
        gradients.into_iter().map(Some).collect()
    })
}

pub(super) fn chosen(truths: &Tensor) -> Back {
    let Data::Bool(truths) = truths.data.clone() else {
        panic!("truth values choose");
    };
    Box::new(move |own| {
        let part = |wanted: bool| {
            let values = own.floats().expect("floats").iter().zip(&truths);
            let values =
                values.map(|(&by, &truth)| if truth == wanted { f64::from(by) } else { 0.0 });
            Some(floats(&own.dims, values.collect()))
        };
        vec![part(true), part(false)]
    })
}

/// The extents that stay when axes are kept.
fn kept(x: &Tensor, axes: &[usize]) -> Vec<usize> {
    let dims = x.dims.iter().enumerate();
    dims.map(|(axis, extent)| if axes.contains(&axis) { 1 } else { *extent })
        .collect()
}

/// Every element has the same share of what is made of them along axes.
pub(super) fn spread(x: &Tensor, axes: &[usize], share: fn(usize) -> f64) -> Back {
    let (dims, kept) = (x.dims.clone(), kept(x, axes));
    let share = share(axes.iter().map(|&axis| dims[axis]).product());
    of_one(move |own| {
        let own = with_dims(own, &kept);
        let values = places(&dims);
        let values = values.iter().map(|at| own.at(&own.repeated(at)) * share);
        floats(&dims, values.collect())
    })
}

/// The largest elements share the gradient, which is for one of them.
pub(super) fn largest(x: &Tensor, most: &Tensor, axes: &[usize]) -> Back {
    let (x, most, kept) = (x.clone(), most.clone(), kept(x, axes));
    of_one(move |own| {
        let own = with_dims(own, &kept);
        let mut counts = Sums::new(&kept);
        let is_most = |at: &[usize]| x.at(at) >= most.at(&most.repeated(at));
        for at in places(&x.dims) {
            if is_most(&at) {
                counts.add(&most.repeated(&at), 1.0);
            }
        }
        let counts = counts.tensor();
        let values = places(&x.dims);
        let values = values.iter().map(|at| match is_most(at) {
            true => own.at(&own.repeated(at)) / counts.at(&counts.repeated(at)),
            false => 0.0,
        });
        floats(&x.dims, values.collect())
    })
}

pub(super) fn product(a: &Tensor, b: &Tensor) -> Back {
    let (a, b) = (a.clone(), b.clone());
    let turned = |x: &Tensor| {
        let mut order: Vec<_> = (0..x.dims.len()).collect();
        let last = order.len() - 1;
        order.swap(last - 1, last);
        Plain::default()
            .permute(x.clone(), &order)
            .expect("an order")
    };
    Box::new(move |own| {
        let product = |a: Tensor, b: Tensor| Plain::default().matmul(a, b).expect("they fit");
        let first = product(own.clone(), turned(&b));
        let second = product(turned(&a), own.clone());
        vec![
            Some(gathered(&first, &a.dims)),
            Some(gathered(&second, &b.dims)),
        ]
    })
}

/// Sums of what comes to each element.
pub(super) struct Sums {
    dims: Vec<usize>,
    values: Vec<f64>,
}

impl Sums {
    pub(super) fn new(dims: &[usize]) -> Self {
        Self {
            dims: dims.to_vec(),
            values: vec![0.0; dims.iter().product()],
        }
    }

    pub(super) fn add(&mut self, at: &[usize], value: f64) {
        let axes = at.iter().zip(&self.dims);
        let place = axes.fold(0, |place, (at, extent)| place * extent + at);
        self.values[place] += value;
    }

    /// [`Sums::add`] by the places along the first two axes and along the others.
    pub(super) fn add_within(&mut self, first: usize, second: usize, others: &[usize], value: f64) {
        let start = first * self.dims[1] + second;
        let axes = others.iter().zip(&self.dims[2..]);
        let place = axes.fold(start, |place, (at, extent)| place * extent + at);
        self.values[place] += value;
    }

    pub(super) fn tensor(self) -> Tensor {
        floats(&self.dims, self.values)
    }
}
