//! What is told to the user: errors, collected over the whole invocation.

use std::fmt::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The tokens that a message stands at, by its first and its last.
///
/// Joining spans gives nothing on stable Rust, but rustc underlines from the
/// first token of a macro call to its last, and those may have any spans.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The first token.
    pub first: Span,
    /// The last token.
    pub last: Span,
}

impl Place {
    /// A place of one token.
    pub fn at(span: Span) -> Self {
        Self {
            first: span,
            last: span,
        }
    }

    /// From the beginning of this place to the end of `end`.
    pub fn to(self, end: Self) -> Self {
        Self {
            first: self.first,
            last: end.last,
        }
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::at(span)
    }
}

/// What to do about an error.
#[derive(Clone, Debug)]
struct Help {
    text: String,
    /// Whether it is about this error alone: it is told too where the error is
    /// merged into another.
    own: bool,
}

/// What an error is about, where that decides what else is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Ways through the network that meet again with other extents, which the size of the
    /// input may decide.
    Ways,
    /// The shape that a network declares to give.
    Output,
    /// Anything else.
    Else,
}

/// One error: where, what, the facts that show it, and what to do.
#[derive(Clone, Debug)]
pub struct Error {
    place: Place,
    headline: String,
    facts: Vec<(String, String)>,
    helps: Vec<Help>,
    /// Whether it stands where the tokens end, whose place only the enclosing
    /// brackets know.
    at_end: bool,
    /// What it is about, where others ask.
    about: About,
}

impl Error {
    /// An error at a place.
    pub fn new(place: impl Into<Place>, headline: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            headline: headline.into(),
            facts: Vec::new(),
            helps: Vec::new(),
            at_end: false,
            about: About::Else,
        }
    }

    /// An error where the tokens of some brackets end.
    pub fn at_end(headline: impl Into<String>) -> Self {
        Self {
            at_end: true,
            ..Self::new(Span::call_site(), headline)
        }
    }

    /// The error at another place.
    #[must_use]
    pub(crate) fn standing_at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Puts an error that stands where tokens end at the closing bracket.
    pub fn settle(&mut self, end: Place) {
        if self.at_end {
            self.place = end;
            self.at_end = false;
        }
    }

    /// The error as one of ways that meet again with other extents.
    #[must_use]
    pub(crate) fn apart(mut self) -> Self {
        self.about = About::Ways;
        self
    }

    /// Whether ways meet again with other extents.
    pub(crate) fn is_apart(&self) -> bool {
        self.about == About::Ways
    }

    /// The error as one of a declared output.
    #[must_use]
    pub(crate) fn of_output(mut self) -> Self {
        self.about = About::Output;
        self
    }

    /// Whether it is one of a declared output.
    pub(crate) fn is_of_output(&self) -> bool {
        self.about == About::Output
    }

    /// Adds a line `name   fact` below the headline; nothing for an empty fact.
    #[must_use]
    pub fn fact(mut self, name: &str, fact: impl Into<String>) -> Self {
        let fact = fact.into();
        if !fact.is_empty() {
            self.facts.push((name.to_owned(), fact));
        }
        self
    }

    /// Adds a help, the last line of the message; nothing for an empty one.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        let text = help.into();
        if !text.is_empty() {
            self.helps.push(Help { text, own: false });
        }
        self
    }

    /// Adds a help that is told too where the error is merged into another: it is
    /// about this one alone.
    #[must_use]
    pub fn own_help(mut self, help: impl Into<String>) -> Self {
        let text = help.into();
        self.helps.push(Help { text, own: true });
        self
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Puts other words in the place of some, wherever they stand alone.
    #[must_use]
    pub(crate) fn renaming(mut self, words: &[(String, String)]) -> Self {
        let facts = self.facts.iter_mut().map(|(_, fact)| fact);
        let helps = self.helps.iter_mut().map(|help| &mut help.text);
        for text in facts.chain(helps).chain([&mut self.headline]) {
            for (from, to) in words {
                *text = replaced(text, from, to);
            }
        }
        self
    }

    /// The same without those of its facts and helps that another error has not.
    #[must_use]
    pub(crate) fn shared(mut self, other: &Self) -> Self {
        self.facts.retain(|fact| other.facts.contains(fact));
        let shared = |help: &Help| other.helps.iter().any(|also| also.text == help.text);
        self.helps.retain(shared);
        self
    }

    /// Whether another error says the same, but for what to do about it.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.headline == other.headline && self.facts == other.facts
    }

    /// The first line.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// What to do about it, in the order in which it is told.
    pub fn helps(&self) -> impl Iterator<Item = &str> {
        self.helps.iter().map(|help| help.text.as_str())
    }

    /// The whole message, as rustc lays it out under `error: `.
    pub fn message(&self) -> String {
        let mut text = self.headline.clone();
        let width = self
            .facts
            .iter()
            .map(|(name, _)| name.chars().count())
            .max();
        for (name, fact) in &self.facts {
            let _ = write!(
                text,
                "\n  {name:width$}   {fact}",
                width = width.unwrap_or(0)
            );
        }
        for help in &self.helps {
            let _ = write!(text, "\nhelp: {}", help.text);
        }
        text
    }

    /// The error as a statement that makes rustc report it.
    fn to_tokens(&self) -> TokenStream {
        let message = self.message();
        let Place { first, last } = self.place;
        let text = quote_spanned!(last=> { #message });
        quote_spanned!(first=> ::core::compile_error! #text)
    }
}

/// A text with another word in the place of one, where that is no part of a longer.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(from) {
        let (before, after) = (&rest[..place], &rest[place + from.len()..]);
        let alone =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        result.push_str(before);
        result.push_str(if alone { to } else { from });
        rest = after;
    }
    result.push_str(rest);
    result
}

