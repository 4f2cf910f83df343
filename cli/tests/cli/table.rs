//! Tables in their forms, and mistakes in networks.

use crate::package::{DIGITS, Package};

#[test]
fn a_table_for_the_terminal() {
    let package = Package::new("tabled", &[("src/lib.rs", DIGITS)]);
    let out = package.run(&["table"]).fine();
    assert!(
        out.starts_with("Digits: image 28x28x1 -> digits 10\n"),
        "{out}"
    );
    assert!(out.contains("\nfc     flatten, linear(10)  10"), "{out}");
    assert!(!out.contains('\u{1b}'), "{out}");
    let narrow = package.run(&["table", "--width", "40"]).fine();
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 40),
        "{narrow}"
    );
    let coloured = package.run(&["table", "--color", "always"]).fine();
    assert!(coloured.contains("\u{1b}["), "{coloured}");
}

#[test]
fn other_forms() {
    let package = Package::new("forms", &[("src/lib.rs", DIGITS)]);
    let csv = package.run(&["table", "--csv", "--layers"]).fine();
    assert!(csv.contains("\nlayer,"), "{csv}");
    let markdown = package.run(&["table", "--markdown"]).fine();
    assert!(markdown.starts_with("### Digits\n\n"), "{markdown}");
    assert!(markdown.contains("| fc |"), "{markdown}");
    let json = package.run(&["table", "--json"]).fine();
    assert!(
        json.starts_with("[\n{\"network\": \"Digits\", \"place\": \"src/lib.rs:2\", \"report\": {"),
        "{json}"
    );
    let svg = package.folder.join("digits.svg");
    package
        .run(&["table", "Digits", "--svg", "digits.svg"])
        .fine();
    let drawn = std::fs::read_to_string(svg).expect("the drawing");
    assert!(drawn.starts_with("<svg"), "{drawn}");
}

#[test]
fn expressions_stand_for_what_rustc_knows() {
    let package = Package::new(
        "expressions",
        &[(
            "src/lib.rs",
            "network! {
                pub struct Open<const WIDTH: usize>(features: 64) -> (scores: 5) {
                    fc: linear(WIDTH, bias = false);
                    linear(5);
                }
                pub struct Chosen<const WIDTH: usize = 3>(features: 64) -> (scores: WIDTH) {
                    linear(WIDTH);
                }
            }",
        )],
    );
    let out = package.run(&["table"]).fine();
    let (open, chosen) = out.split_once("Chosen:").expect("both");
    assert_eq!(
        open,
        "\
Open
Layer     Units                        Output   Weights  Biases      MACs
features  input                        64
fc        linear(WIDTH, bias = false)  WIDTH   64*WIDTH       0  64*WIDTH
          linear(5)                    5        5*WIDTH       5   5*WIDTH
Total                                  5       69*WIDTH       5  69*WIDTH

Parameters: 69*WIDTH + 5. What stands there as an expression only rustc knows; `--build` lets it say.

"
    );
    assert!(
        chosen.ends_with("\nIts figures are those with `WIDTH = 3`, the defaults.\n"),
        "{chosen}"
    );
}

#[test]
fn mistakes_are_told_as_rustc_tells_them() {
    let package = Package::new(
        "mistaken",
        &[(
            "src/lib.rs",
            "network! {
    pub struct Net(image: 8x8x1) -> (classes: 10) {
        conv1: conv(4, 9x9);
        flatten, linear(10);
    }
}
network! { struct Fine(x: 4) -> 4 { relu; } }
",
        )],
    );
    let ran = package.run(&["table"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.err,
        "\
error: kernel 9x9 does not fit the 8x8 input of `conv1`
         input   8x8x1, from the input `image`
         needs   input + 2*padding >= kernel, but 8 < 9 on height and width
       help: `padding = 1` (=> 2x2x4), `padding = same` (=> 8x8x4), or kernel `8x8` (=> 1x1x4)
 --> src/lib.rs:3:24
  |
3 |         conv1: conv(4, 9x9);
  |                        ^^^

"
    );
    // What is fine is shown.
    assert!(ran.out.starts_with("Fine: x 4 -> "), "{}", ran.out);
    // Errors elsewhere are no news where another network is asked for.
    package.run(&["table", "Fine"]).fine();
    let ran = package.run(&["table", "Nte"]);
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.err,
        "error: there is no network `Nte` in package `mistaken`\n help: did you mean `Net`?\n"
    );
}

#[test]
fn arguments_that_do_not_go_together() {
    let package = Package::new("arguments", &[("src/lib.rs", DIGITS)]);
    let ran = package.run(&["table", "--csv", "--json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("--csv"), "{}", ran.err);
    let ran = package.run(&["tabel"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("'table'"), "{}", ran.err);
    let help = package.run(&["--help"]);
    assert_eq!(help.status, 0);
    assert!(help.out.contains("Usage: cargo shapewise"), "{}", help.out);
}
