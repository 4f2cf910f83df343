//! The words of values: numbers by their names, labels, keywords, what stands after a
//! point.

use proc_macro2::{Delimiter, Ident, TokenTree};
use quote::quote;

use super::outline::{End, Outline, Place};
use super::spoken;
use super::tokens::Tokens;

impl Outline<'_> {
    /// Reads a value, up to where it ends.
    pub(super) fn values(&mut self, tokens: &mut Tokens, place: &Place, end: End) {
        if !self.enter() {
            return;
        }
        // The braces after `if` and `else` are the language's, others hold Rust.
        let mut decides = false;
        let before = tokens.at();
        while let Some(token) = tokens.peek(0).cloned() {
            let ends = match &token {
                TokenTree::Punct(sign) => match sign.as_char() {
                    ';' => true,
                    ',' => end == End::Comma,
                    '=' => tokens.signs(0, '=', '>'),
                    _ => false,
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    end == End::Brace && !decides
                }
                _ => false,
            };
            if ends || tokens.at_label() {
                break;
            }
            match token {
                TokenTree::Ident(word) if word == "if" || word == "else" => {
                    decides = true;
                    tokens.skip(1);
                }
                TokenTree::Ident(word) => self.word(tokens, place, &word),
                TokenTree::Group(group) => {
                    tokens.skip(1);
                    if group.delimiter() == Delimiter::Brace && !decides {
                        self.rust(&group);
                    } else {
                        self.list(group.stream(), place);
                    }
                }
                _ if tokens.at_path() => self.path(tokens, place),
                _ => tokens.skip(1),
            }
        }
        if tokens.at() == before {
            self.place_for(&place.module, "len");
        }
        self.leave();
    }

    /// Reads values between commas.
    fn list(&mut self, stream: proc_macro2::TokenStream, place: &Place) {
        let mut tokens = Tokens::of(stream);
        while tokens.peek(0).is_some() {
            self.values(&mut tokens, place, End::Comma);
            tokens.skip(1);
        }
    }

    /// Reads a word, and what stands after points behind it.
    fn word(&mut self, tokens: &mut Tokens, place: &Place, word: &Ident) {
        if tokens.at_path() {
            self.path(tokens, place);
            return;
        }
        let text = word.to_string();
        tokens.skip(1);
        let mut inner = None;
        match text.as_str() {
            "true" | "false" => return,
            "_" => self.flow(word, place),
            _ if text.starts_with(char::is_uppercase) => {
                if let Some(word) = spoken(word) {
                    self.words.extend(quote!(#word;));
                }
                self.parentheses(tokens, place.scope, word);
            }
            _ => {
                let name = self.scopes.find(place.scope, &text);
                inner = name.and_then(|name| name.inner.clone());
                self.word_of(place, Some(word.clone()));
                self.parentheses(tokens, place.scope, word);
            }
        }
        while tokens.sign(0, '.') && !tokens.signs(0, '.', '.') {
            tokens.skip(1);
            match tokens.peek(0).cloned() {
                Some(TokenTree::Punct(sign)) if sign.as_char() == '*' => tokens.skip(1),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    tokens.skip(1);
                    self.list(group.stream(), place);
                }
                Some(TokenTree::Ident(member)) => {
                    tokens.skip(1);
                    let module = self.scopes.members(inner.as_ref());
                    self.say(&module, &member);
                    let text = member.to_string();
                    let found = inner
                        .as_ref()
                        .and_then(|inner| self.scopes.member(inner, &text));
                    let found = found.map(|name| (name.ident.clone(), name.inner.clone()));
                    inner = found.as_ref().and_then(|(_, inner)| inner.clone());
                    if let Some((declared, _)) = found {
                        self.constant(&declared, &member);
                    }
                }
                _ => {
                    let module = self.scopes.members(inner.as_ref());
                    self.place_for(&module, "channels");
                    break;
                }
            }
        }
    }

    /// A word that may be a name of the network or the block, or one of an argument's.
    pub(super) fn word_of(&mut self, place: &Place, word: Option<Ident>) {
        let Some(word) = word else { return };
        self.say(&place.module, &word);
        let declared = self.scopes.find(place.scope, &word.to_string());
        if let Some(declared) = declared.map(|name| name.ident.clone()) {
            self.constant(&declared, &word);
        }
    }

    /// Where a label is read, its constant stands too: an editor shows what that says.
    fn constant(&mut self, declared: &Ident, word: &Ident) {
        let label = self.figures.label(declared);
        if let Some((network, constant)) = label.and_then(|label| label.constant.as_ref()) {
            let mut constant = constant.clone();
            constant.set_span(word.span());
            self.more.extend(quote!(#network::#constant;));
        }
    }

    /// `_`: the flow, with its shape where that is known.
    fn flow(&mut self, word: &Ident, place: &Place) {
        let operand = place.operand.and_then(|(callee, operand)| {
            self.figures
                .layer_at(callee)
                .and_then(|layer| layer.input(operand))
        });
        let shape = operand.or_else(|| place.flow.clone()).unwrap_or_default();
        let flow = Ident::new("flow", word.span());
        let declared = super::hidden(flow.clone());
        let editor = &self.editor;
        let docs = "The flow at this point.";
        self.more.extend(quote! {
            {
                mod here {
                    use #editor::Shape;
                    #[doc = #docs]
                    pub const #declared: Shape = #shape;
                }
                here::#flow;
            }
        });
    }

    /// A path of Rust's: a constant, a network of another module.
    pub(super) fn path(&mut self, tokens: &mut Tokens, place: &Place) {
        let path = tokens.path();
        self.words.extend(quote!(#path;));
        let last = path.into_iter().last();
        if let Some(TokenTree::Ident(callee)) = last {
            self.parentheses(tokens, place.scope, &callee);
        }
    }

    /// An expression of Rust's in braces.
    fn rust(&mut self, group: &proc_macro2::Group) {
        self.words.extend(quote!(let _ = #group;));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scopes::Scopes;

    #[test]
    fn modules_have_names_of_one_length() {
        let lengths = [Scopes::units(3), Scopes::values(3)].map(|path| path.to_string().len());
        assert_eq!(lengths[0], lengths[1]);
    }
}
