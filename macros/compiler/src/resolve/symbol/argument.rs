//! Arguments of layers with values in them that only rustc knows.

use quote::quote;
use shapewise_core::Value;
use shapewise_core::catalogue::Argument;

use super::{AtomType, Symbol, SymbolKind, call_at};
use crate::graph::Code;
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
    ) -> Option<(Value, Code)> {
        let accepts = &argument.accepts;
        match value {
            Val::Symbol(symbol) => match symbol.kind {
                SymbolKind::Truth => {
                    let code = self.truth(symbol)?;
                    let tokens = &code.tokens;
                    Some((
                        Value::Bool(symbol.value != 0),
                        Code {
                            tokens: quote!(__shapewise::Value::Bool(#tokens)),
                            reads: code.reads,
                        },
                    ))
                }
                SymbolKind::Atom(atom) if accepts.bool && !accepts.int => {
                    let tokens = self.atom_code(atom, AtomType::Bool);
                    Some((
                        Value::Bool(symbol.value % 2 == 1),
                        Code::new(quote!(__shapewise::Value::Bool(#tokens))),
                    ))
                }
                SymbolKind::Atom(atom)
                    if accepts.float && !accepts.int && !self.is_generic(atom) =>
                {
                    let tokens = self.atom_code(atom, AtomType::Float);
                    Some((
                        Value::Float(0.5_f64.clamp(argument.range.0, argument.range.1)),
                        Code::new(quote!(__shapewise::Value::Float(#tokens))),
                    ))
                }
                SymbolKind::Atom(_) | SymbolKind::Number => {
                    let number = self.number(value)?;
                    let count = call_at(place, &quote!(symbolic::count), &number.code.tokens);
                    Some((
                        Value::Int(u64::try_from(number.value).ok()?),
                        Code {
                            tokens: quote!(__shapewise::Value::Int(#count)),
                            reads: number.code.reads,
                        },
                    ))
                }
            },
            Val::SymbolRange(start, end) => {
                let extent = |symbol: &Symbol| {
                    call_at(place, &quote!(symbolic::extent), &symbol.code.tokens)
                };
                let (a, b) = (extent(start), extent(end));
                Some((
                    Value::Range(
                        usize::try_from(start.value).ok()?,
                        usize::try_from(end.value).ok()?,
                    ),
                    Code {
                        tokens: quote!(__shapewise::Value::Range(#a, #b)),
                        reads: start.code.reads.clone().union(end.code.reads.clone()),
                    },
                ))
            }
            Val::List(values) if matches!(values.first(), Some(Val::Tuple(_))) => {
                let (mut before, mut after) = (Vec::new(), Vec::new());
                for pair in values {
                    let Val::Tuple(pair) = pair else { return None };
                    let [first, second] = pair.as_slice() else {
                        return None;
                    };
                    before.push(first.clone());
                    after.push(second.clone());
                }
                let (before, after) = (
                    self.extents_code(&before, place)?,
                    self.extents_code(&after, place)?,
                );
                let (a, b) = (&before.tokens, &after.tokens);
                Some((
                    value.to_core(argument)?,
                    Code {
                        tokens: quote!(__shapewise::Value::Sides(__shapewise::Sides::new(
                            __shapewise::Extents::new(&[#a]), __shapewise::Extents::new(&[#b])
                        ))),
                        reads: before.reads.union(after.reads),
                    },
                ))
            }
            Val::List(values) => {
                let code = self.extents_code(values, place)?;
                let tokens = &code.tokens;
                Some((
                    value.to_core(argument)?,
                    Code {
                        tokens: quote!(__shapewise::Value::Extents(__shapewise::Extents::new(&[#tokens]))),
                        reads: code.reads,
                    },
                ))
            }
            _ => None,
        }
    }

    fn is_generic(&self, atom: usize) -> bool {
        let atoms = self.atoms.borrow();
        atoms.get(atom).is_some_and(|atom| atom.generic)
    }
}
