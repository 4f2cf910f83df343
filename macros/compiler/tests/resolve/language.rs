//! What the language has beyond layers in a row: how it is written, and what is told of it.

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

#[test]
fn the_last_semicolon_of_a_body_may_be_left_out() {
    for body in [
        "conv(4, 1x1)",
        "first: conv(4, 1x1), relu",
        "conv(4, 1x1), relu,",
        "conv(4, 1x1) => 16x16x4",
        "conv(4, 1x1) => (16x16x4)",
        "part: { conv(4, 1x1), relu }",
        "residual { conv(8, 1x1) } shortcut { conv(8, 1x1) }",
        "repeat 2 { conv(4, 1x1) }",
        "concat { branch { relu } branch { conv(4, 1x1) } }",
        "conv(4, 1x1); let unread = 3",
        "conv(4, 1x1); assert depth == 1",
        "first: relu; second: conv(4, 1x1); from first",
    ] {
        graph(&on_image(body));
    }
}

#[test]
fn every_other_semicolon_is_there() {
    for (body, wanted) in [
        ("conv(4, 1x1) conv(4, 1x1)", "expected `,`, `=>` or `;`"),
        ("first: relu second: relu", "expected `;` at the end"),
        ("conv(4, 1x1) => 16x16x4 relu", "expected `;`"),
        (
            "let width = 4 conv(width, 1x1)",
            "expected `;` after the value",
        ),
        ("conv(4, 1x1) =>", "expected a shape after `=>`"),
    ] {
        let message = told(body);
        assert!(message.contains(wanted), "{body}: {message}");
    }
}

#[test]
fn what_is_written_as_in_rust_or_pytorch_is_told_as_it_is_here() {
    for (body, wanted) in [
        (
            "permute(2, 0, 1);",
            "help: write the layer as `permute([2, 0, 1])`",
        ),
        ("permute(1, 0);", "help: they stand in a list: `[1, 0]`"),
        ("reshape(-1);", "help: write the layer as `flatten`"),
        (
            "reshape(32, 64);",
            "help: write the layer as `reshape([32, 64])`",
        ),
        ("conv(config::N as usize, 3x3);", "`{ config::N as usize }`"),
        ("conv(N as u8 as usize + 1, 3x3);", "`{ N as u8 as usize }`"),
        ("conv(config::width(3), 3x3);", "`{ config::width(3) }`"),
        ("conv(WIDTH.pow(2), 3x3);", "`{ WIDTH.pow(2) }`"),
        ("repeat N as usize { relu; }", "`{ N as usize }`"),
        ("let width: usize = 3;", "a `let` has no type"),
        ("conv(8usize, 3x3);", "help: write `8`"),
        ("conv(8_u32, 3x3);", "help: write `8`"),
    ] {
        let message = told(body);
        assert!(message.contains(wanted), "{body}: {message}");
    }
}

#[test]
fn a_name_that_nobody_defined_is_told_as_such() {
    for (body, wanted) in [
        ("conv(width, 3x3);", "`width` is not defined here"),
        ("conv(8, 3x3, stride = step);", "`step` is not defined here"),
        ("conv(8, 3x3, bias = flag);", "`flag` is not defined here"),
        ("let width = 4; conv(widht, 3x3);", "did you mean `width`?"),
        (
            "let border = 1; conv(8, 3x3, padding = bordr);",
            "not defined",
        ),
    ] {
        let message = told(body);
        assert!(message.contains(wanted), "{body}: {message}");
    }
    // A word that was meant as one is none.
    for body in [
        "conv(8, 3x3, padding = saem);",
        "conv(8, 3x3, bias = flase);",
        "conv(8, 3x3, bias = False);",
        "conv(relu, 3x3);",
    ] {
        let message = told(body);
        assert!(!message.contains("not defined"), "{body}: {message}");
    }
}

