//! Elements of tensors in other widths, and in another order.

use crate::dtype::ElementType;

/// The elements as floats of another width, rounded to the nearest, ties to even; what is too
/// large becomes infinite. None for types that do not convert: see
/// [`ElementType::is_plain_float`].
///
/// ```
/// use shapewise_safetensors::{ElementType, convert};
///
/// let half = 1.5_f32.to_le_bytes();
/// let half = convert(&half, ElementType::F32, ElementType::F16);
/// assert_eq!(half, Some(vec![0x00, 0x3e]));
/// ```
#[must_use]
pub fn convert(bytes: &[u8], from: ElementType, to: ElementType) -> Option<Vec<u8>> {
    if from == to {
        return Some(bytes.to_vec());
    }
    Some(match from {
        ElementType::F64 => write(values(bytes, f64::from_le_bytes), to)?,
        ElementType::F32 => write(values(bytes, f32::from_le_bytes).map(f64::from), to)?,
        ElementType::Bf16 => {
            let bits = values(bytes, u16::from_le_bytes).map(u32::from);
            write(bits.map(|bits| f64::from(f32::from_bits(bits << 16))), to)?
        }
        ElementType::F16 => write(values(bytes, u16::from_le_bytes).map(of_half), to)?,
        _ => return None,
    })
}

/// The elements of a matrix of so many rows and columns, column by column. What is no such
/// matrix stays as it is.
///
/// ```
/// use shapewise_safetensors::transpose;
///
/// assert_eq!(transpose(&[1, 2, 3, 4, 5, 6], 2, 3), [1, 4, 2, 5, 3, 6]);
/// ```
#[must_use]
pub fn transpose(bytes: &[u8], rows: usize, columns: usize) -> Vec<u8> {
    let elements = rows.checked_mul(columns).unwrap_or_default();
    let width = bytes.len().checked_div(elements).unwrap_or_default();
    if width == 0 || width * elements != bytes.len() {
        return bytes.to_vec();
    }
    let mut turned = Vec::with_capacity(bytes.len());
    for column in 0..columns {
        for row in 0..rows {
            let at = (row * columns + column) * width;
            turned.extend_from_slice(&bytes[at..at + width]);
        }
    }
    turned
}

fn values<const WIDTH: usize, T>(
    bytes: &[u8],
    value: impl Fn([u8; WIDTH]) -> T,
) -> impl Iterator<Item = T> {
    let (whole, _) = bytes.as_chunks::<WIDTH>();
    whole.iter().map(move |bytes| value(*bytes))
}

/// The values in this type. A double holds every value of the smaller ones, so that each is
/// rounded once.
fn write(values: impl Iterator<Item = f64>, to: ElementType) -> Option<Vec<u8>> {
    #[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
    Some(match to {
        ElementType::F64 => values.flat_map(f64::to_le_bytes).collect(),
        ElementType::F32 => values
            .flat_map(|value| (value as f32).to_le_bytes())
            .collect(),
        ElementType::F16 => values
            .flat_map(|value| rounded(value, HALF).to_le_bytes())
            .collect(),
        ElementType::Bf16 => values
            .flat_map(|value| rounded(value, BRAIN).to_le_bytes())
            .collect(),
        _ => return None,
    })
}

/// How a float of 16 bits is made of a sign, an exponent and a fraction.
#[derive(Clone, Copy)]
struct Layout {
    fraction: u32,
    /// What is added to the exponent.
    bias: i64,
}

const HALF: Layout = Layout {
    fraction: 10,
    bias: 15,
};
const BRAIN: Layout = Layout {
    fraction: 7,
    bias: 127,
};

/// The fraction's bits of a double, and what is added to its exponent.
const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
const BIAS: i64 = 1023;

/// The nearest of the values of 16 bits.
fn rounded(value: f64, layout: Layout) -> u16 {
    let bits = value.to_bits();
    let sign = u16::from(value.is_sign_negative()) << 15;
    let highest = (1_u64 << (15 - layout.fraction)) - 1;
    let infinite = highest << layout.fraction;
    let magnitude = if value.is_nan() {
        infinite | 1 << (layout.fraction - 1)
    } else if value.is_infinite() {
        infinite
    } else {
        let exponent = (bits >> FRACTION & 0x7ff).cast_signed() - BIAS + layout.bias;
        let fraction = bits & ((1 << FRACTION) - 1);
        // Below the smallest exponent the leading one stands in the fraction.
        let shift = i64::from(FRACTION - layout.fraction) + (1 - exponent).max(0);
        let (whole, base) = match exponent {
            ..=0 => (fraction | 1 << FRACTION, 0),
            _ => (
                fraction,
                exponent.cast_unsigned().min(highest) << layout.fraction,
            ),
        };
        // Rounding up from the largest fraction is the next exponent, and then infinite.
        match u32::try_from(shift) {
            Ok(shift) if shift < 64 => (base + to_even(whole, shift)).min(infinite),
            _ => 0,
        }
    };
    sign | u16::try_from(magnitude).unwrap_or_default()
}

/// The number without its lowest bits, rounded to the nearest, ties to even.
fn to_even(number: u64, bits: u32) -> u64 {
    let (kept, left, half) = (
        number >> bits,
        number & ((1 << bits) - 1),
        1_u64 << (bits - 1),
    );
    kept + u64::from(left > half || left == half && kept & 1 == 1)
}

/// The value of a float of 16 bits with five of exponent.
fn of_half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * f64::powi(2.0, -24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (fraction + 1024.0) * f64::powi(2.0, exponent - 25),
    };
    match bits >> 15 {
        0 => magnitude,
        _ => -magnitude,
    }
}

#[cfg(test)]
mod tests {
    use super::{BRAIN, HALF, of_half, rounded};

    fn of_brain(bits: u16) -> f64 {
        f32::from_bits(u32::from(bits) << 16).into()
    }

    /// Every value there and back, and each midpoint to the even one of its neighbours.
    #[test]
    fn every_number_of_sixteen_bits_is_rounded_to_itself() {
        for bits in 0..=u16::MAX {
            for (value, layout) in [(of_half(bits), HALF), (of_brain(bits), BRAIN)] {
                let back = rounded(value, layout);
                if value.is_nan() {
                    assert!(of_half(back).is_nan() || of_brain(back).is_nan());
                } else {
                    assert_eq!(back, bits, "{value}");
                }
            }
        }
    }

    #[test]
    fn between_two_numbers_the_nearest_is_taken() {
        for (read, layout) in [(of_half as fn(u16) -> f64, HALF), (of_brain, BRAIN)] {
            let infinite = rounded(f64::INFINITY, layout);
            for bits in 0..infinite - 1 {
                let (low, high) = (read(bits), read(bits + 1));
                let middle = low + (high - low) / 2.0;
                assert_eq!(rounded(middle, layout), bits + (bits & 1), "{middle}");
                assert_eq!(rounded(middle.next_down(), layout), bits, "{middle}");
                assert_eq!(rounded(-middle.next_up(), layout), (bits + 1) | 0x8000);
            }
            // Halfway from the largest to what would follow it.
            let (before, largest) = (read(infinite - 2), read(infinite - 1));
            let middle = largest + (largest - before) / 2.0;
            assert_eq!(rounded(middle, layout), infinite);
            assert_eq!(rounded(middle.next_down(), layout), infinite - 1);
            assert_eq!(rounded(f64::MAX, layout), infinite);
            assert_eq!(rounded(f64::MIN_POSITIVE, layout), 0);
        }
    }
}
