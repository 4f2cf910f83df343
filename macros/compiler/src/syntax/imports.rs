//! `use path::Block;`: blocks of other invocations.
//!
//! A block that others may use is a declarative macro of its name beside the block. It is
//! called with an invocation in two parts, what stands before a place and what stands after it,
//! and calls the macro of that invocation again, with the block's own tokens in between. So a
//! `use` has what it brings in braces after its path once that was asked for:
//!
//! ```text
//! use path as Name { Block  pub block Block(...) { ... }  block Part(...) { ... } };
//! ```

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::Token;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;

use super::items::block_of;
use super::tokens::{drain, expected, group, ident, in_path, inside, inside_tokens, list, skip};
use super::tree::{File, Home, Import};
use super::{Parsed, Parser};
use crate::report::{Error, Place};

/// A name that is brought along by its path.
struct Used {
    path: TokenStream,
    /// All of it.
    place: Place,
    /// The last name of the path.
    last: Ident,
    /// What it is called here.
    name: Ident,
    /// What was brought along.
    package: Option<Group>,
}

/// All that one `use` names, and the error where only its `;` is missing.
fn declaration(input: ParseStream<'_>) -> Parsed<(Vec<Used>, Option<Error>)> {
    skip(input, 1);
    let mut used = Vec::new();
    let start = Place::at(input.span());
    tree(TokenStream::new(), start, input, &mut used)?;
    if input.peek(Token![;]) {
        skip(input, 1);
        return Ok((used, None));
    }
    let error = expected(input, "`;` after the path");
    if input.peek(Ident::peek_any) {
        return Ok((used, Some(error.help("`;` before it"))));
    }
    Err(error)
}

/// `a::b`, `a::b as c`, `a::{b, c}`; `path` stands before it.
fn tree(
    mut path: TokenStream,
    start: Place,
    input: ParseStream<'_>,
    used: &mut Vec<Used>,
) -> Parsed<()> {
    let mut last: Option<Ident> = None;
    loop {
        if input.peek(Token![::]) {
            take(input, 2, &mut path);
        } else if last.is_some() {
            break;
        }
        if input.peek(Token![*]) {
            return Err(glob(input));
        }
        if let Some(names) = group(input, Delimiter::Brace) {
            return inside(&names, |input| {
                list(input, |input| {
                    tree(path.clone(), Place::at(input.span()), input, used)
                })
                .map(drop)
            });
        }
        let name = ident(input).ok_or_else(|| expected(input, "a path: `use blocks::Block;`"))?;
        in_path(&name, input)?;
        path.extend([TokenTree::Ident(name.clone())]);
        last = Some(name);
    }
    let last = last.ok_or_else(|| expected(input, "the name of a block"))?;
    let mut name = last.clone();
    let mut place = start.to(Place::at(last.span()));
    if input.peek(Token![as]) {
        skip(input, 1);
        name = ident(input).ok_or_else(|| expected(input, "a name"))?;
        in_path(&name, input)?;
        place = place.to(Place::at(name.span()));
    }
    used.push(Used {
        path,
        place,
        last,
        name,
        package: group(input, Delimiter::Brace),
    });
    Ok(())
}

fn take(input: ParseStream<'_>, tokens: usize, into: &mut TokenStream) {
    for _ in 0..tokens {
        into.extend(input.parse::<TokenTree>());
    }
}

fn glob(input: ParseStream<'_>) -> Error {
    Error::new(input.span(), "`use` names each block: there is no `*`")
        .help("write the names in braces: `use blocks::{Block, Other};`")
}

/// The call that asks for the first block that a `use` names and that was not brought along
/// yet: `path! { [macro of this invocation] [before] [after] }`.
///
/// Of several names in one `use`, the others become ones of their own.
///
/// What is no name of a block, as something says, is not asked for.
pub(super) fn asked(
    tokens: &TokenStream,
    call: &TokenStream,
    is_block: &dyn Fn(&str) -> bool,
) -> Option<TokenStream> {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut place = 0;
    while let Some(token) = all.get(place) {
        let begins = matches!(token, TokenTree::Ident(word) if word == "use");
        if !begins || !at_item(&all[..place]) {
            place += 1;
            continue;
        }
        let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ';');
        let end = place + all[place..].iter().position(is_end)?;
        let written: TokenStream = all[place..=end].iter().cloned().collect();
        let used = inside_tokens(written, declaration);
        if let Ok((used, None)) = used
            && let Some(open) = used
                .iter()
                .position(|one| one.package.is_none() && is_block(&one.last.to_string()))
        {
            let before = all[..place].iter().cloned().collect();
            let after = all[end + 1..].iter().cloned().collect();
            return Some(question(&used, open, (before, after), call));
        }
        place = end + 1;
    }
    None
}

