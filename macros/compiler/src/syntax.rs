//! From tokens to a syntax tree: what the user wrote, with its spans.
//!
//! The parser goes on after an error at the next statement, so that one
//! invocation shows all its mistakes.

mod expression;
mod items;
mod literal;
mod print;
mod statement;
pub mod tree;
mod unit;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};

use crate::report::{Error, Errors, Place};
use tree::File;

/// Parses a whole invocation. What could not be read is missing from the tree,
/// and an error says so.
pub fn parse(tokens: TokenStream, errors: &mut Errors) -> File {
    let mut file = File::default();
    let parsed = (|input: ParseStream<'_>| {
        items::file(input, &mut file, errors);
        Ok(())
    })
    .parse2(tokens);
    // After an error of our own, tokens that were left unread are no news.
    if let Err(error) = parsed
        && errors.is_empty()
    {
        errors.push_syntax(&error);
    }
    file
}

/// The tree of one node of the grammar, or the error that stopped it.
type Parsed<T> = Result<T, Error>;

/// Reads and drops all that is left.
fn drain(input: ParseStream<'_>) {
    while !input.is_empty() {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

/// An error at the next token (or at the end of the enclosing brackets).
fn expected(input: ParseStream<'_>, what: &str) -> Error {
    let Some((token, mut rest)) = input.cursor().token_tree() else {
        return Error::at_end(format!("expected {what}"));
    };
    let mut found = print::token(&token);
    let mut place = Place::at(input.span());
    // `->` is two tokens, and one sign to its reader.
    let mut last = token;
    while let TokenTree::Punct(punct) = &last
        && punct.spacing() == Spacing::Joint
        && let Some((next, after)) = rest.token_tree()
    {
        found.push_str(&next.to_string());
        place = place.to(Place::at(next.span()));
        (last, rest) = (next, after);
    }
    Error::new(place, format!("expected {what}, found `{found}`"))
}

/// Parses one value, such as stands in the braces of a name.
pub fn value(tokens: TokenStream) -> Option<tree::Expression> {
    let mut value = None;
    let parser = |input: ParseStream<'_>| {
        value = expression::expression(input)
            .ok()
            .filter(|_| input.is_empty());
        drain(input);
        Ok(())
    };
    parser.parse2(tokens).ok()?;
    value
}
