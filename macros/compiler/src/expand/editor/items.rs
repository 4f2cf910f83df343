//! Networks and blocks: what they declare, before what stands in them is read.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::outline::{End, Outline};
use super::scopes::Kind;
use super::tokens::Tokens;
use crate::syntax::text_of;

impl Outline<'_> {
    /// Declares a block and its parameters.
    pub(super) fn block(
        &mut self,
        tokens: &mut Tokens,
        docs: TokenStream,
        called: Option<String>,
    ) -> ItemTokens {
        tokens.skip(1);
        let name = tokens.ident(0).map(|name| match called {
            Some(called) => Ident::new(&called, name.span()),
            None => name,
        });
        tokens.skip(1);
        let title = name.as_ref().map(ToString::to_string);
        let scope = self.scopes.open(None, title);
        let mut signature = String::new();
        let mut values = Vec::new();
        if let Some(parameters) = tokens.group(0, Delimiter::Parenthesis) {
            tokens.skip(1);
            signature = text_of(&TokenTree::from(parameters.clone()).into());
            let mut inside = Tokens::of(parameters.stream());
            while inside.peek(0).is_some() {
                if let Some(parameter) = inside.ident(0) {
                    inside.skip(1 + usize::from(inside.sign(1, '=')));
                    let default = inside.until_comma();
                    let value = text_of(&default);
                    let parameter_docs = TokenStream::new();
                    self.scopes
                        .declare(scope, parameter, Kind::Parameter, value, parameter_docs);
                    values.push(default);
                }
                inside.skip(1);
            }
        }
        let body = self.scopes.open(Some(scope), Some("body".to_owned()));
        if let Some(name) = name {
            self.scopes.block(name, scope, body, signature, docs);
        }
        ItemTokens {
            scope,
            body,
            values,
            generics: TokenStream::new(),
            inside: next_body(tokens),
        }
    }

    /// Declares the blocks of other invocations that a `use` brings. What they are stands
    /// in braces behind each name: its own name, and the blocks that it consists of.
    pub(super) fn brought(&mut self, tokens: &mut Tokens) {
        tokens.skip(1);
        let mut name = None;
        while tokens.peek(0).is_some() && !tokens.sign(0, ';') {
            if let Some(word) = tokens.ident(0).filter(|word| word != "as") {
                name = Some(word);
            }
            if let (Some(name), Some(package)) = (&name, tokens.group(0, Delimiter::Brace))
                && !tokens.in_path()
            {
                self.package(&mut Tokens::of(package.stream()), name);
            }
            tokens.skip(1);
        }
    }

    /// Declares the block that stands for a name of a `use`.
    fn package(&mut self, inside: &mut Tokens, name: &Ident) {
        let own = inside.ident(0);
        let mut docs = TokenStream::new();
        while inside.peek(0).is_some() {
            if inside.attribute(&mut docs) {
                continue;
            }
            if inside.is_word(0, "block") && inside.ident(1).is_some() && inside.ident(1) == own {
                let docs = std::mem::take(&mut docs);
                self.block(inside, docs, Some(name.to_string()));
                self.imports.push(name.clone());
                return;
            }
            if inside.is_word(0, "block") {
                docs = TokenStream::new();
            }
            inside.skip(1);
        }
    }

    /// The words of `use`s.
    pub(super) fn imported(&mut self) {
        for name in std::mem::take(&mut self.imports) {
            if let Some(name) = super::spoken(&name) {
                self.words.extend(quote!(#name;));
            }
        }
        let words = std::mem::take(&mut self.words);
        self.functions.extend(quote!(fn __uses() { #words }));
    }

    /// Declares a network and its inputs.
    pub(super) fn network(&mut self, tokens: &mut Tokens) -> ItemTokens {
        tokens.skip(1);
        let name = tokens.ident(0);
        tokens.skip(1);
        let title = name.as_ref().map(ToString::to_string);
        let scope = self.scopes.open(None, title.clone());
        let mut values = Vec::new();
        let mut generics = TokenStream::new();
        if tokens.sign(0, '<') {
            let mut angles = Vec::new();
            tokens.angles(&mut angles);
            generics = without_defaults(angles);
        }
        let mut signature = String::new();
        if let Some(ports) = tokens.group(0, Delimiter::Parenthesis) {
            signature = text_of(&TokenTree::from(ports.clone()).into());
            tokens.skip(1);
            let mut inside = Tokens::of(ports.stream());
            while inside.peek(0).is_some() {
                let label = inside.at_label().then(|| inside.ident(0)).flatten();
                if label.is_some() {
                    inside.skip(2);
                }
                let shape = inside.until_comma();
                if let Some(label) = label {
                    let value = text_of(&shape);
                    self.scopes
                        .declare(scope, label, Kind::Shape, value, TokenStream::new());
                }
                values.push(shape);
                inside.skip(1);
            }
        }
        let outputs = tokens.group(2, Delimiter::Parenthesis);
        values.extend(outputs.map(|outputs| outputs.stream()));
        if let Some(title) = title {
            self.scopes.network(title, signature);
        }
        ItemTokens {
            scope,
            body: scope,
            values,
            generics,
            inside: next_body(tokens),
        }
    }

    /// Reads what stands in a network or a block.
    pub(super) fn item(&mut self, item: ItemTokens) {
        let ItemTokens {
            scope,
            body,
            values,
            generics,
            inside,
        } = item;
        if inside.is_some() && self.scopes.find(body, "input").is_none() {
            let value = self.entering(inside.as_ref());
            let docs = "What enters.";
            let input = Ident::new("input", Span::call_site());
            self.scopes
                .declare(scope, input, Kind::Shape, value, quote!(#[doc = #docs]));
        }
        // The default of a parameter may be a layer.
        let module = self.scopes.mixed(body, "", None);
        let place = self.place(body, module);
        for value in values {
            // The names of outputs stand before a colon, as labels do.
            let mut tokens = Tokens::of(value);
            while tokens.peek(0).is_some() {
                self.values(&mut tokens, &place, End::Comma);
                if tokens.at_label()
                    && let Some(output) = tokens.ident(0)
                    && self.scopes.find(body, &output.to_string()).is_some()
                {
                    self.word_of(&place, Some(output));
                }
                tokens.skip(1);
            }
        }
        if let Some(inside) = inside {
            self.body(&mut Tokens::of(inside.stream()), body);
        }
        let name = format_ident!("__words{body}");
        let (words, more) = (
            std::mem::take(&mut self.words),
            std::mem::take(&mut self.more),
        );
        self.functions
            .extend(quote!(fn #name #generics () { #words }));
        let name = format_ident!("__found{body}");
        self.found.extend(quote!(fn #name #generics () { #more }));
    }

    /// The shapes that enter a body: what goes into its first layer.
    fn entering(&self, body: Option<&Group>) -> String {
        let first = body.and_then(|body| {
            let mut tokens = Tokens::of(body.stream());
            let mut docs = TokenStream::new();
            loop {
                while tokens.attribute(&mut docs) {}
                if tokens.at_label() {
                    tokens.skip(2);
                    continue;
                }
                // The first layer of a residual or a group takes what enters that.
                let word = usize::from(tokens.ident(0).is_some());
                match tokens.group(word, Delimiter::Brace) {
                    Some(inside) => tokens = Tokens::of(inside.stream()),
                    None => return tokens.ident(0),
                }
            }
        });
        let layer = first.and_then(|first| self.figures.layer_at(first.span()));
        layer.and_then(|layer| layer.input(0)).unwrap_or_default()
    }
}

/// What is still to be read of a network or a block.
pub(super) struct ItemTokens {
    scope: usize,
    body: usize,
    /// Its shapes, or the defaults of its parameters.
    values: Vec<TokenStream>,
    generics: TokenStream,
    inside: Option<Group>,
}

/// The next braces, up to which tokens are skipped; not those of another item.
fn next_body(tokens: &mut Tokens) -> Option<Group> {
    while tokens.peek(0).is_some() && !tokens.is_word(0, "struct") && !tokens.is_word(0, "block") {
        if let Some(group) = tokens.group(0, Delimiter::Brace) {
            tokens.skip(1);
            return Some(group);
        }
        tokens.skip(1);
    }
    None
}

/// Generic parameters as a function has them.
fn without_defaults(generics: Vec<TokenTree>) -> TokenStream {
    let mut default = false;
    let kept = generics.into_iter().filter(|token| {
        if let TokenTree::Punct(sign) = token {
            match sign.as_char() {
                '=' => default = true,
                ',' | '>' => default = false,
                _ => {}
            }
        }
        !default
    });
    kept.collect()
}
