//! Inputs and outputs.

use shapewise_core::Shape;

use super::Builder;
use super::expression::Evaluator;
use super::naming::plain;
use super::reaching::reaching;
use super::scope::{Flow, Frame, Label, Labels};
use super::shape::Written;
use crate::graph::ValueInfo;
use crate::report::Error;
use crate::suggest::nearest;
use crate::syntax::tree::{Item, Output};

impl Builder<'_> {
    /// Adds the inputs, and gives what flows into the first statement.
    pub(super) fn inputs(&mut self) -> Flow {
        let network = self.source.network;
        let mut flows = Vec::new();
        let mut labels = Labels::new();
        for port in &network.inputs {
            let shape = self.at(&Flow::Unknown).shape(&port.shape);
            let name = port
                .name
                .as_ref()
                .map_or_else(|| "input".to_owned(), ToString::to_string);
            let flow = match shape {
                Some(Written { shape, code }) => {
                    let shape = self.resized.unwrap_or(shape);
                    let watch = port
                        .name
                        .as_ref()
                        .and_then(|ident| self.draft.watch(ident, port.id, 0));
                    Flow::Value(self.draft.value(ValueInfo {
                        shape,
                        symbolic: code.is_some(),
                        code,
                        display: shape.to_string(),
                        origin: format!("the input `{name}`"),
                        node: None,
                        watch,
                    }))
                }
                None => Flow::Unknown,
            };
            if let Some(ident) = &port.name {
                let label = Label::of(flow.clone());
                if labels.insert(name.clone(), label).is_some() {
                    self.findings.tell(Error::new(
                        ident.span(),
                        format!("the input `{name}` is there twice"),
                    ));
                }
            }
            self.draft.graph.inputs.push(plain(&name).to_owned());
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
        self.names.push(frame);
        flows.into_iter().next().unwrap_or(Flow::Unknown)
    }

    /// Finds the outputs and compares them with what is declared.
    pub(super) fn outputs(&mut self, flow: &Flow) {
        let network = self.source.network;
        let single = network.outputs.len() == 1;
        for output in &network.outputs {
            let name = output
                .name
                .as_ref()
                .map_or_else(|| "output".to_owned(), ToString::to_string);
            if self
                .draft
                .graph
                .outputs
                .iter()
                .any(|(other, _)| *other == name)
            {
                let error = Error::new(output.place, format!("the output `{name}` is there twice"));
                self.findings.tell(error.help("leave one of the two out"));
                continue;
            }
            let declared = match &output.shape {
                Some(shape) => match self.at(&Flow::Unknown).shape(shape) {
                    Some(shape) => Some(shape),
                    None => {
                        self.findings.incomplete = true;
                        continue;
                    }
                },
                None => None,
            };
            let source = if single && output.label.is_none() {
                if let Some(error) = self.at(flow).output_misnamed(output, flow) {
                    self.findings.tell(error);
                    self.findings.incomplete = true;
                    continue;
                }
                flow.clone()
            } else {
                self.at(flow).output_label(output, &name)
            };
            match source {
                Flow::Value(value) => {
                    self.at(flow).output(output, value, declared);
                    self.draft
                        .graph
                        .outputs
                        .push((plain(&name).to_owned(), value));
                }
                Flow::Unknown => self.findings.incomplete = true,
                Flow::Several(values) => {
                    self.findings.tell(
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
}

impl Evaluator<'_, '_> {
    /// The error for an output, the last value, that has the name of another one.
    fn output_misnamed(&self, output: &Output, flow: &Flow) -> Option<Error> {
        let name = output.name.as_ref()?.to_string();
        let label = self.names.label(&name)?;
        let (Flow::Value(labelled), Flow::Value(last)) = (&label.flow, flow) else {
            return None;
        };
        if labelled == last || *labelled < self.graph.inputs.len() {
            return None;
        }
        let headline = format!(
            "the output `{name}` would be the last value, from {}, and not what is labelled `{name}`",
            self.graph.values[*last].origin
        );
        let shape = output
            .shape
            .as_ref()
            .map_or_else(String::new, |shape| format!(": {shape}"));
        let error = Error::new(output.place, headline);
        Some(error.help(format!(
            "`-> ({name} = {name}{shape})` for the label, or another name for the last value"
        )))
    }

    /// What flows out of the network where an output names a label.
    fn output_label(&mut self, output: &Output, name: &str) -> Flow {
        let wanted = output
            .label
            .as_ref()
            .map_or_else(|| name.to_owned(), ToString::to_string);
        if let Some(label) = self.names.label(&wanted) {
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
            match nearest(&wanted, self.names.all()) {
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
        self.findings.tell(error);
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
                None => format!("`{}`", self.source.network.name),
            };
            self.expect_in_rustc(&declared, (value, false), output.place, name);
            return;
        }
        let declared = declared.shape;
        if info.shape == declared || self.findings.incomplete {
            return;
        }
        let last = self
            .source
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
            (Some(statement), None) if self.source.network.outputs.len() == 1 => statement
                .units
                .last()
                .map_or(statement.place, |unit| unit.place),
            _ => output.place,
        };
        let (shape, origin) = (info.shape, info.origin.clone());
        let name = &self.source.network.name;
        let error = Error::new(
            place,
            format!("`{name}` declares an output of {declared}, but its last value is {shape}"),
        )
        .fact(
            "declared",
            format!("{declared}, in `-> {}`", declaration(output)),
        )
        .fact("computed", format!("{shape}, from {origin}"));
        let mut helps = vec![format!("declare `{}`", redeclared(output, &shape))];
        helps.extend(reaching(self.graph, value, &declared));
        if helps.len() == 1 {
            helps.push("change what leads there".to_owned());
        }
        self.findings
            .tell(error.help(helps.join(", or ")).of_output());
    }
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
