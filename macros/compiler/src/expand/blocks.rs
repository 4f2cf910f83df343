//! Blocks that other invocations may use: a declarative macro of the block's name each, which
//! hands the block's tokens over. `syntax::imports` says how.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

use crate::syntax::tree::{Attributes, Block, File, Home};

/// Where a token stands, as a text that no other place has.
pub(crate) type Located<'a> = &'a dyn Fn(Span) -> String;

/// The macros of an invocation with blocks that others may use.
///
/// Networks and blocks that are no such have one, too: a `use` of them says what they are.
pub(crate) fn items(file: &File, located: Located<'_>) -> TokenStream {
    let mut items = TokenStream::new();
    if !file.own_blocks().any(Block::travels) {
        return items;
    }
    for block in file.own_blocks() {
        let item = Item {
            name: &block.name,
            attributes: &block.attributes,
            located,
        };
        if block.travels() {
            let package = package(file, block, &absolute);
            items.extend(item.exported(&block.visibility, &package, &docs(block)));
        } else {
            items.extend(item.exported(&quote!(pub), &quote!(!private), &hidden()));
        }
    }
    for network in &file.networks {
        let item = Item {
            name: &network.name,
            attributes: &network.attributes,
            located,
        };
        items.extend(item.exported(&network.visibility, &quote!(!network), &hidden()));
    }
    items
}

/// The call of a block's macro by a name that is imported: where nothing is there, rustc looks for
/// names that are alike for an import, and not for a path in a call.
pub(crate) fn imported(call: TokenStream, located: Located<'_>) -> TokenStream {
    let text = call.to_string();
    let mut tokens = call.into_iter();
    let is_path = |token: &TokenTree| !matches!(token, TokenTree::Punct(p) if p.as_char() == '!');
    let path: Vec<TokenTree> = tokens.by_ref().take_while(is_path).collect();
    let Some(TokenTree::Ident(name)) = path.last() else {
        return path.into_iter().chain(tokens).collect();
    };
    // A declarative macro may make several invocations of the same tokens.
    let alias = numbered(name, &|span| format!("{} {text}", located(span)));
    quote! {
        #[allow(unused_imports)]
        use #(#path)* as #alias;
        #alias! #(#tokens)*
    }
}

/// A name of its own for what has a name at a place.
fn numbered(name: &Ident, located: Located<'_>) -> Ident {
    let place = located(name.span());
    let own = format!("__shapewise_{name}_{:016x}", hash(&place));
    Ident::new(&own, name.span())
}

/// What the macro of this name hands over, for who looks blocks up without rustc; nothing
/// where there is none. `crate` is the crate in which it stands.
pub(crate) fn brought(file: &File, name: &str) -> Option<TokenStream> {
    if !file.own_blocks().any(Block::travels) {
        return None;
    }
    if let Some(block) = file.own_blocks().find(|block| block.name == name) {
        return Some(match block.travels() {
            true => package(file, block, &|tokens| tokens),
            false => quote!(!private),
        });
    }
    let mut networks = file.networks.iter();
    let is_network = networks.any(|network| network.name == name);
    is_network.then(|| quote!(!network))
}

/// What has a macro of its name.
struct Item<'i> {
    name: &'i Ident,
    attributes: &'i Attributes,
    located: Located<'i>,
}

impl Item<'_> {
    /// The macro, which can be seen as far as is said, and hands over a package.
    fn exported(
        &self,
        visibility: &TokenStream,
        package: &TokenStream,
        docs: &TokenStream,
    ) -> TokenStream {
        let name = self.name;
        // What other crates see stands in the root of its crate, where no other may be
        // called so.
        let own = numbered(name, self.located);
        let everywhere = visibility.to_string() == "pub";
        let export = everywhere.then(|| quote!(#[macro_export]));
        let conditions = self.attributes.list.iter();
        let conditions = conditions.filter(|attribute| attribute.name == "cfg");
        let conditions: TokenStream = conditions.map(|cfg| cfg.tokens.clone()).collect();
        let wrong = format!("`{name}` is for a `use` inside of `network!`");
        quote! {
            #conditions
            #[doc(hidden)]
            #export
            #[allow(non_local_definitions, unused_macros)]
            macro_rules! #own {
                ([$($call:tt)*] [$($before:tt)*] [$($after:tt)*]) => {
                    $($call)* { $($before)* { #package } $($after)* }
                };
                ($($other:tt)*) => { ::core::compile_error! { #wrong } };
            }
            #conditions
            #docs
            #[allow(unused_imports, unreachable_pub)]
            #visibility use #own as #name;
        }
    }
}

/// FNV-1a: short, and the same in each build.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

fn hidden() -> TokenStream {
    quote!(#[doc(hidden)])
}

/// The documentation of a block: its own, and how it is called.
fn docs(block: &Block) -> TokenStream {
    let own = block.attributes.docs();
    let usage = format!(
        "Called as `{}` in a `network!` that has a `use` of it.",
        block.usage()
    );
    let (empty, usage) = (Literal::string(""), Literal::string(&usage));
    quote! {
        #(#own)*
        #[doc = #empty]
        #[doc = #usage]
        #[doc(inline)]
    }
}

/// What is handed over: the name of the block, the block, and all that it calls. What is
/// written in the invocation itself is as `own` makes it.
fn package(file: &File, block: &Block, own: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    let mut needed: Vec<&Block> = vec![block];
    let mut imports: Vec<(&Ident, &Block)> = Vec::new();
    let mut place = 0;
    while let Some(block) = needed.get(place).copied() {
        place += 1;
        for name in file.names(block.home) {
            if !names(&block.tokens, name) {
                continue;
            }
            let Some(called) = file.block(block.home, &name.to_string()) else {
                continue;
            };
            let same = |other: &Block| std::ptr::eq(other, called);
            if called.home == block.home {
                if !needed.iter().any(|other| same(other)) {
                    needed.push(called);
                }
            } else if !imports.iter().any(|(other, _)| *other == name) {
                imports.push((name, called));
            }
        }
    }
    let main = &block.name;
    let blocks = needed.iter().map(|block| match block.home {
        // Only what is written here speaks of this crate.
        Home::OWN => own(block.tokens.clone()),
        _ => block.tokens.clone(),
    });
    let imports = imports.iter().map(|(name, block)| {
        let package = package(file, block, own);
        let called = &block.name;
        quote!(use #called as #name { #package };)
    });
    quote!(#main #(#imports)* #(#blocks)*)
}

/// Whether tokens name something.
fn names(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => names(&group.stream(), name),
        _ => false,
    })
}

/// Tokens with `$crate` in the place of `crate`.
fn absolute(tokens: TokenStream) -> TokenStream {
    let token = |token: TokenTree| match token {
        TokenTree::Ident(word) if word == "crate" => {
            let mut from: TokenStream = quote!($);
            from.extend([TokenTree::Ident(word)]);
            from
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), absolute(group.stream()));
            inner.set_span(group.span());
            inner.into_token_stream()
        }
        other => other.into(),
    };
    tokens.into_iter().map(token).collect()
}
