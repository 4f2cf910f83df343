//! Networks that are not in every build.

use crate::package::Package;

const SOURCE: &str = "
#[cfg(any())]
network! { struct Never(x: 4) -> 5 { linear(2); } }
network! {
    #[cfg(any())]
    struct Inside(x: 4) -> 5 { linear(2); }
    #[cfg(all())]
    struct Always(x: 4) -> 2 { linear(2); }
}
#[cfg(feature = \"large\")]
mod large;
#[cfg(test)]
mod tests {
    network! { struct Tested(x: 4) -> 2 { linear(2); } }
}
#[cfg(not(any(unix, windows)))]
fn elsewhere() -> [u8; { 3 }] { network! { struct Elsewhere(x: 4) -> 5 { linear(2); } } }
#[cfg(any())]
const NOT: usize = { network! { struct Value(x: 4) -> 5 { linear(2); } } 1 };
#[cfg(any(unix, windows))]
network! { struct Here(x: 4) -> 2 { linear(2); } }
";

fn package(name: &str) -> Package {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n[features]\nlarge = []\nall = [\"large\"]\n"
    );
    Package::new(
        name,
        &[
            ("Cargo.toml", &manifest),
            ("src/lib.rs", SOURCE),
            (
                "src/large.rs",
                "network! {\nstruct Large(x:4) -> 2 { linear( 2 ); }\n}\n",
            ),
        ],
    )
}

fn names(out: &str) -> Vec<&str> {
    let lines = out.lines().skip(1);
    lines
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

#[test]
fn what_is_built_is_listed() {
    let package = package("conditions");
    let ran = package.run(&["list"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(names(&ran.out), ["Always", "Here"]);
    assert_eq!(
        ran.err,
        "note: 6 networks are left out by `#[cfg(any())]`, `#[cfg(feature = \"large\")]`, \
         `#[cfg(not(any(unix, windows)))]`, 1 more\n"
    );
    for words in [
        ["-F", "large"].as_slice(),
        &["--features=all"],
        &["--all-features"],
    ] {
        let out = package.run(&[&["list"], words].concat()).out;
        assert_eq!(names(&out), ["Always", "Here", "large::Large"], "{words:?}");
    }
    let out = package.run(&["list", "--all-targets"]).out;
    assert_eq!(names(&out), ["Always", "tests::Tested", "Here"]);
    let wrong = package.run(&["list", "--features", "lrge"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("did you mean `large`?"), "{}", wrong.err);
}

#[test]
fn what_is_left_out_is_said_by_its_name() {
    let package = package("conditions_by_name");
    let ran = package.run(&["table", "Large"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.contains(
            "help: `Large` (src/large.rs:2) is left out by `#[cfg(feature = \"large\")]`\n"
        ),
        "{}",
        ran.err
    );
    // All of it is formatted.
    let fmt = package.run(&["fmt"]).out;
    assert!(fmt.contains("formatted src/large.rs"), "{fmt}");
}
