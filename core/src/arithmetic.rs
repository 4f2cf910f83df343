//! Arithmetic of whole numbers in the language: what each operator and function
//! means, what it is limited to, and what is said where it has no result.
//!
//! The macro calculates with it what it knows, and what it takes the other numbers
//! for; const evaluation calculates the rest. A whole number is one of 64 bits, or
//! less than 0 by as much.

use core::cmp::Ordering;

use crate::text::Text;

/// What makes one whole number of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`, which must be exact.
    Divide,
    /// `a % b`, of the sign of `a`.
    Remainder,
    /// `a << b`: `a` times 2 to the power of `b`.
    ShiftLeft,
    /// `a >> b`: `a` by 2 to the power of `b`, rounded down.
    ShiftRight,
    /// `div_floor(a, b)`: rounded down.
    DivFloor,
    /// `div_ceil(a, b)`: rounded up.
    DivCeil,
    /// `min(a, b)`
    Min,
    /// `max(a, b)`
    Max,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::DivFloor,
        Self::DivCeil,
        Self::Min,
        Self::Max,
    ];

    /// As it is written: an operator, or the name of a function.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::DivFloor => "div_floor",
            Self::DivCeil => "div_ceil",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// Whether it is a function.
    #[must_use]
    pub const fn is_function(self) -> bool {
        matches!(self, Self::DivFloor | Self::DivCeil | Self::Min | Self::Max)
    }

    /// The result for two whole numbers.
    ///
    /// # Errors
    ///
    /// A division by 0 or one that is not exact, a shift by less than 0, a result
    /// that does not fit.
    pub const fn of(self, a: i128, b: i128) -> Result<i128, Failure> {
        let result = match self {
            Self::Divide | Self::Remainder | Self::DivFloor | Self::DivCeil if b == 0 => {
                return Err(self.failure(Reason::Zero, a, b));
            }
            Self::ShiftLeft | Self::ShiftRight if b < 0 => {
                return Err(self.failure(Reason::Backwards, a, b));
            }
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide if !matches!(a.checked_rem(b), Some(0)) => {
                return Err(self.failure(Reason::Inexact, a, b));
            }
            Self::Divide => a.checked_div(b),
            Self::Remainder => a.checked_rem(b),
            Self::ShiftLeft if a == 0 => Some(0),
            Self::ShiftLeft if b > 63 => None,
            Self::ShiftLeft => a.checked_mul(1 << b),
            Self::ShiftRight => Some(a >> if b < 127 { b } else { 127 }),
            Self::DivFloor => Some(floor(a, b)),
            Self::DivCeil => Some(-floor(-a, b)),
            Self::Min => Some(if a < b { a } else { b }),
            Self::Max => Some(if a > b { a } else { b }),
        };
        match result {
            Some(value) if value.unsigned_abs() <= u64::MAX as u128 => Ok(value),
            _ => Err(self.failure(Reason::Beyond, a, b)),
        }
    }

    const fn failure(self, reason: Reason, a: i128, b: i128) -> Failure {
        Failure {
            operation: self,
            reason,
            numbers: (a, b),
        }
    }
}

/// `a / b`, rounded down; `b` is not 0.
const fn floor(a: i128, b: i128) -> i128 {
    let quotient = a / b;
    let exact = a == quotient * b;
    if !exact && (a < 0) != (b < 0) {
        quotient - 1
    } else {
        quotient
    }
}

/// An operation that has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    operation: Operation,
    reason: Reason,
    numbers: (i128, i128),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Zero,
    Inexact,
    Beyond,
    Backwards,
}

impl Failure {
    /// The most bytes of operands that are shown as they are written.
    const LONGEST: usize = 240;

    /// What is wrong: `` `width / 2` is not exact: 7 = 2*3 + 1 ``. The operands are as
    /// they are written, in parentheses where they are arithmetic themselves; of long
    /// ones, their numbers are shown.
    #[must_use]
    pub const fn headline(&self, left: &str, right: &str) -> Text {
        let (a, b) = self.numbers;
        let (mut x, mut y) = (Text::new(), Text::new());
        let (x, y) = (x.signed(a).as_str(), y.signed(b).as_str());
        let mut text = Text::new();
        text.str("`");
        if left.len() + right.len() > Self::LONGEST {
            self.write(&mut text, x, y);
        } else {
            self.write(&mut text, left, right);
        }
        match self.reason {
            Reason::Zero => text.str("` divides by zero"),
            Reason::Inexact => {
                let quotient = a.div_euclid(b);
                text.str("` is not exact: ").str(x).str(" = ").str(y);
                text.str("*").signed(quotient);
                text.str(" + ").signed(a - b * quotient)
            }
            Reason::Beyond => {
                text.str("` does not fit 64 bits: ");
                self.write(&mut text, x, y)
            }
            Reason::Backwards => {
                text.str("` shifts by less than 0: ");
                self.write(&mut text, x, y)
            }
        };
        text
    }

    /// What to write instead; empty where that is not known.
    #[must_use]
    pub const fn help(&self, left: &str, right: &str) -> Text {
        let mut text = Text::new();
        if !matches!(self.reason, Reason::Inexact) {
            return text;
        }
        let (a, b) = self.numbers;
        let mut arguments = Text::new();
        if left.len() + right.len() > Self::LONGEST / 2 {
            arguments.str("..");
        } else {
            arguments.str(bare(left)).str(", ").str(bare(right));
        }
        text.str("`div_floor(").str(arguments.as_str());
        text.str(")` (= ")
            .signed(floor(a, b))
            .str(") or `div_ceil(");
        text.str(arguments.as_str());
        text.str(")` (= ").signed(-floor(-a, b)).str(")");
        text
    }

    const fn write<'t>(&self, text: &'t mut Text, left: &str, right: &str) -> &'t mut Text {
        let symbol = self.operation.symbol();
        if self.operation.is_function() {
            text.str(symbol).str("(").str(bare(left));
            text.str(", ").str(bare(right)).str(")")
        } else {
            text.str(left).str(" ").str(symbol).str(" ").str(right)
        }
    }
}

/// An operand without its parentheses.
const fn bare(operand: &str) -> &str {
    match operand.as_bytes() {
        [b'(', .., b')'] => operand.split_at(operand.len() - 1).0.split_at(1).1,
        _ => operand,
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
    ];

    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it holds between two whole numbers.
    #[must_use]
    pub const fn of(self, a: i128, b: i128) -> bool {
        self.holds(if a < b {
            Ordering::Less
        } else if a > b {
            Ordering::Greater
        } else {
            Ordering::Equal
        })
    }

    /// Whether it holds between two things in this order.
    #[must_use]
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
