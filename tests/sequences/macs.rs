//! Multiply-accumulates against loops that take every product one by one.

use shapewise::Value;

use super::layer::{counts, extents, int, macs, shape};

/// One step after the other, one gate after the other.
fn recurrent_products(
    gates: usize,
    [length, features]: [usize; 2],
    hidden: usize,
    projection: Option<usize>,
    layers: usize,
    directions: usize,
) -> u64 {
    let state = projection.unwrap_or(hidden);
    let mut products = 0;
    let mut entering = features;
    for _layer in 0..layers {
        for _direction in 0..directions {
            for _step in 0..length {
                for _row in 0..gates * hidden {
                    (0..entering).for_each(|_| products += 1);
                    (0..state).for_each(|_| products += 1);
                }
                for _row in 0..projection.unwrap_or(0) {
                    (0..hidden).for_each(|_| products += 1);
                }
            }
        }
        entering = state * directions;
    }
    products
}

#[test]
fn recurrent_layers_multiply_their_weights_in_each_step() {
    for (name, gates) in [("rnn", 1), ("gru", 3), ("lstm", 4)] {
        for (length, features, hidden) in [(1, 1, 1), (5, 3, 4), (2, 7, 2), (4, 2, 5)] {
            for (layers, directions) in [(1, 1), (1, 2), (2, 1), (3, 2)] {
                let arguments = [
                    ("features", int(hidden)),
                    ("layers", int(layers)),
                    ("bidirectional", Value::Bool(directions == 2)),
                ];
                assert_eq!(
                    macs(name, &arguments, &[shape(&[length, features])]),
                    recurrent_products(gates, [length, features], hidden, None, layers, directions),
                    "{name} {arguments:?} on {length}x{features}"
                );
            }
        }
    }
}

#[test]
fn projected_states_are_multiplied_too() {
    for (layers, directions) in [(1, 1), (2, 2)] {
        let arguments = [
            ("features", int(5)),
            ("proj_size", int(3)),
            ("layers", int(layers)),
            ("bidirectional", Value::Bool(directions == 2)),
        ];
        assert_eq!(
            macs("lstm", &arguments, &[shape(&[4, 2])]),
            recurrent_products(4, [4, 2], 5, Some(3), layers, directions)
        );
    }
}

/// Projections row by row, then every query with every key that it sees.
fn attention_products(
    positions: [&[usize]; 3],
    features: [usize; 4],
    heads: [usize; 2],
    dims: [usize; 2],
    sees: impl Fn(usize, usize) -> bool,
) -> u64 {
    let [queries, keys, values] = positions;
    let [query_heads, kv_heads] = heads;
    let [dim, value_dim] = dims;
    let mut products = 0;
    let mut project = |positions: &[usize], from: usize, to: usize| {
        for _position in positions {
            for _row in 0..to {
                (0..from).for_each(|_| products += 1);
            }
        }
    };
    project(queries, features[0], query_heads * dim);
    project(keys, features[1], kv_heads * dim);
    project(values, features[2], kv_heads * value_dim);
    project(queries, query_heads * value_dim, features[3]);
    for _head in 0..query_heads {
        for query in queries {
            for key in keys {
                if sees(*query, *key) {
                    (0..dim).for_each(|_| products += 1);
                    (0..value_dim).for_each(|_| products += 1);
                }
            }
        }
    }
    products
}

fn places(count: usize) -> Vec<usize> {
    (0..count).collect()
}

#[test]
fn attention_to_itself() {
    for (length, features, heads) in [(1, 1, 1), (5, 6, 2), (3, 8, 4), (7, 6, 6)] {
        let own = places(length);
        let expected = attention_products(
            [&own, &own, &own],
            [features; 4],
            [heads, heads],
            [features / heads; 2],
            |_, _| true,
        );
        for causal in [false, true] {
            let arguments = [("heads", int(heads)), ("causal", Value::Bool(causal))];
            let input = [shape(&[length, features])];
            assert_eq!(macs("attention", &arguments, &input), expected);
        }
    }
}

#[test]
fn attention_to_a_memory_with_grouped_heads() {
    let inputs = [shape(&[4, 6]), shape(&[5, 3]), shape(&[5, 7])];
    let arguments = [
        ("heads", int(6)),
        ("kv_heads", int(2)),
        ("head_dim", int(4)),
        ("value_dim", int(5)),
        ("features", int(9)),
        ("memory", Value::Input(1)),
        ("value", Value::Input(2)),
    ];
    let (own, other) = (places(4), places(5));
    let expected = attention_products(
        [&own, &other, &other],
        [6, 3, 7, 9],
        [6, 2],
        [4, 5],
        |_, _| true,
    );
    assert_eq!(macs("attention", &arguments, &inputs), expected);
}

#[test]
fn added_keys_are_seen_by_all_queries() {
    let input = [shape(&[3, 4])];
    let plain = macs("attention", &[("heads", int(2))], &input);
    let both = [
        ("heads", int(2)),
        ("add_bias_kv", Value::Bool(true)),
        ("add_zero_attn", Value::Bool(true)),
    ];
    // Two more keys and values of 4 features for each of 3 queries.
    assert_eq!(macs("attention", &both, &input), plain + 2 * 3 * 2 * 4);
}

/// Which window a position of an axis lies in.
fn window_of(position: usize, window: usize) -> usize {
    (0..).take_while(|i| i * window <= position).count()
}