#[test]
fn input_inside_of_a_structure_of_a_network_is_told_with_both_readings() {
    for (structure, body) in [
        ("residual", "residual { conv(input.channels, 1x1); }"),
        (
            "residual",
            "residual { relu; } shortcut if input.channels == 3 { relu; }",
        ),
        ("residual", "residual if input.channels == 8 { relu; }"),
        (
            "residual",
            "part: residual { { from input, conv(8, 1x1); } }",
        ),
        (
            "branch",
            "concat { branch { from input, relu; } branch { gelu; } }",
        ),
        (
            "branch",
            "concat { left: branch { from input, relu; } branch { gelu; } }",
        ),
        ("repeat", "repeat 2 { add(input, _); }"),
        (
            "repeat",
            "stack: repeat i in 0..2 { if true { add(input, _); } }",
        ),
    ] {
        let message = told(&format!("conv(8, 1x1); {body}"));
        let wanted = format!("what enters the network or what enters the {structure} around it");
        assert!(message.contains(&wanted), "{body}: {message}");
        assert!(
            message.contains("write `image` for the network's"),
            "{message}"
        );
        assert!(message.contains("`entry: ...;` before it"), "{message}");
    }
    let unnamed = messages("struct Net(16x16x8) -> (out) { residual { add(input, _); } }");
    assert!(
        unnamed[0].contains("name the network's input"),
        "{unnamed:?}"
    );
    // Outside of them, and in a block, there is one reading; a name is no other.
    for source in [
        on_image("conv(input.channels, 1x1); part: { add(input, _); }"),
        on_image("if true { add(relu(), input); }").replace("relu(), ", "_, "),
        on_image("residual { Part; } relu;")
            + "block Part() { repeat 2 { conv(input.channels, 1x1); } }",
        "struct Net(input: 16x16x8) -> (out) { residual { conv(input.channels, 1x1); } }"
            .to_owned(),
    ] {
        graph(&source);
    }
}

#[test]
fn labels_of_a_block_that_the_copies_are_are_those_of_the_copies() {
    let source = |last: &str| {
        on_image(&format!(
            "stack: repeat i in 0..3 {{ let width = 8; Part(width); }} {last}"
        )) + "block Part(width) { skip: conv(width, 1x1); deep: { inner: relu; } gelu; }"
    };
    for last in [
        "add(stack.*.skip);",
        "add(stack.{0}.skip, stack.{2}.skip);",
        "add(stack.*.deep.inner);",
        "conv(8, 1x1, shared = stack.{1}.skip);",
    ] {
        graph(&source(last));
    }
    let inputs = graph(&source("add(stack.*.skip);"));
    let sum = inputs.nodes.last().unwrap();
    let names = sum.step.inputs.iter().map(|value| {
        let node = inputs.values[*value].node.unwrap();
        inputs.nodes[node].step.path.clone()
    });
    let names: Vec<String> = names.collect();
    assert_eq!(names, ["stack.0.skip", "stack.1.skip", "stack.2.skip"]);
    let wrong = messages(&source("add(stack.*.skips);"));
    assert!(wrong[0].contains("did you mean `skip`?"), "{wrong:?}");
    // With a label, it is read by that.
    let labelled = source("add(stack.*.part.skip);").replace("Part(width);", "part: Part(width);");
    graph(&labelled);
    let labelled = labelled.replace("*.part.skip", "*.skip");
    assert_eq!(messages(&labelled).len(), 1);
}

