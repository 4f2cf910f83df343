//! Budgets of plans: what is told where they do not hold, and where they cannot be.

use std::str::FromStr as _;

use proc_macro2::TokenStream;
use shapewise_compiler::edits;

const BODY: &str = "
    block Layer(heads) {
        residual { layer_norm, attention(heads = heads); }
        residual { layer_norm, linear(4 * input.features), gelu, linear(input.features); }
    }
    struct Net(tokens: 128) -> (logits: 128x1000) {
        let many = 64;
        wte: embedding(1000, 64);
        h: repeat 8 { Layer(heads = 8); }
        head: layer_norm, linear(1000);
";

fn source(assertion: &str) -> String {
    format!("(shapewise) {BODY} {assertion} }}")
}

/// The messages of an assertion.
fn told(assertion: &str) -> Vec<String> {
    messages(&source(assertion))
}

fn messages(source: &str) -> Vec<String> {
    let tokens = TokenStream::from_str(source).expect("tokens");
    let expanded = shapewise_compiler::expand(tokens).to_string();
    let texts = expanded.split("compile_error").skip(1);
    let texts = texts.filter_map(|text| {
        let text = text.split_once('"')?.1;
        let end = text.find("\" ").or_else(|| text.find("\")"))?;
        Some(text[..end].replace("\\n", "\n").replace("\\\"", "\""))
    });
    texts.collect()
}

#[test]
fn plans_that_hold_are_silent() {
    for held in [
        "assert train_bytes <= 20MiB;",
        "assert train_bytes(batch = many, optimizer = adamw, dtype = bf16, zero = 3, devices = 64) <= 80GiB;",
        "assert train_bytes(batch = 8, checkpoint = copies, autograd = fused, master = false) <= 1GiB;",
        "assert serve_bytes(batch = 8, positions = 8192, weights = int4) <= 24GiB;",
        "assert kv_cache_bytes(batch = 8) == 0;",
    ] {
        assert_eq!(told(held), [""; 0], "{held}");
    }
}

#[test]
fn what_does_not_fit_names_what_is_large_and_what_would_fit() {
    let assertion = "assert train_bytes(batch = 256, optimizer = adamw) <= 256MiB;";
    let told = told(assertion);
    assert_eq!(told.len(), 1, "{told:?}");
    let help = told[0].split_once("help: ").expect("a help").1;
    let source = source(assertion);
    let start = source.find("train_bytes").unwrap();
    let end = source[start..].find(';').unwrap() + start;
    let edited = edits::apply(&source, start..end, help);
    assert_eq!(edited.len(), 4, "{help}");
    for edited in edited {
        assert_eq!(messages(&edited), [""; 0], "{edited}");
    }
}

#[test]
fn what_cannot_be_is_told() {
    for (assertion, message) in [
        (
            "assert train_bytes(batch_size = 8) <= 1GiB;",
            "`train_bytes` has no `batch_size`",
        ),
        (
            "assert train_bytes(optimizer = adamx) <= 1GiB;",
            "`adamx` is no `optimizer` of a plan",
        ),
        (
            "assert train_bytes(8) <= 1GiB;",
            "`8` does not say what it is of the plan",
        ),
        (
            "assert train_bytes(batch = 8, batch = 9) <= 1GiB;",
            "`batch` is given twice",
        ),
        (
            "assert train_bytes(batch = bf16) <= 1GiB;",
            "`bf16` is not defined here",
        ),
        (
            "assert train_bytes(devices = 6, tensor = 4) <= 1GiB;",
            "`devices = 6` is no multiple of `tensor * pipeline`, 4*1",
        ),
        (
            "assert train_bytes(devices = 6, expert = 4) <= 1GiB;",
            "`expert = 4` does not divide the 6 devices of a stage\nhelp: `expert = 3`",
        ),
        (
            "assert train_bytes(devices = 12, tensor = 6) <= 1GiB;",
            "6 devices cannot share 8 heads evenly: `tensor` has to divide 8\nhelp: `tensor = 4`",
        ),
        (
            "assert train_bytes(zero = 5) <= 1GiB;",
            "there is no ZeRO stage 5: stages are 0, 1, 2 and 3\nhelp: `zero = 3`",
        ),
        (
            "assert serve_bytes(group = 0, weights = int4) <= 1GiB;",
            "`group` has to be at least 1\nhelp: `group = 1`",
        ),
        (
            "assert params(batch = 8) <= 1M;",
            "`params` is of the network, not of a plan",
        ),
    ] {
        let told = told(assertion);
        assert!(
            told.len() == 1 && told[0].starts_with(message),
            "{assertion}: {told:#?}"
        );
    }
}
