//! Computing values.

mod arithmetic;
mod member;
mod name;

use shapewise_core::arithmetic::Operation;

use super::Builder;
use super::scope::Flow;
use super::symbol::{SymbolKind, braced};
use super::value::{Given, Val};
use crate::report::Error;
use crate::syntax::tree::{Call, Expression, ExpressionKind, Operator};

impl Builder<'_> {
    /// The value of an expression; [`Val::Unknown`] when an error was told or
    /// something above is unknown. `flow` is what `_` stands for.
    pub(super) fn evaluate(&mut self, expression: &Expression, flow: &Flow) -> Val {
        let place = expression.place;
        match &expression.kind {
            ExpressionKind::Int(value) | ExpressionKind::Quantity(value, _) => {
                Val::Int(i128::from(*value))
            }
            ExpressionKind::Float(value) => Val::Float(*value),
            ExpressionKind::Extents(extents) => Val::Extents(extents.clone()),
            ExpressionKind::Bool(value) => Val::Bool(*value),
            ExpressionKind::Text(text) => Val::Text(text.clone()),
            ExpressionKind::Word(word) => self.word(word, flow),
            ExpressionKind::Member(value, name) => self.member(value, name, flow, place),
            ExpressionKind::Every(value) => self.every(value),
            ExpressionKind::Copy(value, copy) => self.copy(value, copy),
            ExpressionKind::List(values) => Val::List(
                values
                    .iter()
                    .map(|value| self.evaluate(value, flow))
                    .collect(),
            ),
            ExpressionKind::Tuple(values) => Val::Tuple(
                values
                    .iter()
                    .map(|value| self.evaluate(value, flow))
                    .collect(),
            ),
            ExpressionKind::Range(start, end) => self.range(start, end, flow),
            ExpressionKind::Negate(value) => match self.evaluate(value, flow) {
                Val::Int(value) => Val::Int(-value),
                Val::Float(value) => Val::Float(-value),
                value @ Val::Symbol(_) => {
                    let subtract = Operator::Compute(Operation::Subtract);
                    self.symbolic_binary(subtract, (&Val::Int(0), &value), ("", ""), place)
                }
                other => self.operand("-", &other, place),
            },
            ExpressionKind::Not(value) => match self.evaluate(value, flow) {
                Val::Bool(value) => Val::Bool(!value),
                Val::Symbol(symbol) if symbol.kind != SymbolKind::Number => self.negated(&symbol),
                other => self.operand("!", &other, place),
            },
            ExpressionKind::Binary(operator, left, right) => {
                self.binary(*operator, left, right, flow, place)
            }
            ExpressionKind::If(condition, then, otherwise) => {
                match self.condition(condition, flow) {
                    Some(true) => self.evaluate(then, flow),
                    Some(false) => self.evaluate(otherwise, flow),
                    None => Val::Unknown,
                }
            }
            ExpressionKind::Call(call) => self.function(call, flow, expression),
            ExpressionKind::Path(path) => self.atom(path.clone(), expression.to_string(), place),
            ExpressionKind::Rust(code) => self.atom(braced(code), expression.to_string(), place),
        }
    }

    /// The arguments of a call with their values.
    pub(super) fn given(&mut self, call: &Call, flow: &Flow) -> Vec<Given> {
        call.arguments
            .iter()
            .map(|argument| Given {
                name: argument.name.clone(),
                value: match &argument.name {
                    Some(name) if name == "shared" => self.tied(&argument.value, flow),
                    _ => self.evaluate(&argument.value, flow),
                },
                to: argument.to.as_ref().map(|to| self.evaluate(to, flow)),
                place: argument.place(),
            })
            .collect()
    }

    /// A whole number; an error is told for anything else.
    fn int(&mut self, expression: &Expression, flow: &Flow) -> Option<i128> {
        let value = self.evaluate(expression, flow);
        self.whole(expression, value)
    }

    /// The whole number that an expression was found to be.
    fn whole(&mut self, expression: &Expression, value: Val) -> Option<i128> {
        match value {
            Val::Int(value) => Some(value),
            Val::Unknown => None,
            Val::Symbol(_) => {
                self.must_be_known(expression, "a number that must be known");
                None
            }
            other => {
                self.unfit(expression, "a whole number", &other);
                None
            }
        }
    }

    fn range(&mut self, start: &Expression, end: &Expression, flow: &Flow) -> Val {
        let (a, b) = (self.evaluate(start, flow), self.evaluate(end, flow));
        if !a.is_symbolic() && !b.is_symbolic() {
            return match (self.whole(start, a), self.whole(end, b)) {
                (Some(start), Some(end)) => Val::Range(start, end),
                _ => Val::Unknown,
            };
        }
        match (self.number(&a), self.number(&b)) {
            (Some(a), Some(b)) => Val::SymbolRange(Box::new(a), Box::new(b)),
            _ => {
                for (value, expression) in [(a, start), (b, end)] {
                    if self.number(&value).is_none() {
                        self.whole(expression, value);
                    }
                }
                Val::Unknown
            }
        }
    }

    /// A truth value; an error is told for anything else.
    pub(super) fn condition(&mut self, expression: &Expression, flow: &Flow) -> Option<bool> {
        match self.evaluate(expression, flow) {
            Val::Bool(value) => Some(value),
            Val::Unknown => None,
            Val::Symbol(symbol) if symbol.kind != SymbolKind::Number => {
                self.decide_symbol(&symbol, expression.place)
            }
            other => {
                self.unfit(expression, "a condition", &other);
                None
            }
        }
    }

    /// Tells that an expression is of the wrong kind.
    pub(super) fn unfit(&mut self, expression: &Expression, wanted: &str, found: &Val) {
        let help = match found {
            Val::Int(_) if wanted == "a condition" => format!("compare it: `{expression} > 0`"),
            _ => String::new(),
        };
        if let Val::Word(word) = found {
            self.unknown_name(word);
            return;
        }
        let error = Error::new(
            expression.place,
            format!("expected {wanted}, found {}: `{expression}`", found.noun()),
        );
        self.tell(error.help(help));
    }
}
