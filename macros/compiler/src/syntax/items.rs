//! Networks and blocks.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::expression::{expression, group, ident, inside, list, skip};
use super::tree::{
    Attribute, Attributes, Block, Expression, File, Generic, Network, Output, Parameter, Port,
};
use super::unit::body;
use super::{Parsed, expected};
use crate::report::{Error, Errors, Place};

/// All of an invocation: what names the facade crate, then networks and blocks.
pub(super) fn file(input: ParseStream<'_>, file: &mut File, errors: &mut Errors) {
    if let Some(krate) = group(input, Delimiter::Parenthesis) {
        file.krate = krate.stream();
    }
    while !input.is_empty() {
        if let Err(error) = item(input, file, errors) {
            errors.push(error);
            file.lost = true;
            recover(input);
        }
    }
}

/// Skips to the next network or block: beyond a brace.
fn recover(input: ParseStream<'_>) {
    while !input.is_empty() && group(input, Delimiter::Brace).is_none() {
        skip(input, 1);
    }
}

fn item(input: ParseStream<'_>, file: &mut File, errors: &mut Errors) -> Parsed<()> {
    let attributes = attributes(input)?;
    if input
        .cursor()
        .ident()
        .is_some_and(|(name, _)| name == "block")
    {
        file.blocks.push(block(attributes, input, errors)?);
        return Ok(());
    }
    let start = Place::at(input.span());
    let visibility = visibility(input);
    if !is_visibility(visibility.clone()) {
        return Err(
            Error::new(start, "expected `struct`, or a visibility before it")
                .help("it is written `pub`, `pub(crate)` or `pub(super)`"),
        );
    }
    if !input.peek(Token![struct]) {
        let error = expected(
            input,
            "`struct Name(input) -> output { ... }` or `block Name(...) { ... }`",
        );
        return Err(if input.peek(Token![fn]) {
            error.help("write `struct`")
        } else if input.peek(Ident::peek_any) && input.peek2(syn::token::Paren) {
            error.help("`struct` before it")
        } else {
            error
        });
    }
    skip(input, 1);
    file.networks.push(network(attributes, visibility, input)?);
    Ok(())
}

fn network(
    attributes: Attributes,
    visibility: TokenStream,
    input: ParseStream<'_>,
) -> Parsed<Network> {
    let start = input.fork();
    let name = ident(input).ok_or_else(|| expected(input, "the network's name"))?;
    // The struct has it: it has to be a name to Rust as well.
    if start.parse::<Ident>().is_err() {
        let message = format!("`{name}` is a word of Rust, which no network can have as its name");
        return Err(Error::new(name.span(), message));
    }
    let generics = generics(input, &name)?;
    let Some(ports) = group(input, Delimiter::Parenthesis) else {
        return Err(expected(
            input,
            "the input in parentheses: `(image: 224x224x3)`",
        ));
    };
    let inputs = inside(&ports, |input| list(input, port))?;
    if inputs.is_empty() {
        return Err(Error::new(
            Place::at(ports.span_open()).to(Place::at(ports.span_close())),
            format!("`{name}` has no input"),
        )
        .help("`(image: 224x224x3)`"));
    }
    if !input.peek(Token![->]) {
        return Err(expected(input, "`->` and the output: `-> (logits: 1000)`"));
    }
    skip(input, 2);
    let outputs = match group(input, Delimiter::Parenthesis) {
        Some(ports) => {
            let outputs = inside(&ports, |input| list(input, output))?;
            if outputs.is_empty() {
                return Err(Error::new(
                    Place::at(ports.span_open()).to(Place::at(ports.span_close())),
                    format!("`{name}` has no output"),
                )
                .help("`-> (logits: 1000)`"));
            }
            outputs
        }
        None => vec![unnamed(expression(input)?)],
    };
    let mut errors = Errors::new();
    if !input.peek(syn::token::Brace) {
        return Err(expected(
            input,
            &format!("the layers of `{name}` in braces"),
        ));
    }
    let body = body(input, &mut errors)?;
    Ok(Network {
        attributes,
        visibility,
        name,
        generics,
        inputs,
        outputs,
        body,
        errors,
    })
}

