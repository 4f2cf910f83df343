//! The outline of an invocation, read from its tokens: each word as a path to what it
//! means, and each name where it is declared.
//!
//! This reader knows less than the parser, and therefore reads what is half typed as it
//! reads all else: what stands before a word decides what the word may be, and nothing
//! behind it. An editor completes a word by expanding twice, with the word as it is and
//! with one that it makes up, and has to find both in the same place.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use shapewise_core::catalogue;

use super::figures::Figures;
use super::scopes::{Inner, Kind, Scopes};
use super::spoken;
use super::tokens::Tokens;
use crate::syntax::text_of;

/// How deep bodies and brackets are read: the reader calls itself for each.
const DEPTH: usize = 192;

/// What is read of an invocation.
pub(super) struct Outline<'a> {
    pub(super) figures: &'a Figures,
    /// `$crate::__private::editor`
    pub(super) editor: TokenStream,
    pub(super) scopes: Scopes,
    /// The functions with the words, one for each network and block.
    pub(super) functions: TokenStream,
    /// The same for what was found of the words, which an expansion with a word that is
    /// made up has not: it stands behind all words.
    pub(super) found: TokenStream,
    /// The words of the function that is being read.
    pub(super) words: TokenStream,
    /// What was found of these.
    pub(super) more: TokenStream,
    /// The words of `use`s, for blocks of other invocations.
    pub(super) imports: Vec<Ident>,
    depth: usize,
}

/// Where a value ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// At the end of the statement.
    Statement,
    /// At a comma, too.
    Comma,
    /// At a brace, too.
    Brace,
}

/// What a word may be where a value stands.
pub(super) struct Place {
    pub(super) scope: usize,
    /// The module of all that it may be.
    pub(super) module: TokenStream,
    /// The shape of the flow there, where it is known.
    pub(super) flow: Option<String>,
    /// The layer in whose parentheses it stands, and how many values stand before it.
    pub(super) operand: Option<(Span, usize)>,
}

impl<'a> Outline<'a> {
    /// Reads all of an invocation.
    pub(super) fn of(tokens: TokenStream, editor: TokenStream, figures: &'a Figures) -> Self {
        let mut outline = Self {
            figures,
            scopes: Scopes::new(editor.clone()),
            editor,
            functions: TokenStream::new(),
            found: TokenStream::new(),
            words: TokenStream::new(),
            more: TokenStream::new(),
            imports: Vec::new(),
            depth: 0,
        };
        let mut items = Vec::new();
        let mut tokens = Tokens::of(tokens);
        let mut docs = TokenStream::new();
        while tokens.peek(0).is_some() {
            if tokens.attribute(&mut docs) {
                continue;
            }
            if tokens.is_word(0, "use") {
                outline.brought(&mut tokens);
            } else if tokens.is_word(0, "block") && tokens.ident(1).is_some() {
                let docs = std::mem::take(&mut docs);
                items.push(outline.block(&mut tokens, docs, None));
            } else if tokens.is_word(0, "struct") && tokens.ident(1).is_some() {
                items.push(outline.network(&mut tokens));
                docs = TokenStream::new();
            } else {
                tokens.skip(1);
            }
        }
        outline.imported();
        for item in items {
            outline.item(item);
        }
        outline
    }

    pub(super) fn place(&self, scope: usize, module: TokenStream) -> Place {
        Place {
            scope,
            module,
            flow: None,
            operand: None,
        }
    }

