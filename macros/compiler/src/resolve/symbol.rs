//! Values that only rustc knows: const generics, paths to Rust constants, Rust
//! expressions in braces, and the extents that follow from them.

mod argument;
mod arithmetic;

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use shapewise_core::Axis;

pub(crate) use arithmetic::variant;

use super::expression::Evaluator;
use super::value::Val;
use super::world::World;
use crate::graph::{Atom, AtomType, Code, Formula};
use crate::ordered::Set;
use crate::report::{Error, Place};
use crate::syntax::tree::{Expression, Generic, Home};

/// A value that only rustc knows.
#[derive(Clone, Debug)]
pub(super) struct Symbol {
    /// What it is in the world that is being walked; a truth value is 0 or 1.
    pub(super) value: i128,
    /// What rustc evaluates.
    pub(super) code: Code,
    /// As it would be written, for messages.
    pub(super) text: String,
    /// What the macro calculates for numbers of its own.
    pub(super) formula: Formula,
    /// Of what kind it is.
    pub(super) kind: SymbolKind,
}

/// Of what kind a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolKind {
    /// What the user wrote, by its place in the list of atoms. Its type is that of
    /// the place where it is used.
    Atom(usize),
    /// A whole number that was computed.
    Number,
    /// A truth value that was computed.
    Truth,
}

impl World<'_> {
    /// The symbol of a path, a generic or a Rust expression.
    pub(super) fn atom(
        &self,
        generics: &[Generic],
        home: Home,
        tokens: TokenStream,
        text: String,
        place: Place,
    ) -> Val {
        let mut key = tokens.to_string();
        // Of blocks of several crates it may be another one's.
        if key.contains("$crate") {
            key.push_str(&format!("{home:?}"));
        }
        let mut atoms = self.atoms.borrow_mut();
        let index = match atoms.iter().position(|atom| atom.key == key) {
            Some(index) => index,
            None => {
                let generic = generics.iter().find(|g| g.name == key);
                atoms.push(Atom {
                    key,
                    text: text.clone(),
                    tokens,
                    place,
                    types: Set::new(),
                    generic: generic.is_some(),
                    boolean: generic.is_some_and(|generic| generic.boolean),
                    default: generic.and_then(Generic::value),
                });
                atoms.len() - 1
            }
        };
        let atom = &atoms[index];
        let value = self.choice.value(index, atom);
        Val::Symbol(Box::new(Symbol {
            value,
            code: Code::default(),
            text,
            formula: Formula::Atom(index),
            kind: SymbolKind::Atom(index),
        }))
    }

    /// What rustc evaluates for an atom used as this type.
    fn atom_code(&self, atom: usize, ty: AtomType) -> TokenStream {
        if let Some(atom) = self.atoms.borrow_mut().get_mut(atom) {
            atom.types.insert(ty);
        }
        let constant = ty.constant(atom);
        match ty {
            AtomType::Int => quote!(__shapewise::symbolic::int(Self::#constant)),
            AtomType::Bool | AtomType::Float => quote!(Self::#constant),
        }
    }

    /// A whole number, known or not, as rustc is to see it: an `i128`.
    pub(super) fn number(&self, value: &Val) -> Option<Symbol> {
        match value {
            Val::Int(value) => {
                let literal = proc_macro2::Literal::u64_unsuffixed(
                    u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX),
                );
                let tokens = if *value < 0 {
                    quote!(-#literal)
                } else {
                    quote!(#literal)
                };
                Some(Symbol {
                    value: *value,
                    code: Code::new(tokens),
                    text: value.to_string(),
                    formula: Formula::Known(*value),
                    kind: SymbolKind::Number,
                })
            }
            Val::Symbol(symbol) => self.whole(symbol),
            _ => None,
        }
    }

    /// A symbol as a whole number, where it can be one.
    fn whole(&self, symbol: &Symbol) -> Option<Symbol> {
        match symbol.kind {
            SymbolKind::Atom(atom) => Some(Symbol {
                code: Code::new(self.atom_code(atom, AtomType::Int)),
                ..symbol.clone()
            }),
            SymbolKind::Number => Some(symbol.clone()),
            SymbolKind::Truth => None,
        }
    }

    /// A truth value as rustc is to see it.
    fn truth(&self, symbol: &Symbol) -> Option<Code> {
        match symbol.kind {
            SymbolKind::Atom(atom) => Some(Code::new(self.atom_code(atom, AtomType::Bool))),
            SymbolKind::Truth => Some(symbol.code.clone()),
            SymbolKind::Number => None,
        }
    }

    /// `!B`
    pub(super) fn negated(&self, symbol: &Symbol) -> Val {
        let Some(code) = self.truth(symbol) else {
            return Val::Unknown;
        };
        Val::Symbol(Box::new(Symbol {
            value: 1 - symbol.value,
            code: code.map(|truth| quote!(!#truth)),
            text: format!("!{}", symbol.text),
            formula: Formula::Not(Rc::new(symbol.formula.clone())),
            kind: SymbolKind::Truth,
        }))
    }

    /// Numbers as the macro calculates them.
    pub(super) fn formulas(&self, values: &[Val]) -> Option<Vec<Formula>> {
        let numbers = values.iter().map(|value| self.number(value));
        numbers.map(|number| Some(number?.formula)).collect()
    }

    /// Extents between commas, as rustc is to see them.
    pub(super) fn extents_code(&self, values: &[Val], place: Place) -> Option<Code> {
        let mut code = Code::default();
        for value in values {
            let number = self.number(value)?;
            let extent = call_at(place, &quote!(symbolic::extent), &number.code.tokens);
            code.tokens.extend(quote!(#extent,));
            code.reads = code.reads.union(number.code.reads);
        }
        Some(code)
    }
}

impl Evaluator<'_, '_> {
    /// Tells that a value must be known while the macro runs.
    pub(super) fn must_be_known(&mut self, expression: &Expression, what: &str) {
        self.findings.tell(
            Error::new(
                expression.place,
                format!("`{expression}` is {what}, but only rustc knows its value, after the layers are chosen"),
            )
            .help("write the number, or pass it to a block as a parameter"),
        );
    }
}

/// A call of one of core's functions at the user's tokens: what it panics with is
/// shown there. Generated code has core under the name `__shapewise`, since
/// `$crate` could not have the user's span.
pub(crate) fn call_at(
    place: Place,
    function: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    // The first and the last token of a call are what rustc underlines.
    let path = quote!(__shapewise::#function).into_iter().map(|mut token| {
        token.set_span(place.first);
        token
    });
    let mut call: TokenStream = path.collect();
    let mut group = Group::new(Delimiter::Parenthesis, arguments.clone());
    group.set_span(place.last);
    call.extend([TokenTree::Group(group)]);
    call
}

/// An extent of a value whose shape only rustc knows.
pub(super) fn extent_code(value: usize, axis: Axis) -> Code {
    let read = (value, format!("{axis:?}"));
    let variable = extent_variable(&read);
    Code {
        tokens: quote!(#variable),
        reads: Set::of(read),
    }
}

/// The variable that holds an extent where it is read.
pub(crate) fn extent_variable((value, axis): &(usize, String)) -> Ident {
    let axis = axis.to_lowercase();
    Ident::new(
        &format!("shapewise_extent_{value}_{axis}"),
        Span::mixed_site(),
    )
}

/// Whether a bare word is a Rust constant: SCREAMING_CASE.
pub(super) fn is_constant(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// What stands in braces as one expression, without warnings about the braces.
pub(super) fn braced(code: &TokenStream) -> TokenStream {
    TokenTree::Group(Group::new(Delimiter::Brace, code.clone())).into()
}
