//! What the comparisons with the frameworks share: a layer in the language's
//! words, what the framework measured for it, and the tally of both.

#![allow(dead_code, reason = "each comparison uses its part of it")]

use std::collections::BTreeMap;

use serde_json::Value as Json;
use shapewise::layer::Role;
use shapewise::{Error, Extents, Layer, Shape, Sides, Value, catalogue};

/// A framework's layer in the language's words: what [`Layer::build`] takes.
#[derive(Debug)]
pub struct Case {
    /// The name of the catalogue entry.
    pub entry: &'static str,
    /// The arguments that are written.
    pub arguments: Vec<(&'static str, Value)>,
    /// The inputs, without the batch.
    pub inputs: Vec<Shape>,
}

/// A layer in the language's words, or why it has none.
pub type Mapped = Result<Case, &'static str>;

impl Case {
    pub fn new(entry: &'static str, inputs: Vec<Shape>) -> Self {
        Self {
            entry,
            arguments: Vec::new(),
            inputs,
        }
    }

    /// The layer with one more argument; [`Value::None`] writes nothing.
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        if value != Value::None {
            self.arguments.push((name, value));
        }
        self
    }
}

/// What a framework measured for a layer that it accepts.
#[derive(Debug)]
pub struct Measured {
    /// The shapes of the results that both have, without the batch.
    pub outputs: Vec<Shape>,
    /// Trained elements.
    pub parameters: u64,
    /// Trained elements that are added.
    pub biases: u64,
    /// Elements that are not trained, where the framework counts them.
    pub buffers: Option<u64>,
}

/// What the rules say of a layer, compared with what was measured.
pub fn compare(case: &Case, measured: &Measured) -> Result<(), String> {
    let layer = build(case).map_err(|error| error.to_string())?;
    for (result, wanted) in measured.outputs.iter().enumerate() {
        let output = layer
            .output(&case.inputs, result)
            .map_err(|error| error.to_string())?;
        if output != *wanted {
            return Err(format!("output {output} instead of {wanted}"));
        }
    }
    let sum = |role: Role| -> u64 {
        (0..)
            .map_while(|index| layer.tensor(index))
            .filter(|tensor| tensor.role == role)
            .map(|tensor| tensor.elements().expect("a small tensor"))
            .sum()
    };
    let biases = sum(Role::Bias);
    let figures = [
        (
            "parameters",
            sum(Role::Weight) + biases,
            Some(measured.parameters),
        ),
        ("biases", biases, Some(measured.biases)),
        ("buffers", sum(Role::Buffer), measured.buffers),
    ];
    for (what, here, there) in figures {
        if there.is_some_and(|there| there != here) {
            return Err(format!("{here} {what} instead of {}", there.unwrap_or(0)));
        }
    }
    Ok(())
}

/// The layer with its results, as the macro would check it.
pub fn build(case: &Case) -> Result<Layer, Error> {
    let entry = catalogue::find(case.entry)
        .unwrap_or_else(|| panic!("no layer is called `{}`", case.entry));
    for (name, _) in &case.arguments {
        assert!(
            entry.argument(name).is_some(),
            "`{}` has no argument `{name}`",
            case.entry
        );
    }
    let layer = Layer::build(entry, &case.arguments, &case.inputs)?;
    for result in 0..layer.results() {
        layer.output(&case.inputs, result)?;
    }
    layer.macs(&case.inputs)?;
    Ok(layer)
}

