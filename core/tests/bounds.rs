//! Numbers at the edge of 64 bits: attention says what it costs as long as that fits,
//! and that it does not as soon as it does not.

use shapewise_core::{Counts, Error, Layer, Shape, Value, formula, layers};

/// Multiply-accumulates of an attention with one head on a sequence: four projections,
/// and two products of all positions with all positions.
fn attention_macs(length: u128, features: u128) -> u128 {
    4 * length * features * features + 2 * length * length * features
}

/// The weights of its projections, and their biases.
fn attention_params(features: u128) -> [u128; 2] {
    [4 * features * features, 4 * features]
}

fn powers(most: u32) -> impl Iterator<Item = u64> + Clone {
    // Next to the powers of two, too.
    (0..=most).flat_map(|power| [(1 << power) - u64::from(power > 1), 1 << power])
}

#[test]
fn attention_is_counted_up_to_64_bits() {
    let (mut fit, mut beyond) = (0, 0);
    for features in powers(33) {
        for length in powers(40) {
            let sizes = [length, features].map(|size| usize::try_from(size).unwrap());
            let input = [Shape::new(&sizes)];
            let arguments = [("heads", Value::Int(1))];
            let expected = attention_macs(length.into(), features.into());
            let [weights, biases] = attention_params(features.into());
            let counted = Layer::build(layers::attention, &arguments, &input)
                .and_then(|layer| Counts::of(&layer, &input));
            // What is doubled to floating-point operations has to fit, too.
            let fits = 2 * expected <= u64::MAX.into() && weights + biases <= u64::MAX.into();
            match counted {
                Ok(counts) => {
                    assert!(fits, "{length}x{features} is counted as {counts:?}");
                    assert_eq!(u128::from(counts.macs), expected, "{length}x{features}");
                    assert_eq!(u128::from(counts.weights), weights);
                    assert_eq!(u128::from(counts.biases), biases);
                    fit += 1;
                }
                Err(Error::Overflow { .. }) => {
                    assert!(!fits, "{length}x{features} has {expected} MACs, which fit");
                    beyond += 1;
                }
                Err(error) => panic!("{length}x{features}: {error}"),
            }
        }
    }
    assert!(fit > 500 && beyond > 500, "{fit} fit, {beyond} do not");
}

#[test]
fn transformer_layers_are_counted_up_to_64_bits() {
    let (mut fit, mut beyond) = (0, 0);
    for features in powers(30) {
        for feedforward in powers(40).step_by(3) {
            let input = [Shape::new(&[7, usize::try_from(features).unwrap()])];
            let arguments = [
                ("heads", Value::Int(1)),
                ("feedforward", Value::Int(feedforward)),
            ];
            let (e, f) = (u128::from(features), u128::from(feedforward));
            let macs = attention_macs(7, e) + 7 * 2 * e * f;
            let weights = 4 * e * e + 2 * e * f + 2 * e;
            let biases = 4 * e + f + e + 2 * e;
            let fits = 2 * macs <= u64::MAX.into() && weights + biases <= u64::MAX.into();
            let counted = Layer::build(layers::transformer_encoder, &arguments, &input)
                .and_then(|layer| Counts::of(&layer, &input));
            match counted {
                Ok(counts) => {
                    assert!(fits, "{e} and {f} are counted as {counts:?}");
                    let all = [counts.macs, counts.weights, counts.biases].map(u128::from);
                    assert_eq!(all, [macs, weights, biases], "{e} and {f}");
                    fit += 1;
                }
                Err(Error::Overflow { .. }) => {
                    assert!(!fits, "{e} and {f} have {macs} MACs, which fit");
                    beyond += 1;
                }
                Err(error) => panic!("{e} and {f}: {error}"),
            }
        }
    }
    assert!(fit > 200 && beyond > 100, "{fit} fit, {beyond} do not");
}

/// Heads whose keys or values alone are too large, whichever is.
#[test]
fn features_of_all_heads_have_to_fit() {
    let built = |key: u64, value: u64| {
        let arguments = [
            ("heads", Value::Int(8)),
            ("head_dim", Value::Int(key)),
            ("value_dim", Value::Int(value)),
        ];
        Layer::build(layers::attention, &arguments, &[Shape::new(&[5, 64])]).map(|_| ())
    };
    const LARGE: u64 = 1 << 61;
    assert_eq!(built(16, 32), Ok(()));
    for (key, value) in [(LARGE, 8), (8, LARGE), (LARGE, LARGE)] {
        let error = built(key, value).unwrap_err();
        assert!(
            matches!(error, Error::Overflow { .. }),
            "{key}, {value}: {error}"
        );
    }
}

#[test]
fn a_padded_input_has_to_fit() {
    const MAX: usize = usize::MAX;
    let positions = |padding, input| {
        let window = formula::Window {
            name: "kernel",
            size: 3,
            stride: 1,
            padding,
            dilation: 1,
        };
        window.output_size(input, false)
    };
    assert_eq!(positions((MAX - 10, 0), 10), Ok(MAX - 2));
    assert_eq!(positions((0, MAX - 10), 10), Ok(MAX - 2));
    assert_eq!(positions((MAX - 11, 1), 10), Ok(MAX - 2));
    for padding in [(MAX, 0), (0, MAX), (MAX - 9, 0), (MAX - 10, 1), (MAX, MAX)] {
        let error = positions(padding, 10).unwrap_err();
        assert!(
            matches!(error, Error::Overflow { .. }),
            "{padding:?}: {error}"
        );
    }
}

#[test]
fn windows_that_would_start_beyond_the_machine_do_not_count() {
    let positions = |stride, input, ceil_mode| {
        let window = formula::Window {
            name: "kernel",
            size: 1,
            stride,
            padding: (0, 0),
            dilation: 1,
        };
        window.output_size(input, ceil_mode)
    };
    let stride = usize::MAX / 2 + 2;
    for ceil_mode in [false, true] {
        assert_eq!(positions(stride, usize::MAX, ceil_mode), Ok(2));
        assert_eq!(positions(stride, stride, ceil_mode), Ok(1));
    }
    assert_eq!(positions(usize::MAX / 2, usize::MAX, false), Ok(3));
    assert_eq!(positions(usize::MAX / 2 - 1, usize::MAX, true), Ok(3));
}

#[test]
fn the_padding_of_an_embedding_is_one_of_its_entries() {
    let built = |padding| {
        let arguments = [
            ("entries", Value::Int(10)),
            ("features", Value::Int(4)),
            ("padding_idx", Value::Int(padding)),
        ];
        Layer::build(layers::embedding, &arguments, &[Shape::new(&[5])]).map(|_| ())
    };
    assert_eq!(built(9), Ok(()));
    let error = built(10).unwrap_err();
    assert!(
        matches!(
            error,
            Error::TooLarge {
                value: 10,
                most: 9,
                ..
            }
        ),
        "{error}"
    );
}