#[test]
fn lists_have_elements_and_a_length() {
    let channels = |body: &str| {
        let graph = graph(&on_image(body));
        graph.values.last().unwrap().shape.channels()
    };
    for (body, wanted) in [
        ("let widths = [64, 128, 256]; conv(widths[1], 1x1);", 128),
        (
            "let widths = [64, 128, 256]; conv(widths[len(widths) - 1], 1x1);",
            256,
        ),
        ("let widths = [[4, 5], [6, 7]]; conv(widths[1][0], 1x1);", 6),
        (
            "let widths = [64, 128, 256]; conv(len(widths[1..3]), 1x1);",
            2,
        ),
        (
            "let kernel = 3x5; conv(kernel[1], kernel, padding = half);",
            5,
        ),
        ("let pair = (3, 5); conv(pair[0], 1x1);", 3),
        ("conv([7, 9][1], 1x1);", 9),
        ("conv(len([]) + 1, 1x1);", 1),
        ("repeat width in [4, 6] { conv(width, 1x1); }", 6),
        (
            "repeat (width, times) in [(4, 1), (6, 2)] { conv(width * times, 1x1); }",
            12,
        ),
        (
            "repeat (width, times) in [[4, 1], 6x2] { conv(width * times, 1x1); }",
            12,
        ),
        ("repeat act in [relu, leaky_relu(0.1)] { act; }", 8),
        (
            "let widths = [4, 6]; repeat i in 0..len(widths) { conv(widths[i] + i, 1x1); }",
            7,
        ),
        (
            "stack: repeat 3 { skip: relu; } let skips = stack.*.skip; add(skips), conv(len(skips), 1x1);",
            3,
        ),
        (
            "stack: repeat i in 0..3 { conv(4 + i, 1x1), relu; } concat(stack.*);",
            15,
        ),
        ("stack: repeat 2 { relu; gelu; } concat(stack.*, _);", 24),
        ("stack: repeat 0 { relu; } concat(_, stack.*, _);", 16),
        (
            "stack: repeat i in 0..3 { conv(4 + i, 1x1); } from stack.{1}, relu;",
            5,
        ),
        (
            "stack: repeat i in 0..3 { conv(4 + i, 1x1); } conv(stack.{0}.channels, 1x1);",
            4,
        ),
        ("a: relu; b: gelu; let both = [a, b]; concat(both);", 16),
        (
            "a: relu; b: gelu; let both = [a, b]; concat(both, a, both[0]);",
            32,
        ),
        (
            "a: relu; b: conv(4, 1x1); let both = [a, b]; conv(both[1].channels, 1x1);",
            4,
        ),
    ] {
        assert_eq!(channels(body), wanted, "{body}");
    }
    let block =
        "block Stage(widths, act = relu) { repeat width in widths { conv(width, 1x1), act; } }";
    let graph = graph(&(on_image("Stage([4, 6]); Stage(widths = [2]);") + block));
    assert_eq!(graph.nodes.len(), 6);
    assert_eq!(graph.values.last().unwrap().shape.channels(), 2);
}

#[test]
fn copies_that_are_not_there_are_told() {
    for (body, told) in [
        (
            "stack: repeat 3 { relu; } from stack.{3}, relu;",
            "`stack` has 3 copies, 0 to 2, but no copy 3",
        ),
        (
            "stack: repeat 0 { relu; } from stack.{0}, relu;",
            "`stack` has no copy at all",
        ),
        (
            "stack: relu; concat(stack.*, _);",
            "`stack` is no labelled repeat",
        ),
        (
            "stack: repeat 3 { relu; } conv(stack.{7}.channels, 1x1);",
            "`stack` has 3 copies, 0 to 2, but no copy 7",
        ),
    ] {
        let messages = messages(&on_image(body));
        assert!(messages[0].contains(told), "{body}: {messages:?}");
    }
}

#[test]
fn copies_of_a_list_are_called_by_their_places() {
    let source = on_image(
        "stack: repeat width in [4, 6] { conv: conv(width, 1x1); } add(stack.{0}.conv, stack.{0}.conv);",
    );
    let graph = graph(&source);
    let paths: Vec<&str> = graph
        .nodes
        .iter()
        .map(|node| node.step.path.as_str())
        .collect();
    assert_eq!(paths[..2], ["stack.0.conv", "stack.1.conv"]);
}

