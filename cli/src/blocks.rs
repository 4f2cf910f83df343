//! Blocks of elsewhere: what rustc finds by macros of their names is found in the sources.

mod metadata;
mod paths;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use shapewise_compiler::report::Errors;
use shapewise_compiler::syntax;
use shapewise_core::catalogue;

use crate::cfg::{Flags, Test};
use crate::manifest::{self, Asked, Kind, Package};
use crate::network::input;
use crate::source::{File, Found, Invocation};
use crate::tree::Tree;
use metadata::Metadata;
use paths::At;

/// The crates of a package, read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The package; nothing for a file that is in none.
    pub(crate) package: Option<Package>,
    /// What is in them.
    pub(crate) found: Found,
    /// The root of the library.
    pub(crate) lib: Option<usize>,
    /// The manifest of the package that is worked on, by which cargo knows all others.
    pub(crate) asked: PathBuf,
}

/// An invocation with the blocks that it uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole {
    /// Its tokens.
    tokens: TokenStream,
    /// The files that blocks came from.
    files: Vec<Rc<File>>,
    /// Why blocks were not found.
    pub(crate) missing: Vec<String>,
}

/// The names that have a macro each in an invocation.
type Names = HashSet<String>;

/// What finds blocks.
pub(crate) struct Blocks<'t> {
    tree: &'t dyn Tree,
    /// All that was asked about: what is known of it is known by its address.
    kept: RefCell<Vec<Rc<Loaded>>>,
    /// Packages that others depend on, by their folders.
    loaded: RefCell<HashMap<PathBuf, Option<Rc<Loaded>>>>,
    metadata: RefCell<HashMap<PathBuf, Rc<Result<Metadata, String>>>>,
    whole: RefCell<HashMap<(usize, usize), Rc<Whole>>>,
    names: RefCell<HashMap<(usize, usize), Rc<Names>>>,
    /// The invocations whose blocks are being looked for.
    busy: RefCell<Vec<(usize, usize)>>,
    /// The names that are being looked for, and where.
    sought: RefCell<Vec<(usize, usize, String, bool)>>,
    /// Why something was not found.
    reason: RefCell<Option<String>>,
}

impl<'t> Blocks<'t> {
    /// In these files.
    pub(crate) fn new(tree: &'t dyn Tree) -> Self {
        Self {
            tree,
            kept: RefCell::default(),
            loaded: RefCell::default(),
            metadata: RefCell::default(),
            whole: RefCell::default(),
            names: RefCell::default(),
            busy: RefCell::default(),
            sought: RefCell::default(),
            reason: RefCell::default(),
        }
    }

    /// An invocation with all that it uses, and why some of that was not found.
    pub(crate) fn invocation(
        &self,
        loaded: &Rc<Loaded>,
        index: usize,
    ) -> Option<(Invocation, Vec<String>)> {
        let mut kept = self.kept.borrow_mut();
        if !kept.iter().any(|own| Rc::ptr_eq(own, loaded)) {
            kept.push(Rc::clone(loaded));
        }
        drop(kept);
        let mut invocation = loaded.found.invocations.get(index)?.clone();
        let whole = self.whole(loaded, index);
        invocation.tokens = whole.tokens.clone();
        invocation.brought = whole.files.clone();
        Some((invocation, whole.missing.clone()))
    }

    fn whole(&self, loaded: &Rc<Loaded>, index: usize) -> Rc<Whole> {
        let key = (Rc::as_ptr(loaded).addr(), index);
        if let Some(known) = self.whole.borrow().get(&key) {
            return Rc::clone(known);
        }
        self.busy.borrow_mut().push(key);
        let whole = Rc::new(self.brought_in(loaded, index));
        self.busy.borrow_mut().pop();
        self.whole.borrow_mut().insert(key, Rc::clone(&whole));
        whole
    }

    fn brought_in(&self, loaded: &Rc<Loaded>, index: usize) -> Whole {
        let Some(invocation) = loaded.found.invocations.get(index) else {
            return Whole::default();
        };
        let at = At {
            loaded: Rc::clone(loaded),
            scope: invocation.scope,
        };
        let mut whole = Whole {
            tokens: invocation.tokens.clone(),
            ..Whole::default()
        };
        let failed: RefCell<HashSet<String>> = RefCell::default();
        loop {
            let is_block =
                |name: &str| catalogue::find(name).is_none() && !failed.borrow().contains(name);
            let Some(question) = asked(&whole.tokens, &is_block) else {
                return whole;
            };
            match self.package(&at, &question.path) {
                Ok((package, files)) => {
                    whole.tokens = question.answered(package);
                    for file in files {
                        if !whole.files.iter().any(|known| known.source == file.source) {
                            whole.files.push(file);
                        }
                    }
                }
                Err(reason) => {
                    whole.missing.push(reason);
                    failed.borrow_mut().extend(question.path.last().cloned());
                }
            }
        }
    }

