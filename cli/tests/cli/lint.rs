//! What works and is seldom meant; and networks that people trained, of which nothing is
//! told.

use std::path::Path;

use crate::package::Package;

/// The lints that a body is told of, and all that is told.
fn told(name: &str, network: &str) -> (Vec<String>, String) {
    let text = format!("shapewise::network! {{\n    {network}\n}}\n");
    let package = Package::new(&format!("linted_{name}"), &[("src/lib.rs", &text)]);
    let ran = package.run(&["lint"]);
    assert_eq!(ran.err, "");
    let lints: Vec<String> = ran
        .out
        .lines()
        .filter_map(|line| line.trim().strip_prefix("allow    `// allow("))
        .map(|rest| rest.split(')').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(ran.status, i32::from(!lints.is_empty()), "{}", ran.out);
    (lints, ran.out)
}

fn assert_told(lint: &str, network: &str, headline: &str) {
    let (lints, out) = told(lint, network);
    assert_eq!(lints, [lint], "{out}");
    assert!(out.contains(&format!("warning: {headline}\n")), "{out}");
}

#[test]
fn each_is_told_with_its_figure() {
    assert_told(
        "bias_before_norm",
        "struct N(x: 8x8x3) -> 8x8x16 { repeat 2 { conv(16, 3x3, padding = half), batch_norm, relu; } }",
        "the 32 biases of `conv` do nothing (in 2 copies together)",
    );
    assert_told(
        "nothing_between",
        "struct N(x: 64) -> 10 { fc1: linear(128), dropout; fc2: linear(10) }",
        "`fc1` and `fc2` are one linear map, with 9,610 parameters",
    );
    assert_told(
        "softmax_inside",
        "struct N(x: 64) -> 10 { linear(128), softmax, dropout(0.1), linear(10) }",
        "`softmax` stands before `linear`",
    );
    assert_told(
        "dropout_before_norm",
        "struct N(x: 64) -> 10 { linear(128), relu, dropout(0.5), batch_norm, linear(10) }",
        "the batch norm after `dropout` learns a variance that inference does not have",
    );
    assert_told(
        "stride_above_kernel",
        "struct N(x: 8x8x3) -> 4x4x8 { conv(8, 1x1, stride = 2) }",
        "nobody reads 144 of the 192 elements that enter `conv`",
    );
    assert_told(
        "input_left_out",
        "struct N(x: 7x7x3) -> 3x3x3 { max_pool(2x2) }",
        "`max_pool` leaves 1 of 7 positions out at the end",
    );
    assert_told(
        "uneven_channels",
        "struct N(x: 64) -> 10 { linear(33), relu, linear(10) }",
        "the 33 channels of `linear` are 40 to the hardware: 448 multiply-accumulates of nothing",
    );
    assert_told(
        "small_receptive_field",
        "struct N(x: 32x32x3) -> 10 { conv(8, 3x3), relu, global_avg_pool, linear(10) }",
        "what enters `global_avg_pool` sees 3x3 of 32x32",
    );
    assert_told(
        "large_receptive_field",
        "struct N(x: 8x8x3) -> 10 {
            repeat 140 { conv(8, 3x3, padding = half), relu; }
            global_avg_pool, linear(10)
        }",
        "what enters `global_avg_pool` sees 281x281, and the input is 8x8",
    );
    assert_told(
        "residual_after_relu",
        "struct N(x: 8x8x8) -> 8x8x8 {
            residual { conv(8, 3x3, padding = half), relu }
        }",
        "the residual that ends in `relu` only ever adds",
    );
}

#[test]
fn what_is_meant_is_not_told() {
    for (name, network) in [
        // The shortcut of a residual reads what the body reads, too.
        (
            "shortcut",
            "struct N(x: 8x8x8) -> 4x4x16 {
                residual { conv(16, 3x3, stride = 2, padding = half, bias = false), batch_norm }
                shortcut { conv(16, 1x1, stride = 2, bias = false), batch_norm }
                relu
            }",
        ),
        (
            "narrow",
            "struct N(x: 512) -> 512 { linear(8), linear(512) }",
        ),
        (
            "depthwise",
            "struct N(x: 8x8x8) -> 8x8x16 { depthwise_conv(3x3, padding = half), conv(16, 1x1) }",
        ),
        ("classes", "struct N(x: 64) -> 33 { linear(33), softmax }"),
        (
            "last_row",
            "struct N(x: 112x112x8) -> 56x56x8 { max_pool(3x3, stride = 2, padding = 1) }",
        ),
    ] {
        let (lints, out) = told(name, network);
        assert!(lints.is_empty(), "{name}: {out}");
    }
}

#[test]
fn a_comment_allows() {
    let network = "shapewise::network! {
    /// In the paper.
    // allow(uneven_channels): as there
    struct Whole(x: 64) -> 10 { linear(33), relu, linear(10) }
    struct Line(x: 64) -> 10 {
        linear(33), relu; // allow(uneven_channels)
        // allow(nothing_between, uneven_channels)
        linear(33), relu;
        linear(33), relu, linear(10);
    }
}
";
    let package = Package::new("allowed", &[("src/lib.rs", network)]);
    let ran = package.run(&["lint"]);
    assert_eq!(ran.out.matches("warning: ").count(), 1, "{}", ran.out);
    assert!(ran.out.contains("--> src/lib.rs:9:9"), "{}", ran.out);
    package.run(&["lint", "--allow", "uneven_channels"]).fine();
    let wrong = package.run(&["lint", "--allow", "uneven_channel"]);
    assert_eq!(wrong.status, 2);
    assert!(
        wrong.err.contains("did you mean `uneven_channels`?"),
        "{}",
        wrong.err
    );
    let list = package.run(&["lint", "--list"]).fine();
    assert!(list.lines().count() >= 10, "{list}");
    let json = package.run(&["lint", "--json"]);
    assert!(
        json.out.starts_with(
            "[\n{\"lint\": \"uneven_channels\", \"file\": \"src/lib.rs\", \"line\": 9, "
        ),
        "{}",
        json.out
    );
}

/// Of biases before a norm it is told that they do nothing, and so they do: `ds_cnn` is Arm's, which has such ones.
#[test]
fn published_networks_are_quiet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let package = Package::new("quiet", &[]);
    let mut looked = 0;
    let mut told = Vec::new();
    for folder in [
        "examples",
        "tests/networks",
        "tests/more_networks",
        "zoo/src",
    ] {
        for entry in std::fs::read_dir(root.join(folder)).expect("networks") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let path = path.to_str().expect("a path");
            let ran = package.run(&["lint", path]);
            // Some files have no networks.
            looked += usize::from(ran.status != 2);
            if ran.status == 1 {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                let biases = ran.out.matches("`// allow(bias_before_norm)`").count();
                assert_eq!(ran.out.matches("warning: ").count(), biases, "{}", ran.out);
                told.push(name);
            }
        }
    }
    assert!(looked > 25, "{looked}");
    told.sort();
    // Their biases before a norm are published so: PointNet and wav2vec 2.0 have them, too.
    let expected = ["compare.rs", "ds_cnn.rs", "points.rs", "sound.rs"];
    assert_eq!(told, expected);
}
