//! Packages and their targets, as cargo finds them in manifests.

mod dependencies;
mod features;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use toml::{Table, Value};

use crate::failure::{Failure, Result};
use crate::tree::{Tree, normal};
pub(crate) use dependencies::dependency;
pub(crate) use features::{Asked, Features};

/// A package.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// The folder of its manifest.
    pub(crate) folder: PathBuf,
    /// What is built of it.
    pub(crate) targets: Vec<Target>,
    /// Its features.
    pub(crate) features: Rc<Features>,
}

/// What is built of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Library, program or the like.
    pub(crate) kind: Kind,
    /// What it is called.
    pub(crate) name: String,
    /// Its first file.
    pub(crate) path: PathBuf,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The library.
    Lib,
    /// A program.
    Bin,
    /// An example.
    Example,
    /// An integration test.
    Test,
    /// A benchmark.
    Bench,
}

/// Which packages of a workspace are asked for.
#[derive(Clone, Debug)]
pub(crate) enum Selection {
    /// As cargo takes them: the workspace's default members, or that of the manifest, or all.
    Default,
    /// All.
    Workspace,
    /// Those of these names.
    Named(Vec<String>),
}

/// The manifest in this folder or in one around it.
pub(crate) fn nearest(tree: &dyn Tree, folder: &Path) -> Option<PathBuf> {
    let mut manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    manifests.find(|path| tree.has(path))
}

/// The packages that are asked for at a manifest.
pub(crate) fn packages(
    tree: &dyn Tree,
    manifest: &Path,
    selection: &Selection,
) -> Result<Vec<Package>> {
    let own = Manifest::read(tree, manifest)?;
    // Where a workspace has default members, its own package is one among them.
    let has_members = own.table.get("workspace").and_then(Value::as_table);
    let has_members = has_members.is_some_and(|table| table.contains_key("default-members"));
    if let (Selection::Default, false, Some(package)) = (selection, has_members, own.package(tree))
    {
        return Ok(vec![package]);
    }
    let workspace = own.workspace(tree)?;
    let all = workspace.members(tree, "members")?;
    match selection {
        Selection::Workspace => Ok(all),
        Selection::Default => {
            let default = workspace.members(tree, "default-members")?;
            Ok(if default.is_empty() { all } else { default })
        }
        Selection::Named(names) => names
            .iter()
            .map(|name| {
                let named = all.iter().find(|package| package.name == *name);
                named.cloned().ok_or_else(|| {
                    let known = all.iter().map(|package| package.name.as_str());
                    Failure::usage(format!("there is no package `{name}` in the workspace"))
                        .help(crate::suggest::among(name, known))
                })
            })
            .collect(),
    }
}

/// The package of a folder.
pub(crate) fn package(tree: &dyn Tree, folder: &Path) -> Option<Package> {
    let manifest = Manifest::read(tree, &folder.join("Cargo.toml")).ok()?;
    manifest.package(tree)
}

/// A manifest that was read.
struct Manifest {
    folder: PathBuf,
    table: Table,
}

