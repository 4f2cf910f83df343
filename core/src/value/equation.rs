//! The equation of a product over named axes.

use core::fmt;

use crate::extents::MAX_RANK;

/// A product over named axes as it is written: `"lk,km->lm"`.
///
/// A letter for each axis of each operand, the operands between commas, and behind the arrow
/// the axes of the result. Whether it means something is asked by the rule of `einsum`.
///
/// ```
/// use shapewise_core::Equation;
///
/// const PRODUCT: Equation = Equation::new("lk, km -> lm");
/// assert_eq!(PRODUCT.operands(), 2);
/// assert_eq!(PRODUCT.operand(1).as_bytes(), b"km");
/// assert_eq!(PRODUCT.result().as_bytes(), b"lm");
/// assert_eq!(PRODUCT.to_string(), "lk,km->lm");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Equation {
    text: [u8; Self::MOST],
    len: usize,
}

/// Letters of axes, in an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    letters: [u8; MAX_RANK],
    /// How many there are, also where these are more than are held.
    count: usize,
}

impl Equation {
    /// The most characters that an equation has, without spaces.
    pub const MOST: usize = 64;

    /// The equation of this text, without its spaces.
    ///
    /// # Panics
    ///
    /// Where [`Equation::try_new`] has none.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        match Self::try_new(text) {
            Some(equation) => equation,
            None => panic!("an equation has at most 64 characters of ASCII"),
        }
    }

    /// The equation of this text, without its spaces; none where it has more than
    /// [`Equation::MOST`] characters, or some that are not printed or no ASCII.
    #[must_use]
    pub const fn try_new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut equation = Self {
            text: [0; Self::MOST],
            len: 0,
        };
        let mut i = 0;
        while i < bytes.len() {
            if bytes[i] != b' ' {
                if equation.len == Self::MOST || !bytes[i].is_ascii_graphic() {
                    return None;
                }
                equation.text[equation.len] = bytes[i];
                equation.len += 1;
            }
            i += 1;
        }
        Some(equation)
    }

    /// As it is written, without spaces.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.as_bytes()) {
            Ok(text) => text,
            // All of it is ASCII.
            Err(_) => "",
        }
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        self.text.split_at(self.len).0
    }

    /// Where its only arrow stands.
    pub(crate) const fn arrow(&self) -> Option<usize> {
        let bytes = self.as_bytes();
        let mut found = None;
        let mut i = 0;
        while i + 1 < bytes.len() {
            if bytes[i] == b'-' && bytes[i + 1] == b'>' {
                if found.is_some() {
                    return None;
                }
                found = Some(i);
            }
            i += 1;
        }
        found
    }

    /// How many operands it has.
    #[must_use]
    pub const fn operands(&self) -> usize {
        let mut operands = 1;
        let mut i = 0;
        while i < self.len {
            operands += (self.text[i] == b',') as usize;
            i += 1;
        }
        operands
    }

    /// The letters of an operand, counted from 0; none beyond the last.
    #[must_use]
    pub const fn operand(&self, place: usize) -> Letters {
        let end = match self.arrow() {
            Some(arrow) => arrow,
            None => self.len,
        };
        let mut operand = Letters::NONE;
        let mut at = 0;
        let mut i = 0;
        while i < end {
            match self.text[i] {
                b',' => at += 1,
                letter if at == place => operand.push(letter),
                _ => {}
            }
            i += 1;
        }
        operand
    }

    /// The letters of the result: those behind the arrow.
    #[must_use]
    pub const fn result(&self) -> Letters {
        let mut result = Letters::NONE;
        if let Some(arrow) = self.arrow() {
            let mut i = arrow + 2;
            while i < self.len {
                result.push(self.text[i]);
                i += 1;
            }
        }
        result
    }

    /// The letters of what is there once the operands up to a place are multiplied: those that
    /// an operand behind it or the result has. The others have been summed over.
    #[must_use]
    pub const fn multiplied(&self, place: usize) -> Letters {
        if place + 1 >= self.operands() {
            return self.result();
        }
        let mut kept = Letters::NONE;
        let mut operand = 0;
        while operand <= place {
            let letters = self.operand(operand);
            let mut i = 0;
            while i < letters.len() {
                let letter = letters.at(i);
                if !kept.has(letter) && self.needs(letter, place + 1) {
                    kept.push(letter);
                }
                i += 1;
            }
            operand += 1;
        }
        kept
    }

    /// Whether the result has a letter, or an operand from a place on.
    const fn needs(&self, letter: u8, from: usize) -> bool {
        let mut place = from;
        while place < self.operands() {
            if self.operand(place).has(letter) {
                return true;
            }
            place += 1;
        }
        self.result().has(letter)
    }
}

impl Letters {
    /// No letters.
    pub const NONE: Self = Self {
        letters: [0; MAX_RANK],
        count: 0,
    };

    /// With one more at the end.
    const fn push(&mut self, letter: u8) {
        if self.count < MAX_RANK {
            self.letters[self.count] = letter;
        }
        self.count += 1;
    }

    /// How many there are; as many as a value has axes at most, where the rule of `einsum` has
    /// looked at the equation.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The letters.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        let held = if self.count < MAX_RANK {
            self.count
        } else {
            MAX_RANK
        };
        self.letters.split_at(held).0
    }

    /// The letter at a place; 0 beyond the last.
    #[must_use]
    pub const fn at(&self, place: usize) -> u8 {
        if place < MAX_RANK {
            self.letters[place]
        } else {
            0
        }
    }

    /// Which axis has this letter.
    #[must_use]
    pub const fn place(&self, letter: u8) -> Option<usize> {
        let mut place = 0;
        while place < self.as_bytes().len() {
            if self.letters[place] == letter {
                return Some(place);
            }
            place += 1;
        }
        None
    }

    /// Whether an axis has this letter.
    #[must_use]
    pub const fn has(&self, letter: u8) -> bool {
        self.place(letter).is_some()
    }
}

impl fmt::Display for Equation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Equation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
