//! Layers with thousands of arguments, those of which PyTorch said what shapes they have,
//! in onnxruntime and in the plain engine of `shapewise-lower`.

use std::collections::HashMap;

use shapewise::{Layer, Shape, catalogue};
use shapewise_core::layer::Role;
use shapewise_core::{Extents, Graph};
use shapewise_lower::{Customs, Elements, Init, Initial, Mode, Plan, Weight};
use shapewise_numerics::{Array, Numbers, Report, layer_graph};
use shapewise_onnx::Error;

#[path = "../../lower/tests/arrays/mod.rs"]
mod arrays;
#[path = "onnx/evaluate.rs"]
mod evaluate;
#[path = "onnx/interpreter.rs"]
mod interpreter;
#[path = "../../lower/tests/plain/mod.rs"]
mod plain;
#[path = "../../../tests/torch_layers"]
#[expect(dead_code, reason = "what only the comparison of shapes uses")]
mod torch_layers {
    pub(crate) mod activation;
    pub(crate) mod attention;
    pub(crate) mod compare;
    pub(crate) mod convolution;
    pub(crate) mod dense;
    pub(crate) mod explain;
    pub(crate) mod merge;
    pub(crate) mod normalisation;
    pub(crate) mod pooling;
    pub(crate) mod recurrent;
    pub(crate) mod row;
    pub(crate) mod shape_ops;
}

use evaluate::Models;
use plain::Plain;
use torch_layers::row::{Mapped, Row, Truth};
use torch_layers::{
    activation, attention, convolution, dense, merge, normalisation, pooling, recurrent, shape_ops,
};

/// The largest difference, of the largest number: a normalisation of two numbers has
/// little left of what they are.
const TOLERANCE: f64 = 2e-4;
/// The most products, and elements of anything, of a layer that is compared: the plain
/// engine is slow.
const MOST: u64 = 5_000;

