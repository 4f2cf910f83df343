//! burn as an engine: every operation on its tensors.

use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Distribution, Tensor, activation};
use shapewise_lower::{
    AvgPool, Conv, ConvTranspose, Dim, Elements, Engine, Made, MaxPool, Norm, Operations, provided,
};

use crate::Failure;
use crate::value::{Ranked, Value, array, both, of_rank, same};
use crate::{normalisation, products, table, windows};

/// burn's tensors on a device.
#[derive(Clone, Debug)]
pub struct Burn {
    device: Device,
    gradients: bool,
    /// Whether reading elements of a tensor waits for nothing.
    at_hand: bool,
}

impl Burn {
    /// The engine on a device; with gradients where the device tracks them.
    #[must_use]
    pub fn new(device: &Device) -> Self {
        Self {
            device: device.clone(),
            gradients: device.is_autodiff(),
            at_hand: table::at_hand(device),
        }
    }
}

pub(crate) fn float(value: Value) -> Result<Ranked, Failure> {
    match value {
        Value::Float(tensor) => Ok(tensor),
        _ => Err(Failure::Elements("floats")),
    }
}

fn int(value: Value) -> Result<Ranked<burn::tensor::Int>, Failure> {
    match value {
        Value::Int(tensor) => Ok(tensor),
        _ => Err(Failure::Elements("integers")),
    }
}

/// The extents of two with every 1 repeated.
fn common(a: &[usize], b: &[usize]) -> Vec<usize> {
    a.iter().zip(b).map(|(a, b)| *a.max(b)).collect()
}

/// The same expression for values of any elements.
macro_rules! of_any {
    ($value:expr, $tensor:ident => $body:expr) => {
        Ok(match $value {
            Value::Float($tensor) => Value::Float($body),
            Value::Int($tensor) => Value::Int($body),
            Value::Bool($tensor) => Value::Bool($body),
        })
    };
}

/// The same expression for floats of any rank.
macro_rules! of_floats {
    ($value:expr, $tensor:ident => $body:expr) => {{
        let value = float($value)?;
        Ok(Value::Float(same!(value, $tensor => $body)))
    }};
}

fn known(dims: &[Dim]) -> Result<Vec<usize>, Failure> {
    let sizes: Option<Vec<usize>> = dims.iter().map(|dim| dim.size()).collect();
    sizes.ok_or(Failure::Batch)
}

/// The extents without some axes; a value keeps at least one.
fn without(extents: &[usize], axes: &[usize]) -> Vec<usize> {
    let left = extents.iter().enumerate();
    left.filter(|(axis, _)| !axes.contains(axis))
        .map(|(_, extent)| *extent)
        .collect()
}

/// Reduces floats along axes one after the other, each of which stays with 1 element.
fn reduced(
    x: Value,
    axes: &[usize],
    keep: bool,
    one: fn(Ranked, usize) -> Ranked,
) -> Result<Value, Failure> {
    let mut x = float(x)?;
    let left = without(&x.extents(), axes);
    for &axis in axes {
        x = one(x, axis);
    }
    if !keep {
        x = x.reshaped(&left)?;
    }
    Ok(Value::Float(x))
}

impl Operations for Burn {
    type Value = Value;
    type Error = Failure;

    fn dims(&self, x: &Value) -> Vec<Dim> {
        x.extents().into_iter().map(Dim::Size).collect()
    }

