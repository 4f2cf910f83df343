//! candle as an engine: every operation on its tensors.

use candle_core::{DType, Device, Error, Result, Tensor};
use candle_nn::ops;
use shapewise_lower::{
    AvgPool, Conv, ConvTranspose, Dim, Elements, Engine, Made, MaxPool, Norm, Operations, provided,
};

use crate::{normalisation, windows};

/// candle's tensors on a device.
///
/// Floats are of the type that it was made with; integers are of 64 bits, truth values
/// of 8.
#[derive(Clone, Debug)]
pub struct Candle {
    device: Device,
    dtype: DType,
    gradients: bool,
}

impl Candle {
    /// The engine on a device, with floats of this type; without gradients.
    #[must_use]
    pub fn new(device: &Device, dtype: DType) -> Self {
        Self {
            device: device.clone(),
            dtype,
            gradients: false,
        }
    }

    /// The engine whose results have gradients, or have not. Some operations that candle is
    /// fast in have none; they are made of others then.
    #[must_use]
    pub fn with_gradients(mut self, gradients: bool) -> Self {
        self.gradients = gradients;
        self
    }
}

fn known(dims: &[Dim]) -> Result<Vec<usize>> {
    let sizes: Option<Vec<usize>> = dims.iter().map(|dim| dim.size()).collect();
    sizes.ok_or_else(|| Error::Msg("the number of samples is not known".to_owned()))
}

/// Without some axes, each of which has an extent of 1.
fn without(x: Tensor, axes: &[usize], keep: bool) -> Result<Tensor> {
    if keep {
        return Ok(x);
    }
    let left = x.dims().iter().enumerate();
    let left: Vec<usize> = left
        .filter(|(axis, _)| !axes.contains(axis))
        .map(|(_, extent)| *extent)
        .collect();
    x.reshape(left)
}

/// Numbers of a single value, with the extents of others.
#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
pub(crate) fn filled(
    extents: &[usize],
    value: f64,
    dtype: DType,
    device: &Device,
) -> Result<Tensor> {
    match dtype {
        DType::F64 => Tensor::full(value, extents, device),
        DType::I64 => Tensor::full(value as i64, extents, device),
        dtype => Tensor::full(value as f32, extents, device)?.to_dtype(dtype),
    }
}

/// A tensor whose matrices candle's products take: one of their axes is contiguous, and
/// they lie one behind the other.
fn multiplicable(x: &Tensor) -> Result<Tensor> {
    let rank = x.rank();
    let (dims, stride) = (x.dims(), x.stride());
    let (rows, columns) = (dims[rank - 2], dims[rank - 1]);
    let matrix = stride[rank - 2..] == [columns, 1] || stride[rank - 2..] == [1, rows];
    let batches = (0..rank - 2).all(|axis| {
        let inside: usize = dims[axis + 1..].iter().product();
        stride[axis] == inside
    });
    match matrix && batches && rank <= 4 {
        true => Ok(x.clone()),
        false => x.contiguous(),
    }
}

/// Products of matrices, with every axis of 1 before the last two repeated.
fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let rank = a.rank();
    if rank == 2 {
        return multiplicable(a)?.matmul(&multiplicable(b)?);
    }
    let (rows, inner) = (a.dim(rank - 2)?, a.dim(rank - 1)?);
    let columns = b.dim(rank - 1)?;
    let batch: Vec<usize> = (0..rank - 2)
        .map(|axis| a.dims()[axis].max(b.dims()[axis]))
        .collect();
    let of = |x: &Tensor, matrix: [usize; 2]| {
        let whole = [&batch[..], &matrix].concat();
        let x = match x.dims() == whole {
            true => x.clone(),
            false => x.broadcast_as(whole)?,
        };
        let x = multiplicable(&x)?;
        match rank <= 4 {
            true => Ok(x),
            // candle knows no more than two axes of batches.
            false => x.reshape((batch.iter().product::<usize>(), matrix[0], matrix[1])),
        }
    };
    let y = of(a, [rows, inner])?.matmul(&of(b, [inner, columns])?)?;
    y.reshape([&batch[..], &[rows, columns]].concat())
}