/// The layer of a row in the language.
fn mapped(row: &Row) -> Option<Mapped> {
    let families = [
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
    families.iter().find_map(|family| (family.map)(row))
}

/// Normal numbers, of which `name` decides.
fn numbers(name: &str, extents: &[usize], std: f64) -> Option<Array> {
    let weight = Weight {
        name: name.to_owned(),
        extents: Extents::new(&[extents.iter().product()]),
        role: Role::Weight,
        elements: Elements::Float,
        init: Init::Normal {
            std,
            zero_row: None,
        },
    };
    match weight.initial(1) {
        Initial::Floats(values) => Some(Array::floats(extents, values)),
        Initial::Ints(_) => None,
    }
}

/// A tensor so that values neither vanish nor grow.
fn tensor(weight: &Weight) -> Option<Array> {
    let extents = weight.extents.as_slice();
    if let (Elements::Int, Initial::Ints(values)) = (weight.elements, weight.initial(1)) {
        return Some(Array {
            dims: extents.to_vec(),
            numbers: Numbers::Int(values),
        });
    }
    let fan: usize = extents.iter().skip(1).product();
    #[expect(clippy::cast_precision_loss, reason = "a scale")]
    let std = match extents.len() {
        0 | 1 => 0.5,
        _ => (fan as f64).sqrt().recip(),
    };
    let mut array = numbers(&weight.name, extents, std)?;
    if let (true, Numbers::Float(values)) =
        (weight.name.ends_with("running_var"), &mut array.numbers)
    {
        values
            .iter_mut()
            .for_each(|value| *value = value.abs() + 0.5);
    }
    Some(array)
}

/// An input of two samples. Indices are of a table with so many entries.
fn input(place: usize, shape: &Shape, elements: Elements, entries: usize) -> Option<Array> {
    let extents = match shape.rank() > 2 {
        true => shape.channels_first(),
        false => shape.extents(),
    };
    let dims = [&[2], extents.as_slice()].concat();
    let mut array = numbers(&format!("x{place}"), &dims, 1.0)?;
    if elements == Elements::Int {
        let count: usize = dims.iter().product();
        let indices = (0..count).map(|place| place * 7 % entries);
        let indices = indices.map(|index| i64::try_from(index).unwrap_or(0));
        array.numbers = Numbers::Int(indices.collect());
    }
    Some(array)
}

/// What the plain engine makes of a layer, with what it is given.
struct Calculated {
    inputs: Vec<Array>,
    tensors: Vec<(String, Array)>,
    outputs: Vec<Array>,
}

fn calculated(graph: &'static Graph) -> Result<Calculated, String> {
    let mut engine = Plain::default();
    let plan = Plan::of(graph, &engine, Customs::new()).map_err(|error| error.to_string())?;
    let entries = plan
        .weights()
        .iter()
        .map(|weight| weight.extents.as_slice());
    let entries = entries.filter_map(|extents| extents.first().copied()).min();
    let takes = plan.takes().iter().zip(graph.values()).enumerate();
    let inputs = takes
        .map(|(place, (elements, shape))| input(place, shape, *elements, entries.unwrap_or(1)));
    let inputs: Vec<_> = inputs.collect::<Option<_>>().ok_or("no input")?;
    let tensors = plan.weights().iter();
    let tensors = tensors.map(|weight| Some((weight.name.clone(), tensor(weight)?)));
    let tensors: Vec<_> = tensors.collect::<Option<_>>().ok_or("no tensor")?;
    let mut weights = |_: &mut Plain, place: usize| Ok(arrays::tensor(&tensors[place].1));
    let entering = inputs.iter().map(arrays::tensor).collect();
    let run = plan.run(&mut engine, &mut weights, entering, Mode::Inference);
    let outputs = run.map_err(|error| error.to_string())?.values;
    Ok(Calculated {
        outputs: outputs.iter().map(arrays::array).collect(),
        inputs,
        tensors,
    })
}

/// How far two are apart, where both are no number or infinite not at all.
fn gap(own: &Array, expected: &Array) -> Result<f64, String> {
    let (mut own, mut expected) = (own.clone(), expected.clone());
    if let (Numbers::Float(own), Numbers::Float(expected)) =
        (&mut own.numbers, &mut expected.numbers)
    {
        for (own, expected) in own.iter_mut().zip(expected) {
            let alike = own.is_nan() && expected.is_nan() || own == expected;
            if alike && !own.is_finite() {
                (*own, *expected) = (0.0, 0.0);
            }
        }
    }
    own.gap(&expected)
}

#[test]
fn onnxruntime_computes_what_the_plain_engine_does() {
    let mut models = Models::new("agreement");
    let mut report = Report::new();
    let mut pending = Vec::new();
    for line in include_str!("../../../tests/data/torch_layers.jsonl").lines() {
        let row = Row::parse(line);
        let (
            Truth::Valid {
                macs,
                counts,
                outputs,
            },
            Some(Ok(case)),
        ) = (&row.truth, mapped(&row))
        else {
            continue;
        };
        let elements = case
            .inputs
            .iter()
            .filter_map(|shape| shape.extents().product());
        let elements: u64 = elements.sum();
        let made = outputs.iter().flatten().product::<usize>();
        let work = [elements, macs.unwrap_or(0), counts.params, made as u64];
        if work.iter().any(|&work| work > MOST) {
            continue;
        }
        let id = format!("row {}", row.id);
        let entry = catalogue::find(case.entry).expect("a layer");
        // What PyTorch runs and the language refuses is told where shapes are compared.
        let Ok(layer) = Layer::build(entry, &case.arguments, &case.inputs) else {
            continue;
        };
        let results = layer.results();
        let Ok(graph) = layer_graph(entry, case.arguments, &case.inputs, results) else {
            continue;
        };
        let made = calculated(graph).unwrap_or_else(|why| panic!("{id}: {}: {why}", entry.name));
        let tensors = made.tensors.iter();
        let tensors: HashMap<_, _> = tensors
            .map(|(name, tensor)| (name.as_str(), tensor))
            .collect();
        let inputs: Vec<_> = made.inputs.iter().collect();
        match models.add(graph, &inputs, &tensors, false) {
            Ok(place) => pending.push((entry.name, id, place, graph, made.outputs)),
            Err(why @ Error::Unsupported { .. }) => {
                report.left_out(entry.name, &id, &why.to_string());
            }
            Err(why) => report.compared(entry.name, &id, Err(why.to_string()), TOLERANCE),
        }
    }
    let ran = models.run();
    for (kind, id, place, graph, expected) in pending {
        let all = ran[place]
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|outputs| {
                let outputs = graph.outputs().iter().map(|(name, _)| &outputs[*name]);
                arrays::worst(
                    outputs
                        .zip(&expected)
                        .map(|(own, expected)| gap(own, expected)),
                )
            });
        report.compared(kind, &id, all, TOLERANCE);
    }
    report.finish();
}
