//! Layers by themselves, on an input that wants a gradient.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use shapewise::analysis::{Flow, Link, Stored, store};
use shapewise::layer::Backward;
use shapewise::{Counts, Extents, Layer, Shape, Value, catalogue};

use crate::Tally;
use crate::torch_layers::compare::Family;
use crate::torch_layers::row::{Case, Row};
use crate::torch_layers::{
    activation, attention, convolution, dense, merge, normalisation, pooling, recurrent, shape_ops,
};

const FAMILIES: &[Family] = &[
    convolution::FAMILY,
    pooling::FAMILY,
    dense::FAMILY,
    normalisation::FAMILY,
    activation::FAMILY,
    shape_ops::FAMILY,
    recurrent::FAMILY,
    attention::FAMILY,
    merge::FAMILY,
];

pub(crate) fn compare(line: &str, kinds: &mut BTreeMap<String, Tally>) {
    let json: Json = serde_json::from_str(line).expect("the data is one JSON object a line");
    let row = Row::parse(line);
    let measured = json["saved_bytes"]
        .as_u64()
        .expect("the bytes that were saved");
    let name = format!("{} {}", row.id, json["args"]);
    let found = match json["entry"].as_str() {
        Some(entry) => written(entry, &row),
        None => kept(&row),
    };
    kinds
        .entry(row.layer)
        .or_default()
        .add(&name, found, measured);
}

/// Layers that keep a shape's elements whatever they are: their shapes are not measured.
const PLAIN: &[(&str, &str)] = &[
    ("ReLU6", "relu6"),
    ("LeakyReLU", "leaky_relu"),
    ("ELU", "elu"),
    ("SELU", "selu"),
    ("CELU", "celu"),
    ("GELU", "gelu"),
    ("SiLU", "silu"),
    ("Mish", "mish"),
    ("Sigmoid", "sigmoid"),
    ("Hardsigmoid", "hard_sigmoid"),
    ("Hardswish", "hard_swish"),
    ("Tanh", "tanh"),
    ("Softplus", "softplus"),
    ("Softsign", "softsign"),
    ("LogSoftmax", "log_softmax"),
];

/// The bytes that the row's layer keeps.
fn kept(row: &Row) -> Result<u64, String> {
    let case = case(row)?;
    let entry = catalogue::find(case.entry).ok_or("no such entry")?;
    let layer =
        Layer::build(entry, &case.arguments, &case.inputs).map_err(|error| error.to_string())?;
    let samples = match row.layer.as_str() {
        // Its samples are positions of a sequence.
        "Bilinear" => 1,
        _ => *row.inputs[0].first().ok_or("an input without a batch")? as u64,
    };
    bytes(&layer, &case.inputs, samples, row.layer != "Embedding")
}

/// The bytes that a layer keeps whose row has the language's own names.
fn written(entry: &str, row: &Row) -> Result<u64, String> {
    let entry = catalogue::find(entry).ok_or("no such entry")?;
    let mut arguments = Vec::new();
    for (name, value) in &row.args {
        let argument = entry.argument(name).ok_or("no such argument")?;
        arguments.push((argument.name, given(argument.accepts.keywords, value)?));
    }
    let mut inputs = Vec::new();
    for input in &row.inputs {
        inputs.push(Shape::try_new(&input[1..]).ok_or("a shape")?);
    }
    let layer = Layer::build(entry, &arguments, &inputs).map_err(|error| error.to_string())?;
    let samples = *row.inputs[0].first().ok_or("an input without a batch")? as u64;
    bytes(&layer, &inputs, samples, true)
}

