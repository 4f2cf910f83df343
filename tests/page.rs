//! The page of a network as a browser shows it: nothing leaves its card or the
//! page, letters can be read, links lead somewhere, the console stays empty.
//!
//! Needs Node and Chromium: `cargo test --test page -- --ignored`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// The pages that are looked at: of examples, which are real networks, and of networks
/// that are hard to draw.
const PAGES: [&str; 16] = [
    "alexnet/struct.AlexNet.html",
    "googlenet/struct.GoogLeNet.html",
    "resnet50/struct.ResNet50.html",
    "unet/struct.UNet.html",
    "vit_b_16/struct.VitB16.html",
    "bilstm/struct.BiLstm.html",
    "pages/struct.Inputs.html",
    "pages/struct.Towers.html",
    "pages/struct.Sums.html",
    "pages/struct.Pyramid.html",
    "pages/struct.Skips.html",
    "pages/struct.Dilated.html",
    "pages/struct.Unlabelled.html",
    "pages/struct.Squeezed.html",
    "pages/struct.Declared.html",
    "pages/struct.Open.html",
];

/// The documentation of the examples and of those networks, made anew.
fn documentation() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    for what in [&["--examples"][..], &["-p", "pages"]] {
        let status = Command::new(env!("CARGO"))
            .args(["doc", "--quiet", "--no-deps", "--target-dir"])
            .arg(&target)
            .args(what)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(status.success(), "cargo doc failed");
    }
    target.join("doc")
}

/// What the browser says of pages in a folder. Their pictures go into the folder
/// that `PICTURES` names, where it is set.
fn check(folder: &Path, pages: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/check.mjs");
    Command::new("node")
        .arg(script)
        .arg(folder)
        .arg(env::var_os("PICTURES").unwrap_or_else(|| "-".into()))
        .args(pages)
        .output()
        .expect("Node is installed")
}

#[test]
#[ignore = "needs Node and Chromium"]
fn pages_are_as_they_should_be_and_the_check_can_fail() {
    let folder = documentation();
    let output = check(&folder, &PAGES);
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");

    // Each mistake is told of: a link, a text that leaves its card, a script.
    let page = fs::read_to_string(folder.join(PAGES[0])).unwrap();
    let broken = "alexnet/struct.Broken.html";
    for (from, to, complaint) in [
        (
            "href=\"#associatedconstant.CONV1\"><rect",
            "href=\"#nowhere\"><rect",
            "the link #nowhere leads nowhere",
        ),
        (
            "max_pool(3x3, stride = 2)</text>",
            "max_pool(3x3, stride = 2), max_pool(3x3, stride = 2), max_pool(3x3)</text>",
            "leaves its box",
        ),
        (
            "</body>",
            "<script>console.error(\"it is broken\")</script></body>",
            "it is broken",
        ),
    ] {
        assert!(page.contains(from), "{from} is not in the page");
        fs::write(folder.join(broken), page.replacen(from, to, 1)).unwrap();
        let output = check(&folder, &[broken]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{to} passes");
        assert!(said.contains(complaint), "{said}");
    }
    fs::remove_file(folder.join(broken)).unwrap();
}
