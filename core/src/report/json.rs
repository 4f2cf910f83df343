//! The report as JSON.

use core::fmt::{self, Write};

use crate::graph::Leaf;
use crate::layer::Role;
use crate::report::Summary;
use crate::report::column::Column;
use crate::report::footer::CONVENTIONS;
use crate::report::row::{Row, RowKind};
use crate::report::writers::Escaped;
use crate::shape::Shape;
use crate::value::Value;

/// The report as a JSON object. Made by [`Summary::json`].
///
/// The schema, version 1. A number that does not fit 64 bits is `null`. A *shape*
/// is a list of extents, spatial ones first, channels last, without the batch. A
/// *value* is a number: the inputs first, then each layer's results that are used, in turn.
/// A network that is a layer is a layer of `kind` `"network"`; in a report with a
/// row per [layer](Summary::layers), the layers inside of it stand in its place.
///
/// - `schema`: `"shapewise.summary"`; `version`: `1`. The version is raised when a
///   field goes away or changes its meaning, not when one is added.
/// - `name`, `dtype` (`"f32"`), `batch`, `conventions` (a sentence).
/// - `inputs`, `outputs`: objects with `name`, `value` and `shape`.
/// - `totals`: `layers`, `weights`, `biases`, `params`, `buffers`, `param_bytes`,
///   `macs`, `flops`, `activations`; the last three for the whole batch, as in `rows`;
///   `exact`: whether all costs are known; without it, numbers are lower bounds.
/// - `rows`: the statements as the options have them (depth, or each layer), objects
///   with `kind` (`"statement"` or `"layer"`), `label` (empty without one), `path`,
///   `units`, `depth`, `opened` (what is inside follows in rows of its own, and is in
///   this row's figures too), `copies`, `input` and `output` (shapes), `weights`,
///   `biases`, `params`, `buffers`, `param_bytes`, `macs`, `flops`, `activations`,
///   `exact`, `from` (values that go in) and `layers` (the place of its first in `layers`, and
///   of the one after its last).
/// - `layers`: every layer in topological order, whatever the options, objects with
///   `path`, `kind` (its name in the language), `arguments` (an object of those
///   that were written: numbers, strings, bools, lists of extents, lists of pairs for
///   sides; `{"range": [0, 3]}`, `{"value": 7}`), `inputs` and `outputs` (objects
///   with `value` and `shape`), `weights`, `biases`, `params`, `buffers`, `macs` (of one
///   sample) and `tensors` (objects with `name` as in PyTorch's state, `conv1.weight`,
///   `shape` as PyTorch stores it, and `role`: `"weight"`, `"bias"`, `"buffer"`).
#[derive(Clone, Copy, Debug)]
pub struct Json(pub(super) Summary);

/// The figures that totals and rows have alike.
const FIGURES: [(&str, Column); 8] = [
    ("weights", Column::Weights),
    ("biases", Column::Biases),
    ("params", Column::Params),
    ("buffers", Column::Buffers),
    ("param_bytes", Column::Bytes),
    ("macs", Column::Macs),
    ("flops", Column::Flops),
    ("activations", Column::Activations),
];

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.0;
        let graph = summary.graph;
        f.write_str("{\n  \"schema\": \"shapewise.summary\",\n  \"version\": 1,\n  \"name\": ")?;
        string(graph.name(), f)?;
        let dtype = summary.size_type();
        write!(f, ",\n  \"dtype\": \"{}\"", dtype.name())?;
        write!(f, ",\n  \"batch\": {}", summary.batch)?;
        f.write_str(",\n  \"conventions\": ")?;
        string(CONVENTIONS, f)?;
        f.write_str(",\n  \"inputs\": ")?;
        list(graph.inputs().iter().enumerate(), f, |(value, name), f| {
            self.write_port(name, value, f)
        })?;
        f.write_str(",\n  \"outputs\": ")?;
        list(graph.outputs(), f, |(name, value), f| {
            self.write_port(name, *value, f)
        })?;
        write!(
            f,
            ",\n  \"totals\": {{\"layers\": {}",
            summary.leaves().count()
        )?;
        let total = summary.input_row(false).total_row(true).rows().last();
        if let Some(total) = total {
            self.write_figures(&total, f)?;
        }
        f.write_str("},\n  \"rows\": ")?;
        let rows = summary.rows();
        let rows = rows.filter(|row| matches!(row.kind, RowKind::Statement | RowKind::Layer));
        list(rows, f, |row, f| self.write_row(&row, f))?;
        f.write_str(",\n  \"layers\": ")?;
        list(summary.leaves(), f, |leaf, f| self.write_layer(&leaf, f))?;
        f.write_str("\n}\n")
    }
}

