//! Layers as the macro would build them.

use shapewise::{Counts, Error, Extents, Layer, Shape, Value, catalogue};

/// Arguments of a layer.
pub(crate) type Arguments<'a> = &'a [(&'static str, Value)];

/// The layer of the language with these arguments on these inputs.
pub(crate) fn build(name: &str, arguments: Arguments, inputs: &[Shape]) -> Result<Layer, Error> {
    let entry = catalogue::find(name).expect("the catalogue has the layer");
    for (argument, _) in arguments {
        let known = entry.argument(argument).is_some() || *argument == "in";
        assert!(known, "`{name}` has an argument `{argument}`");
    }
    Layer::build(entry, arguments, inputs)
}

/// The shapes of all results.
pub(crate) fn outputs(name: &str, arguments: Arguments, inputs: &[Shape]) -> Vec<String> {
    let layer = build(name, arguments, inputs).expect("the layer fits");
    (0..layer.results())
        .map(|result| layer.output(inputs, result).expect("it fits").to_string())
        .collect()
}

pub(crate) fn macs(name: &str, arguments: Arguments, inputs: &[Shape]) -> u64 {
    let layer = build(name, arguments, inputs).expect("the layer fits");
    layer.macs(inputs).expect("it fits")
}

pub(crate) fn counts(name: &str, arguments: Arguments, inputs: &[Shape]) -> Counts {
    let layer = build(name, arguments, inputs).expect("the layer fits");
    Counts::of(&layer, inputs).expect("it fits")
}

pub(crate) fn explained(name: &str, arguments: Arguments, inputs: &[Shape]) -> String {
    let layer = build(name, arguments, inputs).expect("the layer fits");
    let mut text = String::new();
    layer
        .explain(inputs, &mut text)
        .expect("a string takes all");
    text
}

pub(crate) fn error(name: &str, arguments: Arguments, inputs: &[Shape]) -> Error {
    match build(name, arguments, inputs) {
        Ok(layer) => panic!("{layer:?} is built"),
        Err(error) => error,
    }
}

pub(crate) fn shape(extents: &[usize]) -> Shape {
    Shape::new(extents)
}

pub(crate) fn int(value: usize) -> Value {
    Value::Int(value as u64)
}

pub(crate) fn extents(values: &[usize]) -> Value {
    Value::Extents(Extents::new(values))
}
