//! Numbers beyond all sense are errors, never a wrong figure or a panic.

use proptest::prelude::*;
use shapewise::{Error, Extents, Layer, Shape, Sides, Value, catalogue};

fn number() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..=4_usize,
        (0..usize::BITS).prop_map(|bit| 1 << bit),
        (0..usize::BITS).prop_map(|bit| usize::MAX >> bit),
    ]
}

fn extents() -> impl Strategy<Value = Extents> {
    (number(), number()).prop_map(|(height, width)| Extents::new(&[height, width]))
}

const LAYERS: [&str; 10] = [
    "conv",
    "depthwise_conv",
    "separable_conv",
    "conv_transpose",
    "max_pool",
    "avg_pool",
    "lp_pool",
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "global_avg_pool",
];

proptest! {
    #[test]
    fn a_layer_is_built_or_rejected(
        name in proptest::sample::select(&LAYERS[..]),
        (spatial, kernel, stride, dilation) in (extents(), extents(), extents(), extents()),
        (before, after, output_padding) in (extents(), extents(), extents()),
        (channels, from, groups, ceil_mode) in (number(), number(), number(), any::<bool>()),
        keyword in proptest::option::of(proptest::sample::select(&["same", "half"][..])),
    ) {
        let Some(input) = Shape::from_parts(spatial, from) else {
            return Ok(());
        };
        let padding = match keyword {
            Some(word) => Value::Keyword(word),
            None => Value::Sides(Sides::new(before, after)),
        };
        let entry = catalogue::find(name).expect("the catalogue has the layer");
        let arguments: Vec<_> = [
            ("kernel", Value::Extents(kernel)),
            ("size", Value::Extents(kernel)),
            ("stride", Value::Extents(stride)),
            ("dilation", Value::Extents(dilation)),
            ("padding", padding),
            ("output_padding", Value::Extents(output_padding)),
            ("channels", Value::Int(channels as u64)),
            ("multiplier", Value::Int(channels as u64)),
            ("groups", Value::Int(groups as u64)),
            ("divisor_override", Value::Int(groups as u64)),
            ("norm_type", Value::Int(groups as u64)),
            ("ceil_mode", Value::Bool(ceil_mode)),
        ]
        .into_iter()
        .filter(|(name, _)| entry.argument(name).is_some())
        .collect();
        match Layer::build(entry, &arguments, &[input]) {
            Ok(layer) => {
                let _: Result<u64, Error> = layer.macs(&[input]);
                let mut text = String::new();
                prop_assert!(layer.explain(&[input], &mut text).is_ok());
                let countable = (0..)
                    .map_while(|index| layer.tensor(index))
                    .all(|tensor| tensor.elements().is_some());
                prop_assert!(countable, "{:?} has a tensor that cannot be counted", layer);
            }
            Err(error) => {
                prop_assert!(!error.to_string().is_empty());
                let _ = error.fixes();
            }
        }
    }
}
