//! Layers of the user's own: `custom path::to::layer(arguments)`.

use std::rc::Rc;

use proc_macro2::{Ident, Literal};
use quote::quote;
use shapewise_core::layer::custom;
use shapewise_core::layer::other::Other;
use shapewise_core::{Counts, Layer, Shape};

use super::Layers;
use super::arguments::operand;
use super::network::Called;
use crate::graph::{Code, Node, Ready, Step};
use crate::report::Error;
use crate::resolve::expression::Evaluator;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::symbol::{SymbolKind, braced};
use crate::resolve::value::Val;
use crate::resolve::world::World;
use crate::syntax::tree::{Argument, ExpressionKind, NetworkPath, Unit};

impl Layers<'_, '_> {
    /// `custom path::to::layer(arguments)`
    pub(super) fn custom(
        &mut self,
        unit: &Unit,
        path: &NetworkPath,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let mut arguments = Code::default();
        for argument in &path.arguments {
            let Some(code) = self.at(flow).custom_argument(argument) else {
                return Flow::Unknown.into();
            };
            let tokens = &code.tokens;
            arguments.tokens.extend(quote!(#tokens,));
            arguments.reads = arguments.reads.union(code.reads);
        }
        let Some(flows) = self.at(flow).custom_values(path) else {
            return Flow::Unknown.into();
        };
        let what = seat.called(&unit.to_string());
        let inputs = self.findings.input_values(unit, &flows, &what, self.names);
        let Some(inputs) = inputs else {
            return Flow::Unknown.into();
        };
        let called = Called {
            place: unit.place,
            span: path.place.first,
            name: path.to_string(),
            path: path.path.clone(),
        };
        let input = self.draft.shape_of(inputs[0]);
        let results = seat.labels.len().max(1);
        let outputs: Vec<Shape> = (0..results)
            .map(|_| self.draft.guess(self.world, &input))
            .collect();
        if !self.draft.graph.totals_fit(&Counts::ZERO, &outputs, 0) {
            let code = Code::new(quote!(()));
            self.at(flow)
                .lost_at(code, None, format!("`{}`", called.name), unit.place);
            return Flow::Unknown.into();
        }
        let ready = Ready::Custom {
            function: path.path.clone(),
            arguments,
        };
        let node = Node {
            step: Rc::new(Step {
                within: self.findings.trail.lines(),
                ..self
                    .draft
                    .ready_step(custom::ENTRY, &called, ready, inputs, seat)
            }),
            // Only rustc knows what it is: the macro looks at nothing but its value.
            layer: Layer::Other(Other::Identity),
            inside: None,
            results,
            counts: Counts::ZERO,
        };
        let name = Ident::new("network", called.span);
        self.draft.add(node, &outputs, &name, unit, seat)
    }
}

impl Evaluator<'_, '_> {
    /// What goes into the layer: the values before `;`, or what flows in.
    fn custom_values(&mut self, path: &NetworkPath) -> Option<Vec<Flow>> {
        if path.values.is_empty() {
            return Some(vec![self.flow.clone()]);
        }
        let mut flows = Vec::new();
        for value in &path.values {
            let found = self.evaluate(value);
            match operand(&found) {
                Some(found) => flows.extend(found),
                None => {
                    self.unfit(value, "a value of the network", &found);
                    return None;
                }
            }
        }
        Some(flows)
    }

    /// An argument of a function of the user's: values of the network's language
    /// as numbers, Rust expressions as they are.
    fn custom_argument(&mut self, argument: &Argument) -> Option<Code> {
        if let Some(name) = &argument.name {
            let error = Error::new(name.span(), "a function's arguments have no names")
                .help("write the value alone, in the function's order");
            self.findings.tell(error);
            return None;
        }
        if let ExpressionKind::Rust(code) = &argument.value.kind {
            return Some(Code::new(braced(code)));
        }
        let value = self.evaluate(&argument.value);
        let code = match &value {
            Val::Unknown => return None,
            Val::Float(value) => {
                let literal = Literal::f64_unsuffixed(value.abs());
                Code::new(if value.is_sign_negative() {
                    quote!(-#literal)
                } else {
                    quote!(#literal)
                })
            }
            Val::Bool(value) => Code::new(quote!(#value)),
            Val::Text(text) => Code::new(quote!(#text)),
            Val::Int(_) => self.world.number(&value)?.code,
            Val::Symbol(symbol) => match symbol.kind {
                SymbolKind::Atom(atom) => {
                    let tokens = self.world.atoms.borrow()[atom].tokens.clone();
                    Code::new(tokens)
                }
                SymbolKind::Number => self.world.extent_code(&value, argument)?,
                SymbolKind::Truth => symbol.code.clone(),
            },
            Val::Extents(extents) => {
                let extents = extents
                    .iter()
                    .map(|extent| Literal::usize_unsuffixed(*extent));
                Code::new(quote!([#(#extents),*]))
            }
            other => {
                let headline = format!("a function of Rust does not take {}", other.noun());
                let error = Error::new(argument.place(), headline);
                let value = &argument.value;
                self.findings.tell(match other {
                    Val::Flow(_) | Val::Flows(_) => error.help(format!(
                        "values of the network stand before a `;`, what a function of Rust takes behind it: `custom function({value}; ...)`"
                    )),
                    _ => error.help("numbers, truth values and `{ any Rust expression }`"),
                });
                return None;
            }
        };
        Some(code)
    }
}

impl World<'_> {
    /// A number that only rustc knows, as one extent.
    fn extent_code(&self, value: &Val, argument: &Argument) -> Option<Code> {
        let code = self.extents_code(std::slice::from_ref(value), argument.place())?;
        // One extent without its comma: in a tuple's place of one.
        Some(code.map(|extents| quote!((#extents).0)))
    }
}
