//! Operators and functions on numbers.

#[cfg(test)]
mod tests;

use shapewise_core::arithmetic::Operation;

use crate::report::{Error, Place};
use crate::resolve::expression::Evaluator;
use crate::resolve::symbol::is_constant;
use crate::resolve::value::{Applied, Val};
use crate::syntax::tree::{Call, Expression, Operator};

impl Evaluator<'_, '_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        place: Place,
    ) -> Val {
        // The right side is not looked at where the left one decides.
        if let Operator::And | Operator::Or = operator {
            return match (self.condition(left), operator) {
                (Some(false), Operator::And) => Val::Bool(false),
                (Some(true), Operator::Or) => Val::Bool(true),
                (Some(_), _) => self.condition(right).map_or(Val::Unknown, Val::Bool),
                (None, _) => Val::Unknown,
            };
        }
        let (a, b) = (self.evaluate(left), self.evaluate(right));
        match (operator, &a, &b) {
            (_, Val::Symbol(_), _) | (_, _, Val::Symbol(_)) => {
                let written = (&*left.operand(), &*right.operand());
                self.symbolic_binary(operator, (&a, &b), written, place)
            }
            (Operator::Compute(operation), Val::Int(x), Val::Int(y)) => {
                self.integers(operation, (*x, *y), (left, right), place)
            }
            (Operator::Compare(comparison), Val::Int(x), Val::Int(y)) => {
                Val::Bool(comparison.of(*x, *y))
            }
            (_, Val::Int(_) | Val::Float(_), Val::Int(_) | Val::Float(_)) => {
                self.floats(operator, number(&a), number(&b), place)
            }
            (Operator::Compare(comparison), Val::Bool(x), Val::Bool(y)) => {
                Val::Bool(comparison.holds(x.cmp(y)))
            }
            _ => {
                if let (Val::Flow(_), Val::Flow(_), Some(layer)) = (&a, &b, layer_of(operator)) {
                    let symbol = operator.symbol();
                    let headline = format!("`{symbol}` does not work on values of the network");
                    let help = format!("there is a layer for it: `{layer}({left}, {right})`");
                    return self.wrong(Error::new(place, headline).help(help));
                }
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
        operation: Operation,
        (x, y): (i128, i128),
        (left, right): (&Expression, &Expression),
        place: Place,
    ) -> Val {
        match operation.of(x, y) {
            Ok(value) => Val::Int(value),
            Err(failure) => {
                let (left, right) = (left.operand(), right.operand());
                let error = Error::new(place, failure.headline(&left, &right).to_string());
                self.findings
                    .tell(error.help(failure.help(&left, &right).to_string()));
                Val::Unknown
            }
        }
    }

    fn floats(&mut self, operator: Operator, x: f64, y: f64, place: Place) -> Val {
        let value = match operator {
            Operator::Compute(Operation::Add) => x + y,
            Operator::Compute(Operation::Subtract) => x - y,
            Operator::Compute(Operation::Multiply) => x * y,
            Operator::Compute(Operation::Divide) => x / y,
            Operator::Compare(comparison) => {
                let order = x.partial_cmp(&y);
                return order.map_or(Val::Unknown, |order| Val::Bool(comparison.holds(order)));
            }
            _ => return self.operand(operator.symbol(), &Val::Float(x), place),
        };
        if value.is_finite() {
            return Val::Float(value);
        }
        self.wrong(Error::new(
            place,
            format!("`{x:?} {} {y:?}` is not a finite number", operator.symbol()),
        ))
    }

    /// Tells that an operator does not work on a value.
    pub(super) fn operand(&mut self, operator: &str, value: &Val, place: Place) -> Val {
        match value {
            Val::Unknown => {}
            Val::Word(word) => self.unknown_name(word),
            other => self.findings.tell(Error::new(
                place,
                format!("`{operator}` does not work on {}", other.noun()),
            )),
        }
        Val::Unknown
    }

    /// A function of integers, or a layer with arguments as a value.
    pub(super) fn function(&mut self, call: &Call, whole: &Expression) -> Val {
        if call.name == "len" && call.prefix.is_empty() {
            return self.length(call, whole.place);
        }
        let functions = Operation::ALL.into_iter().filter(|it| it.is_function());
        let mut named = functions.filter(|function| call.name == function.symbol());
        let Some(function) = named.next() else {
            if is_constant(call.prefix.trim_end_matches('.')) {
                let headline = format!("`{call}` is an expression of Rust's");
                let help = format!("write `{{ {call} }}`");
                return self.wrong(Error::new(whole.place, headline).help(help));
            }
            return Val::Layer(Box::new(Applied {
                name: call.name.clone(),
                home: self.findings.trail.home(),
                arguments: self.given(call),
                text: call.to_string(),
            }));
        };
        let [a, b] = call.arguments.as_slice() else {
            return self.wrong(Error::new(
                whole.place,
                format!("`{}` takes two whole numbers", call.name),
            ));
        };
        let (a, b) = (&a.value, &b.value);
        let (x, y) = (self.evaluate(a), self.evaluate(b));
        if x.is_symbolic() || y.is_symbolic() {
            let written = (&*a.operand(), &*b.operand());
            return self.symbolic_function(function, (&x, &y), written, whole.place);
        }
        match (self.whole(a, x), self.whole(b, y)) {
            (Some(x), Some(y)) => self.integers(function, (x, y), (a, b), whole.place),
            _ => Val::Unknown,
        }
    }
}

/// The layer that does with values what an operator does with numbers.
fn layer_of(operator: Operator) -> Option<&'static str> {
    match operator {
        Operator::Compute(Operation::Add) => Some("add"),
        Operator::Compute(Operation::Subtract) => Some("sub"),
        Operator::Compute(Operation::Multiply) => Some("mul"),
        _ => None,
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
