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
        ("permute(2, 0, 1);", "help: write `[2, 0, 1]`"),
        ("permute(1, 0);", "help: they stand in a list: `[1, 0]`"),
        ("reshape(-1);", "help: write the layer as `flatten`"),
        ("reshape(32, 64);", "help: write `[32, 64]`"),
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
