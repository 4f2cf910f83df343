//! The operations that every engine has.

use shapewise_lower::{AvgPool, Conv, ConvTranspose, Dim, Elements, Made, MaxPool, Operations};

use super::{Onnx, Operand, without_front};
use crate::Error;
use crate::value::{Value, broadcast, sizes};
use crate::view::Step;

/// The most numbers that a constant has: the features of a head. What follows from the extents
/// of values is calculated in the model.
const MOST: usize = 512;

impl Onnx {
    fn short(&self, numbers: usize) -> Result<(), Error> {
        match numbers <= MOST {
            true => Ok(()),
            false => {
                Err(self.unsupported(format!("it would take a constant of {numbers} numbers")))
            }
        }
    }

    /// An operator on each element.
    pub(super) fn each(&mut self, operator: &str, x: Operand) -> Operand {
        Operand {
            value: self.builder.unary(operator, &x.value),
            dims: x.dims,
            view: None,
        }
    }

    /// An operator on two, element by element.
    pub(super) fn both(&mut self, operator: &str, a: &Operand, b: &Operand) -> Operand {
        Operand {
            value: self.builder.binary(operator, &a.value, &b.value),
            dims: broadcast(&a.dims, &b.dims),
            view: None,
        }
    }

    /// An operator on each element and a number.
    fn with(&mut self, operator: &str, x: Operand, value: f64) -> Operand {
        let number = self.builder.number(value);
        Operand {
            value: self.builder.binary(operator, &x.value, &number),
            dims: x.dims,
            view: None,
        }
    }

    fn compared(&mut self, operator: &str, a: &Value, b: &Value, dims: Vec<Dim>) -> Operand {
        Operand {
            value: self.builder.compare(operator, a, b),
            dims,
            view: None,
        }
    }

    fn cast(&mut self, x: Operand, elements: Elements) -> Operand {
        Operand {
            value: self.builder.cast(&x.value, elements),
            dims: x.dims,
            view: None,
        }
    }

    fn reduced(&mut self, operator: &str, x: Operand, axes: &[usize], keep: bool) -> Made<Self> {
        self.turned_after(vec![x], axes, keep, |builder, x, axes| {
            builder.reduce(operator, &x[0], axes, keep)
        })
    }
}

impl Operations for Onnx {
    type Value = Operand;
    type Error = Error;

    fn dims(&self, x: &Operand) -> Vec<Dim> {
        x.dims.clone()
    }

