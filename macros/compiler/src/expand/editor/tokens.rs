//! The user's tokens as the outline reads them: with what stands ahead, and never an
//! error.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

/// Tokens, and the place in them.
pub(super) struct Tokens {
    list: Vec<TokenTree>,
    at: usize,
}

impl Tokens {
    /// The tokens of a stream. What a user's `macro_rules!` forwarded as one is as many
    /// as were written.
    pub(super) fn of(stream: TokenStream) -> Self {
        let mut list = Vec::new();
        flatten(stream, &mut list, 0);
        Self { list, at: 0 }
    }

    /// How far the reader has come.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The token so many ahead.
    pub(super) fn peek(&self, ahead: usize) -> Option<&TokenTree> {
        self.list.get(self.at + ahead)
    }

    /// Goes on by so many tokens.
    pub(super) fn skip(&mut self, tokens: usize) {
        self.at = self.list.len().min(self.at + tokens);
    }

    /// The word so many ahead.
    pub(super) fn ident(&self, ahead: usize) -> Option<Ident> {
        match self.peek(ahead) {
            Some(TokenTree::Ident(ident)) => Some(ident.clone()),
            _ => None,
        }
    }

    /// Whether the word so many ahead is this one.
    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.ident(ahead).is_some_and(|ident| ident == word)
    }

    /// The group with these brackets so many ahead.
    pub(super) fn group(&self, ahead: usize, delimiter: Delimiter) -> Option<Group> {
        match self.peek(ahead) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group.clone()),
            _ => None,
        }
    }

    /// Whether this sign stands so many ahead.
    pub(super) fn sign(&self, ahead: usize, sign: char) -> bool {
        matches!(self.peek(ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
    }

    /// Whether these two signs stand so many ahead, as one.
    pub(super) fn signs(&self, ahead: usize, first: char, second: char) -> bool {
        let joint = matches!(self.peek(ahead), Some(TokenTree::Punct(punct))
            if punct.as_char() == first && punct.spacing() == Spacing::Joint);
        joint && self.sign(ahead + 1, second)
    }

    /// Whether a brace was read last.
    pub(super) fn behind_brace(&self) -> bool {
        let before = self.at.checked_sub(1);
        let before = before.and_then(|before| self.list.get(before));
        matches!(before, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
    }

    /// Whether `::` stands right before this place.
    pub(super) fn in_path(&self) -> bool {
        let before = self.at.checked_sub(1);
        let before = before.and_then(|before| self.list.get(before));
        before.is_some_and(|token| is_sign(token, ':'))
    }

    /// Whether a label begins here: `name:`, `(name, name):`.
    pub(super) fn at_label(&self) -> bool {
        let named = self.ident(0).is_some() || self.group(0, Delimiter::Parenthesis).is_some();
        named && self.sign(1, ':') && !self.signs(1, ':', ':')
    }

    /// Whether a path of several segments begins here.
    pub(super) fn at_path(&self) -> bool {
        self.signs(0, ':', ':') || self.ident(0).is_some() && self.signs(1, ':', ':')
    }

    /// Reads a path: `config::WIDTH`, `towers::Tower::<5>`.
    pub(super) fn path(&mut self) -> TokenStream {
        let mut path = Vec::new();
        let mut segment = !self.signs(0, ':', ':');
        loop {
            if segment {
                if self.sign(0, '<') {
                    self.angles(&mut path);
                } else if self.ident(0).is_some() {
                    self.take(&mut path, 1);
                }
            }
            if !self.signs(0, ':', ':') {
                return path.into_iter().collect();
            }
            self.take(&mut path, 2);
            segment = true;
        }
    }

    /// Reads `<...>`.
    pub(super) fn angles(&mut self, path: &mut Vec<TokenTree>) {
        while self.peek(0).is_some() && !self.sign(0, ';') {
            let closes = self.sign(0, '>');
            self.take(path, 1);
            if closes {
                return;
            }
        }
    }

    /// Reads up to the next comma.
    pub(super) fn until_comma(&mut self) -> TokenStream {
        let tokens = self.until(0, |token| is_sign(token, ','));
        while self.peek(0).is_some_and(|token| !is_sign(token, ',')) {
            self.skip(1);
        }
        tokens
    }

    /// The tokens from so many ahead up to the end of the statement.
    pub(super) fn until_end(&self, ahead: usize) -> TokenStream {
        self.until(ahead, |token| is_sign(token, ';'))
    }

    /// The tokens up to the next brace.
    pub(super) fn until_brace(&self) -> TokenStream {
        self.until(0, |token| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            token => is_sign(token, ';'),
        })
    }

    fn until(&self, ahead: usize, ends: impl Fn(&TokenTree) -> bool) -> TokenStream {
        let rest = self.list.get(self.at + ahead..).unwrap_or_default();
        let tokens = rest.iter().take_while(|token| !ends(token));
        tokens.cloned().collect()
    }

    fn take(&mut self, into: &mut Vec<TokenTree>, tokens: usize) {
        for _ in 0..tokens {
            into.extend(self.peek(0).cloned());
            self.skip(1);
        }
    }

    /// Reads an attribute, where one stands here; its tokens where it is documentation.
    pub(super) fn attribute(&mut self, docs: &mut TokenStream) -> bool {
        if !self.sign(0, '#') {
            return false;
        }
        if let Some(brackets) = self.group(1, Delimiter::Bracket) {
            let first = brackets.stream().into_iter().next();
            if first.is_some_and(|word| word.to_string() == "doc") {
                docs.extend(
                    self.list
                        .get(self.at..self.at + 2)
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
            }
            self.skip(1);
        }
        self.skip(1);
        true
    }
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// How deep forwarded tokens may be wrapped: the function calls itself for each.
const DEPTH: usize = 64;

fn flatten(stream: TokenStream, list: &mut Vec<TokenTree>, depth: usize) {
    for token in stream {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None && depth < DEPTH => {
                flatten(group.stream(), list, depth + 1);
            }
            token => list.push(token),
        }
    }
}