/// The errors of one invocation, in the order in which they were found.
///
/// Each stage of the pipeline hands them on; the last one turns them into
/// tokens, so that none can be lost.
#[derive(Debug, Default)]
#[must_use]
pub struct Errors {
    list: Vec<Error>,
}

impl Errors {
    /// No error yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error.
    pub fn push(&mut self, error: Error) {
        self.list.push(error);
    }

    /// Adds all errors of `other`.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Adds a copy of all errors of `other`.
    pub fn append_copy(&mut self, other: &Self) {
        self.list.extend(other.list.iter().cloned());
    }

    /// Puts the errors from the one with number `first` on that stand where
    /// tokens end at the closing bracket.
    pub fn settle(&mut self, first: usize, end: Place) {
        for error in self.list.iter_mut().skip(first) {
            error.settle(end);
        }
    }

    /// Adds what the token parser found.
    pub fn push_syntax(&mut self, error: &syn::Error) {
        for error in error.clone() {
            self.push(Error::new(error.span(), error.to_string()));
        }
    }

    /// Takes the errors after the first `count`.
    pub fn split_off(&mut self, count: usize) -> Self {
        Self {
            list: self.list.split_off(count),
        }
    }

    /// Leaves the first `count` errors.
    pub fn truncate(&mut self, count: usize) {
        self.list.truncate(count);
    }

    /// Makes one error of each group of errors that have one cause: its first,
    /// with what the others say.
    pub fn merge(&mut self, groups: &[Vec<usize>]) {
        let mut merged = Vec::new();
        for group in groups {
            let [first, others @ ..] = group.as_slice() else {
                continue;
            };
            for other in others {
                let Some(Error {
                    headline, helps, ..
                }) = self.list.get(*other).cloned()
                else {
                    continue;
                };
                if let Some(error) = self.list.get_mut(*first) {
                    error.facts.push(("also".to_owned(), headline));
                    // That the shape may be changed is said once.
                    error
                        .helps
                        .extend(helps.into_iter().filter(|help| help.own));
                }
                merged.push(*other);
            }
        }
        let mut index = 0;
        self.list.retain(|_| {
            index += 1;
            !merged.contains(&(index - 1))
        });
    }

    /// Adds a help to the first error of ways that meet again with other extents.
    pub(crate) fn help_apart(&mut self, help: &str) {
        if let Some(error) = self.list.iter_mut().find(|error| error.is_apart()) {
            *error = error.clone().help(help);
        }
    }

    /// How many errors there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no error.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The errors, for tests and tools.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        self.list.iter()
    }

    /// The errors as statements that make rustc report them.
    pub fn into_tokens(self) -> TokenStream {
        self.list
            .iter()
            .map(|error| {
                let error = error.to_tokens();
                quote::quote!(#error)
            })
            .collect()
    }
}
