//! Evaluation at compile time, and numbers at the edge of the machine.

use shapewise_core::catalogue::Entry;
use shapewise_core::{Extents, Layer, Shape, Sides, Value, catalogue, layers};

use crate::Arguments;

/// The same rules in const evaluation.
const HALVES: Shape = {
    let input = [Shape::new(&[28, 28, 116])];
    match Layer::build(layers::channel_split, &[("parts", Value::Int(2))], &input) {
        Ok(layer) => match layer.output(&input, 1) {
            Ok(shape) => shape,
            Err(error) => error.panic("split"),
        },
        Err(error) => error.panic("split"),
    }
};

#[test]
fn the_rules_are_const() {
    assert_eq!(HALVES, Shape::new(&[28, 28, 58]));
}

/// No size that fits a `usize` makes a rule panic, in its shapes, its tensors or
/// its words.
#[test]
fn nothing_panics_at_the_edge_of_the_machine() {
    const HUGE: usize = usize::MAX;
    let families = ["normalisation", "activation", "regularisation", "shape"];
    let numbers = [1, 2, 3, HUGE / 2 + 1, HUGE];
    let mut inputs = Vec::new();
    for rank in 1..=4 {
        for number in numbers {
            let mut extents = vec![number; rank];
            inputs.push(Shape::new(&extents));
            extents[rank - 1] = 6;
            inputs.push(Shape::new(&extents));
        }
    }
    let mut built = 0;
    let entries = catalogue::FAMILIES
        .iter()
        .filter(|family| families.contains(&family.name))
        .flat_map(|family| family.entries);
    for entry in entries {
        for input in &inputs {
            for number in numbers {
                let extents = Extents::splat(number, input.spatial_rank());
                let values = [
                    Value::Int(number as u64),
                    Value::Extents(extents),
                    Value::Sides(Sides::symmetric(extents)),
                    Value::Float(number as f64),
                    Value::Range(number / 2, number),
                ];
                for value in values {
                    let written = entry.arguments.iter();
                    let written: Vec<(&'static str, Value)> = written
                        .filter(|argument| argument.required || argument.default == Value::None)
                        .filter(|argument| argument.check(value).is_ok())
                        .map(|argument| (argument.name, value))
                        .collect();
                    // All of them, and each alone.
                    let alone = written.iter().map(|one| vec![*one]);
                    for arguments in alone.chain([written.clone()]) {
                        built += usize::from(try_everything(entry, &arguments, *input));
                    }
                }
            }
        }
    }
    assert!(built > 1_000, "only {built} layers fit");
}

fn try_everything(entry: &Entry, arguments: Arguments, input: Shape) -> bool {
    let inputs = [input];
    let layer = match Layer::build(entry, arguments, &inputs) {
        Ok(layer) => layer,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            let _ = error.fixes();
            return false;
        }
    };
    let _ = layer.output(&inputs, layer.results() - 1);
    let _ = layer.macs(&inputs);
    let _ = (0..).map_while(|index| layer.tensor(index)).count();
    let mut text = String::new();
    layer
        .explain(&inputs, &mut text)
        .expect("a string takes everything");
    true
}
