//! An engine on vectors of numbers, written to be obviously right and nothing else:
//! with it the lowering is right or wrong by itself.

#![expect(
    clippy::cast_possible_truncation,
    reason = "numbers are kept in single precision and calculated in double"
)]

use shapewise_lower::{
    AvgPool, Conv, ConvTranspose, Dim, Elements, Engine, Made, MaxPool, Operations,
};

mod tensor;
mod windows;

pub(crate) use tensor::erf;
pub(crate) use tensor::{Data, Tensor};
#[allow(unused_imports, reason = "gradients are made with them")]
pub(crate) use {tensor::places, windows::inside};

/// The engine. Its random numbers count up.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    /// Whether rows of padding are left out of gradients, of which there are none:
    /// the result is the same.
    pub(crate) gradients: bool,
    pub(crate) drawn: u64,
}

/// What the engine can't do: nothing that a test of it should meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong(pub(crate) String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

fn wrong<T>(why: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong(why.into()))
}

/// The values of extents that all are known.
fn known(dims: &[Dim]) -> Result<Vec<usize>, Wrong> {
    let sizes: Option<Vec<_>> = dims.iter().map(|dim| dim.size()).collect();
    sizes.ok_or_else(|| Wrong("the batch is known here".to_owned()))
}

impl Operations for Plain {
    type Value = Tensor;
    type Error = Wrong;

    fn dims(&self, x: &Tensor) -> Vec<Dim> {
        x.dims.iter().copied().map(Dim::Size).collect()
    }

