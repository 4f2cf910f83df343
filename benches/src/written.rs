//! The macro's own output as text: what a patient author would write by hand.

use proc_macro2::{TokenStream, TokenTree};
use shapewise_compiler::expand;

use crate::workspace::Result;

/// All that the macro makes.
pub(crate) fn everything(items: &str) -> Result<String> {
    Ok(format!("{}", expansion(items)?))
}

/// The struct with its constants, without documentation, functions and graph.
pub(crate) fn constants(items: &str) -> Result<String> {
    let mut text = String::new();
    let mut tokens = expansion(items)?.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token.to_string().as_str() {
            "struct" => {
                let name = tokens.next().ok_or("a name after `struct`")?;
                text.push_str(&format!("pub struct {name};\n"));
            }
            "impl" => {
                let name = tokens.next().ok_or("a type after `impl`")?;
                if let Some(TokenTree::Group(body)) = tokens.next() {
                    text.push_str(&format!("impl {name} {{\n{}}}\n", values(body.stream())));
                }
            }
            _ => {}
        }
    }
    Ok(text)
}

/// Those items of an `impl` that are `pub const NAME: Type = value;`.
fn values(body: TokenStream) -> String {
    let mut text = String::new();
    let mut item: Vec<TokenTree> = Vec::new();
    for token in body {
        let word = token.to_string();
        match word.as_str() {
            "pub" => item.clear(),
            "fn" => {
                item.clear();
                continue;
            }
            _ => {}
        }
        item.push(token);
        if word == ";" && item.first().is_some_and(|first| first.to_string() == "pub") {
            let tokens: TokenStream = item.drain(..).collect();
            text.push_str(&format!("{tokens}\n"));
        }
    }
    text
}

fn expansion(items: &str) -> Result<TokenStream> {
    let tokens: TokenStream = format!("(::shapewise) {items}").parse()?;
    let items = expand(tokens);
    if items.to_string().contains("compile_error") {
        return Err(format!("the network is wrong: {items}").into());
    }
    Ok(items)
}
