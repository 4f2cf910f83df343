//! Whatever the tokens are, the macro does not panic, and what it makes of them
//! are items.
//!
//! 1,000 token streams, or 100,000 with `THOROUGH=1` in the environment; `PROPTEST_CASES`
//! sets another number for each test.

#[path = "robust/tokens.rs"]
mod tokens;

use proc_macro2::TokenStream;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// Expands, and reads the result as Rust.
fn expand(tokens: TokenStream) -> Result<(), TestCaseError> {
    let source = tokens.to_string();
    let items = shapewise_compiler::expand(tokens);
    match syn::parse2::<syn::File>(items.clone()) {
        Ok(_) => Ok(()),
        // `{ expression }` is the user's own Rust, which rustc reads: what is wrong
        // with it is wrong there.
        Err(_) if items.to_string().contains("SHAPEWISE_SYMBOL") => Ok(()),
        Err(error) => Err(TestCaseError::fail(format!(
            "{error}\n{source}\nbecomes\n{items}"
        ))),
    }
}

/// Expands many streams, with the stack that rustc has: a hundredth of them, or all with
/// `THOROUGH=1` in the environment. `PROPTEST_CASES` says another number.
fn expand_all(cases: u32, tokens: fn() -> proptest::strategy::BoxedStrategy<TokenStream>) {
    let mut config = Config::default();
    let thorough = std::env::var_os("THOROUGH").is_some();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = if thorough { cases } else { cases / 100 };
    }
    // What failed is shown; a file of it would be written beside the sources.
    config.failure_persistence = None;
    let thread = std::thread::Builder::new().stack_size(8 << 20);
    let expanding = thread.spawn(move || {
        let result = TestRunner::new(config).run(&tokens(), expand);
        result.map_err(|error| error.to_string())
    });
    let result = expanding.expect("a thread").join().expect("no panic");
    assert!(result.is_ok(), "{}", result.unwrap_err());
}

#[test]
fn any_tokens() {
    expand_all(30_000, || tokens::soup().boxed());
}

#[test]
fn any_items() {
    expand_all(30_000, || tokens::soup().prop_map(tokens::prefixed).boxed());
}

#[test]
fn any_body() {
    expand_all(15_000, || tokens::body().prop_map(tokens::prefixed).boxed());
}

#[test]
fn edited_networks() {
    expand_all(25_000, || {
        tokens::edited().prop_map(tokens::prefixed).boxed()
    });
}