    fn elements(&self, x: &Tensor) -> Elements {
        match x.data {
            Data::Float(_) => Elements::Float,
            Data::Int(_) => Elements::Int,
            Data::Bool(_) => Elements::Bool,
        }
    }

    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        Tensor::new(
            extents,
            Data::Float(values.iter().map(|&value| value as f32).collect()),
        )
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        Tensor::new(extents, Data::Int(values.to_vec()))
    }

    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self> {
        let count = extents.iter().product();
        Tensor::new(extents, Data::Float(vec![value as f32; count]))
    }

    fn per_sample(&mut self, x: Tensor, like: &Tensor) -> Made<Self> {
        if x.dims[0] != 1 {
            return wrong("one sample is repeated");
        }
        let mut dims = x.dims.clone();
        dims[0] = like.dims[0];
        Ok(x.gathered(&dims, |at| {
            let mut from = at.to_vec();
            from[0] = 0;
            from
        }))
    }

    fn bernoulli(&mut self, like: &Tensor, p: f64) -> Made<Self> {
        let drawn = (0..like.len()).map(|_| {
            self.drawn += 1;
            // Evenly between 0 and 1: the fractions of multiples of the golden ratio.
            let share = (self.drawn as f64 * 0.618_033_988_749_894_9).fract();
            f32::from(u8::from(share < p))
        });
        let drawn = drawn.collect();
        Tensor::new(&like.dims, Data::Float(drawn))
    }

    fn reshape(&mut self, x: Tensor, dims: &[Dim]) -> Made<Self> {
        Tensor::new(&known(dims)?, x.data)
    }

    fn permute(&mut self, x: Tensor, order: &[usize]) -> Made<Self> {
        let dims: Vec<_> = order.iter().map(|&axis| x.dims[axis]).collect();
        Ok(x.gathered(&dims, |at| {
            let mut from = vec![0; at.len()];
            for (place, &axis) in order.iter().enumerate() {
                from[axis] = at[place];
            }
            from
        }))
    }

    fn slice(&mut self, x: Tensor, axis: usize, start: usize, end: usize) -> Made<Self> {
        if start >= end || end > x.dims[axis] {
            return wrong(format!("{start}..{end} of axis {axis} of {:?}", x.dims));
        }
        let mut dims = x.dims.clone();
        dims[axis] = end - start;
        Ok(x.gathered(&dims, |at| {
            let mut from = at.to_vec();
            from[axis] += start;
            from
        }))
    }

    fn concat(&mut self, values: Vec<Tensor>, axis: usize) -> Made<Self> {
        tensor::concat(&values, axis)
    }

    fn select(&mut self, x: Tensor, axis: usize, indices: Tensor) -> Made<Self> {
        let (Data::Int(places), [count]) = (&indices.data, indices.dims.as_slice()) else {
            return wrong("a list of integers selects");
        };
        let inside = 0..x.dims[axis] as i64;
        if let Some(place) = places.iter().find(|place| !inside.contains(place)) {
            return wrong(format!("index {place} of {} elements", x.dims[axis]));
        }
        let mut dims = x.dims.clone();
        dims[axis] = *count;
        Ok(x.gathered(&dims, |at| {
            let mut from = at.to_vec();
            from[axis] = places[at[axis]] as usize;
            from
        }))
    }

    fn pad_constant(&mut self, x: Tensor, padding: &[(usize, usize)], value: f64) -> Made<Self> {
        tensor::padded(&x, padding, value as f32)
    }

    fn to_float(&mut self, x: Tensor) -> Made<Self> {
        let data = match x.data {
            Data::Float(values) => values,
            Data::Int(values) => values.iter().map(|&value| value as f32).collect(),
            Data::Bool(values) => values
                .iter()
                .map(|&value| f32::from(u8::from(value)))
                .collect(),
        };
        Tensor::new(&x.dims, Data::Float(data))
    }

    fn to_int(&mut self, x: Tensor) -> Made<Self> {
        let data = x.floats()?.iter().map(|&value| value as i64).collect();
        Tensor::new(&x.dims, Data::Int(data))
    }

    fn exp(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::exp)
    }

    fn log(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::ln)
    }

    fn sqrt(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::sqrt)
    }

    fn abs(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::abs)
    }

    fn sin(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::sin)
    }

    fn cos(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::cos)
    }

    fn tanh(&mut self, x: Tensor) -> Made<Self> {
        x.each(f64::tanh)
    }

    fn erf(&mut self, x: Tensor) -> Made<Self> {
        x.each(erf)
    }

    fn add(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        if let Some(made) = tensor::whole(&a, &b, |a, b| a + b) {
            return made;
        }
        tensor::both(&a, &b, |a, b| a + b)
    }

    fn sub(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        tensor::both(&a, &b, |a, b| a - b)
    }

    fn mul(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        if let Some(made) = tensor::whole(&a, &b, |a, b| a * b) {
            return made;
        }
        tensor::both(&a, &b, |a, b| a * b)
    }

    fn div(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        tensor::both(&a, &b, |a, b| a / b)
    }

    fn add_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        x.each(|x| x + value)
    }

    fn mul_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        x.each(|x| x * value)
    }

    fn pow_scalar(&mut self, x: Tensor, exponent: f64) -> Made<Self> {
        x.each(|x| x.powf(exponent))
    }

    fn clamp(&mut self, x: Tensor, least: f64, most: f64) -> Made<Self> {
        x.each(|x| x.clamp(least, most))
    }

    fn greater_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        let data = x.floats()?.iter().map(|&x| f64::from(x) > value).collect();
        Tensor::new(&x.dims, Data::Bool(data))
    }

    fn greater(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        tensor::compared(&a, &b, |a, b| a > b)
    }

    fn equal(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        tensor::compared(&a, &b, |a, b| a == b)
    }

    fn where_cond(&mut self, truths: Tensor, a: Tensor, b: Tensor) -> Made<Self> {
        let Data::Bool(truths_) = &truths.data else {
            return wrong("truth values decide");
        };
        if truths.dims != a.dims || a.dims != b.dims {
            return wrong(format!("{:?}, {:?} and {:?}", truths.dims, a.dims, b.dims));
        }
        let both = a.floats()?.iter().zip(b.floats()?);
        let data = truths_
            .iter()
            .zip(both)
            .map(|(&first, (&a, &b))| if first { a } else { b });
        Tensor::new(&a.dims, Data::Float(data.collect()))
    }

    fn sum(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        tensor::reduced(&x, axes, keep, |values| values.iter().sum())
    }

    fn mean(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        tensor::reduced(&x, axes, keep, |values| {
            values.iter().sum::<f64>() / values.len() as f64
        })
    }

    fn max(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        tensor::reduced(&x, axes, keep, |values| {
            values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        })
    }

    fn matmul(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        tensor::matmul(&a, &b)
    }

    fn conv(
        &mut self,
        x: Tensor,
        weight: Tensor,
        bias: Option<Tensor>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        windows::conv(&x, &weight, bias.as_ref(), options)
    }

    fn conv_transpose(
        &mut self,
        x: Tensor,
        weight: Tensor,
        bias: Option<Tensor>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        windows::conv_transpose(&x, &weight, bias.as_ref(), options)
    }

    fn max_pool(&mut self, x: Tensor, options: &MaxPool<'_>) -> Made<Self> {
        windows::max_pool(&x, options)
    }

    fn avg_pool(&mut self, x: Tensor, options: &AvgPool<'_>) -> Made<Self> {
        match options.count_include_pad {
            true => windows::avg_pool(&x, options),
            false => self.avg_pool_counted(x, options),
        }
    }
}

impl Engine for Plain {
    fn tracks_gradients(&self) -> bool {
        self.gradients
    }
}
