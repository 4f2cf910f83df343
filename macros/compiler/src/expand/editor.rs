//! What an editor finds: code in which each of the user's words stands where its meaning
//! is. Only `rust-analyzer` reads it, and asks two things of it.
//!
//! What a word means, it finds by the word's place in the source: a word is therefore a
//! path to a constant, `network::v0::conv1`, and where that is declared is the user's own
//! word too, or the catalogue. What a constant says is its value, a line for the reader,
//! and its documentation.
//!
//! What could stand instead of a word, it asks of an expansion in which the word is
//! another, and of the module before the word. So there is a module for each place:
//! of units, of values in a body, of a layer's arguments, of an argument's keywords. Both
//! expansions have to be the same up to the word, whatever could be understood of the
//! network: first the words stand, as the tokens say, then what was found of them.

pub(crate) mod catalogue;
mod figures;
mod items;
mod keywords;
mod outline;
mod scopes;
mod tokens;
mod values;

use proc_macro2::{Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::resolve::Outcome;
use crate::syntax::tree::File;
use figures::Figures;
use outline::Outline;

/// How many words stand in a function: an editor looks at all of one for each of them.
const MOST_WORDS: usize = 64;

/// What an editor finds of an invocation, whose tokens are those of its networks.
pub(crate) fn items(file: &File, tokens: TokenStream, outcomes: &[Outcome]) -> TokenStream {
    let krate = &file.krate;
    let editor = quote!(#krate::__private::editor);
    let figures = Figures::of(file, outcomes);
    let outline = Outline::of(tokens, editor.clone(), &figures);
    let (functions, found) = (&outline.functions, &outline.found);
    let names = file.networks.iter().map(|network| &network.name);
    let names = names.chain(file.blocks.iter().map(|block| &block.name));
    let places = names
        .take(1)
        .map(|name| format_ident!("__places_of_{name}"));
    let places = places.last().unwrap_or_else(|| format_ident!("__places"));
    let (layers, positions) = layers(&editor, &places, &figures);
    let modules = outline.scopes.modules(&figures);
    quote! {
        #[allow(
            dead_code, deprecated, unused, unused_qualifications, path_statements, non_upper_case_globals, non_camel_case_types,
            non_snake_case, clippy::all
        )]
        const _: () = {
            use network::blocks::*;
            #functions
            #found
            #layers
            mod network {
                #modules
            }
        };
        // Implementations in a constant's braces are not found.
        #[allow(dead_code, non_upper_case_globals, non_camel_case_types, non_snake_case)]
        #[doc(hidden)]
        mod #places {
            use #editor::{Layer, Layers};
            #positions
        }
    }
}

/// The layers in their places: what each is there, as the layer's own name, which leads
/// on to the catalogue.
fn layers(editor: &TokenStream, places: &Ident, figures: &Figures) -> (TokenStream, TokenStream) {
    let (mut functions, mut positions) = (TokenStream::new(), TokenStream::new());
    for (part, layers) in figures.layers.chunks(MOST_WORDS).enumerate() {
        let mut words = TokenStream::new();
        for layer in layers {
            let place = Ident::new(&layer.place, Span::call_site());
            let value = layer.value();
            let docs = catalogue::documentation(layer.entry, &layer.docs());
            let name = Ident::new(layer.entry.name, Span::call_site());
            let word = Ident::new(layer.entry.name, layer.span);
            positions.extend(quote! {
                pub struct #place;
                impl Layers for #place {
                    #[doc = #docs]
                    const #name: Layer = #value;
                }
            });
            words.extend(quote!(#places::#place::#word;));
        }
        let name = format_ident!("__layers{part}");
        functions.extend(quote!(fn #name() { use #editor::Layers as _; #words }));
    }
    (functions, positions)
}

/// The items of a network, whose errors an editor shows at the user's words without taking
/// these for the names of what tells errors.
pub(crate) fn without_names(items: TokenStream) -> TokenStream {
    let tokens = items.into_iter().map(|token| match token {
        TokenTree::Ident(word) if word == "core" || word == "compile_error" => hidden(word).into(),
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), without_names(group.stream()));
            inside.set_span(group.span());
            inside.into()
        }
        token => token,
    });
    tokens.collect()
}

/// An item that a word of the user's declares. Its first and its last sign stand where the
/// word does, as far as an editor sees, which looks for the word inside of the item.
pub(super) fn declaration(
    docs: &TokenStream,
    about: &str,
    item: &TokenStream,
    word: Span,
) -> TokenStream {
    let [first, last] = ['#', ';'].map(|sign| {
        let mut sign = Punct::new(sign, Spacing::Alone);
        sign.set_span(word);
        sign
    });
    quote!(#docs #first [doc = #about] #item #last)
}

/// A word as Rust can have it as a name, if it can.
fn spoken(word: &Ident) -> Option<Ident> {
    let text = word.to_string();
    if text == "_" {
        return None;
    }
    match syn::parse_str::<Ident>(&text) {
        Ok(_) => Some(word.clone()),
        Err(_) if matches!(text.as_str(), "self" | "super" | "crate" | "Self") => None,
        Err(_) => Some(Ident::new_raw(&text, word.span())),
    }
}

/// A name without its place, which an editor does not find by the user's word.
pub(super) fn hidden(mut ident: Ident) -> Ident {
    ident.set_span(Span::call_site());
    ident
}