/// The name of an error's variant: `WindowTooLarge`.
pub fn variant(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// How many rows of each kind were compared, and why others were not.
#[derive(Debug, Default)]
pub struct Tally {
    kinds: BTreeMap<String, Kind>,
    /// A line per row on which the rules and the framework differ.
    pub differences: Vec<String>,
}

#[derive(Debug, Default)]
struct Kind {
    family: &'static str,
    compared: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub fn compared(&mut self, family: &'static str, kind: &str) {
        self.kind(family, kind).compared += 1;
    }

    /// `family` is empty where the row was put aside before one was asked.
    pub fn left_out(&mut self, family: &'static str, kind: &str, reason: &'static str) {
        let kind = self.kind(family, kind);
        *kind.left_out.entry(reason).or_default() += 1;
    }

    fn kind(&mut self, family: &'static str, kind: &str) -> &mut Kind {
        let kind = self.kinds.entry(kind.to_owned()).or_default();
        if !family.is_empty() {
            kind.family = family;
        }
        kind
    }

    /// Prints a line per kind and a line per reason.
    pub fn print(&self) {
        for (name, kind) in &self.kinds {
            println!("{name:26} {:4} compared", kind.compared);
            for (reason, count) in &kind.left_out {
                println!("{:26} {count:4} left out: {reason}", "");
            }
        }
    }

    /// Compared rows and all rows; of one family, or of all with `None`. Rows
    /// on which the framework disagrees with itself (`excused`) do not count.
    pub fn share(&self, family: Option<&str>, excused: &[&str]) -> (usize, usize) {
        let mut compared = 0;
        let mut all = 0;
        for kind in self.kinds.values() {
            if family.is_some_and(|family| family != kind.family) {
                continue;
            }
            compared += kind.compared;
            all += kind.compared;
            for (reason, count) in &kind.left_out {
                if !excused.contains(reason) {
                    all += count;
                }
            }
        }
        (compared, all)
    }

    /// Asserts that the rules agree on everything compared.
    pub fn assert_agreement(&self) {
        assert!(
            self.differences.is_empty(),
            "{} rows differ:\n{}",
            self.differences.len(),
            self.differences.join("\n")
        );
    }

    /// Asserts that at least `percent` of a family's rows were compared.
    pub fn assert_share(&self, family: Option<&str>, excused: &[&str], percent: usize) {
        let (compared, all) = self.share(family, excused);
        let name = family.unwrap_or("all families");
        println!("{name}: {compared} of {all} compared");
        assert!(
            all > 0 && compared * 100 >= percent * all,
            "{name}: {compared} of {all} rows compared, fewer than {percent}%"
        );
    }
}

/// The constructor arguments of a layer, as JSON has them.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a>(pub &'a Json);

impl Arguments<'_> {
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A whole number, or nothing.
    pub fn int(&self, name: &str) -> Value {
        match self.get(name).and_then(Json::as_u64) {
            Some(value) => Value::Int(value),
            None => Value::None,
        }
    }

    /// A float, or nothing.
    pub fn float(&self, name: &str) -> Value {
        match self.get(name).and_then(Json::as_f64) {
            Some(value) => Value::Float(value),
            None => Value::None,
        }
    }

    /// A truth value, or nothing.
    pub fn bool(&self, name: &str) -> Value {
        match self.get(name).and_then(Json::as_bool) {
            Some(value) => Value::Bool(value),
            None => Value::None,
        }
    }

    pub fn is(&self, name: &str, wanted: &str) -> bool {
        self.get(name).and_then(Json::as_str) == Some(wanted)
    }

    /// A number for all axes or a list, as an extent on each of `axes` axes. A
    /// list of one serves all axes.
    pub fn extents(&self, name: &str, axes: usize) -> Value {
        match self.get(name) {
            Some(Json::Array(values)) => match list(values) {
                Some(values) if values.len() == 1 => splat(values[0], axes),
                Some(values) => Value::Extents(Extents::new(&values)),
                None => Value::None,
            },
            Some(value) => match value.as_u64() {
                Some(value) => splat(size(value), axes),
                None => Value::None,
            },
            None => Value::None,
        }
    }

    /// A number, a list of numbers, or a list of pairs, as both ends of each of
    /// `axes` axes. On one axis a list of two is a pair.
    pub fn sides(&self, name: &str, axes: usize) -> Value {
        let Some(Json::Array(values)) = self.get(name) else {
            return self.extents(name, axes);
        };
        let pairs: Option<Vec<Vec<usize>>> = values
            .iter()
            .map(|pair| pair.as_array().and_then(|pair| list(pair)))
            .collect();
        match pairs {
            Some(pairs) => sides(pairs.iter().map(|pair| (pair[0], pair[1]))),
            None if axes == 1 && values.len() == 2 => match list(values) {
                Some(pair) => sides([(pair[0], pair[1])]),
                None => Value::None,
            },
            None => self.extents(name, axes),
        }
    }
}

/// Pairs of what stands before and after each axis.
pub fn sides(pairs: impl IntoIterator<Item = (usize, usize)>) -> Value {
    let (before, after): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
    Value::Sides(Sides::new(Extents::new(&before), Extents::new(&after)))
}

/// The numbers of a list; nothing when one of them is no number of 0 or more.
pub fn list(values: &[Json]) -> Option<Vec<usize>> {
    values
        .iter()
        .map(|value| value.as_u64().map(size))
        .collect()
}

fn splat(value: usize, axes: usize) -> Value {
    Value::Extents(Extents::splat(value, axes))
}

fn size(value: u64) -> usize {
    usize::try_from(value).expect("a measured size fits")
}
