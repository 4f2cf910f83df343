//! What is told where a budget does not hold.

use std::str::FromStr as _;

use proc_macro2::TokenStream;

/// The whole expansion as text: an error's message stands in it as a literal.
fn expand(assertion: &str) -> String {
    let source = format!(
        "(shapewise) struct Net(image: 64x48x3) -> (map: 28x20x4) {{
            conv1: conv(8, 5x5), relu;
            conv2: conv(8, 3x3, dilation = 2);
            conv3: conv(4, 29x25, padding = [(14, 14), (12, 12)]);
            pool: max_pool(2x2);
            {assertion}
        }}"
    );
    let tokens = TokenStream::from_str(&source).unwrap();
    shapewise_compiler::expand(tokens).to_string()
}

#[track_caller]
fn tells(assertion: &str, message: &str) {
    let expanded = expand(assertion);
    let literal = proc_macro2::Literal::string(message).to_string();
    assert!(
        expanded.contains(&literal),
        "{assertion} does not tell\n{message}\nbut\n{}",
        expanded
            .split("compile_error")
            .skip(1)
            .map(|rest| rest.chars().take(600).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn budgets_that_hold_are_silent() {
    let held =
        "assert depth == 3; assert receptive_field >= 9x9; assert peak_activations <= 39_040;";
    assert!(!expand(held).contains("compile_error"), "{}", expand(held));
}

#[test]
fn memory_names_what_was_alive() {
    tells(
        "assert peak_activations <= 20k;",
        "peak_activations <= 20,000 does not hold: Net has 39,040
  difference   19,040 more
  largest      `conv1` 21,120, `conv2` 17,920
  at           `conv2`, where most is alive at once",
    );
}

#[test]
fn bytes_are_told_in_bytes() {
    tells(
        "assert peak_activation_bytes == 64KiB;",
        "peak_activation_bytes == 65,536 does not hold: Net has 156,160
  difference   90,624 more
  largest      `conv1` 84,480, `conv2` 71,680
  at           `conv2`, where most is alive at once
help: `assert peak_activation_bytes == 156_160`",
    );
}

#[test]
fn every_axis_must_hold() {
    tells(
        "assert receptive_field >= 40x33;",
        "receptive_field >= 40x33 does not hold: Net has 38x34
  difference   2 less on height
  largest      `conv3` 28, `conv1` 4, `conv2` 4",
    );
    tells(
        "assert receptive_field < 38x34;",
        "receptive_field < 38x34 does not hold: Net has 38x34
  difference   equal on height, equal on width
  largest      `conv3` 28, `conv1` 4, `conv2` 4",
    );
    tells(
        "assert receptive_field == 40x34;",
        "receptive_field == 40x34 does not hold: Net has 38x34
  difference   2 less on height
  largest      `conv3` 28, `conv1` 4, `conv2` 4
help: `assert receptive_field == 38x34`",
    );
}

#[test]
fn a_number_for_each_axis_is_needed() {
    for bound in ["40", "40x40x40", "true"] {
        tells(
            &format!("assert receptive_field >= {bound};"),
            &format!(
                "`{bound}` is not a number for each axis
  receptive_field   38x34, of Net
help: extents such as `38x34`"
            ),
        );
    }
    tells(
        "assert depth >= 3x3;",
        "`3x3` is no count\nhelp: a count is a whole number, `61M` or `61_000`",
    );
    tells(
        "assert param_bytes >= 3x3;",
        "`3x3` is no count\nhelp: bytes are a whole number, `64KiB` or `61_000`",
    );
}

#[test]
fn depth_is_a_count() {
    tells(
        "assert depth == 4;",
        "depth == 4 does not hold: Net has 3\n  difference   1 less\nhelp: `assert depth == 3`",
    );
    tells(
        "assert dept == 4;",
        "there is no metric `dept`\nhelp: did you mean `depth`?",
    );
}

#[test]
fn counts_are_not_compared_with_bytes() {
    tells(
        "assert params <= 5MiB;",
        "`params` is a count, and `5MiB` are bytes
help: `assert param_bytes <= 5MiB` or `assert params <= 5M`",
    );
    tells(
        "assert peak_activations <= 64kB;",
        "`peak_activations` is a count, and `64kB` are bytes
help: `assert peak_activation_bytes <= 64kB` or `assert peak_activations <= 64k`",
    );
    tells(
        "let flash = 2 * 1MiB; assert weights < flash - 1;",
        "`weights` is a count, and `flash - 1` are bytes",
    );
    tells(
        "assert params <= min(1M, if true { 1MB } else { 2M }) << 1;",
        "`params` is a count, and `min(1M, if true { 1MB } else { 2M }) << 1` are bytes
help: `assert param_bytes <= min(1M, if true { 1MB } else { 2M }) << 1`",
    );
    tells(
        "assert receptive_field >= 1KiB;",
        "`receptive_field` is a number for each axis, and `1KiB` are bytes
help: `assert receptive_field >= 1K`",
    );
    tells(
        "assert params <= 64KiB * { CHIPS };",
        "`params` is a count, and `64KiB * { CHIPS }` are bytes
help: `assert param_bytes <= 64KiB * { CHIPS }`",
    );
}

#[test]
fn numbers_are_of_the_unit_that_they_are_compared_with() {
    for held in [
        "assert param_bytes <= 5M;",
        "assert param_bytes <= 500_000;",
        "assert param_bytes <= 2 * 64KiB + 1MB;",
        "assert params <= 1MiB / 4;",
        "let flash = 1MiB; let width = 64; assert params <= width << 10;",
    ] {
        assert!(!expand(held).contains("compile_error"), "{held}");
    }
}
