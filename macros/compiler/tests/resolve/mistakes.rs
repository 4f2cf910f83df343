//! What is told of a mistake, where the words depend on what was written.

use crate::{graph, messages, on_image};

/// The only message of a network on an image, with this body.
#[track_caller]
fn told(body: &str) -> String {
    let messages = messages(&on_image(body));
    let [message] = messages.as_slice() else {
        panic!("{body}: {messages:#?}");
    };
    message.clone()
}

#[track_caller]
fn tells(body: &str, wanted: &[&str]) {
    let message = told(body);
    for wanted in wanted {
        assert!(message.contains(wanted), "{body}: {message}");
    }
}

#[track_caller]
fn tells_not(body: &str, unwanted: &str) {
    let message = told(body);
    assert!(!message.contains(unwanted), "{body}: {message}");
}

#[test]
fn symbols_are_called_by_their_kind() {
    tells("conv(WIDTH == 3, 3x3);", &["a truth value"]);
    tells("conv(WIDTH + 1 == 3, 3x3);", &["a truth value"]);
    tells(
        "if WIDTH + 1 { relu; }",
        &["expected a condition, found a value that only rustc knows"],
    );
}

#[test]
fn a_label_further_down_is_no_unknown_name() {
    let later = "used before it is defined";
    for below in [
        "late: relu;",
        "group: residual { late: relu; }",
        "residual { relu; } shortcut { late: relu; }",
        "concat { late: branch { relu; } branch { relu; } }",
        "concat { early: branch { relu; } branch { late: relu; } }",
    ] {
        tells(&format!("concat(_, late); {below}"), &[later]);
    }
    for elsewhere in [
        "relu;",
        "early: relu;",
        "concat { early: branch { relu; } branch { relu; } }",
        // What a group has inside is read through its label.
        "group: { late: relu; }",
    ] {
        tells_not(&format!("concat(_, late); {elsewhere}"), later);
    }
}

#[test]
fn an_activation_as_an_argument_is_a_layer_of_its_own() {
    for activation in ["relu", "leaky_relu", "gelu", "softmax"] {
        for written in [activation.to_owned(), format!("\"{activation}\"")] {
            tells(
                &format!("conv(4, 3x3, activation = {written});"),
                &[&format!(
                    "write the layer as `conv(4, 3x3), {activation}` (=> 14x14x4)"
                )],
            );
        }
    }
    // These cannot stand without arguments, or take several values.
    for other in ["conv", "bilinear", "add", "nothing"] {
        tells_not(
            &format!("conv(4, 3x3, activation = \"{other}\");"),
            "write the layer as",
        );
    }
}

#[test]
fn words_of_python_become_those_of_the_language() {
    tells(
        "Conv2d(8, 4, kernel_size = (3, 3), bias = False);",
        &["write the layer as `conv(4, 3x3, bias = false)`"],
    );
    tells(
        "Conv2d(8, 4, kernel_size = (3, 3), bias = \"True\");",
        &["write the layer as `conv(4, 3x3)`"],
    );
    tells(
        "Conv2d(8, 4, kernel_size = (3, 3), padding = \"VALID\");",
        &["write the layer as `conv(4, 3x3)`"],
    );
    // What the argument does not take is not proposed.
    tells_not("Conv2d(8, 4, kernel_size = False);", "write the layer as");
}

#[test]
fn extents_in_the_place_of_a_number_show_how_the_layer_is_written() {
    let usage = "it is written `conv(channels, kernel)`";
    tells("conv(3x3, 3x3);", &[usage]);
    // With its name, it is known where the mistake is.
    tells_not("conv(channels = 3x3, kernel = 3x3);", usage);
    tells_not("conv(4, 3x3, groups = 2x2);", usage);
}

#[test]
fn a_value_that_does_not_fit_is_proposed_as_it_was_written() {
    tells("conv(4, kernel_size = False);", &["write `kernel = False`"]);
    tells("conv(4, 3x3, use_bias = False);", &["write `bias = false`"]);
}

#[test]
fn words_that_are_right_are_silent() {
    let _ = graph(&on_image("conv(4, 3x3, bias = false), relu;"));
}

#[test]
fn operations_on_what_is_no_number_say_what_it_is() {
    for (value, operation, noun) in [
        ("WIDTH + true", "+", "a truth value"),
        ("3x3 * WIDTH", "*", "extents"),
        ("WIDTH - \"same\"", "-", "a text"),
        ("(WIDTH, 3) - WIDTH", "-", "a tuple"),
    ] {
        tells(
            &format!("conv({value}, 3x3);"),
            &[&format!(
                "`{operation}` does not work on {noun} and a value that only rustc knows"
            )],
        );
    }
    tells(
        "conv(4, 3x3, bias = !(WIDTH + 1));",
        &["`!` does not work on"],
    );
    // What is not known is told of once.
    tells(
        "conv(WIDTH + widht, 3x3);",
        &["`widht` is not defined here"],
    );
    let _ = graph(&on_image("conv(4, 3x3, bias = !FLAG);"));
}

