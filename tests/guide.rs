//! The tables of names in the guide: what PyTorch and Keras call each layer and
//! its arguments. They are made of the catalogue's `aliases` and of the layers
//! and arguments that the measured rows of both frameworks have, so that they
//! cannot name what is not there. This test fails when they are stale;
//! `UPDATE=1 cargo test --test guide` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs};

use serde_json::Value;
use shapewise::catalogue::{Entry, FAMILIES};

/// The arguments that were seen of each layer of a framework.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// What PyTorch and torchvision also call layers of the language, without a
/// measured row of its own.
const MORE_OF_PYTORCH: &[&str] = &[
    "ReLU",
    "ReLU6",
    "LeakyReLU",
    "ELU",
    "SELU",
    "CELU",
    "GELU",
    "SiLU",
    "Mish",
    "Hardsigmoid",
    "Hardswish",
    "Softplus",
    "Softsign",
    "Softmax",
    "LogSoftmax",
    "Dropout",
    "Dropout2d",
    "StochasticDepth",
    "chunk",
    "split",
    "cat",
    "bmm",
    "narrow",
    "interpolate",
    "view",
    "Identity",
];

/// What Keras also calls layers of the language, without a measured row of its
/// own.
const MORE_OF_KERAS: &[&str] = &[
    "ReLU",
    "LeakyReLU",
    "ELU",
    "Softmax",
    "Dropout",
    "SpatialDropout2D",
    "RMSNormalization",
    "UpSampling3D",
    "Cropping1D",
    "Cropping3D",
    "ZeroPadding3D",
    "CenterCrop",
    "Add",
    "Subtract",
    "Multiply",
    "Concatenate",
    "Dot",
    "Identity",
    "GroupQueryAttention",
];

fn read(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn seen(rows: &[Value], name: fn(&Value) -> &Value, arguments: fn(&Value) -> &Value) -> Seen {
    let mut seen = Seen::new();
    for row in rows {
        let layer = name(row).as_str().unwrap().to_owned();
        let arguments = arguments(row).as_object().unwrap().keys().cloned();
        seen.entry(layer).or_default().extend(arguments);
    }
    seen
}

fn check(page: &str, mut seen: Seen, more: &[&str], least: usize) {
    let entries = || FAMILIES.iter().flat_map(|family| family.entries);
    for name in more {
        let known = entries().any(|entry| entry.aliases.contains(name));
        assert!(known, "no layer has the alias {name}");
        seen.entry((*name).to_owned()).or_default();
    }
    let text = table(&seen);
    let rows = text.lines().filter(|line| line.starts_with("| `")).count();
    assert!(rows >= least, "only {rows} layers in {page}:\n{text}");
    let path = format!("{}/src/guide/{page}", env!("CARGO_MANIFEST_DIR"));
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "src/guide/{page} is stale: UPDATE=1 cargo test --test guide"
    );
}

fn table(seen: &Seen) -> String {
    let mut text = String::from(
        "Names that differ are recognised: an error says what is meant.\n\n\
         | There | Here | Arguments that are called otherwise here |\n|:--|:--|:--|\n",
    );
    // Where the links lead on GitHub; `src/links.md` says it for rustdoc.
    let mut links = BTreeSet::new();
    for entry in FAMILIES.iter().flat_map(|family| family.entries) {
        let names: Vec<&str> = entry
            .aliases
            .iter()
            .copied()
            .filter(|name| seen.contains_key(*name))
            .collect();
        if names.is_empty() {
            continue;
        }
        let arguments: BTreeSet<&String> = names.iter().flat_map(|name| &seen[*name]).collect();
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        writeln!(
            text,
            "| {} | [`{1}`][reference::layers#{1}] | {2} |",
            names.join(", "),
            entry.name,
            renamed(entry, &arguments)
        )
        .unwrap();
        links.insert(format!(
            "[reference::layers#{0}]: ../reference/layers.md#{0}\n",
            entry.name
        ));
    }
    text.push('\n');
    text.extend(links);
    text
}

/// `kernel_size` is `kernel`, for each argument that the framework has.
fn renamed(entry: &Entry, there: &BTreeSet<&String>) -> String {
    let mut parts = Vec::new();
    for argument in entry.arguments {
        for alias in argument.aliases {
            if there.iter().any(|name| name == alias) {
                parts.push(format!("`{alias}` is `{}`", argument.name));
            }
        }
    }
    parts.join(", ")
}

#[test]
fn the_names_of_pytorch_are_the_catalogues() {
    let rows = read("torch_layers.jsonl");
    let seen = seen(&rows, |row| &row["layer"], |row| &row["args"]);
    check("pytorch_names.md", seen, MORE_OF_PYTORCH, 55);
}

#[test]
fn the_names_of_keras_are_the_catalogues() {
    let rows = read("keras_layers.jsonl");
    let seen = seen(&rows, |row| &row[0], |row| &row[1]);
    check("keras_names.md", seen, MORE_OF_KERAS, 35);
}
