//! The types of elements, and numbers in them.

use shapewise_core::graph::DType;
use shapewise_lower::Elements;
use shapewise_safetensors::{ElementType, convert};

use crate::Error;
use crate::builder::single;

/// The types of elements that a model has here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Single,
    Half,
    Brain,
    Integer,
    Truth,
}

impl Element {
    pub(crate) fn of(dtype: DType, elements: Elements) -> Self {
        match (elements, dtype) {
            (Elements::Int, _) => Self::Integer,
            (Elements::Bool, _) => Self::Truth,
            (Elements::Float, DType::F16) => Self::Half,
            (Elements::Float, DType::Bf16) => Self::Brain,
            (Elements::Float, DType::F32 | DType::I8) => Self::Single,
        }
    }

    /// `TensorProto.DataType`.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Single => 1,
            Self::Integer => 7,
            Self::Truth => 9,
            Self::Half => 10,
            Self::Brain => 16,
        }
    }
}

/// The types in which ONNX can say a network.
pub(crate) fn check(dtype: DType) -> Result<(), Error> {
    match dtype {
        DType::F32 | DType::F16 | DType::Bf16 => Ok(()),
        DType::I8 => Err(Error::DType(dtype.name())),
    }
}

/// The spacing of a type's numbers at 1.
pub(crate) fn spacing(dtype: DType) -> f64 {
    match dtype {
        DType::F32 | DType::I8 => f64::from(f32::EPSILON),
        DType::F16 => 2f64.powi(-10),
        DType::Bf16 => 2f64.powi(-7),
    }
}

/// A number in the bytes of its type.
pub(crate) fn bits(dtype: DType, value: f64) -> Vec<u8> {
    let single = single(value).to_le_bytes();
    let elements = match dtype {
        DType::F32 | DType::I8 => ElementType::F32,
        DType::F16 => ElementType::F16,
        DType::Bf16 => ElementType::Bf16,
    };
    // All three are floats, which convert.
    convert(&single, ElementType::F32, elements).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use shapewise_core::graph::DType;

    use super::bits;

    fn sixteen(dtype: DType, value: f32) -> u16 {
        let bytes = bits(dtype, value.into());
        u16::from_le_bytes(bytes.try_into().expect("two bytes"))
    }

    #[test]
    fn halves_are_those_of_ieee_754() {
        let pairs = [
            (0.0, 0x0000),
            (-0.0, 0x8000),
            (1.0, 0x3c00),
            (-2.0, 0xc000),
            (0.1, 0x2e66),
            (65504.0, 0x7bff),
            (65519.0, 0x7bff),
            (65520.0, 0x7c00),
            (f32::INFINITY, 0x7c00),
            (f32::NEG_INFINITY, 0xfc00),
            (6.103_515_6e-5, 0x0400),
            (6.097_555e-5, 0x03ff),
            (5.960_464_5e-8, 0x0001),
            (2.980_232_2e-8, 0x0000),
            (2049.0, 0x6800),
            (2051.0, 0x6802),
            (0.999_999_9, 0x3c00),
        ];
        for (value, bits) in pairs {
            assert_eq!(sixteen(DType::F16, value), bits, "{value:e}");
        }
    }

    #[test]
    fn brain_floats_round_ties_to_even() {
        let pairs = [
            (1.0, 0x3f80),
            (-1.0, 0xbf80),
            (f32::INFINITY, 0x7f80),
            (f32::from_bits(0x3f80_8000), 0x3f80),
            (f32::from_bits(0x3f81_8000), 0x3f82),
            (f32::from_bits(0x3f80_8001), 0x3f81),
        ];
        for (value, bits) in pairs {
            assert_eq!(sixteen(DType::Bf16, value), bits, "{value:e}");
        }
        assert_eq!(sixteen(DType::Bf16, f32::NAN) & 0x7fc0, 0x7fc0);
    }
}
