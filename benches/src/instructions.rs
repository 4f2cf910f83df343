//! Where the instructions of an expansion go: exact, where time is not.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;

use shapewise_compiler::expand;

use crate::networks;
use crate::workspace::{Result, root};

/// The functions whose inclusive counts are the stages.
const STAGES: [(&str, &[&str]); 6] = [
    ("all", &["shapewise_compiler::expand"]),
    ("parse", &["shapewise_compiler::syntax::parse"]),
    ("resolve", &["shapewise_compiler::resolve::network"]),
    (
        "check",
        &[
            "shapewise_compiler::check::layer::check",
            "shapewise_compiler::check::layer::outcome",
        ],
    ),
    ("print", &["shapewise_compiler::expand::network"]),
    (
        "docs",
        &[
            "shapewise_compiler::expand::docs::of_network",
            "shapewise_compiler::expand::docs::of_statement",
        ],
    ),
];

/// Expands one network: what runs under callgrind.
pub(crate) fn expand_one(name: &str) -> Result<()> {
    let source = networks::ALL.iter().find(|source| source.name == name);
    let source = source.ok_or("one of the five networks")?;
    let tokens: proc_macro2::TokenStream =
        format!("(::shapewise) {}", source.items(1000)).parse()?;
    black_box(expand(tokens));
    Ok(())
}

/// Counts all five, and writes the table.
pub(crate) fn run() -> Result<()> {
    let mut text = String::from(
        "Thousands of instructions of one expansion, unoptimized, as macros run in users' builds.\n\
         `check` is a part of `resolve`, `docs` of `print`. Made by the benchmark; see README.md.\n\n",
    );
    for (title, _) in [("network", &[] as &[&str])].iter().chain(&STAGES) {
        write!(text, "{title:>10}")?;
    }
    text.push('\n');
    for source in networks::ALL {
        let counts = count(source.name)?;
        write!(text, "{:>10}", source.name)?;
        for count in counts {
            write!(text, "{:>10}", count / 1000)?;
        }
        text.push('\n');
    }
    print!("{text}");
    Ok(std::fs::write(
        root().join("benches/instructions.txt"),
        text,
    )?)
}

fn count(name: &str) -> Result<Vec<u64>> {
    let folder = root().join("target/shapewise-benches");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("callgrind.{name}"));
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&file);
    let run = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(option)
        .arg(std::env::current_exe()?)
        .args(["expand", name])
        .output()?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into());
    }
    let report = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--show-percs=no"])
        .arg(&file)
        .output()?;
    let report = String::from_utf8(report.stdout)?;
    Ok(STAGES
        .iter()
        .map(|(_, functions)| {
            functions
                .iter()
                .map(|function| inclusive(&report, function))
                .sum()
        })
        .collect())
}

/// The count in front of a function's name.
fn inclusive(report: &str, function: &str) -> u64 {
    let line = report.lines().find_map(|line| {
        let (count, rest) = line.trim_start().split_once(char::is_whitespace)?;
        // `file:name [object]`, or `file:name'2` where it calls itself.
        let name = rest.split_once(" [").map_or(rest, |(name, _)| name);
        let named = name.ends_with(&format!(":{function}"));
        named.then(|| count.replace(',', "").parse().ok())?
    });
    line.unwrap_or(0)
}
