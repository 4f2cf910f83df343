//! Reading tokens: names, brackets, lists, and the error at the next token.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::{Parsed, print};
use crate::report::{Error, Place};

/// An error at the next token (or at the end of the enclosing brackets).
pub(super) fn expected(input: ParseStream<'_>, what: &str) -> Error {
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

/// Items between commas, up to the end of the brackets.
pub(super) fn list<T>(
    input: ParseStream<'_>,
    mut item: impl FnMut(ParseStream<'_>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(item(input)?);
        comma(input)?;
    }
    Ok(items)
}

/// The comma after an item, or the end of the list.
fn comma(input: ParseStream<'_>) -> Parsed<()> {
    if input.peek(Token![,]) {
        skip(input, 1);
    } else if !input.is_empty() {
        let error = expected(input, "`,` or the end of the list");
        let next = input.peek(Ident::peek_any) || input.fork().parse::<Literal>().is_ok();
        return Err(if next {
            error.help("`,` before it")
        } else {
            error
        });
    }
    Ok(())
}

/// The next name, keywords included; not `_`.
pub(super) fn ident(input: ParseStream<'_>) -> Option<Ident> {
    if input.peek(Ident::peek_any) {
        input.call(Ident::parse_any).ok()
    } else {
        None
    }
}

/// A name of a path: none of Rust's own words, but for those that a path begins with.
pub(super) fn in_path(name: &Ident, behind: ParseStream<'_>) -> Parsed<()> {
    let leads = ["crate", "$crate", "self", "super", "Self"];
    let leads = leads.iter().any(|word| name == word);
    if leads && behind.peek(Token![::]) || syn::parse_str::<Ident>(&name.to_string()).is_ok() {
        return Ok(());
    }
    let headline = format!("`{name}` is a word of Rust, and no name");
    Err(Error::new(name.span(), headline))
}

/// The next group with these brackets.
pub(super) fn group(input: ParseStream<'_>, delimiter: Delimiter) -> Option<Group> {
    let (token, _) = input.cursor().token_tree()?;
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => {
            skip(input, 1);
            Some(group)
        }
        _ => None,
    }
}

/// Parses what stands inside of brackets, all of it.
pub(super) fn inside<T>(
    group: &Group,
    parse: impl FnMut(ParseStream<'_>) -> Parsed<T>,
) -> Parsed<T> {
    let end = Place::at(group.span_close());
    nested(group.stream(), Some(end), parse)
}

pub(super) fn inside_tokens<T>(
    tokens: TokenStream,
    parse: impl FnMut(ParseStream<'_>) -> Parsed<T>,
) -> Parsed<T> {
    nested(tokens, None, parse)
}

fn nested<T>(
    tokens: TokenStream,
    end: Option<Place>,
    mut parse: impl FnMut(ParseStream<'_>) -> Parsed<T>,
) -> Parsed<T> {
    let mut result = None;
    whole(tokens, end, &mut |input| {
        result = Some(parse(input)?);
        Ok(())
    })?;
    result.ok_or_else(|| {
        Error::new(
            proc_macro2::Span::call_site(),
            "the tokens could not be read",
        )
    })
}

/// Parses all of the tokens.
fn whole(
    tokens: TokenStream,
    end: Option<Place>,
    parse: &mut dyn FnMut(ParseStream<'_>) -> Parsed<()>,
) -> Parsed<()> {
    let mut parsed = Ok(());
    let parser = |input: ParseStream<'_>| {
        parsed = parse(input);
        if parsed.is_ok() && !input.is_empty() {
            parsed = Err(expected(input, "`,` or the end"));
        }
        drain(input);
        Ok(())
    };
    let outcome = syn::parse::Parser::parse2(parser, tokens);
    match (parsed, outcome) {
        (Err(mut error), _) => {
            if let Some(end) = end {
                error.settle(end);
            }
            Err(error)
        }
        (Ok(()), Ok(())) => Ok(()),
        (Ok(()), Err(error)) => Err(Error::new(error.span(), error.to_string())),
    }
}

/// Drops the next `tokens` tokens.
pub(super) fn skip(input: ParseStream<'_>, tokens: usize) {
    for _ in 0..tokens {
        let _ = input.parse::<TokenTree>();
    }
}

/// Moves the stream to a cursor that was found ahead of it.
pub(super) fn advance(input: ParseStream<'_>, rest: syn::buffer::Cursor<'_>) {
    while input.cursor() != rest && !input.is_empty() {
        skip(input, 1);
    }
}

/// Reads and drops all that is left.
pub(super) fn drain(input: ParseStream<'_>) {
    while !input.is_empty() {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
