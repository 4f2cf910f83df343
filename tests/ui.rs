//! What rustc prints for each mistake: one per file, a folder per topic.
//!
//! `TRYBUILD=overwrite cargo test --test ui` records the messages again. Read what
//! changed as the person who made the mistake.

#[path = "ui/cases.rs"]
mod cases;
#[path = "ui/helps.rs"]
mod helps;
#[path = "ui/variants.rs"]
mod variants;

use std::process::Command;

/// The rustc that the messages of `tests/ui/rustc` were recorded with: its own
/// words change from one version to the next.
const RECORDED_WITH: &str = "rustc 1.95.0";

/// The folder whose messages are rustc's words.
const OF_RUSTC: &str = "rustc";

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    for topic in cases::topics() {
        if topic == OF_RUSTC && !recorded_version() {
            println!("tests/ui/{OF_RUSTC} is skipped: recorded with {RECORDED_WITH}");
            continue;
        }
        cases.compile_fail(format!("tests/ui/{topic}/*.rs"));
    }
}

/// Whether this is the version that rustc's own words were recorded with.
fn recorded_version() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    version.is_ok_and(|version| version.starts_with(RECORDED_WITH))
}
