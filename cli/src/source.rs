//! The modules of a package's crates, and the invocations of `network!` in them.

mod uses;
mod walk;

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::TokenStream;

use crate::cfg::Flags;
use crate::tree::{Tree, normal};
pub(crate) use uses::{Use, plain};
use walk::{Module, Walk};

/// A source file.
#[derive(Debug)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What stands in it.
    pub(crate) text: String,
    /// What the spans of its tokens call it.
    pub(crate) source: String,
}

/// `network! { ... }`
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    /// The file.
    pub(crate) file: Rc<File>,
    /// The modules around it, from the crate's root on; nothing inside of a function.
    pub(crate) modules: Option<Vec<String>>,
    /// What stands between its brackets.
    pub(crate) tokens: TokenStream,
    /// From the macro's name to its closing bracket, in bytes.
    pub(crate) range: Range<usize>,
    /// What is between its brackets, in bytes.
    pub(crate) inside: Range<usize>,
    /// Where it stands, among the scopes.
    pub(crate) scope: usize,
    /// The `#[cfg(...)]` that keeps it out of the build.
    pub(crate) out: Option<Rc<str>>,
    /// What its target is built with.
    pub(crate) flags: Rc<Flags>,
    /// The files of the blocks that a `use` brought along, whose tokens are among its own.
    pub(crate) brought: Vec<Rc<File>>,
}

/// A file that is no Rust.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// The file.
    pub(crate) file: Rc<File>,
    /// The byte at which it goes wrong.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// A module, or braces in a function.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The module around it, or for braces what they stand in.
    pub(crate) around: Option<usize>,
    /// The modules from the crate's root to this one; nothing inside of a function.
    pub(crate) modules: Option<Vec<String>>,
    /// Whether it is braces.
    pub(crate) braces: bool,
    /// The root of its crate.
    pub(crate) root: usize,
    /// The modules in it, by their names.
    pub(crate) inner: Vec<(String, usize)>,
    /// What `use` names in it.
    pub(crate) uses: Vec<Use>,
    /// The invocations in it.
    pub(crate) invocations: Vec<usize>,
}

/// What is found in the crates of a package.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The invocations, in the order of the files.
    pub(crate) invocations: Vec<Invocation>,
    /// Files that are no Rust.
    pub(crate) unreadable: Vec<Unreadable>,
    /// The modules.
    pub(crate) scopes: Vec<Scope>,
    /// All files that were looked at, and whether they are built.
    seen: HashSet<(PathBuf, bool)>,
}

/// A module that stands in a file of its own.
struct Place<'p> {
    scope: usize,
    /// Where the files of its modules are.
    folder: &'p Path,
    /// What keeps it out of the build.
    out: Option<Rc<str>>,
}

impl Found {
    /// Adds what is in a file and in the modules that it declares; gives its scope. A file
    /// that was looked at is not looked at again.
    pub(crate) fn add(&mut self, tree: &dyn Tree, root: &Path, flags: &Rc<Flags>) -> usize {
        let scope = self.root();
        let place = Place {
            scope,
            folder: root.parent().unwrap_or(Path::new("")),
            out: None,
        };
        self.file(tree, &normal(root), &place, flags);
        scope
    }

    /// A file alone, without its modules.
    pub(crate) fn add_alone(&mut self, tree: &dyn Tree, path: &Path, flags: &Rc<Flags>) -> bool {
        let Some(text) = tree.read(path) else {
            return false;
        };
        self.add_text(path, text, flags);
        true
    }

    /// A text that is in no file.
    pub(crate) fn add_text(&mut self, path: &Path, text: String, flags: &Rc<Flags>) {
        let scope = self.root();
        self.text(path, text, scope, None, flags);
    }

    fn root(&mut self) -> usize {
        let scope = self.scopes.len();
        self.scopes.push(Scope {
            modules: Some(Vec::new()),
            root: scope,
            ..Scope::default()
        });
        scope
    }

    fn file(&mut self, tree: &dyn Tree, path: &Path, place: &Place<'_>, flags: &Rc<Flags>) {
        let built = place.out.is_none();
        // What is built in one place and not in another is built.
        let known = self.seen.contains(&(path.to_owned(), true));
        if known || !self.seen.insert((path.to_owned(), built)) {
            return;
        }
        let Some(text) = tree.read(path) else {
            return;
        };
        for module in self.text(path, text, place.scope, place.out.clone(), flags) {
            let own = path.parent().unwrap_or(Path::new(""));
            let mut below = place.folder.to_owned();
            below.extend(module.inline.iter());
            let candidates = match &module.path {
                // A path is one from the file's own folder, or from that of the modules
                // in it around the declaration.
                Some(path) if module.inline.is_empty() => vec![own.join(path)],
                Some(path) => vec![below.join(path)],
                None => vec![
                    below.join(format!("{}.rs", module.name)),
                    below.join(&module.name).join("mod.rs"),
                ],
            };
            let mut candidates = candidates.iter().map(|path| normal(path));
            let Some(file) = candidates.find(|path| tree.has(path)) else {
                continue;
            };
            let inside = match &module.path {
                Some(_) => file.parent().unwrap_or(Path::new("")).to_owned(),
                None => below.join(&module.name),
            };
            let place = Place {
                scope: module.scope,
                folder: &inside,
                out: module.out,
            };
            self.file(tree, &file, &place, flags);
        }
    }

    /// The invocations in a text; what is given are the modules in files of their own.
    fn text(
        &mut self,
        path: &Path,
        text: String,
        scope: usize,
        out: Option<Rc<str>>,
        flags: &Rc<Flags>,
    ) -> Vec<Module> {
        let parsed = text.parse::<TokenStream>();
        let first = parsed.iter().flat_map(Clone::clone).next();
        let file = Rc::new(File {
            path: path.to_owned(),
            text,
            source: first.map_or_else(String::new, |token| token.span().file()),
        });
        let tokens = match parsed {
            Ok(tokens) => tokens,
            Err(_) if out.is_some() => return Vec::new(),
            Err(error) => {
                self.unreadable.push(Unreadable {
                    at: error.span().byte_range().start,
                    message: "this is no Rust: a bracket or a quote is not closed, or a \
                              sign is none"
                        .to_owned(),
                    file,
                });
                return Vec::new();
            }
        };
        let mut walk = Walk::new(self, &file, flags);
        walk.tokens(tokens, scope, true, out);
        walk.declared
    }
}