/// An argument as it stands in a row.
fn given(keywords: &'static [&'static str], value: &Json) -> Result<Value, String> {
    let found = match value {
        Json::Bool(value) => Some(Value::Bool(*value)),
        Json::Number(number) => number
            .as_u64()
            .map(Value::Int)
            .or(number.as_f64().map(Value::Float)),
        Json::String(word) => {
            let mut keywords = keywords.iter();
            keywords
                .find(|keyword| *keyword == word)
                .map(|keyword| Value::Keyword(keyword))
        }
        Json::Array(list) => {
            let extents: Vec<usize> = list
                .iter()
                .filter_map(|extent| usize::try_from(extent.as_u64()?).ok())
                .collect();
            Some(Value::Extents(Extents::new(&extents)))
        }
        Json::Object(place) => place["input"]
            .as_u64()
            .and_then(|place| usize::try_from(place).ok())
            .map(Value::Input),
        Json::Null => None,
    };
    found.ok_or_else(|| format!("{value} is no argument"))
}

/// The row as a layer of the language.
fn case(row: &Row) -> Result<Case, String> {
    let told = str::to_owned;
    if let Some((_, entry)) = PLAIN.iter().find(|(class, _)| *class == row.layer) {
        let axes = row.inputs[0].len().saturating_sub(2);
        return Ok(Case::new(entry, row.channels_second(axes).map_err(told)?));
    }
    match row.layer.as_str() {
        "Embedding" => return parametrized(row, embedding(row)?),
        "FrozenBatchNorm2d" => {
            let batched = row.channels_second(2).map_err(told)?;
            return Ok(Case::new("batch_norm", batched).with("frozen", Value::Bool(true)));
        }
        "Dropout" => {
            let axes = row.inputs[0].len().saturating_sub(2);
            let batched = row.channels_second(axes).map_err(told)?;
            return Ok(Case::new("dropout", batched).with_some("p", row.float("p")));
        }
        _ => {}
    }
    let mapped = FAMILIES.iter().find_map(|family| (family.map)(row));
    let mut case = mapped.ok_or("no layer of the language")?.map_err(told)?;
    // It changes no shape, so that the mapping leaves it out.
    if row.layer.starts_with("Transformer") || row.layer == "MultiheadAttention" {
        case = case.with_some("dropout", row.float("dropout"));
    }
    parametrized(row, case)
}

/// The case with what makes its weight, where something does.
fn parametrized(row: &Row, case: Case) -> Result<Case, String> {
    let on = Value::Bool(true);
    let case = match row.word("norm") {
        None => return Ok(case),
        Some("weight_norm") => case.with("weight_norm", on),
        Some("spectral_norm") => case.with("spectral_norm", on),
        Some(other) => return Err(format!("what is `{other}`?")),
    };
    let axis = match row.word("dim") {
        Some(_) => Some(Value::Keyword("all")),
        None => row.int("dim").map_err(str::to_owned)?,
    };
    Ok(case
        .with_some("norm_dim", axis)
        .with_some("old_names", row.bool("old_names")))
}

fn bytes(layer: &Layer, given: &[Shape], samples: u64, wanted: bool) -> Result<u64, String> {
    let told = |error: shapewise::Error| error.to_string();
    let mut shapes = given.to_vec();
    for result in 0..layer.results() {
        shapes.push(layer.output(given, result).map_err(told)?);
    }
    let inputs: Vec<usize> = (0..given.len()).collect();
    let links = [Link {
        layer,
        inputs: &inputs,
        output: inputs.len(),
        results: layer.results(),
        counts: Counts::of(layer, given).map_err(told)?,
    }];
    let outputs = [inputs.len()];
    let flow = Flow::new(inputs.len(), &shapes, &links, &outputs);
    let pass = Backward {
        samples,
        ..Backward::eager(4)
    };
    let mut places = vec![Stored::NONE; flow.values()];
    Ok(store(&flow, &pass, wanted, &mut places).bytes(&pass))
}

fn embedding(row: &Row) -> Result<Case, String> {
    use crate::torch_layers::row::Batched;
    let (batch, rest) = row.inputs[0].split_at(1);
    let batched = Batched {
        batch: batch.to_vec(),
        shape: Shape::try_new(rest).ok_or("a shape")?,
    };
    let int = |name: &str| row.int(name).map_err(str::to_owned);
    Ok(Case::new("embedding", batched)
        .with_some("entries", int("num_embeddings")?)
        .with_some("features", int("embedding_dim")?))
}
