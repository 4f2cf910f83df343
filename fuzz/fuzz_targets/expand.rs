//! Whatever text is between the braces of `network!`, the macro does not panic,
//! and what it makes of it are items.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| {
    // What is no tokens never reaches the macro.
    let Ok(tokens) = format!("(::shapewise) {text}").parse::<TokenStream>() else {
        return;
    };
    let items = shapewise_compiler::expand(tokens);
    if let Err(error) = syn::parse2::<syn::File>(items) {
        panic!("{error}");
    }
});
