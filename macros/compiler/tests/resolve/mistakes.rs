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
    for other in ["conv", "linear", "add", "nothing"] {
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
        &["write the layer as `conv(4, 3x3, bias = true)`"],
    );
    tells(
        "Conv2d(8, 4, kernel_size = (3, 3), padding = \"VALID\");",
        &["write the layer as `conv(4, 3x3, padding = 0)`"],
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
fn the_mistakes_of_the_world_that_fits_are_told() {
    // Where `SIDE` is 1 the kernel fits, and only there is it known what comes out.
    let messages = messages(
        "struct Net(image: 16x16x8) -> (out) {
             conv(8, [SIDE, SIDE]), Inner, conv(4, 17x17);
             from image, conv(4, 18x18);
         }
         struct Inner(image: 16x16x8) -> (out: 15x15x4) { conv(4, 2x2); }",
    );
    assert_eq!(messages.len(), 2, "{messages:#?}");
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
fn values_that_nothing_reads_are_told_of_unless_that_is_allowed() {
    let warnings = |network: &str, statement: &str| {
        let body = format!("{statement} lost: conv(4, 1x1); from image, relu;");
        let graph = graph(&format!("{network} {}", on_image(&body)));
        graph.warnings.len()
    };
    assert_eq!(warnings("", ""), 1);
    assert_eq!(
        warnings("#[allow(dead_code)]", "#[allow(inexact_stride)]"),
        1
    );
    assert_eq!(warnings("#[deny(unused_value)]", ""), 1);
    assert_eq!(warnings("#[allow(unused_value)]", ""), 0);
    assert_eq!(warnings("#[allow(dead_code, unused_value)]", ""), 0);
    assert_eq!(warnings("", "#[allow(unused_value)]"), 0);
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
fn a_blocks_mistake_is_told_once_for_all_calls_of_the_networks_own() {
    let messages = |statements: &str| {
        messages(&format!(
            "{} block Unit(channels) {{ conv(channels, 3x3); }}",
            on_image(statements)
        ))
    };
    let twice = "Unit(8) => 16x16x8; Unit(8) => 16x16x8;";
    assert_eq!(messages(twice).len(), 1);
    // What a repeat or another block expects says nothing about it.
    let repeated = messages(&format!(
        "{twice} repeat 1 {{ from image, Unit(8) => 14x14x8; }}"
    ));
    assert_eq!(repeated.len(), 1, "{repeated:#?}");
}

#[test]
fn a_residual_with_a_number_of_rustcs_is_left_to_rustc() {
    let _ = graph(&on_image("residual { conv(N, 3x3, padding = half); }"));
    let _ = graph(&on_image("conv(N, 1x1); residual { conv(8, 1x1); }"));
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
fn the_outputs_of_a_network_need_labels_as_many_as_they_are() {
    let told = |statement: &str| {
        messages(&format!(
            "{} struct Two(x: 16x16x8) -> (a: 16x16x2, b: 16x16x3) {{
                 a: conv(2, 1x1); b: from x, conv(3, 1x1);
             }}
             struct One(x: 16x16x8) -> (a: 16x16x2) {{ conv(2, 1x1); }}",
            on_image(statement)
        ))
    };
    for right in [
        "(a, b): Two; concat(a, b);",
        "(a, _b): Two; from a, relu;",
        "One;",
        "a: One;",
    ] {
        assert_eq!(told(right), [""; 0], "{right}");
    }
    for (wrong, name, outputs) in [
        ("Two;", "Two", 2),
        ("a: Two;", "Two", 2),
        ("(a, b, c): Two;", "Two", 2),
        ("(a, b): One;", "One", 1),
    ] {
        let told = told(wrong);
        let wanted = format!("the network `{name}` has {outputs} outputs, and each needs a label");
        assert!(
            told.len() == 1 && told[0].starts_with(&wanted),
            "{wrong}: {told:#?}"
        );
    }
}
