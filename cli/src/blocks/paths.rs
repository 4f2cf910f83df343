//! Paths, as rustc follows them: modules, `use`, other crates.

use std::rc::Rc;

use super::{Blocks, Loaded};
use crate::manifest;
use crate::source::Scope;

/// A place from which names are seen.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub(super) loaded: Rc<Loaded>,
    pub(super) scope: usize,
}

impl At {
    fn own(&self) -> &Scope {
        &self.loaded.found.scopes[self.scope]
    }

    fn with(&self, scope: usize) -> Self {
        Self {
            loaded: Rc::clone(&self.loaded),
            scope,
        }
    }

    /// What is around it, for braces.
    fn around(&self) -> Option<Self> {
        let own = self.own();
        own.braces
            .then(|| own.around.map(|scope| self.with(scope)))?
    }

    /// The module that it is in.
    fn module(&self) -> Self {
        self.around().map_or_else(|| self.clone(), |at| at.module())
    }

    fn root(&self) -> Self {
        self.with(self.own().root)
    }

    fn key(&self) -> (usize, usize) {
        (Rc::as_ptr(&self.loaded).addr(), self.scope)
    }

    pub(super) fn is_in_crate_of(&self, other: &Self) -> bool {
        self.root().key() == other.root().key()
    }

    /// The name of its crate, for a library.
    pub(super) fn krate(&self) -> Option<String> {
        let package = self.loaded.package.as_ref()?;
        let mut targets = package.targets.iter();
        let lib = targets.find(|target| target.kind == manifest::Kind::Lib)?;
        (self.loaded.lib == Some(self.own().root)).then(|| lib.name.clone())
    }
}

impl Blocks<'_> {
    /// Where the block at a path is: the invocation, and its name there.
    pub(super) fn definition(&self, at: &At, path: &[String]) -> Option<(At, usize, String)> {
        match path {
            [] => None,
            [name] => self.definition_in(at, name),
            [modules @ .., name] => self.definition_in(&self.module(at, modules)?, name),
        }
    }

    /// Looks for something once: what is looked for already has no answer.
    fn once<T>(
        &self,
        at: &At,
        name: &str,
        is_module: bool,
        look: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let (loaded, scope) = at.key();
        let key = (loaded, scope, name.to_owned(), is_module);
        if self.sought.borrow().contains(&key) {
            return None;
        }
        self.sought.borrow_mut().push(key);
        let found = look();
        self.sought.borrow_mut().pop();
        found
    }

    fn definition_in(&self, at: &At, name: &str) -> Option<(At, usize, String)> {
        self.once(at, name, false, || {
            let own = at.own();
            let mut invocations = own.invocations.iter().copied();
            let found = invocations.find(|index| {
                let invocation = at.loaded.found.invocations.get(*index);
                invocation.is_some_and(|one| one.out.is_none())
                    && self.names_of(&at.loaded, *index).contains(name)
            });
            if let Some(index) = found {
                return Some((at.clone(), index, name.to_owned()));
            }
            let named = own
                .uses
                .iter()
                .filter(|one| one.name.as_deref() == Some(name));
            let mut named = named.filter_map(|one| self.definition(at, &one.path));
            let all = own.uses.iter().filter(|one| one.name.is_none());
            let mut all = all
                .filter_map(|one| self.module(at, &one.path))
                .filter_map(|module| self.definition_in(&module, name));
            named
                .next()
                .or_else(|| all.next())
                .or_else(|| self.definition_in(&at.around()?, name))
        })
    }

    /// The module at a path.
    fn module(&self, at: &At, path: &[String]) -> Option<At> {
        let (first, mut rest) = path.split_first()?;
        let mut here = match first.as_str() {
            "" => {
                let (krate, others) = rest.split_first()?;
                rest = others;
                self.krate(at, krate)?
            }
            "crate" => at.root(),
            "self" => at.module(),
            "super" => {
                let module = at.module();
                let around = module.own().around?;
                module.with(around).module()
            }
            name => self.module_in(at, name).or_else(|| self.krate(at, name))?,
        };
        for name in rest {
            here = match name.as_str() {
                "super" => {
                    let around = here.own().around?;
                    here.with(around).module()
                }
                name => self.module_in(&here, name)?,
            };
        }
        Some(here)
    }

    fn module_in(&self, at: &At, name: &str) -> Option<At> {
        self.once(at, name, true, || {
            let own = at.own();
            if let Some((_, scope)) = own.inner.iter().find(|(own, _)| own == name) {
                return Some(at.with(*scope));
            }
            let named = own
                .uses
                .iter()
                .filter(|one| one.name.as_deref() == Some(name));
            let mut named = named.filter_map(|one| self.module(at, &one.path));
            let all = own.uses.iter().filter(|one| one.name.is_none());
            let mut all = all
                .filter_map(|one| self.module(at, &one.path))
                .filter_map(|module| self.module_in(&module, name));
            named
                .next()
                .or_else(|| all.next())
                .or_else(|| self.module_in(&at.around()?, name))
        })
    }

    /// The library that is known by a name.
    fn krate(&self, at: &At, name: &str) -> Option<At> {
        if matches!(name, "std" | "core" | "alloc") {
            return None;
        }
        let package = at.loaded.package.as_ref()?;
        let own = package
            .targets
            .iter()
            .find(|target| target.kind == manifest::Kind::Lib);
        if let (Some(lib), true) = (at.loaded.lib, own.is_some_and(|lib| lib.name == name)) {
            return Some(at.with(lib));
        }
        let Some(dependency) = manifest::dependency(self.tree, &package.folder, name) else {
            let own = &package.name;
            self.because(format!("`{own}` has no module and no dependency `{name}`"));
            return None;
        };
        let loaded = match &dependency.folder {
            Some(folder) => self.library(folder, &dependency.features, &at.loaded),
            None => match &*self.metadata(&at.loaded.asked) {
                Ok(metadata) => {
                    let found = metadata.dependency(&package.folder, name);
                    found
                        .and_then(|(folder, features)| self.library(&folder, &features, &at.loaded))
                }
                Err(reason) => {
                    self.because(reason.clone());
                    return None;
                }
            },
        };
        let Some(loaded) = loaded else {
            self.because(format!("cargo has no source of `{name}` on this machine"));
            return None;
        };
        let scope = loaded.lib?;
        Some(At { loaded, scope })
    }

    fn because(&self, reason: String) {
        self.reason.borrow_mut().get_or_insert(reason);
    }
}
