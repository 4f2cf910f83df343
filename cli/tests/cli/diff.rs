//! What a branch changes, from a repository of git.

use std::process::Command;

use crate::package::Package;

const BEFORE: &str = "shapewise::network! {
    pub struct Net(image: 28x28x1) -> (classes: 10) {
        conv: conv(8, 3x3), relu;
        head: flatten, linear(10);
        assert params <= 60K;
    }
    pub struct Same(x: 4) -> 4 { linear(4); }
    pub struct Old(x: 4) -> 4 { linear(4); }
    pub struct Open<const N: usize>(x: 4) -> N { fc: linear(N); }
}
";

const AFTER: &str = "// Moved down by a line.
shapewise::network! {
    pub struct Net(image: 28x28x1) -> (classes: 10) {
        conv: conv(16, 3x3), relu;
        head: flatten, linear(10);
        assert params <= 120K;
    }
    pub struct Same(x: 4) -> 4 { linear(4); }
    pub struct Open<const N: usize>(x: 4) -> N { fc: linear(N, bias = false); }
}
mod moved { shapewise::network! { pub struct New(x: 4) -> 2 { linear(2); } } }
";

fn git(package: &Package, words: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=someone",
            "-c",
            "user.email=someone@example.org",
        ])
        .args(words)
        .current_dir(&package.folder)
        .output()
        .expect("git");
    assert!(output.status.success(), "{output:?}");
}

fn repository(name: &str) -> Package {
    let package = Package::new(name, &[("src/lib.rs", BEFORE)]);
    git(&package, &["init", "--quiet", "--initial-branch", "trunk"]);
    git(&package, &["add", "."]);
    git(&package, &["commit", "--quiet", "--message", "before"]);
    package
}

#[test]
fn tables_of_what_changed() {
    let package = repository("changed");
    let out = package.run(&["diff", "trunk"]).fine();
    assert!(
        out.starts_with("4 networks are the same as at trunk ("),
        "{out}"
    );
    package.write("src/lib.rs", AFTER);
    let out = package.run(&["diff", "trunk"]).fine();
    let base = out.rsplit('(').next().expect("a commit").to_owned();
    assert!(
        out.starts_with("Net changed, src/lib.rs:3\n\n  Layer  Units"),
        "{out}"
    );
    for line in [
        "- conv   conv(8, 3x3), relu   26x26x8        80  48.7 k",
        "+ conv   conv(16, 3x3), relu  26x26x16      160  97.3 k",
        "- assert params <= 60K",
        "+ assert params <= 120K",
        "Open changed, src/lib.rs:9",
        "- fc: linear(N) => N, 5*N parameters, 4*N MACs",
        "+ fc: linear(N, bias = false) => N, 4*N parameters, 4*N MACs",
        "moved::New added, src/lib.rs:11",
        "Old removed, src/lib.rs:8",
        format!("1 network is the same as at trunk ({base}").trim_end(),
    ] {
        assert!(
            out.lines().any(|own| own.trim_end() == line),
            "{line}\n{out}"
        );
    }
    let out = package.run(&["diff", "trunk", "Same"]).fine();
    assert!(out.starts_with("1 network is the same"), "{out}");
}

#[test]
fn rules_fail() {
    let package = repository("rules");
    package.write("src/lib.rs", AFTER);
    let ran = package.run(&[
        "diff",
        "trunk",
        "--markdown",
        "--fail-if",
        "params > +5%",
        "--fail-if",
        "macs > 1G",
        "--fail-if",
        "removed",
        "--fail-if",
        "budgets",
    ]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.err,
        "\
error: `Net`: params > +5%: it was 54,170, and is 108,330
error: `Net`: budgets: `params <= 60K` -> `params <= 120K`
error: `Old`: removed: removed
"
    );
    assert!(
        ran.out.contains(
            "| `Net` | changed | 54,170 → 108,330 (+100.0%) | 103 k → 206 k (+100.0%) | \
             24.2 KiB → 45.3 KiB (+87.3%) | 10 |"
        ),
        "{}",
        ran.out
    );
    let fine = package.run(&["diff", "trunk", "--fail-if", "params > 1M"]);
    assert_eq!(fine.status, 0, "{}", fine.err);
    let wrong = package.run(&["diff", "trunk", "--fail-if", "parms > 1M"]);
    assert_eq!(wrong.status, 2);
    assert!(
        wrong.err.contains("help: did you mean `params`?"),
        "{}",
        wrong.err
    );
}

#[test]
fn what_others_did_is_left_out() {
    let package = repository("branched");
    git(&package, &["checkout", "--quiet", "-b", "branch"]);
    git(&package, &["checkout", "--quiet", "trunk"]);
    package.write("src/lib.rs", AFTER);
    git(
        &package,
        &["commit", "--quiet", "--all", "--message", "after"],
    );
    git(&package, &["checkout", "--quiet", "branch"]);
    let out = package
        .run(&["diff", "trunk", "--fail-if", "changed"])
        .fine();
    assert!(out.starts_with("4 networks are the same"), "{out}");
    let ran = package.run(&["diff", "trunk", "--exact", "--fail-if", "changed"]);
    assert_eq!(ran.status, 1);
    let ran = package.run(&["diff", "nothing"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.err
            .starts_with("error: git knows no commit `nothing`\n help: "),
        "{}",
        ran.err
    );
}
