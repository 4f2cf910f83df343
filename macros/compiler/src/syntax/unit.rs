//! Units: the steps of a statement.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use shapewise_core::catalogue::{self, Inputs};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::attributes::attributes;
use super::expression::{argument, call, expression, path};
use super::tokens::{drain, expected, group, ident, inside, list, skip};
use super::tree::{
    Body, Branch, Call, Expression, If, Merge, NetworkPath, Repeat, Residual, Unit, UnitKind,
};
use super::{Parsed, Parser};
use crate::report::{Error, Place};

/// A step of a statement.
pub(super) fn unit(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Unit> {
    let attributes = attributes(input)?;
    let start = Place::at(input.span());
    let (kind, end) = kind(input, parser)?;
    Ok(Unit {
        id: parser.id(),
        attributes,
        kind,
        place: start.to(end),
    })
}

fn kind(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(UnitKind, Place)> {
    if input.peek(syn::token::Brace) {
        let body = body(input, parser)?;
        let end = Place::at(body.end);
        return Ok((UnitKind::Group(body), end));
    }
    if input.peek(Token![if]) {
        return conditional(input, parser);
    }
    let start = Place::at(input.span());
    if input.peek(Token![::]) || input.peek(Ident::peek_any) && input.peek2(Token![::]) {
        return pathed(start, input);
    }
    let Some(name) = ident(input) else {
        return Err(expected(input, "a layer"));
    };
    if input.peek(Token![.]) && input.peek2(Ident::peek_any) {
        return dotted(name, input);
    }
    let structure = !input.peek(syn::token::Paren);
    match name.to_string().as_str() {
        "for" if structure => Err(for_is_repeat(start)),
        "branch" if structure && input.peek(syn::token::Brace) => Err(branch_alone(start)),
        "residual" if structure => residual(input, parser),
        "residual" => Err(layers_in_parentheses(start, input)),
        "repeat" if structure || is_count(input) || is_pattern(input) => repeat(input, parser),
        "custom" if structure && !at_end(input) => custom(input),
        _ => {
            let call = call(name, input)?;
            if input.peek(syn::token::Brace) {
                return merge(call, input, parser);
            }
            let end = call.parentheses.map_or(start, Place::at);
            Ok((UnitKind::Call(call), end))
        }
    }
}

// A level of nested structures takes the frames of all that parse it, and unoptimised
// ones have a place for whatever stands in any branch: so each branch is a function.

/// `path::to::Network`, or a layer of another framework by its path.
fn pathed(start: Place, input: ParseStream<'_>) -> Parsed<(UnitKind, Place)> {
    let (path, end) = path(input)?;
    let last = path.clone().into_iter().last();
    if input.peek(syn::token::Paren)
        && !shares(input)
        && let Some(TokenTree::Ident(name)) = last
    {
        let text = super::print::tokens(&path);
        let prefix = text.strip_suffix(&name.to_string()).unwrap_or_default();
        let (mut kind, end) = prefixed(prefix.to_owned(), name, input, end)?;
        if let UnitKind::Call(call) = &mut kind {
            call.path = Some(path);
        }
        return Ok((kind, end));
    }
    let path = network_path(path, start.to(end), input)?;
    let end = path.place;
    Ok((UnitKind::Path(path), end))
}

/// `nn.functional.relu(...)`
fn dotted(name: Ident, input: ParseStream<'_>) -> Parsed<(UnitKind, Place)> {
    let mut prefix = String::new();
    let mut last = name;
    while input.peek(Token![.]) && input.peek2(Ident::peek_any) {
        prefix.push_str(&format!("{last}."));
        skip(input, 1);
        let Some(next) = ident(input) else { break };
        last = next;
    }
    let end = Place::at(last.span());
    prefixed(prefix, last, input, end)
}

/// `custom path::to::layer(arguments)`
fn custom(input: ParseStream<'_>) -> Parsed<(UnitKind, Place)> {
    let first = Place::at(input.span());
    let (path, end) = path(input)?;
    let path = network_path(path, first.to(end), input)?;
    let end = path.place;
    Ok((UnitKind::Custom(path), end))
}

fn for_is_repeat(start: Place) -> Error {
    Error::new(start, "`for` is no layer: layers are repeated by `repeat`").help("write `repeat`")
}

fn branch_alone(start: Place) -> Error {
    Error::new(start, "`branch` stands inside of a merge")
        .help("put the branches into `concat { ... }` or `add { ... }`")
}

/// The error for `residual(conv(64, 3x3))`.
fn layers_in_parentheses(start: Place, input: ParseStream<'_>) -> Error {
    let layers = group(input, Delimiter::Parenthesis);
    let end = layers
        .as_ref()
        .map_or(start, |layers| Place::at(layers.span_close()));
    let layers = layers.map_or_else(String::new, |layers| super::print::tokens(&layers.stream()));
    let error = Error::new(start.to(end), "the layers of a residual stand in braces");
    error.help(format!("write `residual {{ {layers}; }}`"))
}

/// Whether the next parentheses are a number of copies: `repeat (n + 1) { ... }`.
fn is_count(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    group(&ahead, Delimiter::Parenthesis).is_some() && ahead.peek(syn::token::Brace)
}

/// Whether the next parentheses are names: `repeat (width, depth) in stages { ... }`.
fn is_pattern(input: ParseStream<'_>) -> bool {
    input.peek(syn::token::Paren) && input.peek2(Token![in])
}

/// `nn.Conv2d(...)`: no layer has such a name, and what was meant is told where
/// names are looked up.
fn prefixed(
    prefix: String,
    name: Ident,
    input: ParseStream<'_>,
    end: Place,
) -> Parsed<(UnitKind, Place)> {
    let mut call = call(name, input)?;
    let mut end = call.parentheses.map_or(end, Place::at);
    // `layers.Dense(10)(x)`
    if let Some(applied) = group(input, Delimiter::Parenthesis) {
        end = Place::at(applied.span_close());
        call.applied = Some(inside(&applied, |input| list(input, argument))?);
    }
    Ok((UnitKind::Call(Call { prefix, ..call }), end))
}

/// Whether what stands in the next parentheses is what a network takes.
fn shares(input: ParseStream<'_>) -> bool {
    let Some((TokenTree::Group(group), _)) = input.cursor().token_tree() else {
        return false;
    };
    let first = group.stream().into_iter().next();
    first.is_some_and(|token| token.to_string() == "shared")
}

/// The rest of a path: arguments, where it has parentheses.
fn network_path(path: TokenStream, place: Place, input: ParseStream<'_>) -> Parsed<NetworkPath> {
    let mut place = place;
    let (mut values, mut arguments) = (Vec::new(), Vec::new());
    if let Some(parentheses) = group(input, Delimiter::Parenthesis) {
        place = place.to(Place::at(parentheses.span_close()));
        (values, arguments) = inside(&parentheses, |input| {
            let mut values = Vec::new();
            if parts(&parentheses) {
                while !input.peek(Token![;]) {
                    values.push(expression(input)?);
                    if input.peek(Token![,]) {
                        skip(input, 1);
                    } else if !input.peek(Token![;]) {
                        return Err(expected(input, "`,` or `;`"));
                    }
                }
                skip(input, 1);
            }
            Ok((values, list(input, argument)?))
        })?;
    }
    Ok(NetworkPath {
        path,
        values,
        arguments,
        place,
    })
}

/// Whether values stand before a `;` in the parentheses.
fn parts(parentheses: &Group) -> bool {
    let mut tokens = parentheses.stream().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';'))
}

