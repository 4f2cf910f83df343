//! Shapes as they are written, with numbers or with values that only rustc knows.

use quote::quote;
use shapewise_core::{MAX_RANK, Shape};

use super::expression::Evaluator;
use super::symbol::call_at;
use super::value::Val;
use crate::graph::{CheckKind, Code, Formula, Recipe, Symbolic};
use crate::report::{Error, Place};
use crate::syntax::tree::{Expression, ExpressionKind};

/// A shape as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// What it is; where there are symbols, in the world that is walked.
    pub(super) shape: Shape,
    /// The same for rustc, where there are symbols.
    pub(super) code: Option<Symbolic>,
}

impl Evaluator<'_, '_> {
    /// The shape that an expression writes; an error is told where it is none.
    pub(super) fn shape(&mut self, expression: &Expression) -> Option<Written> {
        self.no_bytes(expression);
        let value = self.evaluate(expression);
        if value.is_symbolic() {
            return self.symbolic_shape(expression, &value);
        }
        let extents = match &value {
            Val::Unknown => return None,
            Val::Int(value) => usize::try_from(*value).ok().map(|value| vec![value]),
            other => other.extents(),
        };
        let Some(extents) = extents else {
            let hint = match &value {
                Val::Tuple(values) => values
                    .iter()
                    .map(Val::extent)
                    .collect::<Option<Vec<_>>>()
                    .map(|extents| join(&extents)),
                Val::Text(text) => text
                    .parse()
                    .ok()
                    .and_then(crate::syntax::value)
                    .filter(|value| matches!(value.kind, ExpressionKind::Extents(_)))
                    .map(|value| value.to_string()),
                _ => None,
            };
            if let Val::Word(word) = &value {
                self.unknown_name(word);
                return None;
            }
            let error = Error::new(
                expression.place,
                format!("expected a shape, found {}: `{expression}`", value.noun()),
            );
            self.findings.tell(match hint {
                Some(hint) => error.help(format!("write `{hint}`")),
                None => error.help("a shape is written `227x227x3`: height, width, channels"),
            });
            return None;
        };
        if extents.contains(&0) {
            self.findings.tell(Error::new(
                expression.place,
                format!("the shape `{expression}` has an extent of 0"),
            ));
            return None;
        }
        let shape = Shape::try_new(&extents);
        if shape.is_none() {
            self.findings.tell(Error::new(
                expression.place,
                format!(
                    "the shape `{expression}` has {} extents; a shape has 1 to {MAX_RANK}",
                    extents.len()
                ),
            ));
        }
        let shape = shape.filter(|shape| {
            let fits = shape.checked_elements().is_some();
            if !fits {
                self.findings.tell(Error::new(
                    expression.place,
                    format!("the number of elements of `{expression}` does not fit 64 bits"),
                ));
            }
            fits
        });
        shape.map(|shape| Written { shape, code: None })
    }

    /// A shape with values that only rustc knows.
    fn symbolic_shape(&mut self, expression: &Expression, value: &Val) -> Option<Written> {
        let one = [value.clone()];
        let values = match value {
            Val::List(values) => values.as_slice(),
            _ => &one,
        };
        let code = self.world.extents_code(values, expression.place);
        let (Some(code), Some(formulas)) = (code, self.world.formulas(values)) else {
            let other = values
                .iter()
                .find(|value| self.world.number(value).is_none());
            let noun = other.map_or("a value", Val::noun);
            self.findings.tell(
                Error::new(
                    expression.place,
                    format!("expected whole numbers in the shape `{expression}`, found {noun}"),
                )
                .help("a shape is written `[HEIGHT, WIDTH, 3]`: height, width, channels"),
            );
            return None;
        };
        if values.is_empty() || values.len() > MAX_RANK || values.iter().any(is_zero) {
            self.findings.tell(Error::new(
                expression.place,
                format!("the shape `{expression}` needs 1 to {MAX_RANK} extents, none of them 0"),
            ));
            return None;
        }
        let extents: Option<Vec<usize>> = values.iter().map(Val::extent).collect();
        let shape = extents
            .and_then(|extents| Shape::try_new(&extents))
            .filter(|shape| shape.checked_elements().is_some());
        let place = expression.place;
        let code =
            code.map(|extents| call_at(place, &quote!(symbolic::shape), &quote!(&[#extents])));
        let recipe = Recipe::Extents(formulas);
        let Some(shape) = shape else {
            self.lost_at(
                code,
                Some(recipe),
                format!("the shape `{expression}`"),
                place,
            );
            return None;
        };
        Some(Written {
            shape,
            code: Some(Symbolic { code, recipe }),
        })
    }

    /// Has rustc compare a value with the shape that the author expects.
    pub(super) fn expect_in_rustc(
        &mut self,
        expected: &Written,
        (value, goes_on): (usize, bool),
        place: Place,
        what: String,
    ) {
        let Symbolic { code, recipe } = expected.code.clone().unwrap_or_else(|| {
            let extents = expected.shape.as_slice().iter().copied();
            let known = extents.clone().map(|extent| Formula::Known(extent as i128));
            let literals = extents.map(proc_macro2::Literal::usize_unsuffixed);
            Symbolic {
                code: Code::new(quote!(__shapewise::Shape::new(&[#(#literals),*]))),
                recipe: Recipe::Extents(known.collect()),
            }
        });
        self.check(
            place,
            code,
            Some(recipe),
            CheckKind::Expect {
                value,
                what,
                goes_on,
            },
        );
    }
}

fn is_zero(value: &Val) -> bool {
    matches!(value, Val::Int(0))
}

fn join(extents: &[usize]) -> String {
    extents
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("x")
}
