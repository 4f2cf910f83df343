//! What a package depends on.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Asked, Manifest};
use crate::tree::{Tree, normal};

/// A package on which another depends.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// Its folder, where the manifest says it.
    pub(crate) folder: Option<PathBuf>,
    /// The features that are asked for.
    pub(crate) features: Asked,
}

/// What the crates of the package in `folder` know as `krate`.
pub(crate) fn dependency(tree: &dyn Tree, folder: &Path, krate: &str) -> Option<Dependency> {
    let manifest = Manifest::read(tree, &folder.join("Cargo.toml")).ok()?;
    let mut found: Option<Dependency> = None;
    for table in tables(&manifest.table) {
        for (name, value) in table {
            if name.replace('-', "_") != krate {
                continue;
            }
            let value = value.as_table().cloned().unwrap_or_default();
            let shared = match value.get("workspace").and_then(Value::as_bool) {
                Some(true) => workspace(tree, folder, name),
                _ => None,
            };
            let one = read(&manifest, &value, shared.as_ref());
            match &mut found {
                // In several lists: for use and for tests.
                Some(known) => {
                    known.features.names.extend(one.features.names);
                    known.features.default |= one.features.default;
                    known.folder = known.folder.take().or(one.folder);
                }
                None => found = Some(one),
            }
        }
    }
    found
}

/// The lists of dependencies in a manifest.
pub(super) fn tables(manifest: &Table) -> Vec<&Table> {
    const NAMES: [&str; 2] = ["dependencies", "dev-dependencies"];
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets
        .into_iter()
        .flatten()
        .filter_map(|(_, table)| table.as_table());
    [manifest]
        .into_iter()
        .chain(targets)
        .flat_map(|table| NAMES.map(|name| table.get(name).and_then(Value::as_table)))
        .flatten()
        .collect()
}

/// A dependency of the workspace around a folder, and the folder of that.
fn workspace(tree: &dyn Tree, folder: &Path, name: &str) -> Option<(PathBuf, Table)> {
    folder.ancestors().find_map(|folder| {
        let manifest = Manifest::read(tree, &folder.join("Cargo.toml")).ok()?;
        let shared = manifest.table.get("workspace")?.get("dependencies")?;
        let value = shared.get(name)?;
        Some((
            folder.to_owned(),
            value.as_table().cloned().unwrap_or_default(),
        ))
    })
}

fn read(manifest: &Manifest, own: &Table, shared: Option<&(PathBuf, Table)>) -> Dependency {
    let (folder, table) = match shared {
        Some((folder, table)) => (folder.as_path(), table),
        None => (manifest.folder.as_path(), own),
    };
    let path = table.get("path").and_then(Value::as_str);
    let names = |table: &Table| -> Vec<String> {
        let list = table.get("features").and_then(Value::as_array);
        let names = list.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    let mut features = Asked {
        names: names(own),
        default: table.get("default-features").and_then(Value::as_bool) != Some(false),
        all: false,
    };
    if shared.is_some() {
        features.names.extend(names(table));
    }
    Dependency {
        folder: path.map(|path| normal(&folder.join(path))),
        features,
    }
}
