//! The walk through the tokens of a file.

use std::ops::Range;
use std::rc::Rc;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::uses::{self, plain};
use super::{File, Found, Invocation, Scope};
use crate::cfg::Flags;

/// `mod name;`
pub(super) struct Module {
    pub(super) name: String,
    pub(super) scope: usize,
    /// The modules of the same file around it.
    pub(super) inline: Vec<String>,
    /// What `#[path]` says.
    pub(super) path: Option<String>,
    /// What keeps it out of the build.
    pub(super) out: Option<Rc<str>>,
}

pub(super) struct Walk<'f> {
    found: &'f mut Found,
    file: &'f Rc<File>,
    flags: &'f Rc<Flags>,
    /// The modules of the file around what is looked at.
    inline: Vec<String>,
    pub(super) declared: Vec<Module>,
}

/// What stands before an item.
#[derive(Default)]
struct Before {
    path: Option<String>,
    out: Option<Rc<str>>,
    /// Whether braces do not end the item.
    to_semicolon: bool,
}

impl<'f> Walk<'f> {
    pub(super) fn new(found: &'f mut Found, file: &'f Rc<File>, flags: &'f Rc<Flags>) -> Self {
        Self {
            found,
            file,
            flags,
            inline: Vec::new(),
            declared: Vec::new(),
        }
    }

    /// Goes through the tokens of a scope; `items` where they are those of a module.
    pub(super) fn tokens(
        &mut self,
        tokens: TokenStream,
        scope: usize,
        items: bool,
        mut out: Option<Rc<str>>,
    ) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut before = Before::default();
        let mut i = 0;
        while i < tokens.len() {
            let now = || out.clone().or_else(|| before.out.clone());
            match &tokens[i..] {
                [
                    TokenTree::Ident(word),
                    TokenTree::Punct(sign),
                    TokenTree::Ident(_),
                    ..,
                ] if word == "macro_rules" && sign.as_char() == '!' => {
                    before = Before::default();
                    i += 4;
                }
                [
                    TokenTree::Ident(word),
                    TokenTree::Punct(sign),
                    TokenTree::Group(group),
                    ..,
                ] if word == "network"
                    && sign.as_char() == '!'
                    && group.delimiter() != Delimiter::None =>
                {
                    let start = word.span().byte_range().start;
                    self.invocation(start, group, scope, now());
                    if group.delimiter() == Delimiter::Brace && !before.to_semicolon {
                        before = Before::default();
                    }
                    i += 3;
                }
                // All around it.
                [
                    TokenTree::Punct(sign),
                    TokenTree::Punct(bang),
                    TokenTree::Group(group),
                    ..,
                ] if sign.as_char() == '#' && bang.as_char() == '!' => {
                    out = out.or_else(|| self.flags.against(&group.stream()).map(Rc::from));
                    i += 3;
                }
                [TokenTree::Punct(sign), TokenTree::Group(group), ..] if sign.as_char() == '#' => {
                    self.attribute(&group.stream(), &mut before);
                    i += 2;
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), after, ..] if word == "mod" => {
                    let name = plain(&name.to_string());
                    let out = now();
                    match after {
                        TokenTree::Group(group) => {
                            let inner = self.module(scope, &name);
                            self.inline.push(name);
                            self.tokens(group.stream(), inner, items, out);
                            self.inline.pop();
                        }
                        _ if items => {
                            let scope = self.module(scope, &name);
                            self.declared.push(Module {
                                name,
                                scope,
                                inline: self.inline.clone(),
                                path: before.path.take(),
                                out,
                            });
                        }
                        _ => {}
                    }
                    before = Before::default();
                    i += 3;
                }
                [TokenTree::Ident(word), rest @ ..] if names_others(word, rest) => {
                    let length = rest.iter().position(is_semicolon).unwrap_or(rest.len());
                    if now().is_none() {
                        let rest = &rest[..length];
                        let uses = match rest {
                            [TokenTree::Ident(krate), rest @ ..]
                                if krate == "crate" && word == "extern" =>
                            {
                                uses::of_crate(rest).into_iter().collect()
                            }
                            rest => uses::of(rest),
                        };
                        self.found.scopes[scope].uses.extend(uses);
                    }
                    i += 1 + length;
                }
                [TokenTree::Ident(word), next, ..] if has_value(word, next) => {
                    before.to_semicolon = true;
                    i += 1;
                }
                [TokenTree::Group(group), ..] => {
                    let out = now();
                    if group.delimiter() == Delimiter::Brace {
                        self.braces(group.stream(), scope, out);
                        if !before.to_semicolon {
                            before = Before::default();
                        }
                    } else {
                        self.tokens(group.stream(), scope, false, out);
                    }
                    i += 1;
                }
                // `pub(crate) mod name;` keeps what stands before it.
                [token, ..] if is_semicolon(token) => {
                    before = Before::default();
                    i += 1;
                }
                _ => i += 1,
            }
        }
    }

    fn attribute(&self, attribute: &TokenStream, before: &mut Before) {
        for applied in self.flags.applied(attribute) {
            before.path = before.path.take().or_else(|| path_of(&applied));
            let out = before.out.take();
            before.out = out.or_else(|| self.flags.against(&applied).map(Rc::from));
        }
    }

    fn invocation(&mut self, start: usize, group: &Group, scope: usize, out: Option<Rc<str>>) {
        let index = self.found.invocations.len();
        self.found.scopes[scope].invocations.push(index);
        self.found.invocations.push(Invocation {
            file: Rc::clone(self.file),
            modules: self.found.scopes[scope].modules.clone(),
            tokens: group.stream(),
            range: start..group.span_close().byte_range().end,
            inside: inside(group),
            scope,
            out,
            flags: Rc::clone(self.flags),
            brought: Vec::new(),
        });
    }

    /// A module in a scope.
    fn module(&mut self, scope: usize, name: &str) -> usize {
        let inner = self.found.scopes.len();
        let around = &mut self.found.scopes[scope];
        around.inner.push((name.to_owned(), inner));
        let mut modules = around.modules.clone();
        modules
            .iter_mut()
            .for_each(|path| path.push(name.to_owned()));
        let root = around.root;
        self.found.scopes.push(Scope {
            around: Some(scope),
            modules,
            root,
            ..Scope::default()
        });
        inner
    }

    /// What stands in the braces of a function, or of anything else that is no module.
    fn braces(&mut self, tokens: TokenStream, scope: usize, out: Option<Rc<str>>) {
        let inner = self.found.scopes.len();
        self.found.scopes.push(Scope {
            around: Some(scope),
            braces: true,
            root: self.found.scopes[scope].root,
            ..Scope::default()
        });
        self.tokens(tokens, inner, false, out);
        let own = &self.found.scopes[inner];
        let is_empty = own.invocations.is_empty() && own.uses.is_empty() && own.inner.is_empty();
        // Most braces hold nothing.
        if is_empty && self.found.scopes.len() == inner + 1 {
            self.found.scopes.pop();
        }
    }
}

