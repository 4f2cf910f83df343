//! The plain engine with gradients: every operation is put on a tape with what its
//! result's gradient is for its operands.

use shapewise_lower::{
    AvgPool, Conv, ConvTranspose, Dim, Elements, Engine, Made, MaxPool, Operations,
};

use crate::plain::{Data, Plain, Tensor, Wrong};

mod back;
mod windows;

use back::Back;

/// A value with its place on the tape.
#[derive(Clone, Debug)]
pub(crate) struct Var {
    pub(crate) place: usize,
    pub(crate) value: Tensor,
}

/// The engine.
#[derive(Default)]
pub(crate) struct Taped {
    plain: Plain,
    tape: Vec<Step>,
}

/// What a value was made of, and the gradients of that by its own.
struct Step {
    operands: Vec<usize>,
    back: Back,
}

impl Taped {
    /// A value that nothing made: an input, a tensor.
    pub(crate) fn leaf(&mut self, value: Tensor) -> Var {
        self.put(&[], value, Box::new(|_| vec![]))
    }

    fn put(&mut self, operands: &[&Var], value: Tensor, back: Back) -> Var {
        self.tape.push(Step {
            operands: operands.iter().map(|operand| operand.place).collect(),
            back,
        });
        Var {
            place: self.tape.len() - 1,
            value,
        }
    }

    /// The gradients of everything, by the place on the tape, of a sum in which these
    /// values have these factors.
    pub(crate) fn gradients(&self, factors: &[(usize, Tensor)]) -> Vec<Option<Tensor>> {
        let mut gradients: Vec<Option<Tensor>> = vec![None; self.tape.len()];
        for (place, factor) in factors {
            back::add(&mut gradients[*place], factor.clone());
        }
        for (place, step) in self.tape.iter().enumerate().rev() {
            let Some(own) = &gradients[place] else {
                continue;
            };
            for (operand, gradient) in step.operands.iter().zip((step.back)(own)) {
                if let Some(gradient) = gradient {
                    back::add(&mut gradients[*operand], gradient);
                }
            }
        }
        gradients
    }

    /// An operation of the plain engine on one operand.
    fn one(
        &mut self,
        x: &Var,
        operation: impl FnOnce(&mut Plain, Tensor) -> Result<Tensor, Wrong>,
        back: Back,
    ) -> Made<Self> {
        let value = operation(&mut self.plain, x.value.clone())?;
        Ok(self.put(&[x], value, back))
    }

    /// An operation of the plain engine on two operands.
    fn two(
        &mut self,
        a: &Var,
        b: &Var,
        operation: fn(&mut Plain, Tensor, Tensor) -> Result<Tensor, Wrong>,
        back: Back,
    ) -> Made<Self> {
        let value = operation(&mut self.plain, a.value.clone(), b.value.clone())?;
        Ok(self.put(&[a, b], value, back))
    }

    /// A function of every element, with its derivative.
    fn each(&mut self, x: &Var, f: fn(f64) -> f64, derivative: fn(f64) -> f64) -> Made<Self> {
        let back = back::each(&x.value, derivative);
        self.one(x, |_, x| x.each(f), back)
    }
}

impl Operations for Taped {
    type Value = Var;
    type Error = Wrong;

    fn dims(&self, x: &Var) -> Vec<Dim> {
        self.plain.dims(&x.value)
    }

