//! The networks of packages or files, read and resolved.

mod load;

use std::ops::Range;
use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use shapewise_compiler::graph::Resolved;
use shapewise_compiler::report::{Error, Errors, Place};
use shapewise_compiler::{resolve, syntax};
use shapewise_core::Graph;

use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::{Failure, Result};
use crate::manifest::{Package, Target};
use crate::source::{File, Found, Invocation};
use crate::suggest;
use crate::tree::shown;
pub(crate) use load::{load, manifest, of_file, of_packages, packages};

/// A network that was found.
#[derive(Debug)]
pub(crate) struct Network {
    /// Its name.
    pub(crate) name: String,
    /// The package and the target that it is in; nothing for one of a file alone.
    pub(crate) target: Option<(Package, Target)>,
    /// Where it stands.
    pub(crate) invocation: Rc<Invocation>,
    /// Its name in the source, in bytes.
    pub(crate) at: Range<usize>,
    /// What came of it, where it has no errors.
    pub(crate) resolved: Option<Rc<Resolved>>,
    /// Whether it has const generics.
    pub(crate) generic: bool,
    /// Whether it has no errors, and only rustc knows it all the same: it uses blocks whose
    /// source was not found.
    pub(crate) elsewhere: bool,
    /// Why not.
    pub(crate) missing: Vec<String>,
    /// Its budgets, as they are written: `params <= 61M`.
    pub(crate) budgets: Vec<String>,
    /// The same as a graph, where rustc is not needed.
    pub(crate) graph: Option<&'static Graph>,
}

impl Network {
    /// The path of the type from the crate's root on: `vision::Backbone`.
    pub(crate) fn path(&self) -> String {
        let modules = self.invocation.modules.iter().flatten();
        let parts: Vec<&str> = modules.map(String::as_str).chain([&*self.name]).collect();
        parts.join("::")
    }

    /// Where it stands: `src/lib.rs:12`.
    pub(crate) fn place(&self) -> String {
        place(&self.invocation.file, self.at.start)
    }

    /// Whether a word of the user's means it: its name, or the end of its path.
    pub(crate) fn is_named(&self, word: &str) -> bool {
        let path = self.path();
        path == word || path.ends_with(&format!("::{word}"))
    }
}

/// All that was found.
#[derive(Debug, Default)]
pub(crate) struct Networks {
    /// In the order of the packages, their targets and files.
    pub(crate) list: Vec<Network>,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
    /// What is not built.
    pub(crate) left_out: Vec<LeftOut>,
    /// The invocations that are built, those with blocks alone too.
    pub(crate) invocations: Vec<Rc<Invocation>>,
    /// Where it was looked.
    looked: Vec<String>,
}

/// A network that is not built.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// Its name.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) place: String,
    /// What keeps it out: `#[cfg(...)]`.
    pub(crate) by: Rc<str>,
}

/// Something that is wrong in a source.
#[derive(Debug)]
pub(crate) struct Problem {
    /// What is shown of it.
    pub(crate) diagnostic: Diagnostic,
    /// The invocation that it is in; nothing for a file that is no Rust.
    pub(crate) invocation: Option<Rc<Invocation>>,
    /// As the compiler tells it.
    pub(crate) error: Option<Error>,
}

/// The tokens that the compiler reads.
pub(crate) fn input(tokens: &TokenStream) -> TokenStream {
    let mut input: TokenStream = "(::shapewise)".parse().unwrap_or_default();
    input.extend(tokens.clone());
    input
}

