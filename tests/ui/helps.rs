//! Helps are true: what they propose is applied to the source, and the error is
//! gone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use proc_macro2::{TokenStream, TokenTree};

use super::cases::{Case, Message, cases};
use shapewise_compiler::edits;

/// The messages with which a source expands.
fn headlines(source: &str) -> Option<Vec<String>> {
    let tokens: TokenStream = source.parse().ok()?;
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let invocation = tokens.windows(3).find_map(|window| match window {
        [
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Group(group),
        ] if name == "network" => Some(group.stream()),
        _ => None,
    })?;
    let mut input: TokenStream = "(::shapewise)".parse().ok()?;
    input.extend(invocation);
    let mut found = Vec::new();
    collect(shapewise_compiler::expand(input), &mut found);
    Some(found)
}

/// The first lines of all `compile_error!`s.
fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let mut error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => error = name == "compile_error",
            TokenTree::Group(group) if error => {
                let text = group.stream().to_string();
                let text = text.trim_matches('"').replace("\\\"", "\"");
                let first = text.split("\\n").next().unwrap_or_default();
                found.push(first.to_owned());
                error = false;
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            _ => {}
        }
    }
}

/// What a help makes of a source: nothing when it is advice.
fn proposals(case: &Case, message: &Message, help: &str) -> Vec<String> {
    let edited = edits::apply(&case.source, message.start..message.end, help);
    assert!(
        !edited.is_empty() || edits::is_advice(help),
        "{}: `{help}` is neither applied nor known as advice",
        case.name
    );
    edited
}

#[test]
fn expansion_tells_what_is_recorded() {
    for case in cases() {
        let mut told = headlines(&case.source).expect("tokens");
        let mut recorded: Vec<String> = case
            .messages
            .iter()
            .map(|message| message.headline.clone())
            .collect();
        told.sort();
        recorded.sort();
        assert_eq!(told, recorded, "{}", case.name);
    }
}

#[test]
fn helps_are_true() {
    let mut applied = 0;
    let mut wrong = Vec::new();
    for case in cases() {
        for message in &case.messages {
            for help in &message.helps {
                for edited in proposals(&case, message, help) {
                    applied += 1;
                    let after = headlines(&edited);
                    let headline = &message.headline;
                    let before = case.messages.iter();
                    let before = before.filter(|other| other.headline == *headline).count();
                    let gone = after.as_ref().is_some_and(|after| {
                        let same = after.iter().filter(|other| *other == headline).count();
                        same < before && after.len() <= case.messages.len()
                    });
                    if !gone {
                        wrong.push(format!("{}: {help}\n{edited}\n{after:?}\n", case.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(applied >= 100, "only {applied} helps were applied");
}

/// The module that a case is among others. The names of extents that helps leave to
/// their reader are constants in it.
fn module(number: usize, case: &Case, source: &str) -> String {
    let lines = source.lines().filter(|line| !line.starts_with("#!["));
    let lines: Vec<&str> = lines.collect();
    format!(
        "// {}\nmod case_{number} {{\nconst H: usize = 16;\nconst W: usize = 16;\n\
         const C: usize = 3;\n{}\n}}\n",
        case.name,
        lines.join("\n")
    )
}

/// The library as this test is linked with it.
fn library() -> (PathBuf, PathBuf) {
    let this = env::current_exe().expect("a path");
    let folder = this.parent().expect("a folder").to_owned();
    let entries = fs::read_dir(&folder).expect("what is built");
    let libraries = entries.flatten().map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libshapewise-") && name.ends_with(".rlib")
    });
    let built = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    (libraries.max_by_key(built).expect("the library"), folder)
}

/// Whatever expansion accepts once a help is applied, rustc accepts, too: all of it as the
/// modules of one crate.
#[test]
fn helps_compile() {
    let mut modules = Vec::new();
    // Those that compare figures hold with one of the helps.
    let cases = cases()
        .into_iter()
        .filter(|case| !case.source.contains("assert!("));
    for case in cases {
        for message in &case.messages {
            let helps = message.helps.iter();
            for edited in helps.flat_map(|help| proposals(&case, message, help)) {
                if headlines(&edited).is_some_and(|after| after.is_empty()) {
                    modules.push(module(modules.len(), &case, &edited));
                }
            }
        }
    }
    assert!(
        modules.len() >= 150,
        "only {} networks without errors",
        modules.len()
    );
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("helps.rs");
    let text = format!("#![allow(warnings)]\n{}fn main() {{}}\n", modules.concat());
    fs::write(&source, text).expect("a file of our own");
    let (library, folder) = library();
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition", "2024", "--emit", "metadata", "-L"])
        .arg(format!("dependency={}", folder.display()))
        .arg("--extern")
        .arg(format!("shapewise={}", library.display()))
        .arg("-o")
        .arg(source.with_extension("rmeta"))
        .arg(&source)
        .output()
        .expect("rustc");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
}
