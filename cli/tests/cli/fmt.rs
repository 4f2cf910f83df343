//! Formatting files, and asking whether they are formatted.

use std::fs;

use crate::package::Package;

const ROUGH: &str = "shapewise::network! {
    pub struct Digits(image:28x28x1)->(digits:10) {
        fc:flatten,linear(10)   ; // all
    }
}
";

const FINE: &str = "shapewise::network! {
    pub struct Digits(image: 28x28x1) -> (digits: 10) {
        fc: flatten, linear(10); // all
    }
}
";

#[test]
fn files_are_formatted_and_checked() {
    let package = Package::new(
        "formatted",
        &[("src/lib.rs", "mod net;\n"), ("src/net.rs", ROUGH)],
    );
    let read = || fs::read_to_string(package.folder.join("src/net.rs")).expect("the file");
    let ran = package.run(&["fmt", "--check"]);
    assert_eq!((ran.status, &*ran.err), (1, ""));
    assert_eq!(
        ran.out,
        "src/net.rs:2
-    pub struct Digits(image:28x28x1)->(digits:10) {
-        fc:flatten,linear(10)   ; // all
+    pub struct Digits(image: 28x28x1) -> (digits: 10) {
+        fc: flatten, linear(10); // all
"
    );
    assert_eq!(read(), ROUGH);
    assert_eq!(package.run(&["fmt"]).fine(), "formatted src/net.rs\n");
    assert_eq!(read(), FINE);
    assert_eq!(package.run(&["fmt", "--check"]).fine(), "");
    assert_eq!(package.run(&["fmt"]).fine(), "");
}

#[test]
fn rustfmts_settings_hold() {
    let package = Package::new(
        "settings",
        &[
            ("rustfmt.toml", "max_width = 40\ntab_spaces = 2\n"),
            (
                "src/lib.rs",
                "network! {\nstruct A(x: 4) -> 4 { linear(8), relu, linear(16), relu, linear(4); }\n}\n",
            ),
        ],
    );
    package.run(&["fmt"]).fine();
    let new = fs::read_to_string(package.folder.join("src/lib.rs")).expect("the file");
    assert_eq!(
        new,
        "network! {
  struct A(x: 4) -> 4 {
    linear(8), relu, linear(16), relu,
      linear(4);
  }
}
"
    );
}

#[test]
fn what_cannot_be_read_is_left() {
    let wrong = "network! {\n struct A(x:4) -> { relu }\n}\n";
    let package = Package::new("unreadable", &[("src/lib.rs", wrong)]);
    let ran = package.run(&["fmt"]);
    assert_eq!(
        ran.err,
        "warning: src/lib.rs:1 is left as it is: it has errors, which `cargo shapewise list` tells\n"
    );
    let text = fs::read_to_string(package.folder.join("src/lib.rs")).expect("the file");
    assert_eq!(text, wrong);
}

#[test]
fn windows_line_ends_stay() {
    let package = Package::new("line_ends", &[("src/lib.rs", &ROUGH.replace('\n', "\r\n"))]);
    package.run(&["fmt"]).fine();
    let new = fs::read_to_string(package.folder.join("src/lib.rs")).expect("the file");
    assert_eq!(new, FINE.replace('\n', "\r\n"));
}
