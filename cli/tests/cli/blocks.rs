//! Networks that use blocks of elsewhere.

use crate::package::Package;

/// A convolution with its normalisation: 9*C*O weights, and O of each of two.
const NORMS: &str = "nets::network! {
    /// A convolution with its normalisation.
    pub block Norm(channels) {
        conv(channels, 3x3, padding = half, bias = false), batch_norm, relu;
    }
}
";

fn line(out: &str, network: &str) -> String {
    let mut lines = out.lines();
    let line = lines.find(|line| line.split_whitespace().next() == Some(network));
    let words = line.unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn modules_of_the_package() {
    let package = Package::new(
        "blocks_of_modules",
        &[
            (
                "src/lib.rs",
                "pub mod blocks;
                 pub mod again { pub use crate::blocks::Pair as Two; pub use super::blocks::norms::*; }
                 mod nets {
                     use crate::again as other;
                     use other::Norm;
                     shapewise::network! {
                         use super::again::{Two, Norm as First};
                         pub struct Net(image: 8x8x3) -> (map: 8x8x4) { First(4); Two(4); }
                     }
                     network! { use Norm; pub struct Imported(x: 8x8x3) -> 8x8x4 { Norm(4); } }
                     fn build() {
                         network! { pub block Local(width) { linear(width); } }
                         fn inner() {
                             network! { use Local; struct Inside(x: 4) -> 2 { Local(2); } }
                         }
                     }
                 }
                 ",
            ),
            (
                "src/blocks.rs",
                "pub mod norms;
                 network! {
                     use self::norms::Norm;
                     pub block Pair(width) { Norm(width); Last(width); }
                     block Last(width) { Norm(width); }
                 }
                 ",
            ),
            ("src/blocks/norms.rs", NORMS),
            (
                "examples/one.rs",
                "use blocks_of_modules::blocks::norms;
                 network! { use norms::Norm; struct Example(x: 8x8x3) -> 8x8x4 { Norm(4); } }
                 fn main() {}",
            ),
        ],
    );
    let ran = package.run(&["list"]);
    let out = ran.fine();
    let norm = |from: u32| 9 * from * 4 + 8;
    let three = norm(3) + 2 * norm(4);
    assert!(
        line(&out, "nets::Net").starts_with(&format!("nets::Net 8x8x3 8x8x4 {three} ")),
        "{out}"
    );
    for name in ["nets::Imported", "Example"] {
        let one = norm(3);
        let wanted = format!("{name} 8x8x3 8x8x4 {one} ");
        assert!(line(&out, name).starts_with(&wanted), "{out}");
    }
    assert!(line(&out, "Inside").starts_with("Inside 4 2 10 "), "{out}");
    // A file by its name finds what stands around it.
    let alone = package.run(&["list", "examples/one.rs"]).fine();
    assert!(line(&alone, "Example").contains(" 116 "), "{alone}");
}

fn workspace(name: &str, used: &str) -> Package {
    Package::new(
        name,
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"app\", \"vision\"]\n[workspace.dependencies]\n\
                 seeing = { path = \"vision\", package = \"my-vision\" }\n",
            ),
            (
                "app/Cargo.toml",
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\n\
                 seeing.workspace = true\n",
            ),
            ("app/src/lib.rs", used),
            (
                "vision/Cargo.toml",
                "[package]\nname = \"my-vision\"\nversion = \"0.1.0\"\n[features]\nmore = []\n",
            ),
            (
                "vision/src/lib.rs",
                "pub mod norms;
                 pub const WIDTH: usize = 4;
                 network! {
                     use crate::norms::Norm;
                     pub block Wide() { Norm(crate::WIDTH); }
                     pub block Biased(width) { conv(width, 1x1), batch_norm; }
                     block Private() { relu; }
                     pub struct Whole(x: 8x8x3) -> 8x8x4 { Norm(4); }
                 }
                 #[cfg(feature = \"more\")]
                 network! { pub block More() { relu; } }
                 ",
            ),
            ("vision/src/norms.rs", NORMS),
        ],
    )
}

#[test]
fn other_packages() {
    let package = workspace(
        "blocks_of_packages",
        "network! {
             use seeing::norms::Norm;
             pub struct Net(x: 8x8x3) -> 8x8x4 { Norm(4); }
         }
         network! {
             use ::seeing::{Wide, Biased};
             pub struct Constant(x: 8x8x3) -> [8, 8, seeing::WIDTH] { Wide(); }
             pub struct Linted(x: 8x8x3) -> 8x8x4 { Biased(4); }
         }
         ",
    );
    let out = package.run(&["list", "-p", "app"]).fine();
    assert!(line(&out, "Net").contains(" 116 "), "{out}");
    let table = package.run(&["table", "-p", "app", "Constant"]).fine();
    assert!(table.contains("28*::my_vision::WIDTH"), "{table}");
    // A lint stands where the block is, and only where that is looked at.
    let lint = package.run(&["lint", "-p", "app"]);
    assert_eq!((lint.status, lint.out.as_str()), (0, ""), "{}", lint.err);
    let lint = package.run(&["lint", "--workspace"]);
    assert_eq!(lint.status, 1);
    assert!(
        lint.out.contains("--> vision/src/lib.rs:6:"),
        "{}",
        lint.out
    );
}

