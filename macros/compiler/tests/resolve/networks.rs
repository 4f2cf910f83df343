//! What is told of networks, of the blocks that they call and of other networks in them.

use crate::{graph, messages, on_image};

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
fn values_that_nothing_reads_are_told_of_unless_that_is_allowed() {
    let warnings = |network: &str, statement: &str| {
        let body = format!("{statement} lost: conv(4, 1x1); from image, relu;");
        let graph = graph(&format!("{network} {}", on_image(&body)));
        graph.warnings.len()
    };
    assert_eq!(warnings("", ""), 1);
    assert_eq!(warnings("#[allow(dead_code, inexact_stride)]", ""), 1);
    assert_eq!(warnings("#[deny(unused_value)]", ""), 1);
    assert_eq!(warnings("#[allow(unused_value)]", ""), 0);
    assert_eq!(warnings("#[allow(dead_code, unused_value)]", ""), 0);
    assert_eq!(warnings("", "#[allow(unused_value)]"), 0);
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
    // Where it fits somewhere, the mistake may be in the calls, unless many fail alike.
    let wrong = "from image, Unit(8) => 16x16x8;";
    let right = "from image, Unit(8) => 14x14x8;";
    assert_eq!(messages(&format!("{wrong} {wrong} {right}")).len(), 2);
    assert_eq!(
        messages(&format!("{wrong} {right} {wrong} {wrong}")).len(),
        1
    );
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

#[test]
fn several_results_are_compared_with_as_many_shapes() {
    let words = |shapes: &str| {
        messages(&format!(
            "struct Net(words: 6x4) -> (out) {{ (a, _b): lstm(5) => {shapes}; from a, relu; }}"
        ))
    };
    assert_eq!(words("(6x5, 1x5)"), [""; 0]);
    for (wrong, message) in [
        ("(6x4, 1x5)", "gives 6x5, not 6x4"),
        ("(6x5, 2x5)", "gives 1x5, not 2x5"),
        ("6x5", "1 shapes are expected, but 2 values leave here"),
    ] {
        let told = words(wrong);
        assert!(told.len() == 1 && told[0].contains(message), "{told:#?}");
    }
}

#[test]
fn only_its_own_lint_denies_a_stride_that_drops_elements() {
    let denied =
        |attribute: &str| graph(&format!("{attribute} {}", on_image("relu;"))).deny_inexact_stride;
    assert!(denied("#[deny(inexact_stride)]"));
    assert!(denied("#[deny(dead_code, inexact_stride)]"));
    for other in ["", "#[deny(dead_code)]", "#[allow(inexact_stride)]"] {
        assert!(!denied(other), "{other}");
    }
}

#[test]
fn a_network_that_is_its_own_layer_is_told_of_with_the_way_around() {
    let other = "struct Other(x: 8) -> (out: 8) { relu; }";
    let alone = messages(&format!("struct A(x: 8) -> (out: 8) {{ A; }} {other}"));
    assert!(
        alone.len() == 1 && alone[0].contains("A -> A"),
        "{alone:#?}"
    );
    let pair = messages(&format!(
        "struct A(x: 8) -> (out: 8) {{ B; }} {other} struct B(x: 8) -> (out: 8) {{ A; }}"
    ));
    assert!(
        pair.len() == 1 && pair[0].contains("A -> B -> A"),
        "{pair:#?}"
    );
    // The first of them tells it.
    let second =
        messages("struct B(x: 8) -> (out: 8) { relu; A; } struct A(x: 8) -> (out: 8) { relu, A; }");
    assert_eq!(second, [""; 0]);
}

/// A network around one of two inputs and two outputs.
fn fused(body: &str) -> String {
    format!(
        "struct Net(a: 8x8x4, b: 8x8x6, c: 8x8x4) -> (out) {{ {body} }}
         struct Fuse(left: 8x8x4, right: 8x8x6) -> (both: 8x8x10, sum: 8x8x4) {{
             both: concat(left, right);
             narrow: conv(4, 1x1);
             sum: add(narrow, left);
         }}
         struct Merge(left: 8x8x4, right: 8x8x6) -> 8x8x2 {{ concat(left, right), conv(2, 1x1); }}"
    )
}

#[test]
fn a_network_takes_what_flows_in_and_what_is_in_its_parentheses() {
    let inputs = |body: &str| {
        let graph = graph(&fused(body));
        let mut nodes = graph.nodes.iter();
        let node = nodes.find(|node| node.inside.is_some()).unwrap();
        node.step.inputs.clone()
    };
    for body in [
        "Merge(b);",
        "from a, Merge(b);",
        "Merge(right = b);",
        "from b, Merge(left = a);",
        "let others = [b]; Merge(others);",
        "(_both, sum): Fuse(b); from sum, relu;",
        "first: Merge(b); from a, Merge(b, shared = first);",
    ] {
        assert_eq!(inputs(body), [0, 1], "{body}");
    }
    assert_eq!(inputs("from c, Merge(b);"), [2, 1]);
}

#[test]
fn values_that_a_network_does_not_take_are_told() {
    for (body, wanted) in [
        (
            "Merge;",
            "the network `Merge` has 2 inputs, but 1 value comes in",
        ),
        ("Merge(b, c);", "has 2 inputs, but 3 values come in"),
        ("Merge(b, c);", "`from left, Merge(right)`"),
        (
            "Merge(c);",
            "takes 8x8x6 at its input `right`, but 8x8x4 comes in",
        ),
        (
            "from b, Merge(c);",
            "takes 8x8x4 at its input `left`, but 8x8x6 comes in",
        ),
        ("Merge(rihgt = b);", "did you mean `right`?"),
        ("Merge(other = b);", "it has `left`, `right`"),
        ("Merge(right = b, right = b);", "is given twice"),
        (
            "Merge(64);",
            "takes values of the network and `shared` only",
        ),
        ("Merge(d);", "takes values of the network and `shared` only"),
        ("Fuse(b);", "has 2 outputs, and each needs a label"),
        ("other::Merge(right = b);", "are given in their order"),
        ("other::Merge(b, 3);", "there is no"),
    ] {
        let messages = messages(&fused(body));
        assert!(messages[0].contains(wanted), "{body}: {messages:#?}");
        assert_eq!(messages.len(), 1, "{body}: {messages:#?}");
    }
}

#[test]
fn networks_of_elsewhere_take_several_values() {
    for body in [
        "from a, other::Merge(b) => 8x8x2;",
        "Elsewhere(b, c) => 8x8x2;",
        "other::Generic::<3>(b) => 8x8x2;",
        "first: other::Merge(b) => 8x8x2; from a, other::Merge(b, shared = first) => 8x8x2;",
    ] {
        let graph = graph(&fused(body));
        assert!(graph.nodes[0].step.inputs.starts_with(&[0, 1]), "{body}");
    }
    // What other frameworks call so is theirs.
    let told = messages(&fused("nn::Linear(10);"));
    assert!(told[0].contains("`linear(10)`"), "{told:#?}");
}
