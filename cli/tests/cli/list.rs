//! Which networks are found, and what is said of them.

use crate::package::{DIGITS, Package};

const GENERIC: &str = "use shapewise::network;
network! {
    pub struct Head<const CLASSES: usize = 5>(features: 64) -> (scores: CLASSES) {
        fc: linear(CLASSES);
    }
    pub struct Open<const WIDTH: usize>(features: 64) -> (scores: WIDTH) {
        fc: linear(WIDTH, bias = false);
    }
}
";

#[test]
fn modules_and_targets_are_followed() {
    let package = Package::new(
        "modules",
        &[
            (
                "src/lib.rs",
                "mod vision;\n#[path = \"other.rs\"]\npub mod heads;\nmod inline { mod deep; }\n\
                 fn build() { shapewise::network! { struct Local(x: 4) -> 2 { linear(2); } } }\n",
            ),
            ("src/vision/mod.rs", "pub(crate) mod digits;\n"),
            ("src/vision/digits.rs", DIGITS),
            ("src/other.rs", GENERIC),
            (
                "src/inline/deep.rs",
                "mod more {\n    network! { struct Deep(x: 4) -> 3 { linear(3); } }\n}\n",
            ),
            ("examples/one.rs", "mod parts;\nfn main() {}\n"),
            (
                "examples/parts/mod.rs",
                "network! { struct Part(x: 1) -> 1 { relu; } }",
            ),
            (
                "tests/left_out.rs",
                "network! { struct Tested(x: 1) -> 1 { relu; } }",
            ),
            (
                "src/unused.rs",
                "network! { struct Unused(x: 1) -> 1 { relu; } }",
            ),
        ],
    );
    assert_eq!(
        package.run(&["list"]).fine(),
        "\
Network                   Input    Output  Parameters      MACs  Where
Local                     4        2               10         8  src/lib.rs:5
vision::digits::Digits    28x28x1  10           7,850    7.84 k  src/vision/digits.rs:2
heads::Head               64       5              325       320  src/other.rs:3
heads::Open               64       WIDTH     64*WIDTH  64*WIDTH  src/other.rs:6
inline::deep::more::Deep  4        3               15        12  src/inline/deep.rs:2
parts::Part               1        1                0         0  examples/parts/mod.rs:1
"
    );
    let tests = package.run(&["list", "--all-targets"]).fine();
    assert!(tests.contains("Tested "), "{tests}");
}

#[test]
fn json_has_figures_and_places() {
    let package = Package::new("listed_as_json", &[("src/lib.rs", DIGITS)]);
    assert_eq!(
        package.run(&["list", "--json"]).fine(),
        "[\n{\"network\": \"Digits\", \"package\": \"listed_as_json\", \"target\": \
         \"listed_as_json\", \"place\": \"src/lib.rs:2\", \"errors\": false, \"params\": 7850, \
         \"macs\": 7840, \"exact\": true, \"inputs\": [\"28x28x1\"], \"outputs\": [\"10\"]}\n]\n"
    );
}

#[test]
fn workspaces_have_members() {
    let package = Package::new(
        "workspace",
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n",
            ),
            ("crates/one/Cargo.toml", "[package]\nname = \"one\"\n"),
            ("crates/one/src/lib.rs", DIGITS),
            ("crates/two/Cargo.toml", "[package]\nname = \"two\"\n"),
            (
                "crates/two/src/main.rs",
                "network! { struct Two(x: 4) -> 2 { linear(2); } } fn main() {}",
            ),
            ("crates/old/Cargo.toml", "[package]\nname = \"old\"\n"),
            ("crates/old/src/lib.rs", DIGITS),
        ],
    );
    let names = |words: &[&str]| -> Vec<String> {
        let out = package.run(words).fine();
        let lines = out.lines().skip(1);
        lines
            .map(|line| {
                line.split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(names(&["list"]), ["Digits", "Two"]);
    assert_eq!(names(&["list", "-p", "two"]), ["Two"]);
    let inside = ["list", "--manifest-path", "crates/one", "--workspace"];
    assert_eq!(names(&inside), ["Digits", "Two"]);
    let wrong = package.run(&["list", "-p", "tow"]);
    assert_eq!(wrong.status, 2);
    assert_eq!(
        wrong.err,
        "error: there is no package `tow` in the workspace\n help: did you mean `two`?\n"
    );
}

#[test]
fn nothing_to_list_is_told() {
    let package = Package::new("nothing", &[("src/lib.rs", "")]);
    let ran = package.run(&["list"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err
            .starts_with("error: there is no `network!` in package `nothing`\n help: "),
        "{}",
        ran.err
    );
    let broken = Package::new("broken", &[("src/lib.rs", "fn main() {\n  (\n")]);
    let ran = broken.run(&["list"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("--> src/lib.rs:"), "{}", ran.err);
}

#[test]
fn a_workspaces_own_package_is_one_of_its_members() {
    let package = Package::new(
        "rooted",
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"nets\"]\ndefault-members = [\".\", \"nets\"]\n\
                 [package]\nname = \"rooted\"\n",
            ),
            ("src/lib.rs", DIGITS),
            ("nets/Cargo.toml", "[package]\nname = \"nets\"\n"),
            (
                "nets/src/lib.rs",
                "network! { struct Two(x: 4) -> 2 { linear(2); } }",
            ),
        ],
    );
    let out = package.run(&["list"]).fine();
    assert_eq!(out.lines().count(), 3, "{out}");
    let out = package.run(&["list", "-p", "rooted"]).fine();
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[test]
fn a_file_that_is_no_rust_is_told_of() {
    let package = Package::new(
        "unread",
        &[("src/lib.rs", "network! { struct Net(x: 4) -> 4 { relu; }\n")],
    );
    let ran = package.run(&["list"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    let ran = package.run(&["table", "Net"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.contains("help: src/lib.rs:1: this is no Rust"),
        "{}",
        ran.err
    );
}