/// A product of some kind. candle has none of bf16 on a CPU: those are of f32 there.
fn multiplied(
    a: &Tensor,
    b: &Tensor,
    product: impl Fn(&Tensor, &Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    match a.dtype() {
        DType::BF16 if a.device().is_cpu() => {
            let (a, b) = (a.to_dtype(DType::F32)?, b.to_dtype(DType::F32)?);
            product(&a, &b)?.to_dtype(DType::BF16)
        }
        _ => product(a, b),
    }
}

impl Operations for Candle {
    type Value = Tensor;
    type Error = Error;

    fn dims(&self, x: &Tensor) -> Vec<Dim> {
        x.dims().iter().copied().map(Dim::Size).collect()
    }

    fn elements(&self, x: &Tensor) -> Elements {
        match x.dtype() {
            DType::U8 => Elements::Bool,
            dtype if dtype.is_int() => Elements::Int,
            _ => Elements::Float,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        if self.dtype == DType::F64 {
            return Tensor::from_slice(values, extents, &self.device);
        }
        let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        Tensor::from_vec(values, extents, &self.device)?.to_dtype(self.dtype)
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        Tensor::from_slice(values, extents, &self.device)
    }

    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self> {
        filled(extents, value, self.dtype, &self.device)
    }

    fn per_sample(&mut self, x: Tensor, like: &Tensor) -> Made<Self> {
        let mut extents = x.dims().to_vec();
        extents[0] = like.dim(0)?;
        x.broadcast_as(extents)?.contiguous()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a probability")]
    fn bernoulli(&mut self, like: &Tensor, p: f64) -> Made<Self> {
        let drawn = Tensor::rand(0f32, 1f32, like.dims(), &self.device)?;
        drawn.lt(p as f32)?.to_dtype(self.dtype)
    }

    fn reshape(&mut self, x: Tensor, dims: &[Dim]) -> Made<Self> {
        x.reshape(known(dims)?)
    }

    fn permute(&mut self, x: Tensor, order: &[usize]) -> Made<Self> {
        x.permute(order)
    }

    fn slice(&mut self, x: Tensor, axis: usize, start: usize, end: usize) -> Made<Self> {
        x.narrow(axis, start, end - start)
    }

    fn concat(&mut self, values: Vec<Tensor>, axis: usize) -> Made<Self> {
        Tensor::cat(&values, axis)
    }

    fn select(&mut self, x: Tensor, axis: usize, indices: Tensor) -> Made<Self> {
        x.contiguous()?.index_select(&indices.contiguous()?, axis)
    }

    fn pad_constant(&mut self, x: Tensor, padding: &[(usize, usize)], value: f64) -> Made<Self> {
        let mut x = x;
        for (axis, &(before, after)) in padding.iter().enumerate() {
            let extent = x.dim(axis)?;
            x = windows::fitted(&x, axis, before, before + extent + after, value)?;
        }
        Ok(x)
    }

    fn to_float(&mut self, x: Tensor) -> Made<Self> {
        x.to_dtype(self.dtype)
    }

    fn to_int(&mut self, x: Tensor) -> Made<Self> {
        x.to_dtype(DType::I64)
    }

    fn exp(&mut self, x: Tensor) -> Made<Self> {
        x.exp()
    }

    fn log(&mut self, x: Tensor) -> Made<Self> {
        x.log()
    }

    fn sqrt(&mut self, x: Tensor) -> Made<Self> {
        x.sqrt()
    }

    fn abs(&mut self, x: Tensor) -> Made<Self> {
        x.abs()
    }

    fn sin(&mut self, x: Tensor) -> Made<Self> {
        x.sin()
    }

    fn cos(&mut self, x: Tensor) -> Made<Self> {
        x.cos()
    }

    fn tanh(&mut self, x: Tensor) -> Made<Self> {
        x.tanh()
    }

    fn erf(&mut self, x: Tensor) -> Made<Self> {
        x.erf()
    }

    fn add(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_add(&b)
    }

    fn sub(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_sub(&b)
    }

    fn mul(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_mul(&b)
    }

    fn div(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_div(&b)
    }

    fn add_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        x.affine(1.0, value)
    }

    fn mul_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        x.affine(value, 0.0)
    }

    fn pow_scalar(&mut self, x: Tensor, exponent: f64) -> Made<Self> {
        x.powf(exponent)
    }

    fn clamp(&mut self, x: Tensor, least: f64, most: f64) -> Made<Self> {
        if self.gradients {
            // candle halves the gradient of what is the bound itself: here it passes whole.
            let mut x = x;
            for (bound, is_low) in [(least, true), (most, false)] {
                if bound.is_finite() {
                    let beyond = if is_low { x.lt(bound) } else { x.gt(bound) }?;
                    let bound = x.zeros_like()?.affine(1.0, bound)?.detach();
                    x = beyond.where_cond(&bound, &x)?;
                }
            }
            return Ok(x);
        }
        match (least.is_finite(), most.is_finite()) {
            (true, true) => x.clamp(least, most),
            (true, false) => x.maximum(least),
            (false, true) => x.minimum(most),
            (false, false) => Ok(x),
        }
    }

    fn greater_scalar(&mut self, x: Tensor, value: f64) -> Made<Self> {
        x.gt(value)
    }

    fn greater(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_gt(&b)
    }

    fn equal(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        a.broadcast_eq(&b)
    }

    fn where_cond(&mut self, truths: Tensor, a: Tensor, b: Tensor) -> Made<Self> {
        truths.where_cond(&a, &b)
    }

    fn sum(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        without(x.sum_keepdim(axes)?, axes, keep)
    }

    fn mean(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        without(x.mean_keepdim(axes)?, axes, keep)
    }

    fn max(&mut self, x: Tensor, axes: &[usize], keep: bool) -> Made<Self> {
        let mut x = x;
        for &axis in axes {
            let most = x.max_keepdim(axis)?;
            x = match self.gradients {
                false => most,
                // candle gives the whole gradient to each of several: here they share it.
                true => {
                    let most = x.broadcast_eq(&most.detach())?;
                    let number = most.to_dtype(self.dtype)?.sum_keepdim(axis)?;
                    let sum = most.where_cond(&x, &x.zeros_like()?)?.sum_keepdim(axis)?;
                    sum.broadcast_div(&number)?
                }
            };
        }
        without(x, axes, keep)
    }

    fn matmul(&mut self, a: Tensor, b: Tensor) -> Made<Self> {
        multiplied(&a, &b, matmul)
    }

    fn conv(
        &mut self,
        x: Tensor,
        weight: Tensor,
        bias: Option<Tensor>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        let gradients = self.gradients;
        let y = multiplied(&x, &weight, |x, weight| {
            windows::conv(x, weight, options, gradients)
        })?;
        windows::shifted(y, bias.as_ref())
    }

    fn conv_transpose(
        &mut self,
        x: Tensor,
        weight: Tensor,
        bias: Option<Tensor>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        let gradients = self.gradients;
        let y = multiplied(&x, &weight, |x, weight| {
            windows::conv_transpose(x, weight, options, gradients)
        })?;
        windows::shifted(y, bias.as_ref())
    }

    fn max_pool(&mut self, x: Tensor, options: &MaxPool<'_>) -> Made<Self> {
        windows::max_pool(&x, options, self.gradients)
    }

    fn avg_pool(&mut self, x: Tensor, options: &AvgPool<'_>) -> Made<Self> {
        match options.count_include_pad {
            true => windows::avg_pool(&x, options, self.gradients),
            false => self.avg_pool_counted(x, options),
        }
    }
}

impl Engine for Candle {
    fn epsilon(&self) -> f64 {
        match self.dtype {
            DType::F16 => 2f64.powi(-10),
            DType::BF16 => 2f64.powi(-7),
            DType::F64 => f64::EPSILON,
            _ => f64::from(f32::EPSILON),
        }
    }

    fn tracks_gradients(&self) -> bool {
        self.gradients
    }

    fn detach(&mut self, x: Tensor) -> Made<Self> {
        Ok(x.detach())
    }

    fn relu(&mut self, x: Tensor) -> Made<Self> {
        x.relu()
    }

    fn sigmoid(&mut self, x: Tensor) -> Made<Self> {
        ops::sigmoid(&x)
    }

    fn silu(&mut self, x: Tensor) -> Made<Self> {
        x.silu()
    }

    fn gelu(&mut self, x: Tensor, tanh: bool) -> Made<Self> {
        match tanh {
            true => x.gelu(),
            false => x.gelu_erf(),
        }
    }

    fn softmax(&mut self, x: Tensor, axis: usize) -> Made<Self> {
        // candle's own has no gradient.
        if !self.gradients && axis + 1 == x.rank() {
            return ops::softmax_last_dim(&x.contiguous()?);
        }
        let powers = x.broadcast_sub(&x.max_keepdim(axis)?.detach())?.exp()?;
        powers.broadcast_div(&powers.sum_keepdim(axis)?)
    }

    fn log_softmax(&mut self, x: Tensor, axis: usize) -> Made<Self> {
        let x = x.broadcast_sub(&x.max_keepdim(axis)?.detach())?;
        x.broadcast_sub(&x.exp()?.sum_keepdim(axis)?.log()?)
    }

    fn layer_norm(&mut self, x: Tensor, axes: usize, norm: Norm<Tensor>) -> Made<Self> {
        match self.gradients {
            true => provided::layer_norm(self, x, axes, norm),
            false => normalisation::layer_norm(&x, axes, &norm),
        }
    }

    fn rms_norm(&mut self, x: Tensor, axes: usize, norm: Norm<Tensor>) -> Made<Self> {
        match self.gradients {
            true => provided::rms_norm(self, x, axes, norm),
            false => normalisation::rms_norm(&x, axes, &norm),
        }
    }
}
