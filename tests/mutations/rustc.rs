//! What rustc says: a crate with a module for each mistake.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::networks::PREFIX;

/// How many errors rustc tells of each of the sources.
pub(crate) fn errors(sources: &[String]) -> BTreeMap<usize, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let krate = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    fs::create_dir_all(krate.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"mutations\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nshapewise = {{ path = {root:?} }}\n\n[workspace]\n"
    );
    fs::write(krate.join("Cargo.toml"), manifest).expect("a manifest");
    // The versions that the workspace was built with.
    let _ = fs::copy(root.join("Cargo.lock"), krate.join("Cargo.lock"));
    let mut modules = String::from("#![allow(warnings)]\n");
    for (number, source) in sources.iter().enumerate() {
        modules.push_str(&format!("mod m{number};\n"));
        fs::write(krate.join(format!("src/m{number}.rs")), module(source)).expect("a module");
    }
    fs::write(krate.join("src/lib.rs"), modules).expect("a library");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--message-format=json"])
        .current_dir(&krate)
        .env("CARGO_TARGET_DIR", krate.join("target"))
        .output()
        .expect("cargo");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let message = &value["message"];
        if message["level"] != "error" {
            continue;
        }
        let file = message["spans"][0]["file_name"]
            .as_str()
            .unwrap_or_default();
        let number = file
            .strip_prefix("src/m")
            .and_then(|file| file.strip_suffix(".rs"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            let said = message["message"].as_str().unwrap_or_default();
            found.entry(number).or_default().push(said.to_owned());
        } else if !file.is_empty() {
            panic!("an error of no module: {message}");
        }
    }
    assert!(
        !found.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    found
}

/// A module with the networks of a source, and code that uses them.
fn module(source: &str) -> String {
    let body = source.strip_prefix(PREFIX).unwrap_or(source);
    let mut text = format!("shapewise::network! {{{body}\n}}\n");
    for (_, rest) in body
        .match_indices("pub struct ")
        .map(|(at, word)| body.split_at(at + word.len()))
    {
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        let header = rest.split_once('{').map_or(rest, |(header, _)| header);
        let several = header
            .split_once("-> (")
            .is_some_and(|(_, outputs)| outputs.contains(','));
        let output = match several {
            true => "OUTPUTS[0]",
            false => "OUTPUT",
        };
        text.push_str(&format!(
            "const _: [u8; {name}::{output}.elements()] = [0; {name}::{output}.elements()];\n\
             const _: () = assert!({name}::PARAMS > 1);\n\
             fn graph() -> &'static shapewise::Graph {{ <{name} as shapewise::Network>::GRAPH }}\n"
        ));
    }
    text
}