    fn elements(&self, x: &Value) -> Elements {
        match x {
            Value::Float(_) => Elements::Float,
            Value::Int(_) => Elements::Int,
            Value::Bool(_) => Elements::Bool,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "tensors are of floats")]
    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        let values = values.iter().map(|&value| value as f32).collect();
        Ok(Value::Float(Ranked::floats(values, extents, &self.device)?))
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        let tensor = Ranked::ints(values.to_vec(), extents, &self.device)?;
        Ok(Value::Int(tensor))
    }

    fn full(&mut self, extents: &[usize], value: f64) -> Made<Self> {
        let tensor: Result<Ranked, Failure> =
            of_rank!(extents, list => Tensor::full(list, value, &self.device));
        Ok(Value::Float(tensor?))
    }

    fn per_sample(&mut self, x: Value, like: &Value) -> Made<Self> {
        let x = float(x)?;
        let mut extents = x.extents();
        extents[0] = like.extents()[0];
        Ok(Value::Float(x.expanded(&extents)))
    }

    fn bernoulli(&mut self, like: &Value, p: f64) -> Made<Self> {
        let extents = like.extents();
        let drawn: Result<Ranked, Failure> = of_rank!(&extents, list => {
            Tensor::random(list, Distribution::Bernoulli(p), &self.device)
        });
        Ok(Value::Float(drawn?))
    }

    fn reshape(&mut self, x: Value, dims: &[Dim]) -> Made<Self> {
        let extents = known(dims)?;
        of_any!(x, x => x.reshaped(&extents)?)
    }

    fn permute(&mut self, x: Value, order: &[usize]) -> Made<Self> {
        of_any!(x, x => same!(x, tensor => tensor.permute(array(order))))
    }

    fn slice(&mut self, x: Value, axis: usize, start: usize, end: usize) -> Made<Self> {
        of_any!(x, x => same!(x, tensor => tensor.narrow(axis, start, end - start)))
    }

    fn concat(&mut self, values: Vec<Value>, axis: usize) -> Made<Self> {
        let mut values = values.into_iter();
        let Some(first) = values.next() else {
            return Err(Failure::Rank(0));
        };
        let mut floats = match first {
            Value::Float(tensor) => vec![tensor],
            Value::Int(tensor) => {
                let mut all = vec![tensor];
                for value in values {
                    all.push(int(value)?);
                }
                return Ok(Value::Int(concatenated(all, axis)?));
            }
            Value::Bool(_) => return Err(Failure::Elements("numbers")),
        };
        for value in values {
            floats.push(float(value)?);
        }
        Ok(Value::Float(concatenated(floats, axis)?))
    }

    fn select(&mut self, x: Value, axis: usize, indices: Value) -> Made<Self> {
        let Ranked::D1(indices) = int(indices)? else {
            return Err(Failure::Elements("a list of integers"));
        };
        of_any!(x, x => same!(x, tensor => tensor.select(axis, indices)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "padding is of floats")]
    fn pad_constant(&mut self, x: Value, padding: &[(usize, usize)], value: f64) -> Made<Self> {
        let value = value as f32;
        match x {
            Value::Float(x) => Ok(Value::Float(
                same!(x, tensor => tensor.pad(padding, PadMode::Constant(value))),
            )),
            Value::Int(x) => Ok(Value::Int(
                same!(x, tensor => tensor.pad(padding, PadMode::Constant(value))),
            )),
            Value::Bool(_) => Err(Failure::Elements("numbers")),
        }
    }

    fn to_float(&mut self, x: Value) -> Made<Self> {
        Ok(Value::Float(match x {
            Value::Float(tensor) => tensor,
            Value::Int(x) => same!(x, tensor => tensor.float()),
            Value::Bool(x) => same!(x, tensor => tensor.float()),
        }))
    }

    fn to_int(&mut self, x: Value) -> Made<Self> {
        let x = float(x)?;
        Ok(Value::Int(same!(x, tensor => tensor.int())))
    }

    fn exp(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.exp())
    }

    fn log(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.log())
    }

    fn sqrt(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.sqrt())
    }

    fn abs(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.abs())
    }

    fn sin(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.sin())
    }

    fn cos(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.cos())
    }

    fn tanh(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.tanh())
    }

    fn erf(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => tensor.erf())
    }

    fn add(&mut self, a: Value, b: Value) -> Made<Self> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => Ok(Value::Int(both!(a, b, (a, b) => a + b)?)),
            (a, b) => Ok(Value::Float(both!(float(a)?, float(b)?, (a, b) => a + b)?)),
        }
    }

    fn sub(&mut self, a: Value, b: Value) -> Made<Self> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => Ok(Value::Int(both!(a, b, (a, b) => a - b)?)),
            (a, b) => Ok(Value::Float(both!(float(a)?, float(b)?, (a, b) => a - b)?)),
        }
    }

    fn mul(&mut self, a: Value, b: Value) -> Made<Self> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => Ok(Value::Int(both!(a, b, (a, b) => a * b)?)),
            (a, b) => Ok(Value::Float(both!(float(a)?, float(b)?, (a, b) => a * b)?)),
        }
    }

    fn div(&mut self, a: Value, b: Value) -> Made<Self> {
        Ok(Value::Float(both!(float(a)?, float(b)?, (a, b) => a / b)?))
    }

    fn add_scalar(&mut self, x: Value, value: f64) -> Made<Self> {
        of_floats!(x, tensor => tensor.add_scalar(value))
    }

    fn mul_scalar(&mut self, x: Value, value: f64) -> Made<Self> {
        of_floats!(x, tensor => tensor.mul_scalar(value))
    }

    fn pow_scalar(&mut self, x: Value, exponent: f64) -> Made<Self> {
        of_floats!(x, tensor => tensor.powf_scalar(exponent))
    }

    fn clamp(&mut self, x: Value, least: f64, most: f64) -> Made<Self> {
        match (least.is_finite(), most.is_finite()) {
            (true, true) => of_floats!(x, tensor => tensor.clamp(least, most)),
            (true, false) => of_floats!(x, tensor => tensor.clamp_min(least)),
            (false, true) => of_floats!(x, tensor => tensor.clamp_max(most)),
            (false, false) => Ok(x),
        }
    }

    fn greater_scalar(&mut self, x: Value, value: f64) -> Made<Self> {
        let x = float(x)?;
        Ok(Value::Bool(
            same!(x, tensor => tensor.greater_scalar(value)),
        ))
    }

    fn greater(&mut self, a: Value, b: Value) -> Made<Self> {
        let (a, b) = (int(a)?, int(b)?);
        let extents = common(&a.extents(), &b.extents());
        let (a, b) = (a.expanded(&extents), b.expanded(&extents));
        Ok(Value::Bool(both!(a, b, (a, b) => a.greater(b))?))
    }

    fn equal(&mut self, a: Value, b: Value) -> Made<Self> {
        let (a, b) = (int(a)?, int(b)?);
        let extents = common(&a.extents(), &b.extents());
        let (a, b) = (a.expanded(&extents), b.expanded(&extents));
        Ok(Value::Bool(both!(a, b, (a, b) => a.equal(b))?))
    }

    fn where_cond(&mut self, truths: Value, a: Value, b: Value) -> Made<Self> {
        let Value::Bool(truths) = truths else {
            return Err(Failure::Elements("truth values"));
        };
        let (a, b) = (float(a)?, float(b)?);
        // The second where it is not true; masks say where the first is replaced.
        let chosen = match (truths, a, b) {
            (Ranked::D1(t), Ranked::D1(a), Ranked::D1(b)) => Ranked::D1(b.mask_where(t, a)),
            (Ranked::D2(t), Ranked::D2(a), Ranked::D2(b)) => Ranked::D2(b.mask_where(t, a)),
            (Ranked::D3(t), Ranked::D3(a), Ranked::D3(b)) => Ranked::D3(b.mask_where(t, a)),
            (Ranked::D4(t), Ranked::D4(a), Ranked::D4(b)) => Ranked::D4(b.mask_where(t, a)),
            (Ranked::D5(t), Ranked::D5(a), Ranked::D5(b)) => Ranked::D5(b.mask_where(t, a)),
            (Ranked::D6(t), Ranked::D6(a), Ranked::D6(b)) => Ranked::D6(b.mask_where(t, a)),
            (Ranked::D7(t), Ranked::D7(a), Ranked::D7(b)) => Ranked::D7(b.mask_where(t, a)),
            (Ranked::D8(t), Ranked::D8(a), Ranked::D8(b)) => Ranked::D8(b.mask_where(t, a)),
            (_, a, b) => return Err(Failure::Ranks(a.extents().len(), b.extents().len())),
        };
        Ok(Value::Float(chosen))
    }

    fn sum(&mut self, x: Value, axes: &[usize], keep: bool) -> Made<Self> {
        reduced(
            x,
            axes,
            keep,
            |x, axis| same!(x, tensor => tensor.sum_dim(axis)),
        )
    }

    fn mean(&mut self, x: Value, axes: &[usize], keep: bool) -> Made<Self> {
        reduced(
            x,
            axes,
            keep,
            |x, axis| same!(x, tensor => tensor.mean_dim(axis)),
        )
    }

    fn max(&mut self, x: Value, axes: &[usize], keep: bool) -> Made<Self> {
        reduced(
            x,
            axes,
            keep,
            |x, axis| same!(x, tensor => tensor.max_dim(axis)),
        )
    }

    fn matmul(&mut self, a: Value, b: Value) -> Made<Self> {
        Ok(Value::Float(
            both!(float(a)?, float(b)?, (a, b) => a.matmul(b))?,
        ))
    }

    fn conv(
        &mut self,
        x: Value,
        weight: Value,
        bias: Option<Value>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        windows::conv(self, x, weight, bias, options)
    }

    fn conv_transpose(
        &mut self,
        x: Value,
        weight: Value,
        bias: Option<Value>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        windows::conv_transpose(self, x, weight, bias, options)
    }

    fn max_pool(&mut self, x: Value, options: &MaxPool<'_>) -> Made<Self> {
        windows::max_pool(x, options)
    }

    fn avg_pool(&mut self, x: Value, options: &AvgPool<'_>) -> Made<Self> {
        match options.count_include_pad {
            true => windows::avg_pool(x, options),
            false => self.avg_pool_counted(x, options),
        }
    }
}

