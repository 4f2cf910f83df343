//! What is rejected, and with which words.

use shapewise::error::Fix;
use shapewise::{Error, Value};

use super::layer::{Arguments, error, extents, int, shape};

/// The words of an error: headline, then what is needed.
fn words(name: &str, arguments: Arguments, inputs: &[shapewise::Shape]) -> (String, String) {
    let error = error(name, arguments, inputs);
    (
        error.headline(&format!("`{name}`")).to_string(),
        error.needs().to_string(),
    )
}

#[test]
fn heads_divide_the_features() {
    let input = [shape(&[9, 768])];
    let (headline, needs) = words("attention", &[("heads", int(10))], &input);
    assert_eq!(
        headline,
        "`heads = 10` does not divide the 768 features of `attention`"
    );
    assert_eq!(
        needs,
        "768 = 10*76 + 8; possible are 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, ..."
    );
    let error = error(
        "attention",
        &[("heads", int(12)), ("kv_heads", int(5))],
        &input,
    );
    assert_eq!(error.argument(), Some("kv_heads"));
    // With `head_dim` nothing is divided.
    let arguments = [("heads", int(10)), ("head_dim", int(64))];
    assert!(super::layer::build("attention", &arguments, &input).is_ok());
}

#[test]
fn sequences_are_wanted() {
    let image = [shape(&[14, 14, 8])];
    for (name, arguments) in [
        ("attention", [("heads", int(2))]),
        ("transformer_encoder", [("heads", int(2))]),
        ("lstm", [("features", int(2))]),
        ("class_token", [("count", int(1))]),
    ] {
        let error = error(name, &arguments, &image);
        assert!(matches!(error, Error::InputRank { .. }), "{error:?}");
        assert_eq!(error.fixes()[0], Fix::Before("to_sequence"));
        let vector = [shape(&[8])];
        let error = super::layer::error(name, &arguments, &vector);
        assert_eq!(error.fixes()[0], Fix::None);
    }
}

#[test]
fn values_that_belong_together() {
    let inputs = [shape(&[9, 8]), shape(&[5, 8]), shape(&[6, 8])];
    let arguments = [
        ("heads", int(2)),
        ("memory", Value::Input(1)),
        ("value", Value::Input(2)),
    ];
    let (headline, needs) = words("attention", &arguments, &inputs);
    assert_eq!(
        headline,
        "the inputs 5x8 and 6x8 of `attention` differ on length"
    );
    assert_eq!(
        needs,
        "equal extents on all axes but the last, but 5 != 6 on length"
    );
    let decoder = [("heads", int(2)), ("memory", Value::Input(1))];
    let (_, needs) = words(
        "transformer_decoder",
        &decoder,
        &[shape(&[9, 8]), shape(&[5, 6])],
    );
    assert_eq!(needs, "equal features, but 8 != 6 on features");
    let named = [
        ("q", Value::Input(0)),
        ("k", Value::Input(1)),
        ("v", Value::Input(2)),
        ("heads", int(4)),
        ("kv_heads", int(2)),
    ];
    let inputs = [shape(&[3, 8]), shape(&[5, 8]), shape(&[5, 8])];
    let (headline, _) = words("scaled_dot_product_attention", &named, &inputs);
    assert_eq!(
        headline,
        "the heads of queries and keys of `scaled_dot_product_attention` differ: \
         8/4 and 8/2 features"
    );
}

#[test]
fn windows_stand_alone() {
    let image = [shape(&[14, 14, 8])];
    let sequence = [shape(&[14, 8])];
    let window = ("window", int(7));
    let heads = ("heads", int(2));
    let (headline, _) = words("attention", &[heads, window, ("shift", int(7))], &image);
    assert_eq!(
        headline,
        "`shift = 7` of `attention` must be at most 6, less than the window"
    );
    let (headline, _) = words("attention", &[heads, ("shift", int(3))], &sequence);
    assert_eq!(headline, "`shift` of `attention` needs `window`");
    let bias = ("relative_position_bias", Value::Bool(true));
    let (headline, _) = words("attention", &[heads, bias], &sequence);
    assert_eq!(
        headline,
        "`relative_position_bias` of `attention` needs `window`"
    );
    let causal = ("causal", Value::Bool(true));
    let (headline, _) = words("attention", &[heads, window, causal], &image);
    assert_eq!(
        headline,
        "`causal` of `attention` cannot stand together with `window`"
    );
    let error = error("attention", &[heads, ("window", extents(&[7]))], &image);
    assert!(matches!(error, Error::AxisCount { .. }));
}

#[test]
fn numbers_out_of_bounds() {
    let sequence = [shape(&[14, 8])];
    let (headline, _) = words(
        "lstm",
        &[("features", int(4)), ("proj_size", int(4))],
        &sequence,
    );
    assert_eq!(
        headline,
        "`proj_size = 4` of `lstm` must be at most 3, less than the hidden features"
    );
    let error = error("positional_embedding", &[("positions", int(8))], &sequence);
    assert_eq!(
        error,
        Error::TooSmall {
            argument: "positions",
            least: 14
        }
    );
    let many = [("features", int(4)), ("layers", int(1025))];
    let error = super::layer::error("gru", &many, &sequence);
    assert_eq!(error.argument(), Some("layers"));
    let declared = [("features", int(4)), ("in", int(9))];
    let error = super::layer::error("gru", &declared, &sequence);
    assert!(matches!(error, Error::DeclaredInput { declared: 9, .. }));
}
