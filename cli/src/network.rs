//! The networks of packages or files, read and resolved.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use shapewise_compiler::graph::Resolved;
use shapewise_compiler::report::{Error, Errors, Place};
use shapewise_compiler::{resolve, syntax};
use shapewise_core::Graph;

use crate::args::Where;
use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::{Failure, Result};
use crate::manifest::{self, Kind, Package, Selection, Target};
use crate::source::{Found, Invocation};
use crate::suggest;
use crate::tree::{Disk, Tree, normal, shown};

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
    /// Whether it has no errors, and only rustc knows it all the same: it uses blocks of
    /// elsewhere, which their own macro brings.
    pub(crate) elsewhere: bool,
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
        let text = &self.invocation.file.text;
        let before = text.get(..self.at.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}", shown(&self.invocation.file.path))
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
    /// Where it was looked.
    looked: Vec<String>,
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

/// A name of `.rs` is a file.
pub(crate) fn is_file(name: &str) -> bool {
    name.ends_with(".rs")
}

/// The manifest that is meant.
pub(crate) fn manifest(place: &Where, tree: &dyn Tree) -> Result<PathBuf> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(format!("there is no current folder: {error}")))?;
    match &place.manifest_path {
        Some(path) => {
            let path = normal(&here.join(path));
            // The folder of a package does as well.
            let inside = path.join("Cargo.toml");
            Ok(if tree.has(&inside) { inside } else { path })
        }
        None => manifest::nearest(tree, &here).ok_or_else(|| {
            Failure::new("there is no Cargo.toml in this folder, nor in one around it")
                .help("name a file, `cargo shapewise table src/net.rs`, or a package with `--manifest-path`")
        }),
    }
}

/// The packages that are meant.
pub(crate) fn packages(place: &Where, tree: &dyn Tree) -> Result<Vec<Package>> {
    let selection = if place.workspace {
        Selection::Workspace
    } else if place.package.is_empty() {
        Selection::Default
    } else {
        Selection::Named(place.package.clone())
    };
    manifest::packages(tree, &manifest(place, tree)?, &selection)
}

/// Whether a target is looked at.
pub(crate) fn is_wanted(place: &Where, target: &Target) -> bool {
    place.all_targets || matches!(target.kind, Kind::Lib | Kind::Bin | Kind::Example)
}

/// The networks of `place`, or those in the files among `names`; where names of networks
/// are among them, these only.
pub(crate) fn load(place: &Where, names: &[String]) -> Result<Networks> {
    let (files, names): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| is_file(name));
    let networks = if files.is_empty() {
        of_packages(&Disk, place, &packages(place, &Disk)?)
    } else {
        of_files(&files)?
    };
    networks.named(&names)
}

/// The networks of packages in a tree.
pub(crate) fn of_packages(tree: &dyn Tree, place: &Where, packages: &[Package]) -> Networks {
    let mut networks = Networks::default();
    for package in packages {
        let mut found = Found::default();
        networks.looked.push(format!("package `{}`", package.name));
        for target in package.targets.iter().filter(|one| is_wanted(place, one)) {
            let known = found.invocations.len();
            found.add(tree, &target.path);
            for invocation in found.invocations.get(known..).unwrap_or_default() {
                let target = Some((package.clone(), target.clone()));
                networks.add(Rc::new(invocation.clone()), target);
            }
        }
        networks.unreadable(found);
    }
    networks
}

fn of_files(files: &[&String]) -> Result<Networks> {
    let mut networks = Networks::default();
    let here = std::env::current_dir().unwrap_or_default();
    for name in files {
        let mut found = Found::default();
        if !found.add_alone(&Disk, &normal(&here.join(Path::new(name)))) {
            return Err(Failure::new(format!("cannot read `{name}`")));
        }
        networks.looked.push(format!("`{name}`"));
        for invocation in std::mem::take(&mut found.invocations) {
            networks.add(Rc::new(invocation), None);
        }
        networks.unreadable(found);
    }
    Ok(networks)
}

/// The tokens that the compiler reads.
pub(crate) fn input(tokens: &TokenStream) -> TokenStream {
    let mut input: TokenStream = "(::shapewise)".parse().unwrap_or_default();
    input.extend(tokens.clone());
    input
}

impl Networks {
    /// Reads and resolves an invocation.
    pub(crate) fn add(&mut self, invocation: Rc<Invocation>, target: Option<(Package, Target)>) {
        let mut errors = Errors::new();
        let file = syntax::parse(input(&invocation.tokens), &mut errors);
        self.tell(&invocation, &errors);
        for network in &file.networks {
            let outcome = resolve::network(&file, network);
            self.tell(&invocation, &network.errors);
            self.tell(&invocation, &outcome.errors);
            let fine = network.errors.is_empty() && outcome.errors.is_empty();
            let whole = fine && !outcome.incomplete && !outcome.lost;
            let graph = whole.then(|| crate::graph::of(&outcome.graph)).flatten();
            self.list.push(Network {
                name: network.name.to_string(),
                target: target.clone(),
                at: bytes(&invocation, network.name.span().into()),
                invocation: Rc::clone(&invocation),
                resolved: whole.then(|| Rc::new(outcome.graph)),
                graph,
                elsewhere: fine && errors.is_empty() && !whole,
                generic: !network.generics.is_empty(),
                budgets: budgets(&invocation, network),
            });
        }
    }

    fn tell(&mut self, invocation: &Rc<Invocation>, errors: &Errors) {
        for error in errors.iter() {
            let diagnostic = Diagnostic {
                severity: Severity::Error,
                file: Rc::clone(&invocation.file),
                range: bytes(invocation, error.place()),
                message: error.message(),
            };
            self.problems.push(Problem {
                diagnostic,
                invocation: Some(Rc::clone(invocation)),
                error: Some(error.clone()),
            });
        }
    }

    /// Tells of files that are no Rust.
    pub(crate) fn unreadable(&mut self, found: Found) {
        for one in found.unreadable {
            let diagnostic = Diagnostic {
                severity: Severity::Error,
                range: one.at..one.at,
                file: one.file,
                message: one.message,
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
                return Err(
                    Failure::usage(format!("there is no network `{name}` in {looked}"))
                        .help(suggest::among(name, known.iter().map(String::as_str))),
                );
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
        Failure::new(format!("there is no `network!` in {}", self.looked())).help(
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

/// The bytes of a file between two places; where it is not known, those of the macro's
/// name.
pub(crate) fn bytes(invocation: &Invocation, place: Place) -> Range<usize> {
    let within = |span: Span| {
        let range = span.byte_range();
        (invocation.range.contains(&range.start) && range.end <= invocation.range.end)
            .then_some(range)
    };
    match (within(place.first), within(place.last)) {
        (Some(first), Some(last)) if first.start <= last.end => first.start..last.end,
        (Some(first), _) => first,
        _ => invocation.range.start..invocation.range.start + "network".len(),
    }
}
