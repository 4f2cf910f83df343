//! Which packages and files are meant, and their networks.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Networks;
use crate::args::Where;
use crate::blocks::{Blocks, Loaded};
use crate::cfg::{Flags, Test};
use crate::failure::{Failure, Result};
use crate::manifest::{self, Asked, Kind, Package, Selection, Target};
use crate::source::Found;
use crate::suggest;
use crate::tree::{Disk, Tree, normal};

/// A name of `.rs` is a file.
fn is_file(name: &str) -> bool {
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
    let packages = manifest::packages(tree, &manifest(place, tree)?, &selection)?;
    for feature in &place.features {
        let name = feature.rsplit('/').next().unwrap_or(feature);
        if !packages.iter().any(|package| package.features.has(name)) {
            let known = packages.iter().flat_map(|package| package.features.names());
            return Err(Failure::usage(format!("there is no feature `{feature}`"))
                .help(suggest::among(name, known)));
        }
    }
    Ok(packages)
}

/// The features that are asked for of a package.
fn asked(place: &Where, package: &Package) -> Asked {
    let names = place
        .features
        .iter()
        .filter_map(|name| match name.split_once('/') {
            Some((own, feature)) => (own == package.name).then_some(feature),
            None => Some(name.as_str()),
        });
    Asked {
        names: names.map(str::to_owned).collect(),
        default: !place.no_default_features,
        all: place.all_features,
    }
}

/// Whether a target is looked at.
fn is_wanted(place: &Where, target: &Target) -> bool {
    place.all_targets || matches!(target.kind, Kind::Lib | Kind::Bin | Kind::Example)
}

/// With what a target is built.
fn flags(place: &Where, package: &Package, target: &Target) -> Rc<Flags> {
    let test = match target.kind {
        Kind::Test | Kind::Bench => Test::Yes,
        _ if place.all_targets => Test::Both,
        _ => Test::No,
    };
    Rc::new(Flags {
        features: package.features.on(&asked(place, package)),
        test,
    })
}

/// The networks of `place`, or those in the files among `names`; where names of networks
/// are among them, these only.
pub(crate) fn load(place: &Where, names: &[String]) -> Result<Networks> {
    let (files, names): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| is_file(name));
    let networks = if files.is_empty() {
        of_packages(&Disk, place, &packages(place, &Disk)?)
    } else {
        of_files(place, &files)?
    };
    networks.named(&names)
}

/// The networks of packages in a tree.
pub(crate) fn of_packages(tree: &dyn Tree, place: &Where, packages: &[Package]) -> Networks {
    let blocks = Blocks::new(tree);
    let mut networks = Networks::default();
    for package in packages {
        networks.looked.push(format!("package `{}`", package.name));
        let (loaded, ends) = loaded(tree, place, package);
        let loaded = Rc::new(loaded);
        let mut targets = ends.into_iter().peekable();
        for index in 0..loaded.found.invocations.len() {
            while targets.next_if(|(_, end)| *end <= index).is_some() {}
            let target = targets.peek().map(|(target, _)| target);
            let target = target.map(|target| (package.clone(), target.clone()));
            networks.add_of(&blocks, &loaded, index, target);
        }
        networks.unreadable(&loaded.found);
    }
    networks
}

/// A package read, and after how many invocations each of its targets ends.
fn loaded(tree: &dyn Tree, place: &Where, package: &Package) -> (Loaded, Vec<(Target, usize)>) {
    let mut found = Found::default();
    let mut lib = None;
    let mut ends = Vec::new();
    for target in package.targets.iter().filter(|one| is_wanted(place, one)) {
        let root = found.add(tree, &target.path, &flags(place, package, target));
        if target.kind == Kind::Lib {
            lib = Some(root);
        }
        ends.push((target.clone(), found.invocations.len()));
    }
    let loaded = Loaded {
        found,
        lib,
        asked: package.folder.join("Cargo.toml"),
        package: Some(package.clone()),
    };
    (loaded, ends)
}

fn of_files(place: &Where, files: &[&String]) -> Result<Networks> {
    let mut networks = Networks::default();
    let here = std::env::current_dir().unwrap_or_default();
    for name in files {
        let path = normal(&here.join(Path::new(name)));
        if Disk.read(&path).is_none() {
            return Err(Failure::new(format!("cannot read `{name}`")));
        }
        networks.looked.push(format!("`{name}`"));
        of_file(&Disk, place, &path, &mut networks);
    }
    Ok(networks)
}

/// The networks of one file of a tree.
pub(crate) fn of_file(tree: &dyn Tree, place: &Where, path: &Path, networks: &mut Networks) {
    let folder = path.parent().unwrap_or(Path::new(""));
    let package = manifest::nearest(tree, folder)
        .and_then(|manifest| manifest::package(tree, manifest.parent()?));
    let place = Where {
        all_targets: true,
        ..place.clone()
    };
    let features = package
        .as_ref()
        .map(|package| package.features.on(&asked(&place, package)));
    let alone = Rc::new(Flags {
        features: features.unwrap_or_default(),
        test: Test::Both,
    });
    let mut found = Found::default();
    found.add_alone(tree, path, &alone);
    let blocks = Blocks::new(tree);
    let asked = folder.join("Cargo.toml");
    // Who uses blocks of elsewhere has to be looked at where it stands.
    let whole = package
        .as_ref()
        .filter(|_| found.invocations.iter().any(crate::blocks::is_open))
        .map(|package| Rc::new(loaded(tree, &place, package).0));
    let alone = Rc::new(Loaded {
        found,
        lib: None,
        asked: package
            .as_ref()
            .map_or(asked, |package| package.folder.join("Cargo.toml")),
        package,
    });
    for (index, invocation) in alone.found.invocations.iter().enumerate() {
        let mut same = whole.iter().flat_map(|whole| {
            let invocations = whole.found.invocations.iter().enumerate();
            invocations.map(move |(index, own)| (whole, index, own))
        });
        let same = same.find(|(_, _, own)| {
            own.file.path == path && own.range == invocation.range && own.out.is_none()
        });
        match same {
            Some((whole, index, _)) => networks.add_of(&blocks, whole, index, None),
            None => networks.add_of(&blocks, &alone, index, None),
        }
    }
    networks.unreadable(&alone.found);
}

impl Networks {
    /// Adds the networks of an invocation, with the blocks that they use.
    fn add_of(
        &mut self,
        blocks: &Blocks<'_>,
        loaded: &Rc<Loaded>,
        index: usize,
        target: Option<(Package, Target)>,
    ) {
        let Some(invocation) = loaded.found.invocations.get(index) else {
            return;
        };
        if let Some(by) = &invocation.out {
            // A file may be a module twice, of which one is built.
            let mut others = loaded.found.invocations.iter();
            let is_built = others.any(|other| {
                other.out.is_none()
                    && other.file.path == invocation.file.path
                    && other.range == invocation.range
            });
            if !is_built {
                self.leave_out(invocation, by);
            }
        } else if let Some((invocation, missing)) = blocks.invocation(loaded, index) {
            self.add(invocation, target, &missing);
        }
    }
}
