//! Networks and blocks.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::attributes::{attributes, is_visibility, visibility};
use super::expression::expression;
use super::tokens::{expected, group, ident, inside, list, skip};
use super::tree::{
    Attributes, Block, Expression, File, Generic, Home, Kind, Network, Output, Parameter, Port,
};
use super::unit::body;
use super::{Parsed, Parser, imports};
use crate::report::{Error, Place};

/// All of an invocation: what names the facade crate, then networks and blocks.
pub(super) fn file(input: ParseStream<'_>, file: &mut File, parser: &mut Parser) {
    if let Some(krate) = group(input, Delimiter::Parenthesis) {
        file.krate = krate.stream();
    }
    while !input.is_empty() {
        if let Err(error) = item(input, file, parser) {
            parser.errors.push(error);
            file.lost = true;
            recover(input);
        }
        file.blocks.append(&mut parser.blocks);
    }
}

/// Skips to the next network or block: beyond a brace, or the semicolon of a `use`.
fn recover(input: ParseStream<'_>) {
    while !input.is_empty() && group(input, Delimiter::Brace).is_none() {
        let ends = input.peek(Token![;]);
        skip(input, 1);
        if ends {
            break;
        }
    }
}

fn item(input: ParseStream<'_>, file: &mut File, parser: &mut Parser) -> Parsed<()> {
    if imports::begins(input) {
        return imports::import(Home::OWN, input, file, parser);
    }
    let attributes = attributes(input)?;
    let start = Place::at(input.span());
    let visibility = visibility(input);
    if is_word(input, "block") && is_visibility(visibility.clone()) {
        let block = block(attributes, visibility, input, parser)?;
        if is_new(file, "block", &block.name, &block.attributes, parser) {
            file.blocks.push(block);
        }
        return Ok(());
    }
    if !is_visibility(visibility.clone()) {
        return Err(
            Error::new(start, "expected `struct`, or a visibility before it")
                .help("it is written `pub`, `pub(crate)` or `pub(super)`"),
        );
    }
    if !input.peek(Token![struct]) {
        let error = expected(
            input,
            "`struct Name(input) -> output { ... }`, `block Name(...) { ... }` or `use path::Block;`",
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
    let network = network(attributes, visibility, input, parser)?;
    if is_new(file, "network", &network.name, &network.attributes, parser) {
        file.networks.push(network);
    }
    Ok(())
}

/// Whether the next token is this word.
fn is_word(input: ParseStream<'_>, word: &str) -> bool {
    input.cursor().ident().is_some_and(|(name, _)| name == word)
}

/// The tokens from one place of the stream to another.
fn until(from: ParseStream<'_>, to: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while from.cursor() != to.cursor()
        && let Ok(token) = from.parse::<TokenTree>()
    {
        tokens.extend([token]);
    }
    tokens
}

/// A block that a `use` brings along.
pub(super) fn block_of(home: Home, input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Block> {
    if !is_word(input, "block") {
        return Err(expected(input, "a block"));
    }
    let block = block(Attributes::default(), TokenStream::new(), input, parser)?;
    Ok(Block { home, ..block })
}

/// Whether no other item has this name; where one has, that is told. Of items with
/// `#[cfg(...)]` only one may be there.
fn is_new(
    file: &File,
    what: &str,
    name: &Ident,
    attributes: &Attributes,
    parser: &mut Parser,
) -> bool {
    let blocks = file
        .own_blocks()
        .map(|block| (&block.name, &block.attributes));
    let networks = file.networks.iter();
    let networks = networks.map(|network| (&network.name, &network.attributes));
    let mut others = blocks.chain(networks);
    let conditional = |attributes: &Attributes| attributes.find("cfg").is_some();
    let mut imports = file.imports.iter().filter(|import| import.home.is_own());
    let taken = imports.any(|import| import.name == *name)
        || others
            .any(|(other, its)| other == name && !conditional(its) && !conditional(attributes));
    if taken {
        let headline = format!("another block or network is called `{name}`");
        let error = Error::new(name.span(), headline);
        parser
            .errors
            .push(error.help(format!("give this {what} another name")));
    }
    !taken
}

fn network(
    attributes: Attributes,
    visibility: TokenStream,
    input: ParseStream<'_>,
    parser: &mut Parser,
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
    let inputs = inside(&ports, |input| list(input, |input| port(input, parser)))?;
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
        None if named_output(input) => {
            let output = output(input)?;
            if let Some(name) = &output.name {
                let headline = format!("the output `{name}` stands in parentheses, with its shape");
                parser
                    .errors
                    .push(Error::new(output.place, headline).help(format!("write `({name})`")));
            }
            vec![output]
        }
        None => vec![unnamed(expression(input)?)],
    };
    if !input.peek(syn::token::Brace) {
        return Err(expected(
            input,
            &format!("the layers of `{name}` in braces"),
        ));
    }
    let outside = parser.errors.len();
    let body = body(input, parser)?;
    Ok(Network {
        attributes,
        visibility,
        name,
        generics,
        inputs,
        outputs,
        body,
        errors: parser.errors.split_off(outside),
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
            if !is_default(&tokens) {
                let mut spans = tokens.clone().into_iter().map(|token| token.span());
                let first = Place::at(spans.next().unwrap_or_else(|| name.span()));
                let place = spans.last().map_or(first, |last| first.to(Place::at(last)));
                let headline =
                    format!("the default of `{name}` is a number, a name or `{{ ... }}`");
                return Err(Error::new(place, headline).help(format!("write `{{ {tokens} }}`")));
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

/// Whether Rust reads this as the default of a generic: one token, or a number with its
/// sign, or a path.
fn is_default(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Punct(_)] => false,
        [_] => true,
        [TokenTree::Punct(minus), TokenTree::Literal(_)] => minus.as_char() == '-',
        path => {
            let mut places = path.iter().enumerate();
            path.len() % 3 == 1
                && places.all(|(place, token)| match token {
                    TokenTree::Ident(_) => place % 3 == 0,
                    TokenTree::Punct(colon) => place % 3 != 0 && colon.as_char() == ':',
                    _ => false,
                })
        }
    }
}

fn port(input: ParseStream<'_>, parser: &mut Parser) -> Parsed<Port> {
    let mut name = None;
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) {
        name = ident(input);
        skip(input, 1);
    } else if input.peek(Ident::peek_any)
        && let Some((word, rest)) = input.cursor().ident()
        && (rest.eof() || input.peek2(Token![,]))
        && word.to_string().starts_with(char::is_lowercase)
        && !word.to_string().contains('x')
    {
        let error = Error::new(word.span(), format!("the input `{word}` has no shape"));
        return Err(error.help(format!("write `{word}: 224x224x3`, with its own extents")));
    }
    let shape = expression(input)?;
    let kind = kind(input)?;
    let id = parser.id();
    Ok(Port {
        id,
        name,
        shape,
        kind,
    })
}

/// `of indices`, `of numbers`
fn kind(input: ParseStream<'_>) -> Parsed<Option<Kind>> {
    if input.cursor().ident().is_none_or(|(word, _)| word != "of") {
        return Ok(None);
    }
    skip(input, 1);
    let word = input.cursor().ident().map(|(word, _)| word.to_string());
    let kind = match word.as_deref() {
        Some("indices") => Kind::Indices,
        Some("numbers") => Kind::Numbers,
        _ => return Err(expected(input, "`indices` or `numbers`")),
    };
    skip(input, 1);
    Ok(Some(kind))
}

/// Whether an output with a name stands here: `-> features {`.
fn named_output(input: ParseStream<'_>) -> bool {
    let word = input.cursor().ident();
    input.peek2(syn::token::Brace)
        && word.is_some_and(|(word, _)| word.to_string().starts_with(char::is_lowercase))
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

/// `block Name(parameters) { ... }`
pub(super) fn block(
    attributes: Attributes,
    visibility: TokenStream,
    input: ParseStream<'_>,
    parser: &mut Parser,
) -> Parsed<Block> {
    let start = input.fork();
    skip(input, 1);
    let name = ident(input).ok_or_else(|| expected(input, "the block's name"))?;
    let parameters = match group(input, Delimiter::Parenthesis) {
        Some(parameters) => inside(&parameters, |input| list(input, parameter))?,
        None => Vec::new(),
    };
    for (place, parameter) in parameters.iter().enumerate() {
        let name = &parameter.name;
        if parameters[..place].iter().any(|other| other.name == *name) {
            let error = Error::new(
                name.span(),
                format!("the parameter `{name}` is there twice"),
            );
            parser.errors.push(error.help("give it another name"));
        }
    }
    let body = body(input, parser)?;
    Ok(Block {
        home: Home::OWN,
        attributes,
        visibility,
        tokens: until(&start, input),
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