#[test]
fn windows_attend_to_themselves() {
    for (height, width, window) in [(4, 4, 2), (5, 7, 3), (2, 2, 3), (6, 3, 3)] {
        // Rows and columns are added until whole windows cover the image.
        let full = |mut extent: usize| {
            while !extent.is_multiple_of(window) {
                extent += 1;
            }
            extent
        };
        let columns = full(width);
        let all = places(full(height) * columns);
        let region = |place: usize| {
            let (row, column) = (place / columns, place % columns);
            (window_of(row, window), window_of(column, window))
        };
        let expected =
            attention_products([&all, &all, &all], [6; 4], [2, 2], [3, 3], |query, key| {
                region(query) == region(key)
            });
        let arguments = [("heads", int(2)), ("window", int(window))];
        let input = [shape(&[height, width, 6])];
        assert_eq!(
            macs("attention", &arguments, &input),
            expected,
            "window {window} on {height}x{width}"
        );
    }
}

#[test]
fn a_volume_has_no_larger_window_than_itself() {
    let arguments = [("heads", int(2)), ("window", extents(&[8, 2, 2]))];
    let all = places(3 * 2 * 4);
    let expected = attention_products([&all, &all, &all], [4; 4], [2, 2], [2, 2], |a, b| {
        window_of(a % 4, 2) == window_of(b % 4, 2)
    });
    let input = [shape(&[3, 2, 4, 4])];
    assert_eq!(macs("attention", &arguments, &input), expected);
}

#[test]
fn transformer_layers_are_their_parts() {
    let (own, other) = (places(3), places(5));
    let mut feedforward = 0;
    for _position in 0..3 {
        for _hidden in 0..7 {
            // Into and out of the hidden feature.
            (0..4).for_each(|_| feedforward += 2);
        }
    }
    let to_itself = attention_products([&own, &own, &own], [4; 4], [2, 2], [2, 2], |_, _| true);
    let to_memory = attention_products([&own, &other, &other], [4; 4], [2, 2], [2, 2], |_, _| true);
    let sizes = [("heads", int(2)), ("feedforward", int(7))];
    let input = [shape(&[3, 4])];
    assert_eq!(
        macs("transformer_encoder", &sizes, &input),
        to_itself + feedforward
    );
    let three = [sizes[0], sizes[1], ("layers", int(3))];
    assert_eq!(
        macs("transformer_encoder", &three, &input),
        3 * (to_itself + feedforward)
    );
    let decoder = [sizes[0], sizes[1], ("memory", Value::Input(1))];
    assert_eq!(
        macs("transformer_decoder", &decoder, &[input[0], shape(&[5, 4])]),
        to_itself + to_memory + feedforward
    );
}

#[test]
fn products_without_weights() {
    let inputs = [shape(&[3, 8]), shape(&[5, 4]), shape(&[5, 6])];
    let arguments = [
        ("q", Value::Input(0)),
        ("k", Value::Input(1)),
        ("v", Value::Input(2)),
        ("heads", int(4)),
        ("kv_heads", int(2)),
    ];
    let mut products = 0;
    for _head in 0..4 {
        for _pair in 0..3 * 5 {
            (0..2 + 3).for_each(|_| products += 1);
        }
    }
    assert_eq!(
        macs("scaled_dot_product_attention", &arguments, &inputs),
        products
    );
    let mut products = 0;
    for _element in 0..3 * 4 {
        (0..5).for_each(|_| products += 1);
    }
    assert_eq!(
        macs("matmul", &[], &[shape(&[3, 5]), shape(&[5, 4])]),
        products
    );
    let mut products = 0;
    for _neuron in 0..6 * 2 {
        for _first in 0..3 {
            (0..5).for_each(|_| products += 1);
        }
    }
    let bilinear = [("features", int(2)), ("other", Value::Input(1))];
    assert_eq!(
        macs("bilinear", &bilinear, &[shape(&[6, 3]), shape(&[6, 5])]),
        products
    );
}

/// The figure that `torch.utils.flop_counter` gives for torchvision's `vit_b_16`
/// is 17,563,828,224: convolution, twelve encoder blocks, head.
#[test]
fn vit_b_16() {
    let tokens = [shape(&[197, 768])];
    let encoder = [("heads", int(12)), ("feedforward", int(3072))];
    let twelve = [encoder[0], encoder[1], ("layers", int(12))];
    let all = counts("transformer_encoder", &twelve, &tokens);
    assert_eq!(all.macs + 115_605_504 + 768_000, 17_563_828_224);
    // 86,567,656 parameters, without the convolution, the class token, the
    // positions, the last normalisation and the head.
    let others = 590_592 + 768 + 151_296 + 1_536 + 769_000;
    assert_eq!(all.params() + others, 86_567_656);
}

/// 235,929,600 products in the two LSTM layers of a classifier, as hooks on
/// PyTorch's modules count them.
#[test]
fn bidirectional_lstm() {
    let arguments = [
        ("features", int(256)),
        ("layers", int(2)),
        ("bidirectional", Value::Bool(true)),
    ];
    let all = counts("lstm", &arguments, &[shape(&[100, 128])]);
    assert_eq!(all.macs, 235_929_600);
    assert_eq!((all.weights, all.biases), (2_359_296, 8_192));
}
