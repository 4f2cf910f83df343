//! Arguments of layers with values in them that only rustc knows.

use quote::quote;
use shapewise_core::Value;
use shapewise_core::catalogue::Argument;

use super::{AtomType, Symbol, SymbolKind, call_at};
use crate::graph::{Code, Recipe, Symbolic};
use crate::report::Place;
use crate::resolve::value::Val;
use crate::resolve::world::World;

impl World<'_> {
    /// The value of an argument as the rules read it, for a value with symbols in
    /// it: what it is in this world, and what rustc evaluates.
    pub(in crate::resolve) fn symbolic_argument(
        &self,
        argument: &Argument,
        value: &Val,
        place: Place,
    ) -> Option<(Value, Symbolic)> {
        match value {
            Val::Symbol(symbol) => self.symbol_argument(argument, symbol, place),
            Val::SymbolRange(start, end) => range_argument(start, end, place),
            Val::List(values) if matches!(values.first(), Some(Val::Tuple(_))) => {
                let (code, recipe) = self.sides_code(values, place)?;
                Some((value.to_core(argument)?, Symbolic { code, recipe }))
            }
            Val::List(values) => {
                let code = self.extents_code(values, place)?.map(|extents| {
                    quote!(__shapewise::Value::Extents(__shapewise::Extents::new(&[#extents])))
                });
                let recipe = Recipe::Extents(self.formulas(values)?);
                Some((value.to_core(argument)?, Symbolic { code, recipe }))
            }
            _ => None,
        }
    }

    /// A symbol as an argument: a number, or what the argument takes it for.
    fn symbol_argument(
        &self,
        argument: &Argument,
        symbol: &Symbol,
        place: Place,
    ) -> Option<(Value, Symbolic)> {
        let accepts = &argument.accepts;
        match symbol.kind {
            SymbolKind::Truth => {
                let code = self.truth(symbol)?;
                let code = code.map(|truth| quote!(__shapewise::Value::Bool(#truth)));
                let recipe = Recipe::Truth(symbol.formula.clone());
                Some((Value::Bool(symbol.value != 0), Symbolic { code, recipe }))
            }
            SymbolKind::Atom(atom) if accepts.bool && !accepts.int => {
                let atom = self.atom_code(atom, AtomType::Bool);
                let code = Code::new(quote!(__shapewise::Value::Bool(#atom)));
                let recipe = Recipe::Odd(symbol.formula.clone());
                Some((
                    Value::Bool(symbol.value % 2 == 1),
                    Symbolic { code, recipe },
                ))
            }
            SymbolKind::Atom(atom) if accepts.float && !accepts.int && !self.is_generic(atom) => {
                let atom = self.atom_code(atom, AtomType::Float);
                let code = Code::new(quote!(__shapewise::Value::Float(#atom)));
                let (least, most) = argument.range;
                let value = Value::Float(0.5_f64.clamp(least, most));
                let recipe = Recipe::Fixed(value);
                Some((value, Symbolic { code, recipe }))
            }
            SymbolKind::Atom(_) | SymbolKind::Number => {
                let number = self.whole(symbol)?;
                let code = number.code.map(|number| {
                    let count = call_at(place, &quote!(symbolic::count), &number);
                    quote!(__shapewise::Value::Int(#count))
                });
                let value = Value::Int(u64::try_from(number.value).ok()?);
                let recipe = Recipe::Count(number.formula);
                Some((value, Symbolic { code, recipe }))
            }
        }
    }

    /// Pairs of extents as rustc is to see them.
    fn sides_code(&self, pairs: &[Val], place: Place) -> Option<(Code, Recipe)> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for pair in pairs {
            let Val::Tuple(pair) = pair else { return None };
            let [first, second] = pair.as_slice() else {
                return None;
            };
            before.push(first.clone());
            after.push(second.clone());
        }
        let recipe = Recipe::Sides(self.formulas(&before)?, self.formulas(&after)?);
        let before = self.extents_code(&before, place)?;
        let code = before.with(self.extents_code(&after, place)?, |before, after| {
            quote!(__shapewise::Value::Sides(__shapewise::Sides::new(
                __shapewise::Extents::new(&[#before]), __shapewise::Extents::new(&[#after])
            )))
        });
        Some((code, recipe))
    }

    fn is_generic(&self, atom: usize) -> bool {
        let atoms = self.atoms.borrow();
        atoms.get(atom).is_some_and(|atom| atom.generic)
    }
}

/// A range as an argument.
fn range_argument(start: &Symbol, end: &Symbol, place: Place) -> Option<(Value, Symbolic)> {
    let value = Value::Range(
        usize::try_from(start.value).ok()?,
        usize::try_from(end.value).ok()?,
    );
    let extent = |symbol: &Symbol| {
        let code = symbol.code.clone();
        code.map(|code| call_at(place, &quote!(symbolic::extent), &code))
    };
    let code = extent(start).with(
        extent(end),
        |start, end| quote!(__shapewise::Value::Range(#start, #end)),
    );
    let recipe = Recipe::Range(start.formula.clone(), end.formula.clone());
    Some((value, Symbolic { code, recipe }))
}
