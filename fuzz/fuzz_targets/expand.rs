//! Whatever text is between the braces of `network!`, the macro does not panic,
//! and what it makes of it are items.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| {
    // What is no tokens never reaches the macro.
    if let Ok(tokens) = text.parse::<TokenStream>() {
        shapewise_fuzz::expand(tokens);
    }
});
