//! The types of elements, and numbers in them.

use shapewise_core::graph::DType;
use shapewise_lower::Elements;

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
    match dtype {
        DType::F32 | DType::I8 => single(value).to_le_bytes().to_vec(),
        DType::F16 => half(single(value)).to_le_bytes().to_vec(),
        DType::Bf16 => brain(single(value)).to_le_bytes().to_vec(),
    }
}

/// The upper half of the bits, rounded to the nearest, ties to even.
fn brain(value: f32) -> u16 {
    let bits = value.to_bits();
    if value.is_nan() {
        return upper(bits) | 0x40;
    }
    upper(bits.wrapping_add(0x7fff + (bits >> 16 & 1)))
}

fn upper(bits: u32) -> u16 {
    u16::from_le_bytes([bits.to_le_bytes()[2], bits.to_le_bytes()[3]])
}

/// The nearest half-precision number, ties to even.
fn half(value: f32) -> u16 {
    let sign = upper(value.to_bits()) & 0x8000;
    let magnitude = f64::from(value.abs());
    if value.is_nan() {
        return sign | 0x7e00;
    }
    // 65520 is halfway between the largest number and the next.
    if magnitude >= 65520.0 {
        return sign | 0x7c00;
    }
    // Multiples of 2^-24 below the smallest normal number, else 11 digits.
    let exponent = exponent_of(magnitude).max(-14);
    let digits = (magnitude * 2f64.powi(10 - exponent)).round_ties_even();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 2048"
    )]
    let digits = digits as u16;
    let biased = u16::try_from(exponent + 14).unwrap_or(0);
    // A carry out of the digits becomes the next exponent.
    sign | ((biased << 10) + digits)
}

/// The exponent of the largest power of two that is not above a number.
fn exponent_of(magnitude: f64) -> i32 {
    let biased = magnitude.to_bits() >> 52 & 0x7ff;
    i32::try_from(biased).unwrap_or(0) - 1023
}

#[cfg(test)]
mod tests {
    use super::{brain, half};

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
            assert_eq!(half(value), bits, "{value:e}");
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
            assert_eq!(brain(value), bits, "{value:e}");
        }
        assert_eq!(brain(f32::NAN) & 0x7fc0, 0x7fc0);
    }
}
