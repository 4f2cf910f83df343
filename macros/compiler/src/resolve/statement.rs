//! Statements: labels, units in turn, the shape that is expected to leave.

use proc_macro2::Ident;
use shapewise_core::Shape;

use super::Builder;
use super::graph::{Node, RESERVED, Resolved, Statement as Row, ValueInfo, constant_name};
use super::scope::{Flow, Label, Labels};
use super::value::Val;
use crate::report::{Error, Place};
use crate::syntax::tree::{Expect, Expression, Statement, Unit, UnitKind};

/// What came out of a unit.
#[derive(Debug)]
pub(super) struct Passed {
    /// What flows on.
    pub(super) flow: Flow,
    /// The labels inside of it.
    pub(super) inner: Labels,
    /// The labels inside of each of its copies.
    pub(super) copies: Vec<Labels>,
    /// How many copies it stands for.
    pub(super) count: usize,
    /// The layer that it is.
    pub(super) node: Option<usize>,
}

impl From<Flow> for Passed {
    fn from(flow: Flow) -> Self {
        Self {
            flow,
            inner: Labels::new(),
            copies: Vec::new(),
            count: 1,
            node: None,
        }
    }
}

/// Where in its statement a unit stands, and what it is called there.
#[derive(Clone, Debug, Default)]
pub(super) struct Seat {
    /// The segment of its path; its position where there is none.
    pub(super) segment: Option<String>,
    /// Whether the statement's label is its own.
    pub(super) labelled: bool,
    /// The statement up to and with this unit, for messages.
    pub(super) text: String,
    /// The label of the statement, for messages.
    pub(super) label: Option<String>,
    /// The labels of its results.
    pub(super) labels: Vec<Ident>,
    /// What some of its tensors are called instead of their own names.
    pub(super) renamed: Vec<(String, String)>,
    /// Whether `#[flat]` asks for a block call without a scope of its own.
    pub(super) flat: bool,
}

impl Seat {
    /// What the unit of this name is called in a sentence.
    pub(super) fn called(&self, name: &str) -> String {
        match &self.label {
            Some(label) if self.labelled => format!("`{label}`"),
            Some(label) => format!("`{name}` of `{label}`"),
            None => format!("`{name}`"),
        }
    }
}

impl<'a> Builder<'a> {
    /// Walks over a statement; gives what flows out of it.
    pub(super) fn statement(&mut self, statement: &'a Statement, flow: Flow) -> Flow {
        self.check_attributes(&statement.attributes, true);
        let mut flow = match &statement.from {
            Some(from) => self.restart(from, &flow),
            None => flow,
        };
        let entered = flow.clone();
        let first = self.graph.nodes.len();
        let row = self.row(statement, self.depth);
        let mut inner = Labels::new();
        let mut copies = Vec::new();
        let mut count = 1;
        let mut main = None;
        let allowed = statement.attributes.allows("unused_value");
        self.unused_allowed += usize::from(allowed);
        for (unit, seat) in statement.units.iter().zip(self.seats(statement)) {
            let passed = self.unit(unit, flow, &seat);
            flow = passed.flow;
            if seat.labelled || statement.units.len() == 1 {
                inner = passed.inner;
                copies = passed.copies;
                count = passed.count;
                main = passed.node;
            }
        }
        self.unused_allowed -= usize::from(allowed);
        if let Some(expect) = &statement.expect {
            flow = self.expect(expect, statement, flow);
        }
        let label = Label {
            flow: flow.clone(),
            main,
            inner,
            copies,
        };
        self.label_results(statement, &flow, &label);
        self.finish_row(row, &entered, &flow, first, count);
        if matches!(flow, Flow::Unknown) {
            self.incomplete = true;
        }
        flow
    }

    /// The value that `from` names.
    fn restart(&mut self, from: &Expression, flow: &Flow) -> Flow {
        match self.evaluate(from, flow) {
            Val::Flow(flow) => flow,
            Val::Unknown => Flow::Unknown,
            Val::Word(word) => {
                self.unknown_name(&word);
                Flow::Unknown
            }
            other => {
                self.tell(Error::new(
                    from.place,
                    format!(
                        "`from` takes a labelled value, but `{from}` is {}",
                        other.noun()
                    ),
                ));
                Flow::Unknown
            }
        }
    }