    /// What the macro at a path would hand over, and the files that it comes from.
    fn package(&self, at: &At, path: &[String]) -> Result<(TokenStream, Vec<Rc<File>>), String> {
        *self.reason.borrow_mut() = None;
        let shown = path.join("::");
        let Some((found, index, name)) = self.definition(at, path) else {
            let reason = self.reason.borrow_mut().take();
            let reason = reason.unwrap_or_else(|| self.left_out(at, path));
            return Err(format!("`{shown}` is not found: {reason}"));
        };
        if self
            .busy
            .borrow()
            .contains(&(Rc::as_ptr(&found.loaded).addr(), index))
        {
            return Err(format!("`{shown}` is not found: it uses itself"));
        }
        let whole = self.whole(&found.loaded, index);
        if let Some(missing) = whole.missing.first() {
            return Err(missing.clone());
        }
        let file = syntax::parse(input(&whole.tokens), &mut Errors::new());
        let package = shapewise_compiler::brought(&file, &name);
        let package = package.ok_or_else(|| format!("`{shown}` has errors"))?;
        let mut files = whole.files.clone();
        let invocation = found.loaded.found.invocations.get(index);
        files.extend(invocation.map(|invocation| Rc::clone(&invocation.file)));
        let package = match found.krate() {
            Some(krate) if !found.is_in_crate_of(at) => elsewhere(package, &krate),
            _ => package,
        };
        Ok((package, files))
    }

    /// What to say of what is not found.
    fn left_out(&self, at: &At, path: &[String]) -> String {
        let name = path.last().map_or("", String::as_str);
        let loaded = self.loaded.borrow();
        let all = loaded.values().flatten().chain([&at.loaded]);
        for loaded in all {
            for (index, invocation) in loaded.found.invocations.iter().enumerate() {
                if let Some(out) = &invocation.out
                    && self.names_of(loaded, index).contains(name)
                {
                    return format!("it is left out of the build by `{out}`");
                }
            }
        }
        "there is no such block in the sources that cargo knows".to_owned()
    }

    /// The names that have a macro each in an invocation.
    fn names_of(&self, loaded: &Rc<Loaded>, index: usize) -> Rc<Names> {
        let key = (Rc::as_ptr(loaded).addr(), index);
        if let Some(known) = self.names.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut names = HashSet::new();
        if let Some(invocation) = loaded.found.invocations.get(index) {
            let file = syntax::parse(input(&invocation.tokens), &mut Errors::new());
            if file.own_blocks().any(|block| block.travels()) {
                names.extend(file.own_blocks().map(|block| block.name.to_string()));
                names.extend(file.networks.iter().map(|network| network.name.to_string()));
            }
        }
        let names = Rc::new(names);
        self.names.borrow_mut().insert(key, Rc::clone(&names));
        names
    }

    /// The library of a package in a folder.
    fn library(&self, folder: &Path, features: &Asked, from: &Loaded) -> Option<Rc<Loaded>> {
        if let Some(known) = self.loaded.borrow().get(folder) {
            return known.clone();
        }
        let loaded = self.read(folder, features, from).map(Rc::new);
        let mut all = self.loaded.borrow_mut();
        all.insert(folder.to_owned(), loaded.clone());
        loaded
    }

    fn read(&self, folder: &Path, features: &Asked, from: &Loaded) -> Option<Loaded> {
        let package = manifest::package(self.tree, folder)?;
        let lib = package
            .targets
            .iter()
            .find(|target| target.kind == Kind::Lib)?;
        let flags = Rc::new(Flags {
            features: package.features.on(features),
            test: Test::No,
        });
        let mut found = Found::default();
        let root = found.add(self.tree, &lib.path, &flags);
        Some(Loaded {
            found,
            lib: Some(root),
            asked: from.asked.clone(),
            package: Some(package),
        })
    }

    /// What cargo says of all packages.
    fn metadata(&self, manifest: &Path) -> Rc<Result<Metadata, String>> {
        let mut all = self.metadata.borrow_mut();
        let known = all.entry(manifest.to_owned());
        Rc::clone(known.or_insert_with(|| Rc::new(Metadata::of(manifest))))
    }
}

/// Whether an invocation uses blocks of elsewhere.
pub(crate) fn is_open(invocation: &Invocation) -> bool {
    asked(&invocation.tokens, &|name| catalogue::find(name).is_none()).is_some()
}

/// What a `use` asks for.
struct Question {
    path: Vec<String>,
    before: TokenStream,
    after: TokenStream,
}

impl Question {
    fn answered(self, package: TokenStream) -> TokenStream {
        let package = TokenTree::Group(Group::new(Delimiter::Brace, package));
        let tokens = self.before.into_iter().chain([package]).chain(self.after);
        tokens.collect()
    }
}

/// The first block that is used and not there yet.
fn asked(tokens: &TokenStream, is_block: &dyn Fn(&str) -> bool) -> Option<Question> {
    let call = syntax::asked(tokens, &TokenStream::new(), is_block)?;
    let mut path = Vec::new();
    let mut tokens = call.into_iter();
    let groups = loop {
        match tokens.next()? {
            TokenTree::Ident(word) => path.push(crate::source::plain(&word.to_string())),
            TokenTree::Punct(sign) if sign.as_char() == ':' && path.is_empty() => {
                path.push(String::new());
            }
            TokenTree::Group(group) => break group.stream(),
            _ => {}
        }
    };
    let mut groups = groups.into_iter().skip(1).filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    Some(Question {
        path,
        before: groups.next()?,
        after: groups.next()?,
    })
}

/// Tokens of another crate: `crate` in them is that.
fn elsewhere(tokens: TokenStream, krate: &str) -> TokenStream {
    let token = |token: TokenTree| match token {
        TokenTree::Ident(word) if word == "crate" => {
            let colon = |spacing| TokenTree::Punct(Punct::new(':', spacing));
            let name = TokenTree::Ident(Ident::new(krate, word.span()));
            TokenStream::from_iter([colon(Spacing::Joint), colon(Spacing::Alone), name])
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), elsewhere(group.stream(), krate));
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        other => other.into(),
    };
    tokens.into_iter().map(token).collect()
}