impl Json {
    fn write_port(&self, name: &str, value: usize, f: &mut dyn Write) -> fmt::Result {
        f.write_str("{\"name\": ")?;
        string(name, f)?;
        let number = self.0.number_of(value);
        write!(f, ", \"value\": {number}, \"shape\": ")?;
        shape(self.0.graph.values()[value], f)?;
        f.write_char('}')
    }

    fn write_figures(&self, row: &Row, f: &mut dyn Write) -> fmt::Result {
        for (name, column) in FIGURES {
            write!(f, ", \"{name}\": ")?;
            match self.0.number(row, column) {
                Some(number) => write!(f, "{number}")?,
                None => f.write_str("null")?,
            }
        }
        write!(f, ", \"exact\": {}", row.exact())
    }

    fn write_row(&self, row: &Row, f: &mut dyn Write) -> fmt::Result {
        write!(f, "{{\"kind\": \"{}\", \"label\": ", row.kind.name())?;
        string(row.label, f)?;
        f.write_str(", \"path\": \"")?;
        write!(Escaped::new(f, escape), "{}", row.path)?;
        f.write_str("\", \"units\": \"")?;
        write!(Escaped::new(f, escape), "{}", row.units())?;
        write!(
            f,
            "\", \"depth\": {}, \"opened\": {}",
            row.depth, row.opened
        )?;
        write!(f, ", \"copies\": {}", row.copies)?;
        for (name, value) in [("input", row.input), ("output", row.output)] {
            write!(f, ", \"{name}\": ")?;
            match value {
                Some(value) => shape(value, f)?,
                None => f.write_str("null")?,
            }
        }
        self.write_figures(row, f)?;
        f.write_str(", \"from\": [")?;
        for (i, value) in row.sources().enumerate() {
            let separator = if i > 0 { ", " } else { "" };
            write!(f, "{separator}{value}")?;
        }
        let (first, end) = (row.first, row.first + row.nodes.len());
        write!(f, "], \"layers\": [{first}, {end}]}}")
    }

    fn write_layer(&self, leaf: &Leaf, f: &mut dyn Write) -> fmt::Result {
        let node = leaf.node;
        f.write_str("{\"path\": \"")?;
        write!(Escaped::new(f, escape), "{}", leaf.path())?;
        f.write_str("\", \"kind\": ")?;
        string(node.entry().name, f)?;
        f.write_str(", \"arguments\": {")?;
        for (i, (name, value)) in node.arguments.iter().enumerate() {
            f.write_str(if i > 0 { ", " } else { "" })?;
            string(name, f)?;
            f.write_str(": ")?;
            self.write_argument(leaf, &value, f)?;
        }
        f.write_str("}, \"inputs\": [")?;
        for (i, input) in node.inputs.iter().enumerate() {
            f.write_str(if i > 0 { ", " } else { "" })?;
            write_value(self.input_of(leaf, i), leaf.graph.values()[*input], f)?;
        }
        f.write_str("], \"outputs\": [")?;
        for result in 0..node.results {
            f.write_str(if result > 0 { ", " } else { "" })?;
            write_value(Some(leaf.output() + result), leaf.result(result), f)?;
        }
        let counts = leaf.counts();
        write!(
            f,
            "], \"weights\": {}, \"biases\": {}",
            counts.weights, counts.biases
        )?;
        write!(
            f,
            ", \"params\": {}, \"buffers\": {}",
            counts.params(),
            counts.buffers
        )?;
        write!(f, ", \"macs\": {}, \"tensors\": [", counts.macs)?;
        for (i, tensor) in node.tensors().enumerate() {
            f.write_str(if i > 0 { ", " } else { "" })?;
            f.write_str("{\"name\": \"")?;
            write!(Escaped::new(f, escape), "{}", leaf.tensor_name(&tensor))?;
            f.write_str("\", \"shape\": ")?;
            extents(tensor.extents.as_slice(), f)?;
            let role = match tensor.role {
                Role::Weight => "weight",
                Role::Bias => "bias",
                Role::Buffer => "buffer",
            };
            write!(f, ", \"role\": \"{role}\"}}")?;
        }
        f.write_str("]}")
    }

