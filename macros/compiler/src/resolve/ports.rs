//! Shapes, inputs, outputs and assertions: what the network says of itself.

use quote::quote;
use shapewise_core::{Extents, MAX_RANK, Shape};

use super::Builder;
use super::graph::{Check, CheckKind, Code, ValueInfo};
use super::scope::{Flow, Frame, Label, Labels};
use super::suggest::nearest;
use super::symbol::call_at;
use super::value::Val;
use crate::check::metric::{self, Bound};
use crate::report::{Error, Place};
use crate::syntax::tree::{Assertion, Expression, ExpressionKind, Item, Output};

impl Builder<'_> {
    /// Has rustc compare a value with the shape that the author expects.
    pub(super) fn expect_in_rustc(
        &mut self,
        expected: &Written,
        value: usize,
        place: Place,
        what: String,
    ) {
        let code = expected.code.clone().unwrap_or_else(|| {
            let extents = expected.shape.as_slice().iter().copied();
            let extents = extents.map(proc_macro2::Literal::usize_unsuffixed);
            Code::new(quote!(__shapewise::Shape::new(&[#(#extents),*])))
        });
        self.graph.checks.push(Check {
            after: self.graph.nodes.len(),
            place,
            code,
            kind: CheckKind::Expect { value, what },
        });
    }

    /// Has rustc check a budget.
    fn budget_in_rustc(&mut self, assertion: &Assertion, bound: &Val) {
        if let Err(error) = metric::known(assertion) {
            self.tell(error);
            return;
        }
        let Some(bound) = self.number(bound) else {
            self.unfit(&assertion.bound, "a count", bound);
            return;
        };
        let count = call_at(
            assertion.bound.place,
            &quote!(symbolic::count),
            &bound.code.tokens,
        );
        self.graph.checks.push(Check {
            after: self.graph.nodes.len(),
            place: assertion.place,
            code: Code {
                tokens: count,
                reads: bound.code.reads,
            },
            kind: CheckKind::Budget {
                metric: assertion.metric.to_string(),
                symbol: assertion.comparison.symbol(),
            },
        });
    }

    /// The shape that an expression writes; an error is told where it is none.
    pub(super) fn shape(&mut self, expression: &Expression, flow: &Flow) -> Option<Written> {
        let value = self.evaluate(expression, flow);
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
            self.tell(match hint {
                Some(hint) => error.help(format!("write `{hint}`")),
                None => error.help("a shape is written `227x227x3`: height, width, channels"),
            });
            return None;
        };
        if extents.contains(&0) {
            self.tell(Error::new(
                expression.place,
                format!("the shape `{expression}` has an extent of 0"),
            ));
            return None;
        }
        let shape = Shape::try_new(&extents);
        if shape.is_none() {
            self.tell(Error::new(
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
                self.tell(Error::new(
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
        let Some(code) = self.extents_code(values, expression.place) else {
            let other = values.iter().find(|value| self.number(value).is_none());
            let noun = other.map_or("a value", Val::noun);
            self.tell(
                Error::new(
                    expression.place,
                    format!("expected whole numbers in the shape `{expression}`, found {noun}"),
                )
                .help("a shape is written `[HEIGHT, WIDTH, 3]`: height, width, channels"),
            );
            return None;
        };
        if values.is_empty() || values.len() > MAX_RANK || values.iter().any(is_zero) {
            self.tell(Error::new(
                expression.place,
                format!("the shape `{expression}` needs 1 to {MAX_RANK} extents, none of them 0"),
            ));
            return None;
        }
        let extents: Option<Vec<usize>> = values.iter().map(Val::extent).collect();
        let shape = extents
            .and_then(|extents| Shape::try_new(&extents))
            .filter(|shape| shape.checked_elements().is_some());
        let Some(shape) = shape else {
            self.give_up();
            return None;
        };
        let tokens = &code.tokens;
        Some(Written {
            shape,
            code: Some(Code {
                tokens: call_at(
                    expression.place,
                    &quote!(symbolic::shape),
                    &quote!(&[#tokens]),
                ),
                reads: code.reads,
            }),
        })
    }

    /// Adds the inputs, and gives what flows into the first statement.
    pub(super) fn inputs(&mut self) -> Flow {
        let network = self.network;
        let mut flows = Vec::new();
        let mut labels = Labels::new();
        for port in &network.inputs {
            let shape = self.shape(&port.shape, &Flow::Unknown);
            let name = port
                .name
                .as_ref()
                .map_or_else(|| "input".to_owned(), ToString::to_string);
            let flow = match shape {
                Some(Written { shape, code }) => {
                    let watch = port
                        .name
                        .as_ref()
                        .and_then(|ident| self.watch(ident, std::ptr::from_ref(port) as usize, 0));
                    self.graph.values.push(ValueInfo {
                        shape,
                        symbolic: code.is_some(),
                        code,
                        display: shape.to_string(),
                        origin: format!("the input `{name}`"),
                        node: None,
                        watch,
                    });
                    Flow::Value(self.graph.values.len() - 1)
                }
                None => Flow::Unknown,
            };
            if let Some(ident) = &port.name {
                let label = Label {
                    flow: flow.clone(),
                    main: None,
                    inner: Labels::new(),
                    copies: Vec::new(),
                };
                if labels.insert(name.clone(), label).is_some() {
                    self.tell(Error::new(
                        ident.span(),
                        format!("the input `{name}` is there twice"),
                    ));
                }
            }
            self.graph.inputs.push(name);
            flows.push(flow);
        }
        let all: Option<Vec<usize>> = flows
            .iter()
            .map(|flow| match flow {
                Flow::Value(value) => Some(*value),
                _ => None,
            })
            .collect();
        let input = match all {
            Some(values) if values.len() > 1 => Flow::Several(values),
            Some(values) => values
                .first()
                .map_or(Flow::Unknown, |value| Flow::Value(*value)),
            None => Flow::Unknown,
        };
        let mut frame = Frame::of_scope(input);
        frame.labels = labels;
        self.frames.push(frame);
        flows.into_iter().next().unwrap_or(Flow::Unknown)
    }

    /// Finds the outputs and compares them with what is declared.
    pub(super) fn outputs(&mut self, flow: &Flow) {
        let network = self.network;
        let single = network.outputs.len() == 1;
        for output in &network.outputs {
            let name = output
                .name
                .as_ref()
                .map_or_else(|| "output".to_owned(), ToString::to_string);
            let declared = match &output.shape {
                Some(shape) => match self.shape(shape, &Flow::Unknown) {
                    Some(shape) => Some(shape),
                    None => {
                        self.incomplete = true;
                        continue;
                    }
                },
                None => None,
            };
            let source = if single && output.label.is_none() {
                flow.clone()
            } else {
                self.output_label(output, &name)
            };
            match source {
                Flow::Value(value) => {
                    self.output(output, value, declared);
                    self.graph.outputs.push((name, value));
                }
                Flow::Unknown => self.incomplete = true,
                Flow::Several(values) => {
                    self.tell(
                        Error::new(
                            output.place,
                            format!(
                                "the output `{name}` is one value, but {} leave the last statement",
                                values.len()
                            ),
                        )
                        .help("begin a last statement with `from label`"),
                    );
                }
            }
        }
    }

    fn output_label(&mut self, output: &Output, name: &str) -> Flow {
        let wanted = output
            .label
            .as_ref()
            .map_or_else(|| name.to_owned(), ToString::to_string);
        if let Some(label) = self.label(&wanted) {
            return label.flow.clone();
        }
        let error = if output.name.is_none() {
            Error::new(
                output.place,
                "each of several outputs needs the name of a label",
            )
            .help("`-> (boxes: 13x13x125, classes: 1000)`")
        } else {
            let error = Error::new(output.place, format!("no statement is labelled `{wanted}`"));
            match nearest(&wanted, self.names()) {
                Some(near) => {
                    let shape = output
                        .shape
                        .as_ref()
                        .map_or_else(String::new, |shape| format!(": {shape}"));
                    error.help(format!("did you mean `{name} = {near}{shape}`?"))
                }
                None => error.help(format!("label the statement: `{wanted}: ...;`")),
            }
        };
        self.tell(error);
        Flow::Unknown
    }

    /// Compares an output with the shape that the network declares.
    fn output(&mut self, output: &Output, value: usize, declared: Option<Written>) {
        let Some(declared) = declared else {
            return;
        };
        let info = &self.graph.values[value];
        if info.symbolic || declared.code.is_some() {
            let name = match &output.name {
                Some(name) => format!("the output `{name}`"),
                None => format!("`{}`", self.network.name),
            };
            self.expect_in_rustc(&declared, value, output.place, name);
            return;
        }
        let declared = declared.shape;
        if info.shape == declared || self.incomplete {
            return;
        }
        let last = self
            .network
            .body
            .items
            .iter()
            .rev()
            .find_map(|item| match item {
                Item::Statement(statement) => Some(statement),
                _ => None,
            });
        let place = match (last, &output.label) {
            (Some(statement), None) if self.network.outputs.len() == 1 => statement
                .units
                .last()
                .map_or(statement.place, |unit| unit.place),
            _ => output.place,
        };
        let (shape, origin) = (info.shape, info.origin.clone());
        let name = &self.network.name;
        let error = Error::new(
            place,
            format!("`{name}` declares an output of {declared}, but its last value is {shape}"),
        )
        .fact(
            "declared",
            format!("{declared}, in `-> {}`", declaration(output)),
        )
        .fact("computed", format!("{shape}, from {origin}"))
        .help(format!(
            "declare `{}`, or change what leads there",
            redeclared(output, &shape)
        ));
        self.tell(error);
    }

    /// Checks the budgets.
    ///
    /// One layer is in several figures: budgets that do not hold are one error.
    pub(super) fn assertions(&mut self) {
        let network = self.network;
        let mut unmet = Vec::new();
        for item in &network.body.items {
            if let Item::Assertion(assertion) = item {
                let bound = self.evaluate(&assertion.bound, &Flow::Unknown);
                if bound.is_symbolic() || self.graph.symbolic_totals() {
                    self.budget_in_rustc(assertion, &bound);
                    continue;
                }
                let bound = match bound {
                    Val::Int(bound) => u64::try_from(bound).ok().map(Bound::Count),
                    Val::Unknown => continue,
                    other => other
                        .extents()
                        .and_then(|extents| Extents::try_new(&extents))
                        .map(Bound::Extents),
                };
                match metric::check(&self.graph, assertion, bound) {
                    Ok(None) => {}
                    Ok(Some(error)) => {
                        unmet.push(self.errors.len());
                        self.tell(error);
                    }
                    Err(error) => self.tell(error),
                }
            }
        }
        self.errors.merge(&[unmet]);
    }
}

/// A shape as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// What it is; where there are symbols, in the world that is walked.
    pub(super) shape: Shape,
    /// What rustc evaluates, where there are symbols.
    pub(super) code: Option<Code>,
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

fn declaration(output: &Output) -> String {
    let shape = output
        .shape
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    match &output.name {
        Some(name) => format!("({name}: {shape})"),
        None => shape,
    }
}

fn redeclared(output: &Output, shape: &Shape) -> String {
    match &output.name {
        Some(name) => format!("-> ({name}: {shape})"),
        None => format!("-> {shape}"),
    }
}
