//! A tensor of any rank: burn's have theirs in the type.

use burn::tensor::kind::Basic;
use burn::tensor::{Bool, Device, Float, Gradients, Int, Tensor, TensorData};

use crate::Failure;

/// A tensor of one to eight axes.
#[derive(Clone, Debug)]
pub enum Ranked<K: Basic = Float> {
    /// One axis.
    D1(Tensor<1, K>),
    /// Two axes.
    D2(Tensor<2, K>),
    /// Three axes.
    D3(Tensor<3, K>),
    /// Four axes.
    D4(Tensor<4, K>),
    /// Five axes.
    D5(Tensor<5, K>),
    /// Six axes.
    D6(Tensor<6, K>),
    /// Seven axes.
    D7(Tensor<7, K>),
    /// Eight axes.
    D8(Tensor<8, K>),
}

/// What a network computes with.
#[derive(Clone, Debug)]
pub enum Value {
    /// Floats.
    Float(Ranked),
    /// Integers: indices.
    Int(Ranked<Int>),
    /// Truth values.
    Bool(Ranked<Bool>),
}

/// The same expression for a tensor of each rank; the result is of that rank, too.
macro_rules! same {
    ($value:expr, $tensor:ident => $body:expr) => {
        match $value {
            $crate::value::Ranked::D1($tensor) => $crate::value::Ranked::D1($body),
            $crate::value::Ranked::D2($tensor) => $crate::value::Ranked::D2($body),
            $crate::value::Ranked::D3($tensor) => $crate::value::Ranked::D3($body),
            $crate::value::Ranked::D4($tensor) => $crate::value::Ranked::D4($body),
            $crate::value::Ranked::D5($tensor) => $crate::value::Ranked::D5($body),
            $crate::value::Ranked::D6($tensor) => $crate::value::Ranked::D6($body),
            $crate::value::Ranked::D7($tensor) => $crate::value::Ranked::D7($body),
            $crate::value::Ranked::D8($tensor) => $crate::value::Ranked::D8($body),
        }
    };
}

/// The same expression for a tensor of each rank, whatever it gives.
macro_rules! any {
    ($value:expr, $tensor:ident => $body:expr) => {
        match $value {
            $crate::value::Ranked::D1($tensor) => $body,
            $crate::value::Ranked::D2($tensor) => $body,
            $crate::value::Ranked::D3($tensor) => $body,
            $crate::value::Ranked::D4($tensor) => $body,
            $crate::value::Ranked::D5($tensor) => $body,
            $crate::value::Ranked::D6($tensor) => $body,
            $crate::value::Ranked::D7($tensor) => $body,
            $crate::value::Ranked::D8($tensor) => $body,
        }
    };
}

/// The same expression for two tensors of one rank.
macro_rules! both {
    ($first:expr, $second:expr, ($a:ident, $b:ident) => $body:expr) => {
        match ($first, $second) {
            ($crate::value::Ranked::D1($a), $crate::value::Ranked::D1($b)) => {
                Ok($crate::value::Ranked::D1($body))
            }
            ($crate::value::Ranked::D2($a), $crate::value::Ranked::D2($b)) => {
                Ok($crate::value::Ranked::D2($body))
            }
            ($crate::value::Ranked::D3($a), $crate::value::Ranked::D3($b)) => {
                Ok($crate::value::Ranked::D3($body))
            }
            ($crate::value::Ranked::D4($a), $crate::value::Ranked::D4($b)) => {
                Ok($crate::value::Ranked::D4($body))
            }
            ($crate::value::Ranked::D5($a), $crate::value::Ranked::D5($b)) => {
                Ok($crate::value::Ranked::D5($body))
            }
            ($crate::value::Ranked::D6($a), $crate::value::Ranked::D6($b)) => {
                Ok($crate::value::Ranked::D6($body))
            }
            ($crate::value::Ranked::D7($a), $crate::value::Ranked::D7($b)) => {
                Ok($crate::value::Ranked::D7($body))
            }
            ($crate::value::Ranked::D8($a), $crate::value::Ranked::D8($b)) => {
                Ok($crate::value::Ranked::D8($body))
            }
            (a, b) => Err($crate::Failure::Ranks(a.extents().len(), b.extents().len())),
        }
    };
}

/// A tensor with the rank that a list of extents has; `$extents` is an array of them.
macro_rules! of_rank {
    ($list:expr, $extents:ident => $body:expr) => {{
        let list: &[usize] = $list;
        match list.len() {
            1 => {
                let $extents = $crate::value::array::<1>(list);
                Ok($crate::value::Ranked::D1($body))
            }
            2 => {
                let $extents = $crate::value::array::<2>(list);
                Ok($crate::value::Ranked::D2($body))
            }
            3 => {
                let $extents = $crate::value::array::<3>(list);
                Ok($crate::value::Ranked::D3($body))
            }
            4 => {
                let $extents = $crate::value::array::<4>(list);
                Ok($crate::value::Ranked::D4($body))
            }
            5 => {
                let $extents = $crate::value::array::<5>(list);
                Ok($crate::value::Ranked::D5($body))
            }
            6 => {
                let $extents = $crate::value::array::<6>(list);
                Ok($crate::value::Ranked::D6($body))
            }
            7 => {
                let $extents = $crate::value::array::<7>(list);
                Ok($crate::value::Ranked::D7($body))
            }
            8 => {
                let $extents = $crate::value::array::<8>(list);
                Ok($crate::value::Ranked::D8($body))
            }
            rank => Err($crate::Failure::Rank(rank)),
        }
    }};
}

