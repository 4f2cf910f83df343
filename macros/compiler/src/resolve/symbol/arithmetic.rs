//! Arithmetic and comparisons with values that only rustc knows.

use proc_macro2::{Ident, Span};
use quote::quote;

use super::{Symbol, SymbolKind, call_at};
use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::graph::Code;
use crate::resolve::value::Val;
use crate::syntax::tree::{Comparison, Operator};

impl Builder<'_> {
    /// Arithmetic with at least one symbol.
    pub(in crate::resolve) fn symbolic_binary(
        &mut self,
        operator: Operator,
        a: &Val,
        b: &Val,
        place: Place,
    ) -> Val {
        let (Some(x), Some(y)) = (self.number(a), self.number(b)) else {
            let wrong = if self.number(a).is_some() { b } else { a };
            if matches!(wrong, Val::Unknown) {
                return Val::Unknown;
            }
            let noun = wrong.noun();
            self.tell(Error::new(
                place,
                format!(
                    "`{}` does not work on {noun} and a value that only rustc knows",
                    operator.symbol()
                ),
            ));
            return Val::Unknown;
        };
        let text = format!("{} {} {}", factor(&x), operator.symbol(), factor(&y));
        let function = match operator {
            Operator::Compare(comparison) => return self.compare(comparison, &x, &y, text, place),
            Operator::Add => "add",
            Operator::Subtract => "sub",
            Operator::Multiply => "mul",
            Operator::Divide => "div",
            Operator::Remainder => "rem",
            Operator::ShiftLeft => "shl",
            Operator::ShiftRight => "shr",
            Operator::And | Operator::Or => return Val::Unknown,
        };
        let value = match operator {
            Operator::Add => x.value.checked_add(y.value),
            Operator::Subtract => x.value.checked_sub(y.value),
            Operator::Multiply => x.value.checked_mul(y.value),
            Operator::Divide => x
                .value
                .checked_rem(y.value)
                .filter(|rest| *rest == 0)
                .and_then(|_| x.value.checked_div(y.value)),
            Operator::Remainder => x.value.checked_rem(y.value),
            Operator::ShiftLeft => u32::try_from(y.value)
                .ok()
                .filter(|bits| *bits <= 64)
                .and_then(|bits| x.value.checked_mul(1 << bits)),
            _ => u32::try_from(y.value)
                .ok()
                .and_then(|bits| x.value.checked_shr(bits)),
        };
        self.computed(function, value, &x, &y, text, place)
    }

    /// `div_floor` and its like with at least one symbol.
    pub(in crate::resolve) fn symbolic_function(
        &mut self,
        name: &str,
        a: &Val,
        b: &Val,
        place: Place,
    ) -> Val {
        let (Some(x), Some(y)) = (self.number(a), self.number(b)) else {
            return Val::Unknown;
        };
        let text = format!("{name}({}, {})", x.text, y.text);
        let value = match name {
            "min" => Some(x.value.min(y.value)),
            "max" => Some(x.value.max(y.value)),
            "div_floor" => x.value.checked_div_euclid(y.value),
            _ => x
                .value
                .checked_neg()
                .and_then(|x| x.checked_div_euclid(y.value))
                .map(|quotient| -quotient),
        };
        self.computed(name, value, &x, &y, text, place)
    }

    fn computed(
        &mut self,
        function: &str,
        value: Option<i128>,
        x: &Symbol,
        y: &Symbol,
        text: String,
        place: Place,
    ) -> Val {
        let Some(value) = value.filter(|value| value.unsigned_abs() <= u128::from(u64::MAX)) else {
            self.give_up();
            return Val::Unknown;
        };
        let name = Ident::new(function, Span::call_site());
        let (a, b) = (&x.code.tokens, &y.code.tokens);
        let code = Code {
            tokens: call_at(place, &quote!(symbolic::#name), &quote!(#a, #b)),
            reads: x.code.reads.clone().union(y.code.reads.clone()),
        };
        Val::Symbol(Box::new(Symbol {
            value,
            code,
            text,
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
        let ordering = x.value.cmp(&y.value);
        let same = x.code.tokens.to_string() == y.code.tokens.to_string();
        if same {
            // The same expression is equal to itself, whatever it is.
            return Val::Bool(comparison.holds(Some(std::cmp::Ordering::Equal)));
        }
        let symbol = comparison.symbol();
        let (a, b) = (&x.code.tokens, &y.code.tokens);
        let code = Code {
            tokens: quote!(__shapewise::symbolic::compare(#a, #symbol, #b)),
            reads: x.code.reads.clone().union(y.code.reads.clone()),
        };
        let holds = comparison.holds(Some(ordering));
        self.decide(holds, code, text, place);
        Val::Bool(holds)
    }

    /// A truth value that only rustc knows, where one of two ways is taken.
    pub(in crate::resolve) fn decide_symbol(
        &mut self,
        symbol: &Symbol,
        place: Place,
    ) -> Option<bool> {
        let code = self.truth(symbol)?;
        let taken = symbol.value != 0;
        self.decide(taken, code, symbol.text.clone(), place);
        Some(taken)
    }

    /// `!B`
    pub(in crate::resolve) fn negated(&self, symbol: &Symbol) -> Val {
        let Some(code) = self.truth(symbol) else {
            return Val::Unknown;
        };
        let tokens = &code.tokens;
        Val::Symbol(Box::new(Symbol {
            value: 1 - symbol.value,
            code: Code {
                tokens: quote!(!#tokens),
                reads: code.reads,
            },
            text: format!("!{}", symbol.text),
            kind: SymbolKind::Truth,
        }))
    }
}

/// An operand: in parentheses where it is arithmetic itself.
fn factor(symbol: &Symbol) -> String {
    if symbol.text.contains(' ') && !symbol.text.ends_with(['}', ')']) {
        format!("({})", symbol.text)
    } else {
        symbol.text.clone()
    }
}
