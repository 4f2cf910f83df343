//! What stands before an item: attributes and a visibility.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::Token;
use syn::parse::ParseStream;

use super::Parsed;
use super::tokens::{expected, group};
use super::tree::{Attribute, Attributes};
use crate::report::{Error, Place};

/// `#[...]` before an item, statement or unit; doc comments are such.
pub(super) fn attributes(input: ParseStream<'_>) -> Parsed<Attributes> {
    let mut list = Vec::new();
    while input.peek(Token![#]) {
        let start = Place::at(input.span());
        let mut tokens = TokenStream::new();
        if let Ok(pound) = input.parse::<TokenTree>() {
            tokens.extend([pound]);
        }
        let Some(brackets) = group(input, Delimiter::Bracket) else {
            return Err(expected(input, "an attribute: `#[name]`"));
        };
        if !is_attribute(brackets.stream()) {
            let place = start.to(Place::at(brackets.span_close()));
            return Err(Error::new(place, "expected an attribute")
                .help("it is written `#[name]`, `#[name(...)]` or `#[name = \"...\"]`"));
        }
        let mut rest = brackets.stream().into_iter();
        let name = rest
            .next()
            .map_or_else(String::new, |token| token.to_string());
        list.push(Attribute {
            name,
            rest: rest.collect(),
            place: start.to(Place::at(brackets.span_close())),
            tokens: {
                tokens.extend([TokenTree::Group(brackets)]);
                tokens
            },
        });
    }
    Ok(Attributes { list })
}

/// Whether this can stand in the brackets of an attribute: what is not ours is
/// handed on to rustc, whose words for it would not fit.
fn is_attribute(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    // What a user's `macro_rules!` forwards as `$meta` arrives in invisible brackets.
    if let [TokenTree::Group(forwarded)] = tokens.as_slice()
        && forwarded.delimiter() == Delimiter::None
    {
        return is_attribute(forwarded.stream());
    }
    let is = |token: &TokenTree, sign| matches!(token, TokenTree::Punct(p) if p.as_char() == sign);
    let word = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Ident(name)) => {
            name == "unsafe" || syn::parse_str::<Ident>(&name.to_string()).is_ok()
        }
        _ => false,
    };
    if !word(tokens.first()) {
        return false;
    }
    let mut rest = &tokens[1..];
    while let [a, b, after @ ..] = rest
        && is(a, ':')
        && is(b, ':')
        && word(after.first())
    {
        rest = &after[1..];
    }
    match rest {
        [] => true,
        [TokenTree::Group(group)] => group.delimiter() != Delimiter::None,
        [sign, TokenTree::Literal(_) | TokenTree::Group(_)] => is(sign, '='),
        [sign, TokenTree::Ident(_), bang, TokenTree::Group(_)] => is(sign, '=') && is(bang, '!'),
        _ => false,
    }
}

pub(super) fn visibility(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    // A user's macro may forward a `$vis`, which is a group that cannot be seen,
    // even where there is nothing in it.
    if let Some(group) = group(input, Delimiter::None) {
        tokens.extend([TokenTree::Group(group)]);
        return tokens;
    }
    if input.peek(Token![pub])
        && let Ok(token) = input.parse::<TokenTree>()
    {
        tokens.extend([token]);
        if let Some(scope) = group(input, Delimiter::Parenthesis) {
            tokens.extend([TokenTree::Group(scope)]);
        }
    }
    tokens
}

/// Whether this is a visibility: nothing, `pub`, `pub(crate)` and the like.
pub(super) fn is_visibility(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let scope = |scope: &Group| {
        let scope: Vec<String> = scope.stream().into_iter().map(|t| t.to_string()).collect();
        match scope.as_slice() {
            [one] => matches!(one.as_str(), "crate" | "self" | "super"),
            [first, path @ ..] => {
                let path: String = path.concat();
                first == "in"
                    && path.split("::").all(|name| {
                        matches!(name, "crate" | "self" | "super")
                            || syn::parse_str::<Ident>(name).is_ok()
                    })
            }
            [] => false,
        }
    };
    match tokens.as_slice() {
        [] => true,
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            is_visibility(group.stream())
        }
        [TokenTree::Ident(word)] => word == "pub",
        [TokenTree::Ident(word), TokenTree::Group(group)] => word == "pub" && scope(group),
        _ => false,
    }
}