pub(crate) use {any, both, of_rank, same};

/// A list as an array; what it lacks is 1.
pub(crate) fn array<const D: usize>(list: &[usize]) -> [usize; D] {
    std::array::from_fn(|axis| list.get(axis).copied().unwrap_or(1))
}

/// Floats of one axis.
pub(crate) fn vector(value: Value) -> Result<Tensor<1>, Failure> {
    match value {
        Value::Float(Ranked::D1(vector)) => Ok(vector),
        Value::Float(other) => Err(Failure::Ranks(1, other.extents().len())),
        _ => Err(Failure::Elements("floats")),
    }
}

impl<K: Basic> Ranked<K> {
    /// The extents of all axes.
    #[must_use]
    pub fn extents(&self) -> Vec<usize> {
        any!(self, tensor => tensor.dims().to_vec())
    }

    /// The same elements with other extents.
    pub(crate) fn reshaped(self, extents: &[usize]) -> Result<Self, Failure> {
        any!(self, tensor => of_rank!(extents, list => tensor.reshape(list)))
    }

    /// Every extent of 1 repeated, so that both have the same extents.
    pub(crate) fn expanded(self, extents: &[usize]) -> Self {
        if self.extents() == extents {
            return self;
        }
        same!(self, tensor => tensor.expand(array(extents)))
    }
}

impl Ranked {
    /// Floats of these extents, in the order of memory.
    pub(crate) fn floats(
        values: Vec<f32>,
        extents: &[usize],
        device: &Device,
    ) -> Result<Self, Failure> {
        of_rank!(extents, list => {
            Tensor::from_data(TensorData::new(values, list), device)
        })
    }
}

impl Ranked<Int> {
    /// Integers of these extents, in the order of memory.
    pub(crate) fn ints(
        values: Vec<i64>,
        extents: &[usize],
        device: &Device,
    ) -> Result<Self, Failure> {
        of_rank!(extents, list => {
            Tensor::from_data(TensorData::new(values, list), device)
        })
    }
}

/// Burn's tensors as values, and back.
macro_rules! conversions {
    ($($rank:literal $variant:ident),+) => {$(
        impl From<Tensor<$rank>> for Value {
            fn from(tensor: Tensor<$rank>) -> Self {
                Self::Float(Ranked::$variant(tensor))
            }
        }

        impl From<Tensor<$rank, Int>> for Value {
            fn from(tensor: Tensor<$rank, Int>) -> Self {
                Self::Int(Ranked::$variant(tensor))
            }
        }

        impl TryFrom<Value> for Tensor<$rank> {
            type Error = Failure;

            fn try_from(value: Value) -> Result<Self, Failure> {
                match value {
                    Value::Float(Ranked::$variant(tensor)) => Ok(tensor),
                    other => Err(Failure::Taken { rank: $rank, given: other.extents() }),
                }
            }
        }
    )+};
}

conversions!(1 D1, 2 D2, 3 D3, 4 D4, 5 D5, 6 D6, 7 D7, 8 D8);

impl Value {
    /// The extents of all axes.
    #[must_use]
    pub fn extents(&self) -> Vec<usize> {
        match self {
            Self::Float(tensor) => tensor.extents(),
            Self::Int(tensor) => tensor.extents(),
            Self::Bool(tensor) => tensor.extents(),
        }
    }

    /// Floats of these extents, in the order of memory.
    ///
    /// # Errors
    ///
    /// [`Failure::Rank`] with fewer than one or more than eight extents.
    ///
    /// # Panics
    ///
    /// As burn does, when there are not as many elements as the extents say.
    pub fn floats(values: Vec<f32>, extents: &[usize], device: &Device) -> Result<Self, Failure> {
        Ok(Self::Float(Ranked::floats(values, extents, device)?))
    }

    /// Integers of these extents, in the order of memory.
    ///
    /// # Errors
    ///
    /// As [`Value::floats`].
    ///
    /// # Panics
    ///
    /// As [`Value::floats`], and for a number that the device's integers do not hold:
    /// burn's are of 32 bits where nothing else was set.
    pub fn ints(values: Vec<i64>, extents: &[usize], device: &Device) -> Result<Self, Failure> {
        Ok(Self::Int(Ranked::ints(values, extents, device)?))
    }

    /// The elements, fetched from the device.
    #[must_use]
    pub fn to_data(&self) -> TensorData {
        match self {
            Self::Float(tensor) => any!(tensor, tensor => tensor.to_data()),
            Self::Int(tensor) => any!(tensor, tensor => tensor.to_data()),
            Self::Bool(tensor) => any!(tensor, tensor => tensor.to_data()),
        }
    }

    /// The same value, of which gradients are computed.
    #[must_use]
    pub fn require_grad(self) -> Self {
        match self {
            Self::Float(tensor) => Self::Float(same!(tensor, tensor => tensor.require_grad())),
            other => other,
        }
    }

    /// The gradient of a value of which gradients were computed.
    #[must_use]
    pub fn grad(&self, gradients: &Gradients) -> Option<Self> {
        let Self::Float(tensor) = self else {
            return None;
        };
        any!(tensor, tensor => Some(tensor.grad(gradients)?.into()))
    }

    /// The gradients of the sum of all elements.
    #[must_use]
    pub fn backward(self) -> Option<Gradients> {
        let Self::Float(tensor) = self else {
            return None;
        };
        Some(any!(tensor, tensor => tensor.sum().backward()))
    }
}