    fn elements(&self, x: &Operand) -> Elements {
        x.value.elements
    }

    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        self.short(values.len())?;
        Ok(self.builder.numbers(values, extents).into())
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        self.short(values.len())?;
        Ok(self.builder.indices(values, extents).into())
    }

    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self> {
        Ok(Operand {
            value: self.builder.number(value),
            dims: sizes(extents),
            view: None,
        })
    }

    fn per_sample(&mut self, x: Operand, like: &Operand) -> Made<Self> {
        let mut dims = x.dims;
        dims[0] = like.dims[0];
        let value = self.builder.per_sample(&x.value, &like.value, dims)?;
        Ok(value.into())
    }

    fn bernoulli(&mut self, _like: &Operand, _p: f64) -> Made<Self> {
        Err(self.unsupported("a model has no random numbers"))
    }

    fn reshape(&mut self, x: Operand, dims: &[Dim]) -> Made<Self> {
        if x.dims == dims {
            return Ok(x);
        }
        let own = &x.value.dims;
        let more = own.len() <= dims.len() && without_front(own) == without_front(dims);
        if own.is_empty() || more {
            return Ok(Operand {
                value: x.value,
                dims: dims.to_vec(),
                view: None,
            });
        }
        self.moved(x, Step::Reshape(dims.to_vec()))
    }

    fn permute(&mut self, x: Operand, order: &[usize]) -> Made<Self> {
        if order.is_sorted() {
            return Ok(x);
        }
        self.moved(x, Step::Transpose(order.to_vec()))
    }

    fn slice(&mut self, x: Operand, axis: usize, start: usize, end: usize) -> Made<Self> {
        let x = self.solid(x)?;
        Ok(self.builder.slices(&x, &[(axis, start, end)])?.into())
    }

    fn concat(&mut self, values: Vec<Operand>, axis: usize) -> Made<Self> {
        self.turned_after(values, &[axis], true, |builder, values, axes| {
            builder.concat(values, axes[0])
        })
    }

    fn select(&mut self, x: Operand, axis: usize, indices: Operand) -> Made<Self> {
        let (x, indices) = (self.solid(x)?, self.solid(indices)?);
        Ok(self.builder.gather(&x, &indices, axis)?.into())
    }

    fn pad_constant(&mut self, x: Operand, padding: &[(usize, usize)], value: f64) -> Made<Self> {
        let x = self.solid(x)?;
        Ok(self.builder.pad(&x, padding, "constant", value)?.into())
    }

    fn to_float(&mut self, x: Operand) -> Made<Self> {
        Ok(self.cast(x, Elements::Float))
    }

    fn to_int(&mut self, x: Operand) -> Made<Self> {
        Ok(self.cast(x, Elements::Int))
    }

    fn exp(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Exp", x))
    }

    fn log(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Log", x))
    }

    fn sqrt(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Sqrt", x))
    }

    fn abs(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Abs", x))
    }

    fn sin(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Sin", x))
    }

    fn cos(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Cos", x))
    }

    fn tanh(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Tanh", x))
    }

    fn erf(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Erf", x))
    }

    fn add(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Add", &a, &b))
    }

    fn sub(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Sub", &a, &b))
    }

    fn mul(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Mul", &a, &b))
    }

    fn div(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Div", &a, &b))
    }

    fn add_scalar(&mut self, x: Operand, value: f64) -> Made<Self> {
        Ok(self.with("Add", x, value))
    }

    fn mul_scalar(&mut self, x: Operand, value: f64) -> Made<Self> {
        Ok(self.with("Mul", x, value))
    }

    fn pow_scalar(&mut self, x: Operand, exponent: f64) -> Made<Self> {
        Ok(self.with("Pow", x, exponent))
    }

    fn clamp(&mut self, x: Operand, least: f64, most: f64) -> Made<Self> {
        let mut number = |value: f64| value.is_finite().then(|| self.builder.number(value));
        let (least, most) = (number(least), number(most));
        let inputs = [Some(&x.value), least.as_ref(), most.as_ref()];
        let inputs = if most.is_some() {
            &inputs
        } else {
            &inputs[..2]
        };
        let result = [(x.value.elements, x.value.dims.clone())];
        let value = self.builder.node_with("Clip", inputs, vec![], &result);
        Ok(Operand {
            dims: x.dims,
            ..value[0].clone().into()
        })
    }

    fn greater_scalar(&mut self, x: Operand, value: f64) -> Made<Self> {
        let number = self.builder.number(value);
        Ok(self.compared("Greater", &x.value, &number, x.dims))
    }

    fn greater(&mut self, a: Operand, b: Operand) -> Made<Self> {
        let dims = broadcast(&a.dims, &b.dims);
        Ok(self.compared("Greater", &a.value, &b.value, dims))
    }

    fn equal(&mut self, a: Operand, b: Operand) -> Made<Self> {
        let dims = broadcast(&a.dims, &b.dims);
        Ok(self.compared("Equal", &a.value, &b.value, dims))
    }

    fn where_cond(&mut self, truths: Operand, a: Operand, b: Operand) -> Made<Self> {
        Ok(Operand {
            value: self.builder.choose(&truths.value, &a.value, &b.value),
            dims: truths.dims,
            view: None,
        })
    }

    fn sum(&mut self, x: Operand, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("ReduceSum", x, axes, keep)
    }

    fn mean(&mut self, x: Operand, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("ReduceMean", x, axes, keep)
    }

    fn max(&mut self, x: Operand, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("ReduceMax", x, axes, keep)
    }

    fn matmul(&mut self, a: Operand, b: Operand) -> Made<Self> {
        let (a, b) = (self.solid(a)?, self.solid(b)?);
        Ok(self.builder.matmul(&a, &b).into())
    }

    fn conv(
        &mut self,
        x: Operand,
        weight: Operand,
        bias: Option<Operand>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        self.convolution(x, weight, bias, options)
    }

    fn conv_transpose(
        &mut self,
        x: Operand,
        weight: Operand,
        bias: Option<Operand>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        self.transposed_convolution(x, weight, bias, options)
    }

    fn max_pool(&mut self, x: Operand, options: &MaxPool<'_>) -> Made<Self> {
        self.maxima(x, options)
    }

    fn avg_pool(&mut self, x: Operand, options: &AvgPool<'_>) -> Made<Self> {
        self.means(x, options)
    }
}
