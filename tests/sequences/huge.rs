//! Numbers beyond all sense are errors, never a wrong figure or a panic.

use shapewise::{Layer, Shape, Value, catalogue};

/// Numbers around the edges of what fits, one after the other.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let bits = self.0 >> 33;
        let most = usize::MAX >> (bits / 8 % 64);
        match bits % 8 {
            0..=3 => bits as usize / 512 % 6 + 1,
            4 => most,
            5 => most / 2 + 1,
            6 => most / 3,
            _ => 1024,
        }
    }

    /// Among them values that the layer does not have.
    fn value(&mut self, inputs: usize) -> Value {
        match self.next() % 5 {
            0 => Value::None,
            _ => Value::Input(self.next() % (inputs + 1)),
        }
    }

    fn shape(&mut self, features: usize) -> Shape {
        let rank = self.next() % 5 + 1;
        let mut extents: Vec<_> = (1..rank).map(|_| self.next().max(1)).collect();
        extents.push(features);
        Shape::new(&extents)
    }
}

#[test]
fn a_layer_is_built_or_rejected() {
    let mut numbers = Numbers(1);
    let families = [
        "dense",
        "embedding",
        "recurrent",
        "attention",
        "merge",
        "other",
    ];
    let entries: Vec<_> = catalogue::FAMILIES
        .iter()
        .filter(|family| families.contains(&family.name))
        .flat_map(|family| family.entries)
        .collect();
    let mut built = 0;
    for round in 0..20_000 {
        let entry = entries[round % entries.len()];
        let features = numbers.next().max(1);
        let count = numbers.next() % 3 + 1;
        let inputs: Vec<_> = (0..count).map(|_| numbers.shape(features)).collect();
        let arguments: Vec<_> = entry
            .arguments
            .iter()
            .filter_map(|argument| {
                let accepts = argument.accepts;
                let value = if accepts.value {
                    numbers.value(count)
                } else if accepts.int {
                    match numbers.next() % 3 {
                        0 if !argument.required => return None,
                        _ => Value::Int(numbers.next() as u64),
                    }
                } else if accepts.bool {
                    Value::Bool(numbers.next().is_multiple_of(2))
                } else {
                    return None;
                };
                Some((argument.name, value))
            })
            .collect();
        let told = format!("{} {arguments:?} on {inputs:?}", entry.name);
        let layer = match Layer::build(entry, &arguments, &inputs) {
            Ok(layer) => layer,
            Err(error) => {
                assert!(!error.to_string().is_empty(), "{told}");
                let _ = error.fixes();
                continue;
            }
        };
        built += 1;
        for result in 0..layer.results() {
            assert!(layer.output(&inputs, result).is_ok(), "{told}");
        }
        let mut text = String::new();
        assert!(layer.explain(&inputs, &mut text).is_ok(), "{told}");
        let _ = layer.macs(&inputs);
        let countable = (0..)
            .map_while(|index| layer.tensor(index))
            .all(|tensor| tensor.elements().is_some());
        assert!(countable, "{told}");
    }
    // Else nothing of this has been looked at.
    assert!(built > 2_000, "only {built} layers were built");
}