    /// The value that goes into a layer at this place.
    fn input_of(&self, leaf: &Leaf, place: usize) -> Option<usize> {
        if self.0.inside {
            leaf.inputs().nth(place)
        } else {
            leaf.node.inputs.get(place).copied()
        }
    }

    fn write_argument(&self, leaf: &Leaf, value: &Value, f: &mut dyn Write) -> fmt::Result {
        match value {
            Value::None => f.write_str("null"),
            Value::Int(value) => write!(f, "{value}"),
            // JSON has no infinities.
            Value::Float(value) if value.is_finite() => write!(f, "{value:?}"),
            Value::Float(value) => write!(f, "\"{value}\""),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Extents(value) => extents(value.as_slice(), f),
            Value::Sides(sides) => {
                f.write_char('[')?;
                for axis in 0..sides.len() {
                    let separator = if axis > 0 { ", " } else { "" };
                    let (before, after) = (sides.before().at(axis), sides.after().at(axis));
                    write!(f, "{separator}[{before}, {after}]")?;
                }
                f.write_char(']')
            }
            Value::Keyword(word) => string(word, f),
            Value::Equation(equation) => string(equation.as_str(), f),
            Value::Range(start, end) => write!(f, "{{\"range\": [{start}, {end}]}}"),
            Value::Input(place) => match self.input_of(leaf, *place) {
                Some(value) => write!(f, "{{\"value\": {value}}}"),
                None => f.write_str("null"),
            },
        }
    }
}

fn write_value(value: Option<usize>, of: Shape, f: &mut dyn Write) -> fmt::Result {
    f.write_str("{\"value\": ")?;
    match value {
        Some(value) => write!(f, "{value}")?,
        None => f.write_str("null")?,
    }
    f.write_str(", \"shape\": ")?;
    shape(of, f)?;
    f.write_char('}')
}

/// Writes a list, an element on each line.
fn list<T>(
    elements: impl IntoIterator<Item = T>,
    f: &mut dyn Write,
    write: impl Fn(T, &mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    f.write_char('[')?;
    let mut any = false;
    for element in elements {
        f.write_str(if any { ",\n    " } else { "\n    " })?;
        any = true;
        write(element, f)?;
    }
    f.write_str(if any { "\n  ]" } else { "]" })
}

fn shape(shape: Shape, f: &mut dyn Write) -> fmt::Result {
    extents(shape.as_slice(), f)
}

fn extents(extents: &[usize], f: &mut dyn Write) -> fmt::Result {
    f.write_char('[')?;
    for (i, extent) in extents.iter().enumerate() {
        let separator = if i > 0 { ", " } else { "" };
        write!(f, "{separator}{extent}")?;
    }
    f.write_char(']')
}

fn string(text: &str, f: &mut dyn Write) -> fmt::Result {
    f.write_char('"')?;
    Escaped::new(f, escape).write_str(text)?;
    f.write_char('"')
}

fn escape(_before: char, character: char) -> Option<&'static str> {
    match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        // No source has other control characters in its names.
        c if (c as u32) < 0x20 => Some("\\ufffd"),
        _ => None,
    }
}
