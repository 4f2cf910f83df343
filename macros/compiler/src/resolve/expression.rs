//! Computing values.

mod arithmetic;
mod list;
mod member;
mod name;

use proc_macro2::TokenStream;
use shapewise_core::arithmetic::Operation;

use super::Source;
use super::findings::Findings;
use super::scope::{Flow, Frames};
use super::symbol::{SymbolKind, braced};
use super::value::{Given, Val};
use super::world::World;
use crate::check::metric::is_bytes;
use crate::graph::{Check, CheckKind, Code, Decision, Formula, Recipe, Resolved};
use crate::report::{Error, Place};
use crate::syntax::tree::{Argument, Call, Expression, ExpressionKind, Operator};

/// What reads values: it can look at all that is there so far, and changes nothing
/// but what is to be said.
pub(super) struct Evaluator<'b, 'a> {
    pub(super) source: Source<'a>,
    pub(super) world: World<'a>,
    pub(super) names: &'b Frames,
    pub(super) graph: &'b Resolved,
    pub(super) findings: &'b mut Findings,
    /// What `_` stands for.
    pub(super) flow: &'b Flow,
}

impl Evaluator<'_, '_> {
    /// The value of an expression; [`Val::Unknown`] when an error was told or
    /// something above is unknown.
    pub(super) fn evaluate(&mut self, expression: &Expression) -> Val {
        let place = expression.place;
        match &expression.kind {
            ExpressionKind::Int(value) | ExpressionKind::Quantity(value, _) => {
                Val::Int(i128::from(*value))
            }
            ExpressionKind::Float(value) => Val::Float(*value),
            ExpressionKind::Extents(extents) => Val::Extents(extents.clone()),
            ExpressionKind::Bool(value) => Val::Bool(*value),
            ExpressionKind::Text(text) => Val::Text(text.clone()),
            ExpressionKind::Word(word) => self.word(word),
            ExpressionKind::Member(value, name) => self.member(value, name, place),
            ExpressionKind::Every(value) => self.every(value),
            ExpressionKind::Copy(value, copy) => self.copy(value, copy),
            ExpressionKind::Index(value, index) => self.index(value, index, place),
            ExpressionKind::List(values) => {
                Val::List(values.iter().map(|value| self.evaluate(value)).collect())
            }
            ExpressionKind::Tuple(values) => {
                Val::Tuple(values.iter().map(|value| self.evaluate(value)).collect())
            }
            ExpressionKind::Range(start, end) => self.range(start, end),
            ExpressionKind::Negate(value) => match self.evaluate(value) {
                Val::Int(value) => Val::Int(-value),
                Val::Float(value) => Val::Float(-value),
                value @ Val::Symbol(_) => {
                    let subtract = Operator::Compute(Operation::Subtract);
                    self.symbolic_binary(subtract, (&Val::Int(0), &value), ("", ""), place)
                }
                other => self.operand("-", &other, place),
            },
            ExpressionKind::Not(value) => match self.evaluate(value) {
                Val::Bool(value) => Val::Bool(!value),
                Val::Symbol(symbol) if symbol.kind != SymbolKind::Number => {
                    self.world.negated(&symbol)
                }
                other => self.operand("!", &other, place),
            },
            ExpressionKind::Binary(operator, left, right) => {
                self.binary(*operator, left, right, place)
            }
            ExpressionKind::If(condition, then, otherwise) => match self.condition(condition) {
                Some(true) => self.evaluate(then),
                Some(false) => self.evaluate(otherwise),
                None => Val::Unknown,
            },
            ExpressionKind::Call(call) => self.function(call, expression),
            ExpressionKind::Path(path) => self.atom(path.clone(), expression.to_string(), place),
            ExpressionKind::Rust(code) => self.atom(braced(code), expression.to_string(), place),
        }
    }

    /// The symbol of a path, a generic or a Rust expression.
    fn atom(&self, tokens: TokenStream, text: String, place: Place) -> Val {
        let generics = &self.source.network.generics;
        let home = self.findings.trail.home();
        let text = text.replace("$crate", "crate");
        self.world.atom(generics, home, tokens, text, place)
    }