    /// What each unit of a statement is called: the label goes to the first
    /// that can have parameters, the others are `label.kind`.
    fn seats(&mut self, statement: &Statement) -> Vec<Seat> {
        let copy = self.copy_segment.take();
        let name = self.name_attribute(&statement.attributes).or(copy);
        let label = statement.labels.first().map(ToString::to_string);
        let base = name.or_else(|| label.clone());
        let main = statement
            .units
            .iter()
            .position(|unit| self.weighted(unit))
            .unwrap_or(0);
        let mut kinds: Vec<String> = Vec::new();
        if let Some(unit) = statement.units.get(main) {
            kinds.push(self.kind_name(unit));
        }
        let mut text = String::new();
        let mut seats = Vec::new();
        for (i, unit) in statement.units.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            text.push_str(&unit.to_string());
            let own = self.name_attribute(&unit.attributes);
            let mut renamed = self.tensor_attribute(&unit.attributes);
            let mut flat = unit.attributes.find("flat").is_some();
            if i == main {
                flat = flat || statement.attributes.find("flat").is_some();
                renamed.extend(self.tensor_attribute(&statement.attributes));
            }
            let segment = match (&base, own) {
                (_, Some(own)) => Some(own),
                (Some(base), None) if i == main => Some(base.clone()),
                (Some(base), None) => {
                    let kind = self.kind_name(unit);
                    let before = kinds.iter().filter(|earlier| **earlier == kind).count();
                    kinds.push(kind.clone());
                    Some(match before {
                        0 => format!("{base}.{kind}"),
                        _ => format!("{base}.{kind}_{}", before + 1),
                    })
                }
                (None, None) => None,
            };
            seats.push(Seat {
                segment,
                labelled: i == main && label.is_some(),
                text: match &label {
                    Some(label) => format!("{label}: {text}"),
                    None => text.clone(),
                },
                label: label.clone(),
                labels: if i + 1 == statement.units.len() {
                    statement.labels.clone()
                } else {
                    Vec::new()
                },
                renamed,
                flat,
            });
        }
        seats
    }

    /// Whether a unit is of a kind that can have parameters.
    fn weighted(&self, unit: &Unit) -> bool {
        match &unit.kind {
            UnitKind::Call(call) => {
                let name = self.layer_name(&call.name);
                shapewise_core::catalogue::find(&name.to_string())
                    .is_none_or(|entry| entry.weighted)
            }
            _ => true,
        }
    }

    fn kind_name(&self, unit: &Unit) -> String {
        match &unit.kind {
            UnitKind::Call(call) => self.layer_name(&call.name).to_string(),
            UnitKind::Merge(merge) => merge.call.name.to_string(),
            UnitKind::Path(_) => "network".to_owned(),
            UnitKind::Custom(_) => "custom".to_owned(),
            UnitKind::Group(_) => "group".to_owned(),
            UnitKind::Residual(_) => "residual".to_owned(),
            UnitKind::Repeat(_) => "repeat".to_owned(),
            UnitKind::If(_) => "if".to_owned(),
        }
    }

    /// The layer or block that a name stands for, where it is a parameter.
    fn layer_name<'n>(&'n self, name: &'n Ident) -> &'n Ident {
        match self.named_value(&name.to_string()) {
            Some(Val::Word(word)) => word,
            Some(Val::Layer(applied)) => &applied.name,
            _ => name,
        }
    }

    /// Compares what leaves a statement with what its author expects there.
    fn expect(&mut self, expect: &Expect, statement: &Statement, flow: Flow) -> Flow {
        match expect {
            Expect::Hole(span) => {
                let values = match &flow {
                    Flow::Value(value) => vec![*value],
                    Flow::Several(values) => values.clone(),
                    Flow::Unknown => return flow,
                };
                if values
                    .iter()
                    .any(|value| self.graph.values[*value].symbolic)
                {
                    self.holes.push((*span, values));
                    return flow;
                }
                let found = match &flow {
                    Flow::Value(value) => self.shape_of(*value).to_string(),
                    Flow::Several(values) => {
                        let shapes: Vec<String> = values
                            .iter()
                            .map(|value| self.shape_of(*value).to_string())
                            .collect();
                        format!("({})", shapes.join(", "))
                    }
                    Flow::Unknown => return flow,
                };
                self.tell(
                    Error::new(*span, format!("the shape here is {found}"))
                        .help(format!("replace `?` by `{found}`")),
                );
                flow
            }
            Expect::Shapes(shapes) => match (shapes.as_slice(), &flow) {
                ([shape], Flow::Value(value)) => self.expect_one(shape, statement, *value),
                ([shape], Flow::Unknown) => self.assumed(shape, &flow),
                (shapes, Flow::Several(values)) if shapes.len() == values.len() => {
                    let values = values.clone();
                    let mut kept = Vec::new();
                    for (shape, value) in shapes.iter().zip(values) {
                        if let Flow::Value(value) = self.expect_one(shape, statement, value) {
                            kept.push(value);
                        }
                    }
                    Flow::Several(kept)
                }
                (_, Flow::Unknown) => flow,
                (shapes, _) => {
                    let results = if let Flow::Several(values) = &flow {
                        values.len()
                    } else {
                        1
                    };
                    let place = shapes.first().map_or(statement.place, |shape| shape.place);
                    self.tell(Error::new(
                        place,
                        format!(
                            "{} shapes are expected, but {results} values leave here",
                            shapes.len()
                        ),
                    ));
                    flow
                }
            },
        }
    }

    fn expect_one(&mut self, expression: &Expression, statement: &Statement, value: usize) -> Flow {
        let Some(expected) = self.shape(expression, &Flow::Value(value)) else {
            return Flow::Value(value);
        };
        let symbolic = self.graph.values[value].symbolic || expected.code.is_some();
        let what = match statement.labels.first() {
            Some(label) => format!("`{label}`"),
            None => statement
                .units
                .last()
                .map_or_else(|| "the statement".to_owned(), |unit| format!("`{unit}`")),
        };
        if symbolic {
            // Rustc compares; what the author expects is what goes on, so that a
            // shape of numbers makes shapes known again.
            self.expect_in_rustc(&expected, value, expression.place, what);
            let info = &mut self.graph.values[value];
            info.shape = expected.shape;
            info.display = expected.shape.to_string();
            info.symbolic = expected.code.is_some();
            return Flow::Value(value);
        }
        let expected = expected.shape;
        let info = &self.graph.values[value];
        let same = info.shape == expected;
        if self.calls.is_empty() && self.repeats.is_empty() {
            let error = (!same).then_some(self.errors.len());
            let shapes = (&info.shape, &expected);
            self.common.declared(self.file, statement, shapes, error);
        }
        if same {
            return Flow::Value(value);
        }
        let mut error = Error::new(
            expression.place,
            format!("{what} gives {}, not {expected}", info.shape),
        );
        if let Some(node) = self.first_to_differ(value, &expected) {
            let node = &self.graph.nodes[node];
            let input = node.inputs.first().map(|input| &self.graph.values[*input]);
            if let Some(input) = input {
                error = error.fact("input", format!("{}, from {}", input.shape, input.origin));
            }
            error = error.fact("computed", derivation(node, &self.graph));
        }
        let error = error.help(format!(
            "write `=> {}`, or change what leads there",
            info.shape
        ));
        self.tell(error);
        self.incomplete = true;
        let declared = self.declared.get(self.mismatches).copied().unwrap_or(true);
        self.mismatches += 1;
        if declared {
            self.assume(expected, expression)
        } else {
            Flow::Value(value)
        }
    }

    /// The layer that gave `value` the extents in which it differs from
    /// `expected`: layers that keep the shape are passed over.
    fn first_to_differ(&self, value: usize, expected: &Shape) -> Option<usize> {
        let mut node = self.graph.values[value].node?;
        loop {
            let [input] = self.graph.nodes[node].inputs.as_slice() else {
                return Some(node);
            };
            let before = &self.graph.values[*input];
            if before.shape == *expected || before.shape != self.graph.values[value].shape {
                return Some(node);
            }
            node = before.node?;
        }
    }

    /// The value of a shape that the author declares, where the computed one is
    /// not known: checking goes on from it.
    pub(super) fn assumed(&mut self, shape: &Expression, flow: &Flow) -> Flow {
        match self.shape(shape, flow) {
            Some(declared) => {
                self.incomplete = true;
                self.assume(declared.shape, shape)
            }
            None => Flow::Unknown,
        }
    }

    fn assume(&mut self, shape: Shape, expression: &Expression) -> Flow {
        self.graph.values.push(ValueInfo {
            shape,
            symbolic: false,
            code: None,
            display: shape.to_string(),
            origin: format!("`=> {expression}`"),
            node: None,
            watch: None,
        });
        Flow::Value(self.graph.values.len() - 1)
    }

    /// Whether a value is what the author declares instead of what a layer gave.
    pub(super) fn is_assumed(&self, value: usize) -> bool {
        value >= self.graph.inputs.len() && self.graph.values[value].node.is_none()
    }

    pub(super) fn shape_of(&self, value: usize) -> Shape {
        self.graph.values[value].shape
    }

    /// Makes the labels of a statement readable.
    fn label_results(&mut self, statement: &Statement, flow: &Flow, whole: &Label) {
        let label = |flow| Label {
            flow,
            ..whole.clone()
        };
        match (statement.labels.as_slice(), flow) {
            ([], Flow::Several(_)) if !statement.units.is_empty() => {
                self.tell(
                    Error::new(
                        statement.place,
                        "several values leave here, and none has a name",
                    )
                    .help("label them: `(left, right): ...`"),
                );
            }
            ([], _) => {}
            ([name], flow) => self.define(name, label(flow.clone())),
            (names, Flow::Several(values)) if names.len() == values.len() => {
                for (name, value) in names.iter().zip(values) {
                    self.define(name, label(Flow::Value(*value)));
                }
            }
            (names, flow) => {
                for name in names {
                    self.define(name, label(Flow::Unknown));
                }
                let results = match flow {
                    Flow::Value(_) => 1,
                    Flow::Several(values) => values.len(),
                    Flow::Unknown => return,
                };
                let place = Place::at(names[0].span()).to(Place::at(names[names.len() - 1].span()));
                let results = if results == 1 {
                    "1 value".to_owned()
                } else {
                    format!("{results} values")
                };
                self.tell(Error::new(
                    place,
                    format!("{} labels, but {results} leave the statement", names.len()),
                ));
            }
        }
    }

    /// Begins a row of the table; a group's row stands before those inside.
    fn row(&mut self, statement: &Statement, depth: usize) -> Option<usize> {
        let label = statement.labels.first();
        if label.is_none() && self.hidden > 0 {
            return None;
        }
        let path = label.map_or_else(String::new, |label| self.label_path(&label.to_string()));
        let constant = match label {
            Some(label) if self.hidden == 0 => self.constant(label, &path),
            _ => None,
        };
        self.graph.statements.push(Row {
            path,
            label: label.cloned(),
            constant,
            text: statement.to_string(),
            depth,
            copies: 1,
            nodes: (0, 0),
            input: 0,
            output: 0,
            docs: statement.attributes.docs(),
        });
        Some(self.graph.statements.len() - 1)
    }

    /// The name of a label's constant; an error is told where it is taken.
    fn constant(&mut self, label: &Ident, path: &str) -> Option<String> {
        let constant = constant_name(path)?;
        if RESERVED.contains(&constant.as_str()) {
            self.tell(
                Error::new(
                    label.span(),
                    format!("the label `{label}` would have the constant `{constant}`, which is the network's own"),
                )
                .help(format!("call it `{label}_layer`")),
            );
            return None;
        }
        if let Some(other) = self.constants.get(&constant) {
            // A label that is there twice is told of where it is defined.
            if other != path {
                let error = Error::new(
                    label.span(),
                    format!(
                        "the labels `{other}` and `{path}` would both have the constant `{constant}`"
                    ),
                );
                self.tell(error.help("give one of them another name"));
            }
            return None;
        }
        self.constants.insert(constant.clone(), path.to_owned());
        Some(constant)
    }

    fn finish_row(
        &mut self,
        row: Option<usize>,
        entered: &Flow,
        left: &Flow,
        first: usize,
        copies: usize,
    ) {
        let nodes = (first, self.graph.nodes.len());
        let Some(row) = row.and_then(|row| self.graph.statements.get_mut(row)) else {
            return;
        };
        row.nodes = nodes;
        if row.text == "{ ... }" {
            let layers = nodes.1 - nodes.0;
            row.text = format!("{{ {layers} layer{} }}", if layers == 1 { "" } else { "s" });
        }
        row.copies = copies;
        let one = |flow: &Flow| match flow {
            Flow::Value(value) => Some(*value),
            Flow::Several(values) => values.first().copied(),
            Flow::Unknown => None,
        };
        row.input = one(entered).unwrap_or(0);
        row.output = one(left).unwrap_or(0);
    }
}

/// How the output of a layer comes about, on one line.
fn derivation(node: &Node, graph: &Resolved) -> String {
    let inputs: Vec<Shape> = node
        .inputs
        .iter()
        .map(|input| graph.values[*input].shape)
        .collect();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = node.layer.explain(&inputs, &mut text);
    let of_output = |line: &&str| !line.starts_with("parameters") && !line.starts_with("MACs");
    text.lines()
        .filter(of_output)
        .collect::<Vec<_>>()
        .join("; ")
}