/// What is between the brackets.
fn inside(group: &Group) -> Range<usize> {
    group.span_open().byte_range().end..group.span_close().byte_range().start
}

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';')
}

/// Whether a `use` or an `extern crate` begins.
fn names_others(word: &proc_macro2::Ident, rest: &[TokenTree]) -> bool {
    match rest.first() {
        // `impl Trait + use<'a>`
        Some(TokenTree::Punct(sign)) => word == "use" && sign.as_char() == ':',
        Some(TokenTree::Group(group)) => word == "use" && group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Ident(next)) => word == "use" || word == "extern" && next == "crate",
        _ => false,
    }
}

/// Whether an item begins that ends in a semicolon, whatever braces are in it.
fn has_value(word: &proc_macro2::Ident, next: &TokenTree) -> bool {
    let TokenTree::Ident(next) = next else {
        return word == "let";
    };
    match word.to_string().as_str() {
        "const" => !["fn", "unsafe", "async", "extern"]
            .iter()
            .any(|other| next == other),
        "static" | "type" | "let" => true,
        _ => false,
    }
}

/// The file that `#[path = "..."]` names.
fn path_of(attribute: &TokenStream) -> Option<String> {
    let mut tokens = attribute.clone().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Literal(text))
            if word == "path" =>
        {
            Some(text.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    }
}
