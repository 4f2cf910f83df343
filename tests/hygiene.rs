//! Expansion hygiene: each package under `tests/hygiene` is a user's crate in
//! which something is unusual: the facade's name, the prelude, the edition, the
//! lints, the macro around the macro. All of them have to compile, without a
//! warning.

use std::path::Path;
use std::process::Command;

fn check(package: &str) {
    compile(&["check"], package, &[]);
}

fn compile(command: &[&str], package: &str, flags: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = root.join("tests/hygiene").join(package).join("Cargo.toml");
    let output = Command::new(env!("CARGO"))
        // What they need was fetched to build this test.
        .args(command)
        .args(["--quiet", "--offline", "--manifest-path"])
        .arg(&manifest)
        .args(flags)
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && messages.is_empty(), "{messages}");
}

macro_rules! packages {
    ($($(#[$doc:meta])* $package:ident)*) => {
        $($(#[$doc])* #[test] fn $package() { check(stringify!($package)); })*

        #[test]
        fn every_package_is_checked() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hygiene");
            let entries = std::fs::read_dir(folder).unwrap();
            let mut found: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($package)),*]);
        }
    };
}

/// What only an editor reads is Rust too, in which everything has a meaning.
#[test]
fn an_editor_finds_what_stands_in_a_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["check", "--quiet", "--offline", "--lib", "--examples"])
        .args(["-p", "shapewise", "-p", "hygiene-no-std"])
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "--cfg rust_analyzer")
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && messages.is_empty(), "{messages}");
}

packages! {
    /// The edition before.
    edition_2021
    /// Networks that a user's own macros write.
    forwarded
    /// No standard library, no prelude.
    no_std
    /// The facade under another name; the names of generated code taken.
    renamed
    /// Lints that forbid what can be forbidden; every visibility.
    strict
    /// What only rustc knows, without a prelude and under strict lints.
    symbolic
}
