//! What is larger than the macro can hold is an error that names the limit.

use proc_macro2::TokenStream;
use shapewise_compiler::expand;

/// The items of a network with this body.
fn items(body: &str) -> String {
    let source = format!("(::shapewise) pub struct Net(image: 8x8x4) -> 8x8x4 {{ {body} }}");
    // Half of what rustc has, which needs some for itself.
    let thread = std::thread::Builder::new().stack_size(4 << 20);
    let expanding = thread.spawn(move || {
        let tokens: TokenStream = source.parse().expect("tokens");
        expand(tokens).to_string()
    });
    let items = expanding.expect("a thread").join();
    items.expect("no panic")
}

/// Structures in each other, a convolution in the innermost.
fn nested(structure: &str, depth: usize) -> String {
    let mut body = "conv(4, 3x3, padding = half);".to_owned();
    for _ in 0..depth {
        body = format!("{structure} {{ {body} }}");
    }
    body
}

fn assert_error(items: &str, message: &str) {
    let errors = items.matches("compile_error").count();
    assert_eq!(errors, 1, "{items}");
    assert!(items.contains(message), "{items}");
}

#[test]
fn structures_are_nested_up_to_a_limit() {
    for structure in ["residual", "repeat 1", "if true", "label:"] {
        let fits = items(&nested(structure, 127));
        assert!(!fits.contains("compile_error"), "{structure}: {fits}");
        for depth in [128, 129, 160] {
            let too_deep = items(&nested(structure, depth));
            assert_error(&too_deep, "structures are nested more than 128 deep");
        }
        for depth in [200, 2_000] {
            let too_deep = items(&nested(structure, depth));
            assert_error(&too_deep, "braces are nested more than 192 deep");
        }
    }
}

#[test]
fn brackets_are_nested_up_to_a_limit() {
    let value = |depth: usize| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        items(&format!("conv({open}4{close}, 3x3, padding = half);"))
    };
    // The parentheses of the layer are the first, and those of `$crate` are beside.
    let fits = value(63);
    assert!(!fits.contains("compile_error"), "{fits}");
    for depth in [64, 2_000] {
        assert_error(&value(depth), "brackets are nested more than 64 deep");
    }
}

#[test]
fn layers_are_counted_up_to_a_limit() {
    assert_error(
        &items("repeat 50_001 { relu, identity; }"),
        "more than 100000 layers",
    );
    assert_error(&items("repeat 100_001 { relu; }"), "0 to 100000");
}

#[test]
fn steps_without_layers_are_counted_up_to_a_limit() {
    for body in [
        "repeat 100_000 { repeat 100_000 { } }",
        "repeat 100_000 { repeat 100_000 { let a = 1; } }",
        "repeat 100_000 { repeat 100_000 { from image; } }",
    ] {
        assert_error(&items(body), "more than 400000 parts");
    }
    // Each block calls the next twice.
    let blocks = (0..60).map(|i| format!("block B{i} {{ B{0}; B{0}; }}", i + 1));
    let blocks: String = blocks.collect();
    let body = format!("B0; }} {blocks} block B60 {{");
    assert_error(&items(&body), "more than 400000 parts");
}

#[test]
fn labels_have_constants_where_they_are_names() {
    // In a part without a label, and after words of Rust.
    let fits =
        items("{ inner: relu; } r#type: relu; _: relu; #[name = \"a-b\"] part: { in: relu; }");
    assert!(!fits.contains("compile_error"), "{fits}");
    assert!(fits.contains("const TYPE"), "{fits}");
    assert!(!fits.contains("const INNER"), "{fits}");
}
