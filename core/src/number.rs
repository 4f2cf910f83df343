//! Numbers as people read them.

use core::fmt::{self, Write as _};

/// A number with a comma between groups of three digits: `62,378,344`.
///
/// ```
/// assert_eq!(shapewise_core::report::Grouped(62_378_344).to_string(), "62,378,344");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouped(pub u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // At most 20 digits and 6 commas.
        let mut text = [b','; 26];
        let mut first = text.len();
        let mut rest = self.0;
        let mut digits = 0;
        loop {
            if digits > 0 && digits % 3 == 0 {
                first -= 1;
            }
            first -= 1;
            text[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            digits += 1;
            if rest == 0 {
                break;
            }
        }
        f.pad_integral(
            true,
            "",
            core::str::from_utf8(&text[first..]).unwrap_or_default(),
        )
    }
}

/// A count to three digits with an SI prefix, 1 k being 1000: `62.4 M`.
///
/// ```
/// use shapewise_core::report::Si;
///
/// assert_eq!(Si(96).to_string(), "96");
/// assert_eq!(Si(62_378_344).to_string(), "62.4 M");
/// assert_eq!(Si(1_135_256_096).to_string(), "1.14 G");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Si(pub u64);

impl fmt::Display for Si {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(self.0, 1000, &["", " k", " M", " G", " T", " P", " E"], f)
    }
}

/// A number of bytes to three digits, 1 KiB being 1024 B: `238 MiB`.
///
/// ```
/// use shapewise_core::report::Bytes;
///
/// assert_eq!(Bytes(512).to_string(), "512 B");
/// assert_eq!(Bytes(65_536).to_string(), "64.0 KiB");
/// assert_eq!(Bytes(249_513_376).to_string(), "238 MiB");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 7] = [" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"];
        scaled(self.0, 1024, &UNITS, f)
    }
}

/// Writes `value` to three digits in the unit in which it is below `base`.
fn scaled(value: u64, base: u128, units: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = u128::from(value);
    let mut text = Short::new();
    let mut unit = 0;
    let mut size: u128 = 1;
    // What rounds up to a whole larger unit is written in that one.
    while unit + 1 < units.len() && rounded(value, size) >= base {
        unit += 1;
        size *= base;
    }
    let (hundredths, tenths) = (rounded(value * 100, size), rounded(value * 10, size));
    if unit == 0 || tenths >= 1000 {
        write!(text, "{}", rounded(value, size))?;
    } else if hundredths >= 1000 {
        write!(text, "{}.{}", tenths / 10, tenths % 10)?;
    } else {
        write!(text, "{}.{:02}", hundredths / 100, hundredths % 100)?;
    }
    text.write_str(units[unit])?;
    f.pad(text.as_str())
}

/// `value / size`, halves rounded up.
const fn rounded(value: u128, size: u128) -> u128 {
    (value + size / 2) / size
}

/// A part of a whole in percent, to a tenth: `60.5%`; `<0.1%` for what is less
/// than half a tenth but not nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Percent {
    pub(crate) part: u64,
    pub(crate) whole: u64,
}

impl Percent {
    /// The part in millionths of the whole.
    pub(crate) fn millionths(self) -> u128 {
        rounded(
            u128::from(self.part) * 1_000_000,
            u128::from(self.whole.max(1)),
        )
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = u128::from(self.whole.max(1));
        let tenths = rounded(u128::from(self.part) * 1000, whole);
        match tenths {
            0 if self.part > 0 => f.write_str("<0.1%"),
            // Only the whole is everything.
            1000.. if self.part < self.whole => f.write_str(">99.9%"),
            1000.. => f.write_str("100%"),
            _ => write!(f, "{}.{}%", tenths / 10, tenths % 10),
        }
    }
}

/// Room for a number and its unit.
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    const fn new() -> Self {
        Self {
            bytes: [0; 32],
            len: 0,
        }
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let place = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// The greatest common divisor; 1 at least.
pub(crate) const fn gcd(a: usize, b: usize) -> usize {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

/// The larger one: `max` for const contexts.
pub(crate) const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}