#[test]
fn what_is_beyond_a_list_is_told_with_both_numbers() {
    for (body, wanted) in [
        (
            "let widths = [64, 128]; conv(widths[2], 1x1);",
            "`widths` has 2 elements, 0 to 1, but no 2",
        ),
        (
            "let widths = [64, 128]; conv(widths[0 - 1], 1x1);",
            "but no -1",
        ),
        (
            "let widths = [64]; conv(widths[1], 1x1);",
            "has 1 element, 0, but no 1",
        ),
        (
            "let widths = []; conv(widths[0], 1x1);",
            "has no elements, but no 0",
        ),
        (
            "let widths = [1, 2]; conv(len(widths[1..3]), 1x1);",
            "but no 1..3",
        ),
        (
            "let width = 3; conv(width[0], 1x1);",
            "`width` is a whole number, which has no elements",
        ),
        ("conv(widths[0], 1x1);", "`widths` is not defined here"),
        ("conv(len(3), 1x1);", "which has no elements"),
        ("conv(len([1], [2]), 1x1);", "`len` takes one list"),
        (
            "let widths = [1, 2]; conv(widths[true], 1x1);",
            "expected a whole number",
        ),
        (
            "let widths = [1, 2]; conv(widths[N], 1x1);",
            "must be known",
        ),
        (
            "repeat [1, 2] { relu; }",
            "`repeat element in [1, 2] { ... }`",
        ),
        (
            "repeat (a, b) in [1, 2] { conv(a * b, 1x1); }",
            "2 names, but an element of `[1, 2]` is a whole number",
        ),
        (
            "repeat (a, b) in [(1, 2, 3)] { conv(a * b, 1x1); }",
            "is a tuple with 3 elements",
        ),
        ("repeat (a, b) in 0..3 { conv(a * b, 1x1); }", "2 names"),
        ("repeat () in 0..3 { relu; }", "no name in the parentheses"),
        ("let widths = [64, 128]; conv(widths, 1x1);", "not a list"),
        ("concat([image, image]);", "without a list"),
    ] {
        let message = told(body);
        assert!(message.contains(wanted), "{body}: {message}");
    }
}

#[test]
fn none_is_no_layer() {
    let block = "block Unit(width, norm = none, act = relu) { conv: conv(width, 1x1), norm, act; act; gelu; }";
    let paths = |call: &str| {
        let graph = graph(&(on_image(call) + block));
        let paths = graph.nodes.iter().map(|node| node.step.path.clone());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(
        paths("Unit(4, batch_norm);"),
        ["0.conv", "0.conv.batch_norm", "0.conv.relu", "0.3", "0.4"]
    );
    assert_eq!(paths("Unit(4, act = none);"), ["0.conv", "0.1"]);
    assert_eq!(
        paths("let act = none; Unit(4, act = act);"),
        ["0.conv", "0.1"]
    );
    let alone = "block Alone(act) { out: act; from out, relu; }";
    let graph = graph(&(on_image("Alone(none);") + alone));
    assert_eq!(graph.nodes.len(), 1);
    assert!(told("relu, none;").contains("leave it out"));
    assert!(told("conv(none, 1x1);").contains("not `none`"));
}

#[test]
fn a_layer_of_ones_own_takes_the_values_before_a_semicolon() {
    let inputs = |body: &str| {
        let graph = graph(&on_image(&format!(
            "a: conv(4, 1x1); b: gelu; {body} => 3;"
        )));
        graph.nodes.last().unwrap().step.inputs.clone()
    };
    assert_eq!(inputs("custom own()"), [2]);
    assert_eq!(inputs("custom own(a;)"), [1]);
    assert_eq!(inputs("custom own(a, b; 16, true)"), [1, 2]);
    assert_eq!(inputs("custom own(image, _; { N })"), [0, 2]);
    assert_eq!(inputs("let both = [a, b]; custom own(both; 16)"), [1, 2]);
    let shown = graph(&on_image("a: relu; custom own(a, _; 16, true) => 3;"));
    assert_eq!(shown.statements[1].text, "custom own(a, _; 16, true)");
    for (body, wanted) in [
        (
            "custom own(8; 16);",
            "expected a value of the network, found a whole number",
        ),
        ("custom own(c; 16);", "`c` is not defined here"),
        ("custom own(image 8; 16);", "expected `,` or `;`"),
    ] {
        let message = told(body);
        assert!(message.contains(wanted), "{body}: {message}");
    }
}
