//! Literals: numbers, extents and quantities, read from their raw text.
//!
//! Rust lexes `227x227x3` as one integer literal with a suffix, `61M` likewise.

use proc_macro2::Literal;

use super::Parsed;
use super::tree::{Expression, ExpressionKind};
use crate::report::{Error, Place};

/// The value of a literal.
pub(super) fn literal(literal: &Literal) -> Parsed<Expression> {
    let place = Place::at(literal.span());
    let text = literal.to_string();
    let kind = kind(&text).map_err(|mistake| mistake.error(place, &text))?;
    Ok(Expression { kind, place })
}

/// Why a literal has no meaning here.
#[derive(Debug, PartialEq)]
enum Mistake {
    /// `0x3`, `0b1`, `0o7`: a number in another base to the lexer.
    Radix,
    /// `1.5x2`: a float with a suffix.
    Float,
    /// `1e3x2`: an exponent, with the extents that were meant.
    Exponent(String),
    /// Digits that do not fit 64 bits.
    TooLarge,
    /// `3y`, `3x`, `1.5K3`.
    Suffix,
}

impl Mistake {
    fn error(&self, place: Place, text: &str) -> Error {
        match self {
            Self::Radix => {
                let digits: Vec<&str> = text.split('x').collect();
                let error = Error::new(
                    place,
                    format!("`{text}` is a number in another base, not extents"),
                );
                if text.starts_with("0x")
                    && digits
                        .iter()
                        .all(|part| part.chars().all(|c| c.is_ascii_digit()))
                {
                    error.help(format!(
                        "`[{}]` writes extents that begin with 0",
                        digits.join(", ")
                    ))
                } else {
                    error.help("write the number in decimal, and extents that begin with 0 as a list: `[0, 3]`")
                }
            }
            Self::Float => Error::new(
                place,
                format!("`{text}` is a number with a point, not extents"),
            )
            .help("extents are whole numbers: `3x2`"),
            Self::Exponent(meant) => {
                let error = Error::new(
                    place,
                    format!("`{text}` is a number with an exponent, not extents"),
                );
                if meant.is_empty() {
                    error.help("extents are whole numbers: `3x2`")
                } else {
                    error.help(format!("write `{meant}`"))
                }
            }
            Self::TooLarge => Error::new(place, format!("`{text}` does not fit 64 bits")),
            Self::Suffix => {
                let error = Error::new(place, format!("`{text}` is no number"));
                if let Some(number) = without_type(text) {
                    return error.help(format!("write `{number}`"));
                }
                match named_extents(text) {
                    Some(list) => error.help(format!("write `{list}`")),
                    None => error.help(
                        "extents are written `3x3`, quantities with K, M, G, T or KiB, MiB, GiB",
                    ),
                }
            }
        }
    }
}

/// `64` for `64usize`: a number with a type of Rust's.
fn without_type(text: &str) -> Option<&str> {
    const TYPES: [&str; 14] = [
        "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128",
        "f32", "f64",
    ];
    let mut numbers = TYPES.iter().filter_map(|ty| text.strip_suffix(ty));
    let number = numbers.next()?.trim_end_matches('_');
    kind(number).is_ok().then_some(number)
}

/// `[H, W, 3]` for `HxWx3`: extents of which some are names.
pub(crate) fn named_extents(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('x').collect();
    let is_part = |part: &&str| {
        let upper = part
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        !part.is_empty() && (upper || part.len() == 1)
    };
    let is_number = |part: &&str| part.chars().all(|c| c.is_ascii_digit());
    let named = parts.len() > 1 && parts.iter().all(is_part) && !parts.iter().all(is_number);
    named.then(|| format!("[{}]", parts.join(", ")))
}

fn kind(text: &str) -> Result<ExpressionKind, Mistake> {
    if text.starts_with(['"', '\'']) || text.starts_with("r\"") || text.starts_with("r#") {
        return Ok(ExpressionKind::Text(unquote(text)));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Mistake::Suffix);
    }
    if text.len() > 1 && text.starts_with('0') && text[1..].starts_with(['x', 'b', 'o']) {
        return Err(Mistake::Radix);
    }
    if let Some(extents) = extents(text)? {
        return Ok(ExpressionKind::Extents(extents));
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '_' || c == '.'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    if suffix.starts_with(['e', 'E']) && suffix.len() > 1 {
        return float(text);
    }
    if suffix.is_empty() {
        return if number.contains('.') {
            float(text)
        } else {
            Ok(ExpressionKind::Int(int(number)?))
        };
    }
    if suffix.contains('x') && number.contains('.') {
        return Err(Mistake::Float);
    }
    let scale = scale(suffix).ok_or(Mistake::Suffix)?;
    let value = scaled(number, scale)?;
    Ok(ExpressionKind::Quantity(value, text.to_owned()))
}

