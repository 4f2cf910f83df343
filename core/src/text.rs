//! Text that is put together in const evaluation.

use core::fmt;

/// A short text built by const functions, so that a message with numbers in it
/// can be the panic of a const evaluation. What does not fit is cut.
///
/// ```
/// use shapewise_core::Text;
///
/// const MESSAGE: Text = {
///     let mut text = Text::new();
///     text.str("needs ").int(9216);
///     text
/// };
/// assert_eq!(MESSAGE.as_str(), "needs 9216");
/// ```
#[derive(Clone, Copy)]
pub struct Text {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Text {
    /// The most bytes that a text can hold.
    pub const CAPACITY: usize = 480;

    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: [0; Self::CAPACITY],
            len: 0,
        }
    }

    /// The text so far.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            // Only whole strings are added, so this cannot happen.
            Err(_) => "",
        }
    }

    /// What stands in front of the first line break, and the rest from there on: generated
    /// code says which calls led somewhere in further lines of what something is called.
    #[must_use]
    pub const fn apart(text: &str) -> (&str, &str) {
        let bytes = text.as_bytes();
        let mut end = 0;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        text.split_at(end)
    }

    /// Whether nothing was added.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a string, or nothing when it does not fit.
    pub const fn str(&mut self, text: &str) -> &mut Self {
        let bytes = text.as_bytes();
        if bytes.len() <= Self::CAPACITY - self.len {
            let mut i = 0;
            while i < bytes.len() {
                self.bytes[self.len + i] = bytes[i];
                i += 1;
            }
            self.len += bytes.len();
        }
        self
    }

    /// Adds a number in decimal, without separators.
    pub const fn int(&mut self, number: u64) -> &mut Self {
        let mut digits = [b'0'; 20];
        let mut first = 20;
        let mut rest = number;
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        match core::str::from_utf8(digits.split_at(first).1) {
            Ok(text) => self.str(text),
            Err(_) => self,
        }
    }

    /// Adds a number in decimal.
    pub const fn size(&mut self, number: usize) -> &mut Self {
        self.int(number as u64)
    }

    /// Adds a number in decimal, which may be less than 0.
    pub const fn signed(&mut self, number: i128) -> &mut Self {
        let magnitude = number.unsigned_abs();
        let magnitude = if magnitude > u64::MAX as u128 {
            u64::MAX
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
            {
                magnitude as u64
            }
        };
        self.str(if number < 0 { "-" } else { "" }).int(magnitude)
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Whether two strings are the same: `==` for const contexts.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        match (a, b) {
            ([], []) => return true,
            ([first, a_rest @ ..], [second, b_rest @ ..]) if *first == *second => {
                a = a_rest;
                b = b_rest;
            }
            _ => return false,
        }
    }
}
