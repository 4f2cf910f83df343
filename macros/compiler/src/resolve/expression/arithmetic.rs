//! Operators and functions on numbers.

use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::scope::Flow;
use crate::resolve::value::{Applied, Val};
use crate::syntax::tree::{Call, Expression, Operator};

/// Functions of integers that are no layers.
const FUNCTIONS: [&str; 4] = ["div_floor", "div_ceil", "min", "max"];

impl Builder<'_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        flow: &Flow,
        place: Place,
    ) -> Val {
        // The right side is not looked at where the left one decides.
        if let Operator::And | Operator::Or = operator {
            return match (self.condition(left, flow), operator) {
                (Some(false), Operator::And) => Val::Bool(false),
                (Some(true), Operator::Or) => Val::Bool(true),
                (Some(_), _) => self.condition(right, flow).map_or(Val::Unknown, Val::Bool),
                (None, _) => Val::Unknown,
            };
        }
        let (a, b) = (self.evaluate(left, flow), self.evaluate(right, flow));
        match (&a, &b) {
            (Val::Int(x), Val::Int(y)) => self.integers(operator, *x, *y, left, right, place),
            (Val::Symbol(_), _) | (_, Val::Symbol(_)) => {
                self.symbolic_binary(operator, &a, &b, place)
            }
            (Val::Int(_) | Val::Float(_), Val::Int(_) | Val::Float(_)) => {
                self.floats(operator, number(&a), number(&b), place)
            }
            (Val::Bool(x), Val::Bool(y)) if let Operator::Compare(comparison) = operator => {
                Val::Bool(comparison.holds(Some(x.cmp(y))))
            }
            _ => {
                let wrong = if matches!(a, Val::Int(_) | Val::Float(_)) {
                    &b
                } else {
                    &a
                };
                self.operand(operator.symbol(), wrong, place)
            }
        }
    }

    fn integers(
        &mut self,
        operator: Operator,
        x: i128,
        y: i128,
        left: &Expression,
        right: &Expression,
        place: Place,
    ) -> Val {
        let division = matches!(operator, Operator::Divide | Operator::Remainder);
        if division && y == 0 {
            self.tell(Error::new(
                place,
                format!(
                    "`{} {} {}` divides by zero",
                    left.operand(),
                    operator.symbol(),
                    right.operand()
                ),
            ));
            return Val::Unknown;
        }
        if operator == Operator::Divide && x % y != 0 {
            let (down, up) = (x.div_euclid(y), -(-x).div_euclid(y));
            self.tell(
                Error::new(
                    place,
                    format!(
                        "`{} / {}` is not exact: {x} = {y}*{down} + {}",
                        left.operand(),
                        right.operand(),
                        x - y * down
                    ),
                )
                .help(format!(
                    "`div_floor({left}, {right})` (= {down}) or `div_ceil({left}, {right})` (= {up})"
                )),
            );
            return Val::Unknown;
        }
        let result = match operator {
            Operator::Add => x.checked_add(y),
            Operator::Subtract => x.checked_sub(y),
            Operator::Multiply => x.checked_mul(y),
            Operator::Divide => x.checked_div(y),
            Operator::Remainder => x.checked_rem(y),
            Operator::ShiftLeft => u32::try_from(y)
                .ok()
                .filter(|y| *y < 64)
                .and_then(|y| x.checked_mul(1_i128.checked_shl(y)?)),
            Operator::ShiftRight => u32::try_from(y).ok().and_then(|y| x.checked_shr(y)),
            Operator::Compare(comparison) => return Val::Bool(comparison.holds(Some(x.cmp(&y)))),
            Operator::And | Operator::Or => None,
        };
        match result {
            Some(value) if value.unsigned_abs() <= u128::from(u64::MAX) => Val::Int(value),
            _ => {
                self.tell(Error::new(
                    place,
                    format!(
                        "`{} {} {}` does not fit 64 bits: {x} {} {y}",
                        left.operand(),
                        operator.symbol(),
                        right.operand(),
                        operator.symbol()
                    ),
                ));
                Val::Unknown
            }
        }
    }

    fn floats(&mut self, operator: Operator, x: f64, y: f64, place: Place) -> Val {
        let value = match operator {
            Operator::Add => x + y,
            Operator::Subtract => x - y,
            Operator::Multiply => x * y,
            Operator::Divide => x / y,
            Operator::Compare(comparison) => {
                return Val::Bool(comparison.holds(x.partial_cmp(&y)));
            }
            _ => return self.operand(operator.symbol(), &Val::Float(x), place),
        };
        if value.is_finite() {
            return Val::Float(value);
        }
        self.tell(Error::new(
            place,
            format!("`{x:?} {} {y:?}` is not a finite number", operator.symbol()),
        ));
        Val::Unknown
    }

    /// Tells that an operator does not work on a value.
    pub(super) fn operand(&mut self, operator: &str, value: &Val, place: Place) -> Val {
        match value {
            Val::Unknown => {}
            Val::Word(word) => self.unknown_name(word),
            other => self.tell(Error::new(
                place,
                format!("`{operator}` does not work on {}", other.noun()),
            )),
        }
        Val::Unknown
    }

    /// A function of integers, or a layer with arguments as a value.
    pub(super) fn function(&mut self, call: &Call, flow: &Flow, whole: &Expression) -> Val {
        let name = call.name.to_string();
        if !FUNCTIONS.contains(&name.as_str()) {
            return Val::Layer(Box::new(Applied {
                name: call.name.clone(),
                arguments: self.given(call, flow),
                text: call.to_string(),
            }));
        }
        let [a, b] = call.arguments.as_slice() else {
            self.tell(Error::new(
                whole.place,
                format!("`{name}` takes two whole numbers"),
            ));
            return Val::Unknown;
        };
        let (a, b) = (&a.value, &b.value);
        let (x, y) = (self.evaluate(a, flow), self.evaluate(b, flow));
        if x.is_symbolic() || y.is_symbolic() {
            return self.symbolic_function(&name, &x, &y, whole.place);
        }
        let (Some(x), Some(y)) = (self.whole(a, x), self.whole(b, y)) else {
            return Val::Unknown;
        };
        match name.as_str() {
            "min" => Val::Int(x.min(y)),
            "max" => Val::Int(x.max(y)),
            _ if y == 0 => {
                self.tell(Error::new(
                    whole.place,
                    format!("`{whole}` divides by zero"),
                ));
                Val::Unknown
            }
            "div_floor" => Val::Int(x.div_euclid(y)),
            _ => Val::Int(-(-x).div_euclid(y)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a float stands beside it")]
fn number(value: &Val) -> f64 {
    match value {
        Val::Int(value) => *value as f64,
        Val::Float(value) => *value,
        _ => 0.0,
    }
}