/// `227x227x3`, or nothing when it is not of that form.
fn extents(text: &str) -> Result<Option<Vec<usize>>, Mistake> {
    if !text.contains('x') {
        return Ok(None);
    }
    let mut extents = Vec::new();
    for part in text.split('x') {
        if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit() || c == '_') {
            let float =
                part.starts_with(|c: char| c.is_ascii_digit()) && part.contains(['.', 'e', 'E']);
            return Err(
                if float && part.contains(['e', 'E']) && !part.contains('.') {
                    Mistake::Exponent(without_exponents(text))
                } else if float {
                    Mistake::Float
                } else {
                    Mistake::Suffix
                },
            );
        }
        let extent = int(part)?;
        extents.push(usize::try_from(extent).map_err(|_| Mistake::TooLarge)?);
    }
    Ok(Some(extents))
}

/// `1000x2` for `1e3x2`; nothing where a part is no whole number.
fn without_exponents(text: &str) -> String {
    let part = |part: &str| -> Option<String> {
        let (digits, exponent) = part.split_once(['e', 'E']).unwrap_or((part, "0"));
        let power = 10_u64.checked_pow(exponent.parse().ok()?)?;
        Some(int(digits).ok()?.checked_mul(power)?.to_string())
    };
    let parts: Option<Vec<String>> = text.split('x').map(part).collect();
    parts.map_or_else(String::new, |parts| parts.join("x"))
}

fn int(digits: &str) -> Result<u64, Mistake> {
    let digits = digits.replace('_', "");
    digits.parse().map_err(|_| Mistake::TooLarge)
}

fn float(text: &str) -> Result<ExpressionKind, Mistake> {
    let value: f64 = text.replace('_', "").parse().map_err(|_| Mistake::Suffix)?;
    if value.is_finite() {
        Ok(ExpressionKind::Float(value))
    } else {
        Err(Mistake::TooLarge)
    }
}

/// What a suffix multiplies by: SI for counts, binary for bytes.
fn scale(suffix: &str) -> Option<u64> {
    Some(match suffix {
        "K" | "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return None,
    })
}

/// `61.5` times a million, exactly.
fn scaled(number: &str, scale: u64) -> Result<u64, Mistake> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = int(whole)?.checked_mul(scale).ok_or(Mistake::TooLarge)?;
    let fraction = fraction.replace('_', "");
    if fraction.is_empty() {
        return Ok(whole);
    }
    let digits = u32::try_from(fraction.len()).map_err(|_| Mistake::TooLarge)?;
    let power = 10_u64.checked_pow(digits).ok_or(Mistake::TooLarge)?;
    let part = int(&fraction)?
        .checked_mul(scale)
        .ok_or(Mistake::TooLarge)?
        / power;
    whole.checked_add(part).ok_or(Mistake::TooLarge)
}

/// The text of a string or character literal, escapes as they are.
fn unquote(text: &str) -> String {
    text.trim_start_matches(['r', '#'])
        .trim_end_matches('#')
        .trim_matches(['"', '\''])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_extents_and_quantities() {
        let read = |text: &str| match kind(text) {
            Ok(ExpressionKind::Int(value) | ExpressionKind::Quantity(value, _)) => {
                value.to_string()
            }
            Ok(ExpressionKind::Extents(extents)) => format!("{extents:?}"),
            Ok(ExpressionKind::Float(value)) => format!("{value:?}"),
            Ok(other) => format!("{other:?}"),
            Err(mistake) => format!("{mistake:?}"),
        };
        for (text, value) in [
            ("62_378_344", "62378344"),
            ("227x227x3", "[227, 227, 3]"),
            ("1_000x3", "[1000, 3]"),
            ("61M", "61000000"),
            ("61.5M", "61500000"),
            ("64KiB", "65536"),
            ("0.5", "0.5"),
            ("1e3", "1000.0"),
            ("1e-5", "1e-05"),
            ("0x3", "Radix"),
            ("0x3x3", "Radix"),
            ("1e3x2", "Exponent(\"1000x2\")"),
            ("1e99x2", "Exponent(\"\")"),
            ("1.5x2", "Float"),
            ("3x", "Suffix"),
            ("3y", "Suffix"),
            ("3usize", "Suffix"),
            ("18446744073709551616", "TooLarge"),
            ("99999999999999999999G", "TooLarge"),
            ("18446744073709551615K", "TooLarge"),
        ] {
            let read = read(text);
            assert!(
                read == value || (text == "1e-5" && read == "1e-5"),
                "{text}: {read}"
            );
        }
    }
}