/// `<const CLASSES: usize = 2, const BIAS: bool>`
fn generics(input: ParseStream<'_>, network: &Ident) -> Parsed<Vec<Generic>> {
    let mut generics: Vec<Generic> = Vec::new();
    if !input.peek(Token![<]) {
        return Ok(generics);
    }
    skip(input, 1);
    while !input.peek(Token![>]) {
        if input.is_empty() {
            return Err(expected(input, "`>` after the generic parameters"));
        }
        if !input.peek(Token![const]) {
            return Err(Error::new(
                input.span(),
                format!("`{network}` has generic parameters other than `const N: usize` and `const B: bool`"),
            )
            .help("numbers are parameters of a network, types and lifetimes are not: `<const CLASSES: usize>`"));
        }
        skip(input, 1);
        let name = ident(input).ok_or_else(|| expected(input, "the parameter's name"))?;
        if !input.peek(Token![:]) {
            return Err(expected(input, "`: usize` or `: bool`"));
        }
        skip(input, 1);
        let ty = ident(input).ok_or_else(|| expected(input, "`usize` or `bool`"))?;
        if ty != "usize" && ty != "bool" {
            return Err(Error::new(
                ty.span(),
                format!("the generic parameter `{name}` is a `{ty}`, but only `usize` and `bool` are possible"),
            )
            .help(format!("`const {name}: usize`")));
        }
        if !name.to_string().chars().all(|c| !c.is_lowercase()) {
            return Err(Error::new(
                name.span(),
                format!("the generic parameter `{name}` is not in upper case"),
            )
            .help(format!("call it `{}`", name.to_string().to_uppercase())));
        }
        if generics.iter().any(|other| other.name == name) {
            return Err(Error::new(
                name.span(),
                format!("the generic parameter `{name}` is there twice"),
            ));
        }
        let mut default = None;
        if input.peek(Token![=]) {
            skip(input, 1);
            let mut tokens = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![>]) {
                tokens.extend(input.parse::<TokenTree>());
            }
            if tokens.is_empty() {
                return Err(expected(input, "the default"));
            }
            default = Some(tokens);
        }
        generics.push(Generic {
            boolean: ty == "bool",
            name,
            ty,
            default,
        });
        if input.peek(Token![,]) {
            skip(input, 1);
        } else if !input.peek(Token![>]) {
            return Err(expected(input, "`,` or `>`"));
        }
    }
    skip(input, 1);
    Ok(generics)
}

fn port(input: ParseStream<'_>) -> Parsed<Port> {
    let mut name = None;
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) {
        name = ident(input);
        skip(input, 1);
    }
    let shape = expression(input)?;
    Ok(Port { name, shape })
}

fn unnamed(shape: Expression) -> Output {
    let place = shape.place;
    Output {
        name: None,
        label: None,
        shape: Some(shape),
        place,
    }
}

fn output(input: ParseStream<'_>) -> Parsed<Output> {
    let start = Place::at(input.span());
    if !(input.peek(Ident::peek_any)) {
        return Ok(unnamed(expression(input)?));
    }
    let name = ident(input);
    let mut label = None;
    let mut place = start;
    if input.peek(Token![=]) {
        skip(input, 1);
        place = start.to(Place::at(input.span()));
        label = Some(ident(input).ok_or_else(|| expected(input, "a label"))?);
    }
    let mut shape = None;
    if input.peek(Token![:]) {
        skip(input, 1);
        let declared = expression(input)?;
        place = start.to(declared.place);
        shape = Some(declared);
    }
    Ok(Output {
        name,
        label,
        shape,
        place,
    })
}

fn block(attributes: Attributes, input: ParseStream<'_>, errors: &mut Errors) -> Parsed<Block> {
    skip(input, 1);
    let name = ident(input).ok_or_else(|| expected(input, "the block's name"))?;
    let parameters = match group(input, Delimiter::Parenthesis) {
        Some(parameters) => inside(&parameters, |input| list(input, parameter))?,
        None => Vec::new(),
    };
    let body = body(input, errors)?;
    Ok(Block {
        attributes,
        name,
        parameters,
        body,
    })
}

fn parameter(input: ParseStream<'_>) -> Parsed<Parameter> {
    let name = ident(input).ok_or_else(|| expected(input, "a parameter"))?;
    let default = if input.peek(Token![=]) {
        skip(input, 1);
        Some(expression(input)?)
    } else {
        None
    };
    Ok(Parameter { name, default })
}

fn visibility(input: ParseStream<'_>) -> TokenStream {
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

/// Whether this is a visibility: nothing, `pub`, `pub(crate)` and the like.
fn is_visibility(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let scope = |scope: &proc_macro2::Group| {
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