/// Whether an item can begin after these tokens: at the beginning, behind what names the
/// facade crate, or behind another item.
fn at_item(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Punct(end)) => end.as_char() == ';',
        Some(TokenTree::Group(group)) => {
            group.delimiter() == Delimiter::Brace
                || group.delimiter() == Delimiter::Parenthesis && before.len() == 1
        }
        Some(_) => false,
    }
}

fn question(
    used: &[Used],
    open: usize,
    (before, after): (TokenStream, TokenStream),
    call: &TokenStream,
) -> TokenStream {
    let one = |used: &Used| {
        let Used {
            path,
            name,
            package,
            ..
        } = used;
        quote::quote!(use #path as #name #package)
    };
    let earlier = used[..open].iter().map(one);
    let asked = one(&used[open]);
    let later = used[open + 1..].iter().map(one);
    let path = &used[open].path;
    quote::quote!(#path! { [#call] [#before #(#earlier;)* #asked] [; #(#later;)* #after] })
}

/// Reads a `use`, with the blocks that it brings along.
pub(super) fn import(
    home: Home,
    input: ParseStream<'_>,
    file: &mut File,
    parser: &mut Parser,
) -> Parsed<()> {
    let (names, error) = declaration(input)?;
    error
        .into_iter()
        .for_each(|error| parser.errors.push(error));
    for used in names {
        let taken = file.block(home, &used.name.to_string()).is_some();
        let network = home.is_own() && file.networks.iter().any(|other| other.name == used.name);
        if taken || network {
            let name = &used.name;
            let headline = format!("another block or network is called `{name}`");
            let error = Error::new(name.span(), headline);
            let help = format!("give it another name: `use {} as Other`", shown(&used.path));
            parser.errors.push(error.help(help));
            continue;
        }
        let mut import = Import {
            home,
            name: used.name.clone(),
            last: used.last.clone(),
            path: shown(&used.path),
            block: None,
        };
        match &used.package {
            Some(package) => match package_of(&used, package, file, parser) {
                Ok(block) => import.block = block,
                Err(error) => parser.errors.push(error),
            },
            // Where there is no rustc that could be asked.
            None => file.lost = true,
        }
        file.imports.push(import);
    }
    Ok(())
}

/// Reads what a `use` brings along; gives the block that it names.
fn package_of(
    used: &Used,
    package: &Group,
    file: &mut File,
    parser: &mut Parser,
) -> Parsed<Option<usize>> {
    let home = parser.home();
    let here = seen_from(package.stream(), used.last.span());
    let mut main = None;
    inside_tokens(here, |input| {
        if input.peek(Token![!]) {
            skip(input, 1);
            let what = ident(input).map(|word| word.to_string());
            drain(input);
            file.lost = true;
            return Err(refused(used, what.as_deref() == Some("network")));
        }
        main = ident(input);
        while !input.is_empty() {
            if input.peek(Token![use]) {
                import(home, input, file, parser)?;
            } else {
                let block = block_of(home, input, parser)?;
                file.blocks.push(block);
            }
        }
        Ok(())
    })?;
    let name = main.map(|main| main.to_string()).unwrap_or_default();
    let found = |block: &super::tree::Block| block.home == home && block.name == name;
    Ok(file.blocks.iter().position(found))
}

/// The error for the name of what is there and no block that may be used.
fn refused(used: &Used, network: bool) -> Error {
    let (name, path) = (&used.last, shown(&used.path));
    if network {
        let headline = format!("`{name}` is a network, and no block");
        return Error::new(used.place, headline).help(format!(
            "a network is called by its path, without a `use`: `{path}`"
        ));
    }
    Error::new(used.place, format!("the block `{name}` is private")).help(format!(
        "it can be used as `pub block {name}` or `pub(crate) block {name}`"
    ))
}

/// Tokens of a declarative macro as if they were written at the place from which they are
/// seen: rustc shows what stands inside of another crate's macro at the call of that, and
/// not in its own source. `$crate` stays what it is.
fn seen_from(tokens: TokenStream, from: Span) -> TokenStream {
    let seen = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let mut inner = Group::new(group.delimiter(), seen_from(group.stream(), from));
            inner.set_span(group.span().resolved_at(from));
            return TokenTree::Group(inner);
        }
        if !matches!(&token, TokenTree::Ident(word) if word == "$crate") {
            token.set_span(token.span().resolved_at(from));
        }
        token
    };
    tokens.into_iter().map(seen).collect()
}

/// A path as it is written.
fn shown(path: &TokenStream) -> String {
    super::print::tokens(path)
}

/// Whether an import begins here.
pub(super) fn begins(input: ParseStream<'_>) -> bool {
    input.peek(Token![use]) && (input.peek2(Ident::peek_any) || input.peek2(Token![::]))
}