/// Values one behind the other along an axis.
fn concatenated<K: burn::tensor::kind::Basic>(
    values: Vec<Ranked<K>>,
    axis: usize,
) -> Result<Ranked<K>, Failure> {
    let rank = values.first().map_or(0, |first| first.extents().len());
    macro_rules! gathered {
        ($($number:literal $variant:ident),+) => {
            match rank {
                $($number => {
                    let mut tensors = Vec::with_capacity(values.len());
                    for value in values {
                        let Ranked::$variant(tensor) = value else {
                            return Err(Failure::Ranks(rank, value.extents().len()));
                        };
                        tensors.push(tensor);
                    }
                    Ok(Ranked::$variant(Tensor::cat(tensors, axis)))
                })+
                rank => Err(Failure::Rank(rank)),
            }
        };
    }
    gathered!(1 D1, 2 D2, 3 D3, 4 D4, 5 D5, 6 D6, 7 D7, 8 D8)
}

impl Engine for Burn {
    fn tracks_gradients(&self) -> bool {
        self.gradients
    }

    fn detach(&mut self, x: Value) -> Made<Self> {
        match x {
            Value::Float(x) => Ok(Value::Float(same!(x, tensor => tensor.detach()))),
            other => Ok(other),
        }
    }

    fn linear(&mut self, x: Value, weight: Value, bias: Option<Value>) -> Made<Self> {
        products::linear(x, weight, bias, self.gradients)
    }