/// Whether the unit ends here.
fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;]) || input.peek(Token![=>])
}

fn residual(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(UnitKind, Place)> {
    let (condition, body) = guarded(input, parser)?;
    let mut end = Place::at(body.end);
    let mut residual = Box::new(Residual {
        condition,
        body,
        shortcut: None,
    });
    if word(input, "shortcut") {
        skip(input, 1);
        let shortcut = guarded(input, parser)?;
        end = Place::at(shortcut.1.end);
        residual.shortcut = Some(shortcut);
    }
    Ok((UnitKind::Residual(residual), end))
}

/// `if condition { ... }`, or the body alone.
fn guarded(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(Option<Expression>, Body)> {
    let condition = condition(input)?;
    Ok((condition, body(input, parser)?))
}

fn condition(input: ParseStream<'_>) -> Parsed<Option<Expression>> {
    if !input.peek(Token![if]) {
        return Ok(None);
    }
    skip(input, 1);
    expression(input).map(Some)
}

fn repeat(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(UnitKind, Place)> {
    let mut names = Vec::new();
    if input.peek2(Token![in]) {
        if let Some(pattern) = group(input, Delimiter::Parenthesis) {
            names = inside(&pattern, |input| {
                list(input, |input| {
                    ident(input).ok_or_else(|| expected(input, "a name"))
                })
            })?;
            if names.is_empty() {
                let place = Place::at(pattern.span_open()).to(Place::at(pattern.span_close()));
                return Err(Error::new(place, "there is no name in the parentheses"));
            }
        } else {
            names.push(ident(input).ok_or_else(|| expected(input, "a name"))?);
        }
        skip(input, 1);
    }
    let count = expression(input)?;
    if !input.peek(syn::token::Brace) {
        let error = expected(input, "the layers to repeat, in braces");
        return Err(error.help(format!("`repeat {count} {{ ... }}`")));
    }
    let body = body(input, parser)?;
    let end = Place::at(body.end);
    let repeat = Repeat { names, count, body };
    Ok((UnitKind::Repeat(Box::new(repeat)), end))
}

fn conditional(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(UnitKind, Place)> {
    let start = Place::at(input.span());
    skip(input, 1);
    let condition = expression(input)?;
    let then = body(input, parser)?;
    let mut end = Place::at(then.end);
    let mut otherwise = None;
    if input.peek(Token![else]) {
        skip(input, 1);
        let body = if input.peek(Token![if]) {
            let (kind, end) = conditional(input, parser)?;
            Body::of_unit(parser.id(), kind, start.to(end))
        } else {
            body(input, parser)?
        };
        end = Place::at(body.end);
        otherwise = Some(body);
    }
    let unit = If {
        condition,
        then,
        otherwise,
    };
    Ok((UnitKind::If(Box::new(unit)), end))
}

fn merge(call: Call, input: ParseStream<'_>, parser: &mut Parser) -> Parsed<(UnitKind, Place)> {
    let Some(braces) = group(input, Delimiter::Brace) else {
        return Err(expected(input, "`{`"));
    };
    let end = Place::at(braces.span_close());
    let known = catalogue::find(&call.name.to_string());
    let layer = known.is_some_and(|entry| entry.inputs != Inputs::Merge);
    let branches = inside(&braces, |input| {
        let mut branches = Vec::new();
        if layer && !branches_stand(input) {
            // No layer has others in it, which is said where the layer is.
            drain(input);
        }
        while !input.is_empty() {
            branches.push(branch(input, parser)?);
            while input.peek(Token![;]) || input.peek(Token![,]) {
                skip(input, 1);
            }
        }
        Ok(branches)
    })?;
    Ok((UnitKind::Merge(Merge { call, branches }), end))
}

/// Whether a branch stands there, with or without a label.
fn branches_stand(input: ParseStream<'_>) -> bool {
    input.peek(Token![#]) || input.peek2(Token![:]) || word(input, "branch")
}

fn branch(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Branch> {
    let attributes = attributes(input)?;
    let mut label = None;
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) {
        label = ident(input);
        skip(input, 1);
    }
    if !word(input, "branch") {
        return Err(expected(input, "`branch { ... }`")
            .help("the layers of a merge stand in branches: `branch { ... }`"));
    }
    let span = input.span();
    skip(input, 1);
    let body = body(input, parser)?;
    Ok(Branch {
        attributes,
        label,
        body,
        span,
    })
}

/// Whether the next token is this word.
fn word(input: ParseStream<'_>, word: &str) -> bool {
    input.cursor().ident().is_some_and(|(name, _)| name == word)
}

/// `{ item* }`
pub(super) fn body(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Body> {
    let Some(braces) = group(input, Delimiter::Brace) else {
        return Err(expected(input, "layers in braces: `{ ... }`"));
    };
    let mut items = Vec::new();
    let before = parser.errors.len();
    inside(&braces, |input| {
        super::body::items(input, &mut items, parser);
        drain(input);
        Ok(())
    })?;
    parser.errors.settle(before, Place::at(braces.span_close()));
    Ok(Body {
        items,
        end: braces.span_close(),
    })
}