#[test]
fn errors_stand_in_the_block() {
    let package = workspace(
        "errors_in_blocks",
        "network! { use seeing::norms::Norm; pub struct Net(x: 8x3) -> 8x4 { Norm(4); } }
         network! { use seeing::Private; pub struct Other(x: 8x8x3) -> 8x8x3 { Private(); } }
         network! { use seeing::Whole; pub struct Third(x: 8x8x3) -> 8x8x4 { Whole(); } }
         ",
    );
    let ran = package.run(&["list", "-p", "app"]);
    assert_eq!(ran.status, 1);
    for told in [
        "--> vision/src/norms.rs:4:",
        "the block `Private` is private",
        "`Whole` is a network, and no block",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
    // What stands elsewhere is not changed.
    let fix = package.run(&["fix", "-p", "app", "--all", "--no-check"]);
    assert_eq!(fix.status, 1, "{}", fix.out);
}

#[test]
fn what_is_not_found_is_said() {
    let package = workspace(
        "blocks_not_found",
        "network! { use seeing::norms::Nrm; pub struct Misspelt(x: 4) -> 4 { Nrm(4); } }
         network! { use nowhere::Norm; pub struct Nowhere(x: 4) -> 4 { Norm(4); } }
         network! { use seeing::More; pub struct Less(x: 4) -> 4 { More(); } }
         network! { use crate::Round; pub block Round() { Round(); } pub struct R(x: 4) -> 4 { relu; } }
         network! { use nowhere::Norm; pub struct Without(x: 4) -> 2 { linear(2); } }
         ",
    );
    let ran = package.run(&["list", "-p", "app"]);
    for told in [
        "warning: only rustc knows `Misspelt` (app/src/lib.rs:1): `seeing::norms::Nrm` is not \
         found: there is no such block in the sources that cargo knows\n",
        "(app/src/lib.rs:2): `nowhere::Norm` is not found: `app` has no module and no dependency \
         `nowhere`\n",
        "`seeing::More` is not found: it is left out of the build by `#[cfg(feature = \"more\")]`\n",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
    assert!(
        line(&ran.out, "Misspelt").contains("needs rustc"),
        "{}",
        ran.out
    );
    // It does without.
    assert!(
        line(&ran.out, "Without").starts_with("Without 4 2 10 "),
        "{}",
        ran.out
    );
    let draw = package.run(&["draw", "-p", "app", "Misspelt", "-o", "net.svg"]);
    assert_eq!(draw.status, 2);
    assert!(
        draw.err.contains("is not found: there is no such block"),
        "{}",
        draw.err
    );
}

#[test]
fn sources_of_registries() {
    let zeros = "0".repeat(64);
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"blocks_of_registries\"\nversion = \"0.1.0\"\n\
         dependencies = [\n \"seen-far\",\n]\n\n[[package]]\nname = \"seen-far\"\n\
         version = \"1.2.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
         checksum = \"{zeros}\"\n"
    );
    let checksum = format!("{{\"files\":{{}},\"package\":\"{zeros}\"}}");
    let package = Package::new(
        "blocks_of_registries",
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"blocks_of_registries\"\nversion = \"0.1.0\"\n\
                 [dependencies]\nseen-far = \"1\"\n[workspace]\n",
            ),
            (
                ".cargo/config.toml",
                "source.crates-io.replace-with = \"vendored\"\n\
                 source.vendored.directory = \"vendor\"\n",
            ),
            (
                "src/lib.rs",
                "network! { use seen_far::Norm; pub struct Far(x: 8x8x3) -> 8x8x4 { Norm(4); } }",
            ),
            (
                "vendor/seen-far/Cargo.toml",
                "[package]\nname = \"seen-far\"\nversion = \"1.2.3\"\n[workspace]\n",
            ),
            ("vendor/seen-far/.cargo-checksum.json", &checksum),
            ("vendor/seen-far/src/lib.rs", NORMS),
        ],
    );
    let ran = package.run(&["list"]);
    assert!(
        ran.err
            .contains("cargo knows no sources yet, `cargo fetch` gets them ("),
        "{}",
        ran.err
    );
    assert!(!package.folder.join("Cargo.lock").exists());
    package.write("Cargo.lock", &lock);
    let ran = package.run(&["list"]);
    assert!(
        line(&ran.out, "Far").contains(" 116 "),
        "{}{}",
        ran.out,
        ran.err
    );
}