    fn embedding(&mut self, table: Value, rows: Value, padding: Option<usize>) -> Made<Self> {
        if self.at_hand {
            table::among(&rows, table.extents()[0])?;
        }
        provided::embedding(self, table, rows, padding)
    }

    fn relu(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => activation::relu(tensor))
    }

    fn sigmoid(&mut self, x: Value) -> Made<Self> {
        of_floats!(x, tensor => activation::sigmoid(tensor))
    }

    fn gelu(&mut self, x: Value, tanh: bool) -> Made<Self> {
        match tanh {
            true => of_floats!(x, tensor => activation::gelu_approximate(tensor)),
            // Away from the CPU burn's gradient is that of the approximation.
            false if self.gradients && !self.at_hand => provided::gelu(self, x, tanh),
            false => of_floats!(x, tensor => activation::gelu(tensor)),
        }
    }

    fn layer_norm(&mut self, x: Value, axes: usize, norm: Norm<Value>) -> Made<Self> {
        normalisation::layer_norm(x, axes, norm, &self.device)
    }

    fn batch_norm_train(&mut self, x: Value, norm: Norm<Value>) -> Result<[Value; 3], Failure> {
        normalisation::batch_norm_train(x, norm, &self.device)
    }

    fn softmax(&mut self, x: Value, axis: usize) -> Made<Self> {
        of_floats!(x, tensor => activation::softmax(tensor, axis))
    }

    fn log_softmax(&mut self, x: Value, axis: usize) -> Made<Self> {
        of_floats!(x, tensor => activation::log_softmax(tensor, axis))
    }

    fn scaled_dot_product_attention(
        &mut self,
        qkv: [Value; 3],
        mask: Option<Value>,
        dropout: f64,
    ) -> Made<Self> {
        products::attention(self, qkv, mask, dropout)
    }
}