impl Networks {
    /// Reads and resolves an invocation, of whose blocks some may be `missing`.
    pub(crate) fn add(
        &mut self,
        invocation: Invocation,
        target: Option<(Package, Target)>,
        missing: &[String],
    ) {
        let invocation = Rc::new(invocation);
        self.invocations.push(Rc::clone(&invocation));
        let mut errors = Errors::new();
        let file = syntax::parse(input(&invocation.tokens), &mut errors);
        self.tell(&invocation, &errors);
        for network in &file.networks {
            let at = bytes(&invocation, network.name.span().into());
            if let Some(by) = out(&invocation, network) {
                self.left_out.push(LeftOut {
                    name: network.name.to_string(),
                    place: place(&invocation.file, at.start),
                    by,
                });
                continue;
            }
            let outcome = resolve::network(&file, network);
            self.tell(&invocation, &network.errors);
            self.tell(&invocation, &outcome.errors);
            let fine = network.errors.is_empty() && outcome.errors.is_empty();
            let whole = fine && !outcome.incomplete && !outcome.lost;
            let graph = whole.then(|| crate::graph::of(&outcome.graph)).flatten();
            self.list.push(Network {
                name: network.name.to_string(),
                target: target.clone(),
                at,
                invocation: Rc::clone(&invocation),
                resolved: whole.then(|| Rc::new(outcome.graph)),
                graph,
                elsewhere: fine && errors.is_empty() && !whole,
                missing: match whole {
                    true => Vec::new(),
                    false => missing.to_vec(),
                },
                generic: !network.generics.is_empty(),
                budgets: budgets(&invocation, network),
            });
        }
    }

    /// An invocation that is not built.
    fn leave_out(&mut self, invocation: &Invocation, by: &Rc<str>) {
        let file = syntax::parse(input(&invocation.tokens), &mut Errors::new());
        for network in &file.networks {
            let at = bytes(invocation, network.name.span().into());
            self.left_out.push(LeftOut {
                name: network.name.to_string(),
                place: place(&invocation.file, at.start),
                by: Rc::clone(by),
            });
        }
    }

    fn tell(&mut self, invocation: &Rc<Invocation>, errors: &Errors) {
        for error in errors.iter() {
            let (file, range) = located(invocation, error.place());
            let message = error.message();
            // What is wrong in a block is so for all that call it.
            let known = self.problems.iter().any(|problem| {
                let other = &problem.diagnostic;
                other.file.path == file.path && other.range == range && other.message == message
            });
            if known && !Rc::ptr_eq(&file, &invocation.file) {
                continue;
            }
            self.problems.push(Problem {
                diagnostic: Diagnostic {
                    severity: Severity::Error,
                    file,
                    range,
                    message,
                },
                invocation: Some(Rc::clone(invocation)),
                error: Some(error.clone()),
            });
        }
    }

    /// Tells of files that are no Rust.
    fn unreadable(&mut self, found: &Found) {
        for one in &found.unreadable {
            let diagnostic = Diagnostic {
                severity: Severity::Error,
                range: one.at..one.at,
                file: Rc::clone(&one.file),
                message: one.message.clone(),
            };
            self.problems.push(Problem {
                diagnostic,
                invocation: None,
                error: None,
            });
        }
    }

    /// Those of these names; all where there is none.
    fn named(mut self, names: &[&String]) -> Result<Self> {
        for name in names {
            let mut found = self.list.iter().filter(|network| network.is_named(name));
            if found.next().is_none() {
                let known: Vec<String> = self.list.iter().map(Network::path).collect();
                let looked = self.looked.join(", ");
                let failure = Failure::usage(format!("there is no network `{name}` in {looked}"));
                let mut left_out = self.left_out.iter();
                let help = match left_out.find(|one| name.ends_with(&one.name)) {
                    Some(one) => {
                        format!("`{}` ({}) is left out by `{}`", one.name, one.place, one.by)
                    }
                    None => suggest::among(name, known.iter().map(String::as_str)),
                };
                // It may be in a file that could not be read.
                let mut unread = self.problems.iter().filter(|one| one.invocation.is_none());
                let unread = unread.next().map(|problem| {
                    let one = &problem.diagnostic;
                    format!("{}: {}", place(&one.file, one.range.start), one.message)
                });
                return Err(failure.help(unread.unwrap_or_default()).help(help));
            }
        }
        if !names.is_empty() {
            self.list
                .retain(|network| names.iter().any(|name| network.is_named(name)));
            // Errors elsewhere are no news.
            let files: Vec<Rc<Invocation>> = self
                .list
                .iter()
                .map(|network| Rc::clone(&network.invocation))
                .collect();
            self.problems.retain(|problem| {
                problem
                    .invocation
                    .as_ref()
                    .is_some_and(|one| files.iter().any(|own| Rc::ptr_eq(own, one)))
            });
        }
        Ok(self)
    }