#[test]
fn what_stands_on_a_mistake_adds_none() {
    // The label has a shape, as declared, and no layer, for the layer is misspelt.
    let misspelt = "a: convv(4, 3x3) => 14x14x4;";
    tells(
        &format!("{misspelt} from image, conv(4, 3x3, shared = a);"),
        &["there is no layer `convv`"],
    );
    tells(
        &format!("{misspelt} concat(a, _), conv(a.channels, 3x3);"),
        &["there is no layer `convv`", "did you mean `conv`"],
    );
}

#[test]
fn a_number_with_a_point_is_proposed_where_it_is_whole() {
    tells("conv(4.0, 3x3);", &["write `4`"]);
    for other in [
        "conv(2.5, 3x3);",
        "conv(-2.0, 3x3);",
        "conv(4, 3x3, bias = 1.0);",
    ] {
        tells_not(other, "help: write");
    }
}

#[test]
fn axes_that_a_value_has_not_are_told_with_those_that_it_has() {
    for (input, axes) in [
        ("8", "a vector"),
        ("16x8", "length x features"),
        ("16x16x8", "height x width x channels"),
        ("4x16x16x8", "depth x height x width x channels"),
    ] {
        let wrong = if input == "16x16x8" {
            "length"
        } else {
            "height"
        };
        let wrong = if input == "4x16x16x8" {
            "length"
        } else {
            wrong
        };
        let messages = messages(&format!(
            "struct Net(x: {input}) -> (out) {{ let size = x.{wrong}; relu; }}"
        ));
        assert!(
            messages.len() == 1 && messages[0].contains(axes),
            "{messages:#?}"
        );
    }
}

#[test]
fn floats_are_computed() {
    for (value, wanted) in [
        ("1.0 - 0.75", "0.25"),
        ("0.5 * 0.5", "0.25"),
        ("1 - 0.5", "0.5"),
        ("1 / 4.0", "0.25"),
    ] {
        let graph = graph(&on_image(&format!("dropout({value});")));
        let layer = format!("{:?}", graph.nodes[0].layer);
        assert!(layer.contains(wanted), "{value}: {layer}");
    }
}

#[test]
fn bounds_of_rustcs_are_of_the_figures_kind() {
    for (bound, wanted) in [
        ("params <= [N, 3]", "expected a count, found a list"),
        ("depth <= 3 == N", "`3 == N` is no count"),
        (
            "receptive_field <= [N, N, N, N, N, N]",
            "expected a number for each axis",
        ),
    ] {
        tells(&format!("relu; assert {bound};"), &[wanted]);
    }
    let _ = graph(&on_image(
        "relu; assert params <= N + 1; assert receptive_field <= [N, 3];",
    ));
}

#[test]
fn a_truth_value_of_rustcs_is_no_extent() {
    for wrong in ["conv(4, [!FLAG, 3]);", "pad([(!FLAG, 1), (0, 1)]);"] {
        tells(wrong, &["not a list: `["]);
    }
}

#[test]
fn long_statements_are_told_by_their_ends() {
    let activations = "relu, tanh, sigmoid, ".repeat(6);
    tells(
        &format!("conv(4, 1x1), {activations}gelu; conv(4, 20x20);"),
        &["from `conv(4, 1x1), relu, tanh, sigmoid, r...elu, tanh, sigmoid, gelu`"],
    );
}

#[test]
fn short_words_are_no_misspelt_layers() {
    for word in ["erf", "fft", "rope"] {
        tells_not(&format!("{word};"), "did you mean");
    }
    tells("covn(4, 3x3);", &["did you mean `conv`?"]);
}

#[test]
fn an_argument_goes_on_as_what_it_was_meant_for() {
    // Told once each, and the shape behind it is that of the argument.
    for (body, wanted) in [
        ("conv(8, 3x3, paddig = 1); add(_, image);", "`padding`"),
        ("conv(8, 3x3, pad = 1); add(_, image);", "`padding`"),
        (
            "conv(8, kernel_size = (1, 1)); add(_, image);",
            "`kernel = 1x1`",
        ),
        ("conv(8, (1, 1)); add(_, image);", "`1x1`"),
        (
            "conv(8, 1x1, bias = False); add(_, image);",
            "`bias = false`",
        ),
    ] {
        tells(body, &[wanted]);
    }
}

#[test]
fn copies_may_be_counted_in_parentheses() {
    let repeated = graph(&on_image("repeat (1 + 1) { conv(8, 1x1); }"));
    assert_eq!(repeated.nodes.len(), 2);
}

#[test]
fn each_bound_is_an_error_of_its_own() {
    let bounds = messages(&on_image(
        "conv(8, 3x3); assert params <= 9; assert macs < 9;",
    ));
    assert_eq!(bounds.len(), 2, "{bounds:#?}");
    // Exact figures change together.
    tells(
        "conv(8, 3x3); assert params == 9; assert macs == 9;",
        &["also"],
    );
}
