//! The pipeline of `network!`, as a library on token streams, so that it can be
//! tested, fuzzed and measured outside of the compiler:
//!
//! tokens -> [`syntax`] tree -> [`resolve`]d and checked [`graph`] -> items.
//!
//! Each stage hands its errors on; the last one prints them, and cannot fail.

#![forbid(unsafe_code)]

mod check;
pub mod edits;
mod expand;
pub mod graph;
mod ordered;
pub mod report;
pub mod resolve;
mod suggest;
pub mod syntax;

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use shapewise_core::catalogue;

use expand::Reader;
pub use expand::{Row, defaults, table};
use report::Errors;

/// Expands an invocation: `($crate)` in parentheses, then networks and blocks.
///
/// What is wrong becomes `compile_error!`s, in the place of the values that it
/// keeps from being known, so that uses of the type add no errors of their own.
///
/// The longest part of the documentation is not made: the items hold a call of
/// the macro that makes it, [`page`], which only rustdoc expands.
pub fn expand(tokens: TokenStream) -> TokenStream {
    expand_at(tokens, &|span| format!("{span:?}"))
}

/// As [`expand`], where something says where a token stands: a text that no other place of
/// the crate has, by which the macros of blocks are called.
///
/// An invocation that uses blocks of others becomes a call of theirs first.
pub fn expand_at(tokens: TokenStream, located: &dyn Fn(Span) -> String) -> TokenStream {
    invocation(tokens, located, Reader::Rustc)
}

/// What [`expand`] gives, for an editor: before it, and where it has errors too, each of
/// the user's words is a path to what it means.
pub fn editor(tokens: TokenStream) -> TokenStream {
    invocation(tokens, &|span| format!("{span:?}"), Reader::Editor)
}

/// The language's own words, for an editor: modules of the facade.
pub fn words(facade: TokenStream) -> TokenStream {
    expand::editor::catalogue::modules(facade)
}

fn invocation(
    tokens: TokenStream,
    located: &dyn Fn(Span) -> String,
    reader: Reader,
) -> TokenStream {
    if let Some(asked) = asked(&tokens) {
        return match reader {
            Reader::Rustc => expand::imported(asked, located),
            // In what is half typed an editor finds a macro by its path, and by no name made here.
            Reader::Editor => asked,
        };
    }
    let mut errors = Errors::new();
    let file = syntax::parse(tokens.clone(), &mut errors);
    // In brackets, every network's copy of it is one token.
    let invocation = Group::new(Delimiter::Brace, tokens.clone());
    let outcomes: Vec<_> = file
        .networks
        .iter()
        .map(|network| resolve::network(&file, network))
        .collect();
    let wrong = expand::wrong(&file, &outcomes).cloned();
    let mut items = TokenStream::new();
    let mut words = TokenStream::new();
    if reader == Reader::Editor {
        // Without what names the facade.
        let networks = tokens.into_iter().skip(1).collect();
        words = expand::editor::items(&file, networks, &outcomes);
    }
    for (index, (network, outcome)) in file.networks.iter().zip(outcomes).enumerate() {
        let page = expand::call_of_page(&file, index, &invocation);
        items.extend(expand::network(
            reader,
            &file,
            network,
            outcome,
            &page,
            wrong.as_ref(),
        ));
    }
    let (wrong, warnings) = resolve::blocks(&file);
    errors.append(wrong);
    items.extend(warnings.iter().map(expand::warning));
    items.extend(expand::blocks(&file, located));
    items.extend(errors.into_tokens());
    if reader == Reader::Editor {
        words.extend(expand::editor::without_names(items));
        return words;
    }
    items
}

/// The call of the first block that a `use` names and that is not there yet.
fn asked(tokens: &TokenStream) -> Option<TokenStream> {
    let krate = match tokens.clone().into_iter().next() {
        Some(TokenTree::Group(krate)) => krate.stream(),
        _ => TokenStream::new(),
    };
    let is_block = |name: &str| catalogue::find(name).is_none();
    syntax::asked(tokens, &quote!(#krate::__private::network!), &is_block)
}

/// What a `use` of this name brings along from an invocation, as it stands in braces behind
/// the path: the block with all that it calls, or that it is none for others. Nothing where
/// the invocation has no such name, or no block for others.
///
/// For tools that look for blocks without rustc, with [`syntax::asked`]; `crate` in it is the
/// crate of the invocation.
pub fn brought(file: &syntax::tree::File, name: &str) -> Option<TokenStream> {
    expand::brought(file, name)
}

/// The page of a network as a string literal: its drawings and its table. The
/// tokens are its place among the networks of the invocation, then the invocation
/// in braces.
///
/// A network with errors has none: [`expand`] tells them.
pub fn page(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let index = tokens
        .next()
        .and_then(|index| index.to_string().parse::<usize>().ok());
    let invocation = match tokens.next() {
        Some(TokenTree::Group(invocation)) => invocation.stream(),
        _ => TokenStream::new(),
    };
    let file = syntax::parse(invocation, &mut Errors::new());
    let network = index.and_then(|index| file.networks.get(index));
    let text = network.map(|network| expand::page(resolve::network(&file, network)));
    Literal::string(&text.unwrap_or_default()).into_token_stream()
}
