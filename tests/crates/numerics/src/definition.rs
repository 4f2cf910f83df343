//! A layer's definition as a graph of one node.

use serde_json::Value as Json;
use shapewise_core::catalogue::{self, Entry};
use shapewise_core::graph::{DType, Step, trace};
use shapewise_core::{Equation, Extents, Graph, Layer, Shape, Sides, Value};

/// What the layer is called in its graph.
pub(crate) const PATH: &str = "layer";

/// Keeps something for as long as the program runs, as graphs are.
pub(crate) fn kept<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

pub(crate) fn kept_text(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// The graph of the layer `kind`, with so many results.
pub(crate) fn graph(
    kind: &str,
    definition: &Json,
    results: usize,
) -> Result<&'static Graph, String> {
    let entry = catalogue::find(kind).ok_or_else(|| format!("no layer `{kind}`"))?;
    let shapes = list(&definition["inputs"])?
        .iter()
        .map(|shape| {
            let extents = numbers(shape).ok_or("a shape is a list of numbers")?;
            Shape::try_new(&extents).ok_or_else(|| format!("no shape {extents:?}"))
        })
        .collect::<Result<Vec<_>, String>>()?;
    let written = definition["arguments"].as_object();
    let written = written.ok_or("arguments are by name")?;
    let arguments = written
        .iter()
        .map(|(name, value)| Ok((kept_text(name), argument(entry, name, value)?)))
        .collect::<Result<Vec<_>, String>>()?;
    layer_graph(entry, arguments, &shapes, results)
}

/// The graph of one layer, called `layer`, on inputs `x0`, `x1`, .. and with so many
/// results `y0`, `y1`, ..; all of it is kept for as long as the program runs.
///
/// # Errors
///
/// Why there is no such layer, in words.
pub fn layer_graph(
    entry: &'static Entry,
    arguments: Vec<(&'static str, Value)>,
    shapes: &[Shape],
    results: usize,
) -> Result<&'static Graph, String> {
    let layer = Layer::build(entry, &arguments, shapes).map_err(|error| error.to_string())?;
    let count = shapes.len();
    let places = kept((0..count).collect());
    let step = Step::new(entry, kept(arguments), places, results, PATH);
    let step = &kept(vec![step])[0];
    for result in 0..results {
        let shape = layer.output(shapes, result);
        shape.map_err(|error| error.to_string())?;
    }
    let name = |stem: &str, index: usize| kept_text(&format!("{stem}{index}"));
    let inputs = kept((0..count).map(|input| name("x", input)).collect());
    let outputs = (0..results).map(|result| (name("y", result), count + result));
    traced(entry.name, inputs, shapes, step, kept(outputs.collect()))
}

/// The graph of one step. How many values there are is a part of a trace's type.
fn traced(
    kind: &str,
    inputs: &'static [&'static str],
    shapes: &[Shape],
    step: &'static Step,
    outputs: &'static [(&'static str, usize)],
) -> Result<&'static Graph, String> {
    macro_rules! any {
        ($($values:literal)*) => {
            match inputs.len() + outputs.len() {
                $($values => {
                    let trace = &kept(vec![trace::<1, $values>(shapes, &[step])])[0];
                    Ok(Graph::new(kept_text(kind), DType::F32, inputs, trace, outputs))
                })*
                values => Err(format!("{values} values are more than the tests know")),
            }
        };
    }
    let graph = any!(2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24);
    Ok(&kept(vec![graph?])[0])
}

fn list(value: &Json) -> Result<&Vec<Json>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("{value} is no list"))
}

fn number(value: &Json) -> Option<usize> {
    value.as_u64().and_then(|value| usize::try_from(value).ok())
}

fn numbers(value: &Json) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(number).collect()
}

fn argument(entry: &'static Entry, name: &str, value: &Json) -> Result<Value, String> {
    let unknown = || format!("`{name} = {value}` is nothing that is known");
    Ok(match value {
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(_) => Value::Int(value.as_u64().ok_or_else(unknown)?),
        Json::String(word) => {
            let argument = entry.argument(name).ok_or_else(unknown)?;
            if argument.accepts.equation {
                return Ok(Value::Equation(
                    Equation::try_new(word).ok_or_else(unknown)?,
                ));
            }
            let mut words = argument.accepts.keywords.iter();
            Value::Keyword(words.find(|known| *known == word).ok_or_else(unknown)?)
        }
        Json::Array(values) => match numbers(value) {
            Some(extents) => Value::Extents(Extents::try_new(&extents).ok_or_else(unknown)?),
            None => {
                let pairs: Option<Vec<_>> = values.iter().map(numbers).collect();
                let pairs = pairs.ok_or_else(unknown)?;
                if pairs.iter().any(|pair| pair.len() != 2) {
                    return Err(unknown());
                }
                let side = |side: usize| {
                    let side: Vec<_> = pairs.iter().map(|pair| pair[side]).collect();
                    Extents::try_new(&side).ok_or_else(unknown)
                };
                Value::Sides(Sides::new(side(0)?, side(1)?))
            }
        },
        Json::Object(object) => {
            if let Some(value) = object.get("float") {
                Value::Float(value.as_f64().ok_or_else(unknown)?)
            } else if let Some(place) = object.get("input") {
                Value::Input(number(place).ok_or_else(unknown)?)
            } else if let Some(range) = object.get("range") {
                let range = numbers(range).ok_or_else(unknown)?;
                let [start, end] = *range.as_slice() else {
                    return Err(unknown());
                };
                Value::Range(start, end)
            } else {
                return Err(unknown());
            }
        }
        Json::Null => return Err(unknown()),
    })
}
