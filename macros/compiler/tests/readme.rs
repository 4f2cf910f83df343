//! The error that README shows is the one that the macro tells.

use proc_macro2::TokenStream;
use shapewise_compiler::report::Errors;
use shapewise_compiler::{resolve, syntax};

const README: &str = include_str!("../../../README.md");

/// What stands between the first `begin` and the next `end`.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

#[test]
fn the_error_in_readme_is_the_macros() {
    let network = between(README, "network! {", "\n}\n");
    let mistaken = network.replace("conv(256, 5x5, padding = 2)", "conv(256, 5x5)");
    assert_ne!(mistaken, network);
    let tokens: TokenStream = mistaken.parse().unwrap();

    let mut errors = Errors::new();
    let file = syntax::parse(tokens, &mut errors);
    errors.append(resolve::network(&file, &file.networks[0]).errors);
    let messages: Vec<String> = errors.iter().map(|error| error.message()).collect();

    // rustc sets what follows the first line in as far as its own `error: `.
    let shown = between(README, "```text\nerror: ", "\n --> ");
    assert_eq!(messages, [shown.replace("\n       ", "\n")]);
}
