//! Errors that are mended by what they propose.

use std::fs;

use crate::package::Package;

const MISTAKEN: &str = "use shapewise::network;

network! {
    pub struct First(image: 28x28x1) -> (classes: 10) {
        conv1: conv(32, 3x3, strid = 2), rely => 13x13x32;
        flatten;
        head: Linear(10);
    }

    pub struct Second(image: 28x28x1) -> (classes: 10) {
        conv1: conv(32, 3x3), relu => 28x28x32; // as before
        flatten, linear(11);
    }
}
";

const MENDED: &str = "use shapewise::network;

network! {
    pub struct First(image: 28x28x1) -> (classes: 10) {
        conv1: conv(32, 3x3, stride = 2), relu => 13x13x32;
        flatten;
        head: linear(10);
    }

    pub struct Second(image: 28x28x1) -> (classes: 11) {
        conv1: conv(32, 3x3), relu => 26x26x32; // as before
        flatten, linear(11);
    }
}
";

fn read(package: &Package) -> String {
    fs::read_to_string(package.folder.join("src/lib.rs")).expect("the file")
}

#[test]
fn all_errors_are_mended() {
    let package = Package::new("mended", &[("src/lib.rs", MISTAKEN)]);
    let out = package.run(&["fix", "--dry-run"]).fine();
    assert!(
        out.contains("-        head: Linear(10);\n+        head: linear(10);\n"),
        "{out}"
    );
    assert_eq!(read(&package), MISTAKEN);
    let out = package.run(&["fix", "--all", "--no-check"]).fine();
    assert!(out.ends_with("\nfixed src/lib.rs\n"), "{out}");
    assert_eq!(read(&package), MENDED);
    let out = package.run(&["fix", "--all", "--no-check"]).fine();
    assert_eq!(out, "there is nothing to fix\n");
}

#[test]
fn nothing_is_changed_where_an_error_is_left() {
    let text = MISTAKEN.replace("flatten;", "linear;");
    let package = Package::new("half_mended", &[("src/lib.rs", &text)]);
    let ran = package.run(&["fix", "--all", "--no-check"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.err
            .ends_with("error: nothing was changed: one error is left\n"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("--> src/lib.rs:6:9"), "{}", ran.err);
    assert_eq!(read(&package), text);
}

#[cfg(unix)]
#[test]
fn rustc_has_the_last_word() {
    let package = Package::new("checked", &[("src/lib.rs", MISTAKEN)]);
    let ran = package.run_with(&["fix", "--all"], &[("CARGO", "false")]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.err,
        "error: nothing was changed: rustc finds other errors (above)\n"
    );
    assert_eq!(read(&package), MISTAKEN);
    let ran = package.run_with(&["fix", "--all"], &[("CARGO", "true")]);
    assert_eq!(ran.status, 0);
    assert_eq!(read(&package), MENDED);
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let package = Package::new("unasked", &[("src/lib.rs", MISTAKEN)]);
    let ran = package.run(&["fix"]);
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.err,
        "error: there is no terminal to ask\n help: `--all` takes the first help that mends each \
         error, `--dry-run` shows it\n"
    );
}