    fn elements(&self, x: &Var) -> Elements {
        self.plain.elements(&x.value)
    }

    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        let value = self.plain.floats(values, extents)?;
        Ok(self.leaf(value))
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        let value = self.plain.ints(values, extents)?;
        Ok(self.leaf(value))
    }

    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self> {
        let value = self.plain.full(extents, value)?;
        Ok(self.leaf(value))
    }

    fn per_sample(&mut self, x: Var, like: &Var) -> Made<Self> {
        let back = back::repeated(&x.value);
        self.one(&x, |plain, x| plain.per_sample(x, &like.value), back)
    }

    fn bernoulli(&mut self, like: &Var, p: f64) -> Made<Self> {
        let value = self.plain.bernoulli(&like.value, p)?;
        Ok(self.leaf(value))
    }

    fn reshape(&mut self, x: Var, dims: &[Dim]) -> Made<Self> {
        let back = back::reshaped(&x.value);
        self.one(&x, |plain, x| plain.reshape(x, dims), back)
    }

    fn permute(&mut self, x: Var, order: &[usize]) -> Made<Self> {
        let back = back::permuted(order);
        self.one(&x, |plain, x| plain.permute(x, order), back)
    }

    fn slice(&mut self, x: Var, axis: usize, start: usize, end: usize) -> Made<Self> {
        let back = back::sliced(&x.value, axis, start, end);
        self.one(&x, |plain, x| plain.slice(x, axis, start, end), back)
    }

    fn concat(&mut self, values: Vec<Var>, axis: usize) -> Made<Self> {
        let operands: Vec<_> = values.iter().collect();
        let tensors: Vec<_> = values.iter().map(|value| value.value.clone()).collect();
        let back = back::joined(&tensors, axis);
        let value = self.plain.concat(tensors, axis)?;
        Ok(self.put(&operands, value, back))
    }

    fn select(&mut self, x: Var, axis: usize, indices: Var) -> Made<Self> {
        let back = back::selected(&x.value, axis, &indices.value);
        self.one(&x, |plain, x| plain.select(x, axis, indices.value), back)
    }

    fn pad_constant(&mut self, x: Var, padding: &[(usize, usize)], value: f64) -> Made<Self> {
        let back = back::padded(&x.value, padding);
        self.one(&x, |plain, x| plain.pad_constant(x, padding, value), back)
    }

    fn to_float(&mut self, x: Var) -> Made<Self> {
        let value = self.plain.to_float(x.value)?;
        Ok(self.leaf(value))
    }

    fn to_int(&mut self, x: Var) -> Made<Self> {
        let value = self.plain.to_int(x.value)?;
        Ok(self.leaf(value))
    }

    fn exp(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::exp, f64::exp)
    }

    fn log(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::ln, f64::recip)
    }

    fn sqrt(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::sqrt, |x| 0.5 / x.sqrt())
    }

    fn abs(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::abs, f64::signum)
    }

    fn sin(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::sin, f64::cos)
    }

    fn cos(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::cos, |x| -x.sin())
    }

    fn tanh(&mut self, x: Var) -> Made<Self> {
        self.each(&x, f64::tanh, |x| 1.0 - x.tanh().powi(2))
    }

    fn erf(&mut self, x: Var) -> Made<Self> {
        let slope = |x: f64| (-x * x).exp() * std::f64::consts::FRAC_2_SQRT_PI;
        self.each(&x, crate::plain::erf, slope)
    }

    fn add(&mut self, a: Var, b: Var) -> Made<Self> {
        let back = back::both(&a.value, &b.value, |_, _| (1.0, 1.0));
        self.two(&a, &b, Plain::add, back)
    }

    fn sub(&mut self, a: Var, b: Var) -> Made<Self> {
        let back = back::both(&a.value, &b.value, |_, _| (1.0, -1.0));
        self.two(&a, &b, Plain::sub, back)
    }

    fn mul(&mut self, a: Var, b: Var) -> Made<Self> {
        let back = back::both(&a.value, &b.value, |a, b| (b, a));
        self.two(&a, &b, Plain::mul, back)
    }

    fn div(&mut self, a: Var, b: Var) -> Made<Self> {
        let back = back::both(&a.value, &b.value, |a, b| (1.0 / b, -a / (b * b)));
        self.two(&a, &b, Plain::div, back)
    }

    fn add_scalar(&mut self, x: Var, value: f64) -> Made<Self> {
        let back = back::scaled(1.0);
        self.one(&x, |plain, x| plain.add_scalar(x, value), back)
    }

    fn mul_scalar(&mut self, x: Var, value: f64) -> Made<Self> {
        let back = back::scaled(value);
        self.one(&x, |plain, x| plain.mul_scalar(x, value), back)
    }

    fn pow_scalar(&mut self, x: Var, exponent: f64) -> Made<Self> {
        let back = back::each(&x.value, move |x| exponent * x.powf(exponent - 1.0));
        self.one(&x, |plain, x| plain.pow_scalar(x, exponent), back)
    }

    fn clamp(&mut self, x: Var, least: f64, most: f64) -> Made<Self> {
        let inside = move |x: f64| f64::from(u8::from((least..=most).contains(&x)));
        let back = back::each(&x.value, inside);
        self.one(&x, |plain, x| plain.clamp(x, least, most), back)
    }

    fn greater_scalar(&mut self, x: Var, value: f64) -> Made<Self> {
        let value = self.plain.greater_scalar(x.value, value)?;
        Ok(self.leaf(value))
    }

    fn greater(&mut self, a: Var, b: Var) -> Made<Self> {
        let value = self.plain.greater(a.value, b.value)?;
        Ok(self.leaf(value))
    }

    fn equal(&mut self, a: Var, b: Var) -> Made<Self> {
        let value = self.plain.equal(a.value, b.value)?;
        Ok(self.leaf(value))
    }

    fn where_cond(&mut self, truths: Var, a: Var, b: Var) -> Made<Self> {
        let back = back::chosen(&truths.value);
        let tensors = [&truths, &a, &b].map(|operand| operand.value.clone());
        let [first, second, third] = tensors;
        let value = self.plain.where_cond(first, second, third)?;
        Ok(self.put(&[&a, &b], value, back))
    }

    fn sum(&mut self, x: Var, axes: &[usize], keep: bool) -> Made<Self> {
        let back = back::spread(&x.value, axes, |_| 1.0);
        self.one(&x, |plain, x| plain.sum(x, axes, keep), back)
    }

    fn mean(&mut self, x: Var, axes: &[usize], keep: bool) -> Made<Self> {
        let back = back::spread(&x.value, axes, |count| 1.0 / count as f64);
        self.one(&x, |plain, x| plain.mean(x, axes, keep), back)
    }

    fn max(&mut self, x: Var, axes: &[usize], keep: bool) -> Made<Self> {
        let most = self.plain.max(x.value.clone(), axes, true)?;
        let back = back::largest(&x.value, &most, axes);
        self.one(&x, |plain, x| plain.max(x, axes, keep), back)
    }

    fn matmul(&mut self, a: Var, b: Var) -> Made<Self> {
        let back = back::product(&a.value, &b.value);
        self.two(&a, &b, Plain::matmul, back)
    }

    fn conv(&mut self, x: Var, weight: Var, bias: Option<Var>, options: &Conv<'_>) -> Made<Self> {
        let back = windows::conv(&x.value, &weight.value, options);
        let operands: Vec<_> = [&x, &weight].into_iter().chain(&bias).collect();
        let own = bias.as_ref().map(|bias| bias.value.clone());
        let value = self
            .plain
            .conv(x.value.clone(), weight.value.clone(), own, options)?;
        Ok(self.put(&operands, value, back))
    }

    fn conv_transpose(
        &mut self,
        x: Var,
        weight: Var,
        bias: Option<Var>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        let back = windows::conv_transpose(&x.value, &weight.value, options);
        let operands: Vec<_> = [&x, &weight].into_iter().chain(&bias).collect();
        let own = bias.as_ref().map(|bias| bias.value.clone());
        let (first, second) = (x.value.clone(), weight.value.clone());
        let value = self.plain.conv_transpose(first, second, own, options)?;
        Ok(self.put(&operands, value, back))
    }

    fn max_pool(&mut self, x: Var, options: &MaxPool<'_>) -> Made<Self> {
        let back = windows::max_pool(&x.value, options);
        self.one(&x, |plain, x| plain.max_pool(x, options), back)
    }

    fn avg_pool(&mut self, x: Var, options: &AvgPool<'_>) -> Made<Self> {
        if !options.count_include_pad {
            return self.avg_pool_counted(x, options);
        }
        let back = windows::avg_pool(&x.value, options);
        self.one(&x, |plain, x| plain.avg_pool(x, options), back)
    }
}

impl Engine for Taped {
    fn tracks_gradients(&self) -> bool {
        true
    }

    fn detach(&mut self, x: Var) -> Made<Self> {
        Ok(self.leaf(x.value))
    }
}

impl std::fmt::Debug for Taped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taped").finish_non_exhaustive()
    }
}

/// Numbers as a tensor of these extents.
#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn floats(dims: &[usize], values: Vec<f64>) -> Tensor {
    let values = values.into_iter().map(|value| value as f32).collect();
    Tensor::new(dims, Data::Float(values)).expect("as many elements as extents say")
}
