//! The procedural macro of `shapewise`. Use it through that crate: its
//! `network!` says here where the crate is.

#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// What `shapewise::network!` calls.
#[doc(hidden)]
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    let located = |span: proc_macro2::Span| {
        let span = span.unwrap();
        format!("{} {} {}", span.file(), span.line(), span.column())
    };
    shapewise_compiler::expand_at(tokens.into(), &located).into()
}

/// What the documentation of a network calls, where rustdoc asks for it.
#[doc(hidden)]
#[proc_macro]
pub fn page(tokens: TokenStream) -> TokenStream {
    shapewise_compiler::page(tokens.into()).into()
}

/// What `shapewise::network!` calls in an editor.
#[doc(hidden)]
#[proc_macro]
pub fn editor(tokens: TokenStream) -> TokenStream {
    shapewise_compiler::editor(tokens.into()).into()
}

/// The language's own words, for an editor.
#[doc(hidden)]
#[proc_macro]
pub fn catalogue(facade: TokenStream) -> TokenStream {
    shapewise_compiler::words(facade.into()).into()
}
