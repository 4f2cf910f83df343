//! The pipeline of `network!`, as a library on token streams, so that it can be
//! tested, fuzzed and measured outside of the compiler:
//!
//! tokens -> [`syntax`] tree -> [`resolve`]d and checked graph -> items.
//!
//! Each stage hands its errors on; the last one prints them, and cannot fail.

#![forbid(unsafe_code)]

mod check;
mod expand;
pub mod report;
pub mod resolve;
pub mod syntax;

use proc_macro2::TokenStream;

use report::Errors;

/// Expands an invocation: `($crate)` in parentheses, then networks and blocks.
///
/// What is wrong becomes `compile_error!`s, in the place of the values that it
/// keeps from being known, so that uses of the type add no errors of their own.
pub fn expand(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let file = syntax::parse(tokens, &mut errors);
    let mut items = TokenStream::new();
    for network in &file.networks {
        let outcome = resolve::network(&file, network);
        items.extend(expand::network(&file, network, outcome));
    }
    items.extend(errors.into_tokens());
    items
}
