//! Arithmetic and comparisons with values that only rustc knows.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use proc_macro2::{Ident, Span};
use quote::quote;
use shapewise_core::arithmetic::{Comparison, Failure, Operation};

use super::{Symbol, SymbolKind, call_at};
use crate::graph::{Code, Formula, Recipe};
use crate::report::{Error, Place};
use crate::resolve::expression::Evaluator;
use crate::resolve::value::Val;
use crate::syntax::tree::Operator;

impl Evaluator<'_, '_> {
    /// Arithmetic with at least one symbol. The operands are as they were written.
    pub(in crate::resolve) fn symbolic_binary(
        &mut self,
        operator: Operator,
        (a, b): (&Val, &Val),
        written: (&str, &str),
        place: Place,
    ) -> Val {
        let (Some(x), Some(y)) = (self.world.number(a), self.world.number(b)) else {
            let wrong = if self.world.number(a).is_some() { b } else { a };
            match wrong {
                Val::Unknown => {}
                Val::Word(word) => self.unknown_name(word),
                other => self.findings.tell(Error::new(
                    place,
                    format!(
                        "`{}` does not work on {} and a value that only rustc knows",
                        operator.symbol(),
                        other.noun()
                    ),
                )),
            }
            return Val::Unknown;
        };
        let text = format!("{} {} {}", factor(&x), operator.symbol(), factor(&y));
        match operator {
            Operator::Compute(operation) => {
                self.computed(operation, (&x, &y), written, text, place)
            }
            Operator::Compare(comparison) => self.compare(comparison, &x, &y, text, place),
            Operator::And | Operator::Or => Val::Unknown,
        }
    }

    /// `div_floor` and its like with at least one symbol.
    pub(in crate::resolve) fn symbolic_function(
        &mut self,
        function: Operation,
        (a, b): (&Val, &Val),
        written: (&str, &str),
        place: Place,
    ) -> Val {
        let (Some(x), Some(y)) = (self.world.number(a), self.world.number(b)) else {
            return Val::Unknown;
        };
        let text = format!("{}({}, {})", function.symbol(), x.text, y.text);
        self.computed(function, (&x, &y), written, text, place)
    }

    fn computed(
        &mut self,
        operation: Operation,
        numbers: (&Symbol, &Symbol),
        written: (&str, &str),
        text: String,
        place: Place,
    ) -> Val {
        let right = format!("{}{}", written.1, self.findings.trail.lines());
        let (value, code) = compute(operation, numbers, (written.0, &right), place);
        let (x, y) = (&numbers.0.formula, &numbers.1.formula);
        let formula = Formula::Computed(operation, Rc::new((x.clone(), y.clone())));
        let Ok(value) = value else {
            let recipe = Some(Recipe::Count(formula));
            self.lost_at(code, recipe, format!("`{text}`"), place);
            return Val::Unknown;
        };
        Val::Symbol(Box::new(Symbol {
            value,
            code,
            text,
            formula,
            kind: SymbolKind::Number,
        }))
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        x: &Symbol,
        y: &Symbol,
        text: String,
        place: Place,
    ) -> Val {
        let same = x.code.tokens.to_string() == y.code.tokens.to_string();
        if same {
            // The same expression is equal to itself, whatever it is.
            return Val::Bool(comparison.holds(Ordering::Equal));
        }
        let name = variant(comparison);
        let (a, b) = (&x.code.tokens, &y.code.tokens);
        let code = Code {
            tokens: quote!(__shapewise::arithmetic::Comparison::#name.of(#a, #b)),
            reads: x.code.reads.clone().union(y.code.reads.clone()),
        };
        let holds = comparison.of(x.value, y.value);
        let operands = Rc::new((x.formula.clone(), y.formula.clone()));
        let formula = Formula::Compared(comparison, operands);
        self.decide(holds, (code, formula), text, place);
        Val::Bool(holds)
    }

    /// A truth value that only rustc knows, where one of two ways is taken.
    pub(in crate::resolve) fn decide_symbol(
        &mut self,
        symbol: &Symbol,
        place: Place,
    ) -> Option<bool> {
        let code = self.world.truth(symbol)?;
        let taken = symbol.value != 0;
        let formula = symbol.formula.clone();
        self.decide(taken, (code, formula), symbol.text.clone(), place);
        Some(taken)
    }
}

/// What an operation makes of two numbers: in this world, and for rustc.
fn compute(
    operation: Operation,
    (x, y): (&Symbol, &Symbol),
    (left, right): (&str, &str),
    place: Place,
) -> (Result<i128, Failure>, Code) {
    let name = variant(operation);
    let (a, b) = (&x.code.tokens, &y.code.tokens);
    let arguments = quote!(__shapewise::arithmetic::Operation::#name, #a, #b, #left, #right);
    let code = Code {
        tokens: call_at(place, &quote!(symbolic::calculate), &arguments),
        reads: x.code.reads.clone().union(y.code.reads.clone()),
    };
    (operation.of(x.value, y.value), code)
}

/// The name of a variant.
pub(crate) fn variant(value: impl fmt::Debug) -> Ident {
    Ident::new(&format!("{value:?}"), Span::call_site())
}

/// An operand: in parentheses where it is arithmetic itself.
fn factor(symbol: &Symbol) -> String {
    let mut depth = 0;
    let arithmetic = symbol.text.chars().any(|c| {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        c == ' ' && depth == 0
    });
    if arithmetic {
        format!("({})", symbol.text)
    } else {
        symbol.text.clone()
    }
}