    /// A word as a path into a module.
    pub(super) fn say(&mut self, module: &TokenStream, word: &Ident) {
        if let Some(word) = spoken(word) {
            self.words.extend(quote!(#module::#word;));
        }
    }

    /// Reads the items of a body.
    pub(super) fn body(&mut self, tokens: &mut Tokens, scope: usize) {
        if !self.enter() {
            return;
        }
        let mut labels: Vec<usize> = Vec::new();
        let mut docs = TokenStream::new();
        // Whether a unit may begin here.
        let mut open = true;
        while let Some(token) = tokens.peek(0).cloned() {
            let before = tokens.at();
            if tokens.attribute(&mut docs) {
                continue;
            }
            if open && !self.says(tokens) {
                self.place_for(&Scopes::units(scope), "relu");
            }
            open = tokens.at_label()
                || matches!(&token, TokenTree::Punct(sign) if matches!(sign.as_char(), ',' | ';'));
            if tokens.at_label() {
                let names = match tokens.group(0, Delimiter::Parenthesis) {
                    Some(names) => names.stream(),
                    None => TokenStream::from(token),
                };
                labels = self.labels(names, scope, &docs);
                docs = TokenStream::new();
                tokens.skip(2);
                continue;
            }
            match token {
                TokenTree::Punct(sign) => {
                    if sign.as_char() == ';' {
                        labels.clear();
                        docs = TokenStream::new();
                    }
                    if tokens.signs(0, '=', '>') {
                        tokens.skip(2);
                        let place = self.place(scope, Scopes::values(scope));
                        self.values(tokens, &place, End::Statement);
                    } else if !tokens.at_path() {
                        tokens.skip(1);
                    }
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.nested(&group, scope, &labels, Vec::new());
                    tokens.skip(1);
                    open = true;
                }
                TokenTree::Group(group) => {
                    let place = self.place(scope, Scopes::values(scope));
                    self.values(&mut Tokens::of(group.stream()), &place, End::Statement);
                    tokens.skip(1);
                }
                TokenTree::Literal(_) => tokens.skip(1),
                TokenTree::Ident(_) => {}
            }
            if tokens.at() == before {
                self.unit(tokens, scope, &labels);
                open = tokens.behind_brace();
            }
            if tokens.at() == before {
                tokens.skip(1);
            }
        }
        if open {
            self.place_for(&Scopes::units(scope), "relu");
        }
        self.leave();
    }

    /// Whether what stands here is a word that is said in the module of units.
    fn says(&self, tokens: &Tokens) -> bool {
        let word = tokens
            .ident(0)
            .filter(|_| !tokens.at_label() && !tokens.at_path());
        word.is_some_and(|word| {
            let text = word.to_string();
            !text.starts_with(char::is_uppercase) && !matches!(text.as_str(), "let" | "if")
        })
    }

    /// A path where nothing is written yet: another word, in its place, is the same path.
    pub(super) fn place_for(&mut self, module: &TokenStream, any: &str) {
        let any = Ident::new(any, Span::call_site());
        self.words.extend(quote!(#module::#any;));
    }

    /// Goes a level deeper, where that is still possible.
    pub(super) fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > DEPTH {
            self.depth -= 1;
            return false;
        }
        true
    }

    /// Goes back up.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Declares labels.
    fn labels(&mut self, names: TokenStream, scope: usize, docs: &TokenStream) -> Vec<usize> {
        let mut declare = |ident: Ident| {
            let value = String::new();
            self.scopes
                .declare(scope, ident, Kind::Shape, value, docs.clone())
        };
        words_of(names).into_iter().map(&mut declare).collect()
    }

    /// Reads a body inside of another, whose names are those of `labels`.
    fn nested(
        &mut self,
        group: &Group,
        scope: usize,
        labels: &[usize],
        indices: Vec<(Ident, String)>,
    ) {
        let title = labels
            .first()
            .and_then(|label| self.scopes.name(scope, *label));
        let inner = self.scopes.open(Some(scope), title);
        for label in labels {
            self.scopes.contains(scope, *label, Inner::Scope(inner));
        }
        for (index, range) in indices {
            self.scopes
                .declare(inner, index, Kind::Index, range, TokenStream::new());
        }
        self.body(&mut Tokens::of(group.stream()), inner);
    }

    /// Reads a unit, or what begins with a word of the language.
    fn unit(&mut self, tokens: &mut Tokens, scope: usize, labels: &[usize]) {
        if tokens.at_path() {
            let place = self.place(scope, Scopes::values(scope));
            self.path(tokens, &place);
            return;
        }
        let Some(word) = tokens.ident(0) else { return };
        let text = word.to_string();
        let parentheses = tokens.group(1, Delimiter::Parenthesis);
        let place = self.place(scope, Scopes::values(scope));
        match (text.as_str(), &parentheses) {
            ("let", None) => {
                if let Some(name) = tokens.ident(1) {
                    let value = 2 + usize::from(tokens.sign(2, '='));
                    let value = text_of(&tokens.until_end(value));
                    self.scopes
                        .declare(scope, name, Kind::Let, value, TokenStream::new());
                }
                tokens.skip(2);
                self.values(tokens, &place, End::Statement);
            }
            ("assert", None) => {
                self.say(&Scopes::units(scope), &word);
                let editor = &self.editor;
                let metrics = quote!(#editor::metrics);
                tokens.skip(1);
                match tokens.ident(0).filter(|_| !tokens.at_label()) {
                    Some(metric) => {
                        self.say(&metrics, &metric);
                        tokens.skip(1);
                    }
                    None => self.place_for(&metrics, "params"),
                }
                self.values(tokens, &place, End::Statement);
            }
            ("from", None) => {
                self.say(&Scopes::units(scope), &word);
                tokens.skip(1);
                self.values(tokens, &place, End::Comma);
            }
            ("if", None) => {
                tokens.skip(1);
                self.values(tokens, &place, End::Brace);
            }
            ("residual" | "shortcut" | "branch", None) => {
                self.say(&Scopes::units(scope), &word);
                tokens.skip(1);
                if tokens.is_word(0, "if") {
                    tokens.skip(1);
                    self.values(tokens, &place, End::Brace);
                }
            }
            ("repeat", _) => {
                self.say(&Scopes::units(scope), &word);
                tokens.skip(1);
                let mut indices = Vec::new();
                if tokens.is_word(1, "in") {
                    let names = match tokens.group(0, Delimiter::Parenthesis) {
                        Some(names) => names.stream(),
                        None => tokens.ident(0).map(TokenTree::from).into_iter().collect(),
                    };
                    indices.extend(words_of(names));
                    tokens.skip(2);
                }
                let range = text_of(&tokens.until_brace());
                self.values(tokens, &place, End::Brace);
                if let Some(group) = tokens.group(0, Delimiter::Brace) {
                    let indices = indices.into_iter().map(|index| (index, range.clone()));
                    self.nested(&group, scope, labels, indices.collect());
                    tokens.skip(1);
                }
            }
            ("custom", None) if tokens.ident(1).is_some() => {
                self.say(&Scopes::units(scope), &word);
                tokens.skip(1);
                if !tokens.at_path()
                    && let Some(function) = tokens.ident(0)
                {
                    self.words.extend(quote!(#function;));
                    tokens.skip(1);
                    self.parentheses(tokens, scope, &function);
                }
            }
            _ if tokens.sign(1, '.') && tokens.ident(2).is_some() => {
                // A layer of another framework, by its name there.
                while tokens.sign(1, '.') {
                    tokens.skip(2);
                }
                tokens.skip(1);
            }
            _ => {
                self.called(&word, scope);
                tokens.skip(1);
                self.parentheses(tokens, scope, &word);
                if self.scopes.is_block(&text) {
                    for label in labels {
                        self.scopes
                            .contains(scope, *label, Inner::Block(text.clone()));
                    }
                }
                // The branches of a merge: their labels are of this body.
                if let Some(branches) = tokens.group(0, Delimiter::Brace)
                    && !text.starts_with(char::is_uppercase)
                    && catalogue::find(&text).is_some()
                {
                    self.body(&mut Tokens::of(branches.stream()), scope);
                    tokens.skip(1);
                }
            }
        }
    }

    /// The name of what a unit calls.
    pub(super) fn called(&mut self, word: &Ident, scope: usize) {
        let Some(word) = spoken(word) else { return };
        if word.to_string().starts_with(char::is_uppercase) {
            self.words.extend(quote!(#word;));
            return;
        }
        let module = Scopes::units(scope);
        // Where it has figures, the editor finds those, with the documentation.
        let told = self.figures.layer_at(word.span()).is_some();
        let word = if told { super::hidden(word) } else { word };
        self.words.extend(quote!(#module::#word;));
    }

    /// Reads the parentheses of a call, where it has any.
    pub(super) fn parentheses(&mut self, tokens: &mut Tokens, scope: usize, callee: &Ident) {
        if let Some(group) = tokens.group(0, Delimiter::Parenthesis) {
            tokens.skip(1);
            self.arguments(&mut Tokens::of(group.stream()), scope, callee);
        }
    }

    fn arguments(&mut self, tokens: &mut Tokens, scope: usize, callee: &Ident) {
        let name = callee.to_string();
        let own = self.scopes.arguments(&name);
        let figures = self.figures.layer_at(callee.span());
        let flow = figures.and_then(|layer| layer.input(0));
        let mut operand = 0;
        let mut open = true;
        while tokens.peek(0).is_some() || open {
            let before = tokens.at();
            let named = tokens.ident(0).filter(|_| {
                tokens.sign(1, '=') && !tokens.signs(1, '=', '=') && !tokens.signs(1, '=', '>')
            });
            if let Some(named) = &named {
                self.say(&own, named);
                tokens.skip(2);
            }
            let argument = named.as_ref().map(ToString::to_string);
            let module = self.scopes.mixed(scope, &name, argument);
            let place = Place {
                scope,
                module,
                flow: flow.clone(),
                operand: named.is_none().then_some((callee.span(), operand)),
            };
            self.values(tokens, &place, End::Comma);
            operand += 1;
            open = tokens.sign(0, ',');
            if open || tokens.at() == before {
                tokens.skip(1);
            }
        }
    }
}

/// The words among some tokens.
fn words_of(tokens: TokenStream) -> Vec<Ident> {
    let words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident),
        _ => None,
    });
    words.collect()
}