    /// What is not built, in a few words.
    pub(crate) fn note(&self) -> Option<String> {
        const MOST: usize = 3;
        let mut reasons: Vec<&str> = self.left_out.iter().map(|one| &*one.by).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let more = reasons.len().saturating_sub(MOST);
        let mut shown: Vec<String> = reasons
            .iter()
            .take(MOST)
            .map(|reason| format!("`{reason}`"))
            .collect();
        if more > 0 {
            shown.push(format!("{more} more"));
        }
        let shown = shown.join(", ");
        match self.left_out.as_slice() {
            [] => None,
            [one] => Some(format!(
                "`{}` ({}) is left out by {shown}",
                one.name, one.place
            )),
            several => Some(format!(
                "{} networks are left out by {shown}",
                several.len()
            )),
        }
    }

    /// Where it was looked, for messages.
    pub(crate) fn looked(&self) -> String {
        self.looked.join(", ")
    }

    /// The network that is meant where a command works on one.
    pub(crate) fn only(&self, command: &str) -> Result<&Network> {
        match self.list.as_slice() {
            [one] => Ok(one),
            [] => Err(self.none()),
            several => {
                let names: Vec<String> = several
                    .iter()
                    .map(|one| format!("`{}` ({})", one.path(), one.place()))
                    .collect();
                Err(
                    Failure::usage(format!("{command} works on one network at a time"))
                        .help(format!("name one of {}", names.join(", "))),
                )
            }
        }
    }

    /// That there is no network.
    pub(crate) fn none(&self) -> Failure {
        let failure = Failure::new(format!("there is no `network!` in {}", self.looked()));
        if let Some(note) = self.note() {
            return failure.help(note);
        }
        failure.help(
            "tests and benches are looked at with `--all-targets`, other packages with \
             `-p NAME` or `--workspace`, files by their names",
        )
    }
}

/// The budgets of a network, as they are written.
fn budgets(invocation: &Invocation, network: &syntax::tree::Network) -> Vec<String> {
    let items = network.body.items.iter();
    items
        .filter_map(|item| match item {
            syntax::tree::Item::Assertion(assertion) => {
                let range = bytes(invocation, assertion.place);
                let text = invocation.file.text.get(range)?;
                let text = text
                    .trim_end_matches(';')
                    .trim_start_matches("assert")
                    .trim();
                Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            _ => None,
        })
        .collect()
}

/// The file and the line of a byte: `src/lib.rs:12`.
fn place(file: &File, at: usize) -> String {
    let before = file.text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("{}:{line}", shown(&file.path))
}

/// The `#[cfg(...)]` that keeps a network out of the build.
fn out(invocation: &Invocation, network: &syntax::tree::Network) -> Option<Rc<str>> {
    let mut attributes = network.attributes.list.iter();
    attributes.find_map(|attribute| {
        let name: TokenStream = attribute.name.parse().ok()?;
        let tokens = name.into_iter().chain(attribute.rest.clone()).collect();
        invocation.flags.against(&tokens).map(Rc::from)
    })
}

/// The bytes of an invocation's file between two places; where they are not in it, those of
/// the macro's name.
pub(crate) fn bytes(invocation: &Invocation, place: Place) -> Range<usize> {
    between(&invocation.file, place)
        .unwrap_or(invocation.range.start..invocation.range.start + "network".len())
}

/// A place in a file: that of the invocation, or one from which a block was brought along.
pub(crate) fn located(invocation: &Invocation, place: Place) -> (Rc<File>, Range<usize>) {
    let files = [&invocation.file].into_iter().chain(&invocation.brought);
    let mut found = files.filter_map(|file| Some((Rc::clone(file), between(file, place)?)));
    found
        .next()
        .unwrap_or_else(|| (Rc::clone(&invocation.file), bytes(invocation, place)))
}

/// The bytes between two places of a file.
fn between(file: &File, place: Place) -> Option<Range<usize>> {
    let within = |span: Span| {
        (span.file() == file.source)
            .then(|| span.byte_range())
            .filter(|range| range.end <= file.text.len())
    };
    match (within(place.first), within(place.last)) {
        (Some(first), Some(last)) if first.start <= last.end => Some(first.start..last.end),
        (Some(first), _) => Some(first),
        _ => None,
    }
}
