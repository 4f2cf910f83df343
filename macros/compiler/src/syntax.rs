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

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};

use crate::report::{Error, Errors, Place};
use tree::File;

/// How deep braces may be nested, and how deep other brackets: the parser calls
/// itself for each, and the compiler's stack ends somewhere. Structures have a
/// limit of their own, which a network would meet first.
const MOST_BRACES: usize = 192;
const MOST_BRACKETS: usize = 64;

/// Parses a whole invocation. What could not be read is missing from the tree,
/// and an error says so.
pub fn parse(tokens: TokenStream, errors: &mut Errors) -> File {
    let mut file = File::default();
    if let Some(error) = beyond_nesting(&tokens) {
        errors.push(error);
        return file;
    }
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

/// The error for the first bracket that is nested too deep.
fn beyond_nesting(tokens: &TokenStream) -> Option<Error> {
    let mut braces = 0;
    let mut brackets = 0;
    // What is open, innermost last: its tokens, and whether it is a brace.
    let mut open = vec![(tokens.clone().into_iter(), None)];
    while let Some((innermost, kind)) = open.last_mut() {
        match innermost.next() {
            Some(TokenTree::Group(group)) => {
                let brace = group.delimiter() == Delimiter::Brace;
                let (depth, most, what) = if brace {
                    (&mut braces, MOST_BRACES, "braces")
                } else {
                    (&mut brackets, MOST_BRACKETS, "brackets")
                };
                *depth += 1;
                if *depth > most {
                    let message = format!("{what} are nested more than {most} deep");
                    return Some(Error::new(group.span_open(), message));
                }
                open.push((group.stream().into_iter(), Some(brace)));
            }
            Some(_) => {}
            None => {
                match kind {
                    Some(true) => braces -= 1,
                    Some(false) => brackets -= 1,
                    None => {}
                }
                open.pop();
            }
        }
    }
    None
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
