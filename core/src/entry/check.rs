//! What may be written for an argument.

use crate::argument::Argument;
use crate::error::Error;
use crate::text::same;
use crate::value::Value;

impl Argument {
    /// Whether `value` may be written for this argument.
    ///
    /// # Errors
    ///
    /// [`Error::WrongType`] for a value of another type, [`Error::TooSmall`]
    /// for an integer below the least, [`Error::OutOfRange`] for a float
    /// outside the range.
    pub const fn check(&'static self, value: Value) -> Result<(), Error> {
        let accepts = &self.accepts;
        let fits = match value {
            Value::None => true,
            Value::Int(value) => {
                if accepts.int && value < self.least {
                    return Err(self.too_small());
                }
                if accepts.float {
                    #[expect(clippy::cast_precision_loss, reason = "compared with a range")]
                    if (value as f64) < self.range.0 || (value as f64) > self.range.1 {
                        return Err(Error::OutOfRange { argument: self });
                    }
                }
                accepts.int || accepts.float
            }
            Value::Float(value) => {
                if accepts.float && !(value >= self.range.0 && value <= self.range.1) {
                    return Err(Error::OutOfRange { argument: self });
                }
                accepts.float
            }
            Value::Bool(_) => accepts.bool,
            Value::Extents(extents) => {
                let mut rest = extents.as_slice();
                while accepts.extents
                    && let [extent, after @ ..] = rest
                {
                    if (*extent as u64) < self.least {
                        return Err(self.too_small());
                    }
                    rest = after;
                }
                accepts.extents
            }
            Value::Sides(_) => accepts.sides,
            Value::Range(..) => accepts.range,
            Value::Input(_) => accepts.value,
            Value::Equation(_) => accepts.equation,
            Value::Keyword(word) => {
                let mut known = false;
                let mut i = 0;
                while i < accepts.keywords.len() {
                    known = known || same(accepts.keywords[i], word);
                    i += 1;
                }
                known
            }
        };
        if fits {
            Ok(())
        } else {
            Err(Error::WrongType { argument: self })
        }
    }

    const fn too_small(&'static self) -> Error {
        Error::TooSmall {
            argument: self.name,
            least: self.least,
        }
    }
}
