//! Values that only rustc knows: const generics, paths to Rust constants, Rust
//! expressions in braces, and the extents that follow from them.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use shapewise_core::catalogue::Argument;
use shapewise_core::{Axis, Value};

use super::Builder;
use super::graph::Code;
use super::value::Val;
use super::world::Atom;
use crate::report::{Error, Place};
use crate::syntax::tree::{Comparison, Expression, Operator};

/// A value that only rustc knows.
#[derive(Clone, Debug)]
pub(super) struct Symbol {
    /// What it is in the world that is being walked; a truth value is 0 or 1.
    pub(super) value: i128,
    /// What rustc evaluates.
    pub(super) code: Code,
    /// As it would be written, for messages.
    pub(super) text: String,
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

/// The type that an atom has where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtomType {
    /// `usize`
    Int,
    /// `bool`
    Bool,
    /// `f64`
    Float,
}

impl AtomType {
    /// The associated constant that holds the atom as this type.
    pub fn constant(self, atom: usize) -> Ident {
        let suffix = match self {
            Self::Int => "",
            Self::Bool => "_BOOL",
            Self::Float => "_FLOAT",
        };
        Ident::new(
            &format!("SHAPEWISE_SYMBOL_{atom}{suffix}"),
            Span::mixed_site(),
        )
    }
}

impl Builder<'_> {
    /// The symbol of a path, a generic or a Rust expression.
    pub(super) fn atom(&mut self, tokens: TokenStream, text: String, place: Place) -> Val {
        let key = tokens.to_string();
        let mut atoms = self.world.atoms.borrow_mut();
        let index = match atoms.iter().position(|atom| atom.key == key) {
            Some(index) => index,
            None => {
                let generic = self.network.generics.iter().find(|g| g.name == key);
                atoms.push(Atom {
                    key,
                    text: text.clone(),
                    tokens,
                    place,
                    types: BTreeSet::new(),
                    generic: generic.is_some(),
                    boolean: generic.is_some_and(|generic| generic.boolean),
                    default: generic.and_then(super::super::syntax::tree::Generic::value),
                });
                atoms.len() - 1
            }
        };
        let atom = &atoms[index];
        let value = self.world.choice.value(index, atom);
        Val::Symbol(Box::new(Symbol {
            value,
            code: Code::default(),
            text,
            kind: SymbolKind::Atom(index),
        }))
    }

    /// What rustc evaluates for an atom used as this type.
    fn atom_code(&self, atom: usize, ty: AtomType) -> TokenStream {
        if let Some(atom) = self.world.atoms.borrow_mut().get_mut(atom) {
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
                    code: Code {
                        tokens,
                        reads: BTreeSet::new(),
                    },
                    text: value.to_string(),
                    kind: SymbolKind::Number,
                })
            }
            Val::Symbol(symbol) => match symbol.kind {
                SymbolKind::Atom(atom) => Some(Symbol {
                    code: Code {
                        tokens: self.atom_code(atom, AtomType::Int),
                        reads: BTreeSet::new(),
                    },
                    ..(**symbol).clone()
                }),
                SymbolKind::Number => Some((**symbol).clone()),
                SymbolKind::Truth => None,
            },
            _ => None,
        }
    }

    /// An extent of a value whose shape only rustc knows.
    pub(super) fn extent_symbol(
        &mut self,
        value: usize,
        axis: Axis,
        extent: usize,
        text: String,
    ) -> Val {
        let read = (value, format!("{axis:?}"));
        let constant = extent_constant(&read);
        Val::Symbol(Box::new(Symbol {
            value: i128::try_from(extent).unwrap_or(i128::MAX),
            code: Code {
                tokens: quote!(Self::#constant),
                reads: BTreeSet::from([read]),
            },
            text,
            kind: SymbolKind::Number,
        }))
    }

    /// Arithmetic with at least one symbol.
    pub(super) fn symbolic_binary(
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
    pub(super) fn symbolic_function(&mut self, name: &str, a: &Val, b: &Val, place: Place) -> Val {
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
            reads: x.code.reads.union(&y.code.reads).cloned().collect(),
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
            reads: x.code.reads.union(&y.code.reads).cloned().collect(),
        };
        let holds = comparison.holds(Some(ordering));
        self.decide(holds, code, text, place);
        Val::Bool(holds)
    }

    /// A truth value that only rustc knows, where one of two ways is taken.
    pub(super) fn decide_symbol(&mut self, symbol: &Symbol, place: Place) -> Option<bool> {
        let code = self.truth(symbol)?;
        let taken = symbol.value != 0;
        self.decide(taken, code, symbol.text.clone(), place);
        Some(taken)
    }

    /// A truth value as rustc is to see it.
    fn truth(&self, symbol: &Symbol) -> Option<Code> {
        match symbol.kind {
            SymbolKind::Atom(atom) => Some(Code {
                tokens: self.atom_code(atom, AtomType::Bool),
                reads: BTreeSet::new(),
            }),
            SymbolKind::Truth => Some(symbol.code.clone()),
            SymbolKind::Number => None,
        }
    }

    /// `!B`
    pub(super) fn negated(&self, symbol: &Symbol) -> Val {
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

    /// Tells that a value must be known while the macro runs.
    pub(super) fn must_be_known(&mut self, expression: &Expression, what: &str) {
        self.tell(
            Error::new(
                expression.place,
                format!("`{expression}` is {what}, but only rustc knows its value, after the layers are chosen"),
            )
            .help("write the number, or pass it to a block as a parameter"),
        );
    }

    /// The value of an argument as the rules read it, for a value with symbols in
    /// it: what it is in this world, and what rustc evaluates.
    pub(super) fn symbolic_argument(
        &mut self,
        argument: &Argument,
        value: &Val,
        place: Place,
    ) -> Option<(Value, Code)> {
        let accepts = &argument.accepts;
        let number = |this: &Self, value: &Val| this.number(value);
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
                    let number = number(self, value)?;
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
                        reads: start.code.reads.union(&end.code.reads).cloned().collect(),
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
                        reads: before.reads.union(&after.reads).cloned().collect(),
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
        let atoms = self.world.atoms.borrow();
        atoms.get(atom).is_some_and(|atom| atom.generic)
    }

    /// Extents between commas, as rustc is to see them.
    pub(super) fn extents_code(&self, values: &[Val], place: Place) -> Option<Code> {
        let mut code = Code::default();
        for value in values {
            let number = self.number(value)?;
            let extent = call_at(place, &quote!(symbolic::extent), &number.code.tokens);
            code.tokens.extend(quote!(#extent,));
            code.reads.extend(number.code.reads);
        }
        Some(code)
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

/// The associated constant of an extent that is read.
pub(crate) fn extent_constant((value, axis): &(usize, String)) -> Ident {
    let axis = axis.to_uppercase();
    Ident::new(
        &format!("SHAPEWISE_EXTENT_{value}_{axis}"),
        Span::mixed_site(),
    )
}

/// An operand: in parentheses where it is arithmetic itself.
fn factor(symbol: &Symbol) -> String {
    if symbol.text.contains(' ') && !symbol.text.ends_with(['}', ')']) {
        format!("({})", symbol.text)
    } else {
        symbol.text.clone()
    }
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