impl Manifest {
    fn read(tree: &dyn Tree, path: &Path) -> Result<Self> {
        let text = tree
            .read(path)
            .ok_or_else(|| Failure::new(format!("cannot read `{}`", crate::tree::shown(path))))?;
        let table = text.parse::<Table>().map_err(|error| {
            let place = error.span().map_or(1, |span| {
                text.get(..span.start)
                    .map_or(1, |before| before.matches('\n').count() + 1)
            });
            let path = crate::tree::shown(path);
            Failure::new(format!("{path}:{place}: {}", error.message()))
        })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { folder, table })
    }

    /// The package, where the manifest is not that of a workspace alone.
    fn package(&self, tree: &dyn Tree) -> Option<Package> {
        let package = self.table.get("package")?.as_table()?;
        let name = package.get("name")?.as_str()?.to_owned();
        let targets = self.targets(tree, package, &name);
        Some(Package {
            name,
            folder: self.folder.clone(),
            targets,
            features: Rc::new(Features::of(&self.table)),
        })
    }

    /// The workspace of the package: this manifest, or one in a folder around it that
    /// has it as a member.
    fn workspace(self, tree: &dyn Tree) -> Result<Self> {
        if self.table.contains_key("workspace") {
            return Ok(self);
        }
        for folder in self.folder.ancestors().skip(1) {
            let path = folder.join("Cargo.toml");
            if tree.has(&path) {
                let around = Self::read(tree, &path)?;
                if around.table.contains_key("workspace") {
                    return Ok(around);
                }
            }
        }
        Ok(self)
    }

    /// The packages of a workspace, or of its default members.
    fn members(&self, tree: &dyn Tree, list: &str) -> Result<Vec<Package>> {
        let workspace = self.table.get("workspace").and_then(Value::as_table);
        let strings = |key: &str| -> Vec<String> {
            let list = workspace.and_then(|workspace| workspace.get(key)?.as_array());
            let strings = list.into_iter().flatten().filter_map(Value::as_str);
            strings.map(str::to_owned).collect()
        };
        let mut folders: Vec<PathBuf> = Vec::new();
        if list == "members" {
            folders.push(self.folder.clone());
        }
        let excluded: Vec<PathBuf> = strings("exclude")
            .iter()
            .map(|folder| normal(&self.folder.join(folder)))
            .collect();
        for pattern in strings(list) {
            folders.extend(matching(tree, &self.folder, &pattern));
        }
        let mut packages: Vec<Package> = Vec::new();
        for folder in folders {
            let manifest = folder.join("Cargo.toml");
            let known = packages.iter().any(|package| package.folder == folder);
            if known || excluded.contains(&folder) || !tree.has(&manifest) {
                continue;
            }
            packages.extend(Self::read(tree, &manifest)?.package(tree));
        }
        Ok(packages)
    }

    /// What is built of the package: what the manifest lists, and what stands where cargo
    /// looks for it.
    fn targets(&self, tree: &dyn Tree, package: &Table, name: &str) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        let crate_name = name.replace('-', "_");
        let lib = self.table.get("lib").and_then(Value::as_table);
        let path = lib.and_then(|lib| lib.get("path")?.as_str());
        let path = self.folder.join(path.unwrap_or("src/lib.rs"));
        if tree.has(&path) {
            let name = lib.and_then(|lib| lib.get("name")?.as_str());
            targets.push(Target {
                kind: Kind::Lib,
                name: name.unwrap_or(&crate_name).to_owned(),
                path: normal(&path),
            });
        }
        let main = self.folder.join("src/main.rs");
        let sought = [
            (Kind::Bin, "bin", "autobins", "src/bin"),
            (Kind::Example, "example", "autoexamples", "examples"),
            (Kind::Test, "test", "autotests", "tests"),
            (Kind::Bench, "bench", "autobenches", "benches"),
        ];
        for (kind, key, auto, folder) in sought {
            let mut found: Vec<Target> = Vec::new();
            let automatic = package.get(auto).and_then(Value::as_bool) != Some(false);
            if automatic {
                if kind == Kind::Bin && tree.has(&main) {
                    found.push(Target {
                        kind,
                        name: name.to_owned(),
                        path: normal(&main),
                    });
                }
                found.extend(self.in_folder(tree, kind, folder));
            }
            let listed = self.table.get(key).and_then(Value::as_array);
            for listed in listed.into_iter().flatten().filter_map(Value::as_table) {
                found.retain(|target| Some(target.name.as_str()) != named(listed));
                found.extend(self.listed(tree, kind, folder, listed));
            }
            targets.extend(found);
        }
        targets
    }

    /// The targets that stand in a folder: `examples/one.rs`, `examples/other/main.rs`.
    fn in_folder(&self, tree: &dyn Tree, kind: Kind, folder: &str) -> Vec<Target> {
        let folder = normal(&self.folder.join(folder));
        let entries = tree.list(&folder).into_iter();
        entries
            .filter_map(|(name, is_folder)| {
                let (name, path) = if is_folder {
                    let path = folder.join(&name).join("main.rs");
                    (name, path)
                } else {
                    let path = folder.join(&name);
                    (name.strip_suffix(".rs")?.to_owned(), path)
                };
                tree.has(&path).then_some(Target { kind, name, path })
            })
            .collect()
    }

    /// A target that the manifest lists.
    fn listed(&self, tree: &dyn Tree, kind: Kind, folder: &str, listed: &Table) -> Option<Target> {
        let name = named(listed)?;
        let path = listed.get("path").and_then(Value::as_str);
        let guesses = match path {
            Some(path) => vec![path.to_owned()],
            None => vec![
                format!("{folder}/{name}.rs"),
                format!("{folder}/{name}/main.rs"),
                "src/main.rs".to_owned(),
            ],
        };
        let mut paths = guesses.iter().map(|guess| normal(&self.folder.join(guess)));
        Some(Target {
            kind,
            name: name.to_owned(),
            path: paths.find(|path| tree.has(path))?,
        })
    }
}

fn named(listed: &Table) -> Option<&str> {
    listed.get("name")?.as_str()
}

/// The folders that a member's pattern names: `engines/*`.
fn matching(tree: &dyn Tree, root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![normal(root)];
    for part in pattern
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        folders = folders
            .into_iter()
            .flat_map(|folder| {
                if part.contains(['*', '?']) {
                    let names = tree.list(&folder).into_iter();
                    names
                        .filter(|(name, is_folder)| *is_folder && glob(part, name))
                        .map(|(name, _)| folder.join(name))
                        .collect()
                } else {
                    vec![normal(&folder.join(part))]
                }
            })
            .collect();
    }
    folders
}

/// Whether a name is what a pattern of `*` and `?` stands for.
fn glob(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = pattern.as_str();
            let ends = name.char_indices().map(|(i, _)| i).chain([name.len()]);
            ends.into_iter().any(|end| glob(rest, &name[end..]))
        }
        Some(first) => {
            let mut name = name.chars();
            let same = name.next().is_some_and(|own| first == '?' || own == first);
            same && glob(pattern.as_str(), name.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns_of_members() {
        assert!(glob("*", "core"));
        assert!(glob("core-*", "core-macros"));
        assert!(glob("c?re", "core"));
        assert!(!glob("core-*", "core"));
        assert!(!glob("c?", "core"));
    }
}
