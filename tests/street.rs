//! Each crate is a street: a part imports only what stands before it, so that it
//! can be read, changed and tested without what comes after.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The compiler's stages, with what all of them share first.
const COMPILER: [&str; 9] = [
    "ordered", "report", "suggest", "edits", "syntax", "graph", "check", "resolve", "expand",
];

/// From what everything is made of to what is made of everything.
const CORE: [&str; 21] = [
    "text",
    "number",
    "extents",
    "shape",
    "value",
    "window",
    "argument",
    "error",
    "arithmetic",
    "formula",
    "entry",
    "layer",
    "layers",
    "catalogue",
    "graph",
    "analysis",
    "plan",
    "figure",
    "report",
    "network",
    "symbolic",
];

#[test]
fn the_parts_of_core_import_what_stands_before_them() {
    assert_street("core/src", &CORE);
}

#[test]
fn the_compilers_stages_import_what_stands_before_them() {
    assert_street("macros/compiler/src", &COMPILER);
}

#[test]
fn imports_are_found() {
    let source = "use crate::graph::Node;\nuse crate::{check::figure, syntax::{tree, print}};\n\
         // crate::comment\npub(in crate::resolve) fn f() { super::super::report::Error::new() }";
    let found = imports(source, 2);
    assert_eq!(
        found.iter().map(String::as_str).collect::<Vec<_>>(),
        ["check", "graph", "report", "resolve", "syntax"]
    );
    assert!(imports("use super::report::Error;", 2).is_empty());
    assert_eq!(imports("use super::report::Error;", 1).len(), 1);
}

/// Fails where a module of the crate imports one that stands after it, or has no
/// place on the street. The crate's root is left out: it is after all of them.
fn assert_street(source: &str, street: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let place = |name: &str| street.iter().position(|stage| *stage == name);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files(&root) {
        let module = file.strip_prefix(&root).unwrap().with_extension("");
        let depth = module.components().count();
        let stage = module.iter().next().unwrap().to_str().unwrap().to_owned();
        if stage == "lib" {
            continue;
        }
        let Some(own) = place(&stage) else {
            panic!("`{stage}` has no place on the street");
        };
        seen.insert(own);
        for import in imports(&fs::read_to_string(&file).unwrap(), depth) {
            // What the crate's root exports again has no place of its own.
            if place(&import).is_none_or(|import| import > own) {
                wrong.push(format!("{} imports `{import}`", module.display()));
            }
        }
    }
    assert_eq!(seen.len(), street.len(), "a stage has no file");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The modules of the crate that a source names, from the crate's root or through
/// as many `super`s as it stands deep.
fn imports(source: &str, depth: usize) -> BTreeSet<String> {
    let root = "super::".repeat(depth);
    let mut found = BTreeSet::new();
    // Tests at the end of a file may use all of the crate.
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join("\n");
    for start in ["crate::", &root] {
        for (at, _) in code.match_indices(start) {
            // `$crate::`, and a path that only ends so.
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c == '$' || c == ':' || c == '_' || c.is_alphanumeric()) {
                continue;
            }
            found.extend(names(&code[at + start.len()..]));
        }
    }
    found
}

/// The first names of a path: several, where it is a list in braces.
fn names(path: &str) -> Vec<String> {
    let Some(list) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut depth = 0;
    let mut names = vec![name(list.trim_start())];
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn name(path: &str) -> String {
    path.chars()
        .take_while(|c| *c == '_' || c.is_alphanumeric())
        .collect()
}

/// The sources below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