    /// Tells of bytes where something else is counted.
    pub(super) fn no_bytes(&mut self, expression: &Expression) {
        if is_bytes(expression, &[]) {
            let headline = format!("`{expression}` are bytes, which only budgets are in");
            let error = Error::new(expression.place, headline);
            self.findings.tell(match &expression.kind {
                ExpressionKind::Quantity(_, text) => error.help(format!(
                    "write `{}`",
                    text.trim_end_matches('B').trim_end_matches('i')
                )),
                _ => error,
            });
        }
    }

    /// The arguments of a call with their values.
    pub(super) fn given(&mut self, call: &Call) -> Vec<Given> {
        self.given_of(&call.arguments)
    }

    /// Arguments with their values.
    pub(super) fn given_of(&mut self, arguments: &[Argument]) -> Vec<Given> {
        for argument in arguments {
            self.no_bytes(&argument.value);
        }
        arguments
            .iter()
            .map(|argument| Given {
                name: argument.name.clone(),
                value: match &argument.name {
                    Some(name) if name == "shared" => self.tied(&argument.value),
                    _ => self.evaluate(&argument.value),
                },
                word: match &argument.value.kind {
                    ExpressionKind::Word(word) => Some(word.clone()),
                    _ => None,
                },
                to: argument.to.as_ref().map(|to| self.evaluate(to)),
                place: argument.place(),
            })
            .collect()
    }

    /// A whole number; an error is told for anything else.
    fn int(&mut self, expression: &Expression) -> Option<i128> {
        let value = self.evaluate(expression);
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

    fn range(&mut self, start: &Expression, end: &Expression) -> Val {
        let (a, b) = (self.evaluate(start), self.evaluate(end));
        if !a.is_symbolic() && !b.is_symbolic() {
            return match (self.whole(start, a), self.whole(end, b)) {
                (Some(start), Some(end)) => Val::Range(start, end),
                _ => Val::Unknown,
            };
        }
        match (self.world.number(&a), self.world.number(&b)) {
            (Some(a), Some(b)) => Val::SymbolRange(Box::new(a), Box::new(b)),
            _ => {
                for (value, expression) in [(a, start), (b, end)] {
                    if self.world.number(&value).is_none() {
                        self.whole(expression, value);
                    }
                }
                Val::Unknown
            }
        }
    }

    /// A truth value; an error is told for anything else.
    pub(super) fn condition(&mut self, expression: &Expression) -> Option<bool> {
        match self.evaluate(expression) {
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

    /// Has rustc check something.
    pub(super) fn check(
        &mut self,
        place: Place,
        code: Code,
        recipe: Option<Recipe>,
        kind: CheckKind,
    ) {
        self.findings.checks.push(Check {
            after: self.graph.nodes.len(),
            place,
            within: self.findings.trail.lines(),
            code,
            recipe,
            kind,
        });
    }

    /// Gives this world up at an expression, which may have a result with the values
    /// that only rustc knows.
    pub(super) fn lost_at(
        &mut self,
        code: Code,
        recipe: Option<Recipe>,
        called: String,
        place: Place,
    ) {
        self.findings.give_up();
        self.check(place, code, recipe, CheckKind::Lost { called });
    }

    /// Notes which way is taken where only rustc knows.
    pub(super) fn decide(
        &mut self,
        taken: bool,
        (code, formula): (Code, Formula),
        text: String,
        place: Place,
    ) {
        let decision = Decision { taken, text, place };
        let recipe = Some(Recipe::Truth(formula));
        self.check(place, code, recipe, CheckKind::Decision(decision));
    }

    /// Tells an error of a value, which then is not known.
    pub(super) fn wrong(&mut self, error: Error) -> Val {
        self.findings.tell(error);
        Val::Unknown
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
        self.findings.tell(error.help(help));
    }
}
