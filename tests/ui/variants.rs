//! Every error of a layer has a case.

use std::collections::BTreeSet;

use super::cases::cases;

/// Each variant of `shapewise::Error`, a case that shows it, and words of its
/// message that no other variant has.
const SHOWN: &[(&str, &str, &str)] = &[
    (
        "WindowTooLarge",
        "windows/kernel-larger-than-input",
        "does not fit the",
    ),
    ("InexactStride", "windows/alexnet-with-224", "in no window"),
    (
        "PaddingOverHalf",
        "windows/pool-padding-over-half",
        "is more than half of",
    ),
    (
        "EvenWindow",
        "windows/half-padding-of-even-kernel",
        "needs an odd kernel",
    ),
    (
        "KeywordNeeds",
        "windows/causal-padding-on-an-image",
        "` is for a sequence",
    ),
    (
        "AxisCount",
        "windows/volume-kernel-on-an-image",
        "spatial axes",
    ),
    (
        "NotDivisible",
        "channels/groups-not-dividing-the-input",
        "does not divide",
    ),
    (
        "InputRank",
        "channels/lstm-on-an-image",
        "takes a sequence, but",
    ),
    (
        "LinearOnImage",
        "channels/linear-on-an-image",
        "takes a vector or a sequence, but",
    ),
    (
        "DeclaredInput",
        "channels/declared-channels-differ",
        "come in",
    ),
    ("Missing", "arguments/kernel-is-missing", "needs `kernel`"),
    (
        "WrongType",
        "arguments/extents-for-channels",
        "takes a whole number, not",
    ),
    ("TooSmall", "arguments/zero-stride", "must be at least"),
    (
        "OutOfRange",
        "arguments/dropout-above-one",
        "must be between",
    ),
    (
        "Overflow",
        "arguments/weights-beyond-64-bits",
        "does not fit 64 bits",
    ),
    ("Operands", "structure/add-of-other-channels", "differ on"),
    (
        "ValueShape",
        "channels/deformable-conv-of-few-offsets",
        "but has to be",
    ),
    (
        "HeadFeatures",
        "channels/grouped-heads-with-other-features",
        "the heads of queries and keys",
    ),
    (
        "OperandCount",
        "structure/difference-of-three",
        "operands, but",
    ),
    (
        "Equation",
        "structure/einsum-of-other-extents",
        "is 64 in 12x64 and 32 in 32x10",
    ),
    (
        "TooLarge",
        "channels/projection-as-large-as-the-state",
        "must be at most",
    ),
    (
        "Requires",
        "arguments/shift-without-window",
        "needs `window`",
    ),
    (
        "Excludes",
        "arguments/window-with-memory",
        "cannot stand together",
    ),
    (
        "WindowOverInput",
        "windows/average-over-a-volume-larger-than-input",
        "input without padding",
    ),
    (
        "PaddingOverInput",
        "windows/reflected-padding-over-input",
        "finds in the",
    ),
    (
        "OutputPadding",
        "windows/output-padding-over-stride",
        "is not smaller than stride",
    ),
    (
        "NothingLeft",
        "windows/padding-takes-off-whole-output",
        "leaves nothing of",
    ),
    (
        "OutOfBounds",
        "extents/slice-beyond-the-channels",
        "reaches",
    ),
    (
        "NotMultiple",
        "extents/pixel-shuffle-of-odd-channels",
        "takes a multiple of",
    ),
    (
        "CountDiffers",
        "extents/reshape-to-another-number-of-elements",
        "elements, but its input",
    ),
    (
        "NotPermutation",
        "extents/permutation-that-repeats-an-axis",
        "must name each",
    ),
    (
        "EmptyAxis",
        "extents/crop-of-the-whole-image",
        "leaves nothing of the height",
    ),
    (
        "NetworkInput",
        "rustc/network-of-elsewhere-on-another-input",
        "comes in",
    ),
    (
        "NetworkInputs",
        "rustc/network-of-elsewhere-with-two-inputs",
        "has 2 inputs",
    ),
    (
        "NetworkOutputs",
        "rustc/more-labels-than-outputs-of-a-network",
        "fewer than labels",
    ),
];

/// Those that no layer has: told at run time.
const NOT_OF_LAYERS: &[&str] = &["TooManyValues"];

/// The variants, read from the source.
fn variants() -> BTreeSet<String> {
    let source = include_str!("../../core/src/error.rs");
    let (_, body) = source.split_once("pub enum Error {").expect("the enum");
    let (body, _) = body.split_once("\n}").expect("its end");
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.trim_end_matches([' ', '{', ',']).to_owned())
        .collect()
}

#[test]
fn every_variant_is_shown() {
    let shown: BTreeSet<String> = SHOWN
        .iter()
        .map(|(variant, ..)| *variant)
        .chain(NOT_OF_LAYERS.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(variants(), shown);
    let cases = cases();
    for (variant, name, words) in SHOWN {
        if name.starts_with("rustc/") {
            // Told in const evaluation, so not by expansion alone.
            let path = format!("{}/tests/ui/{name}.stderr", env!("CARGO_MANIFEST_DIR"));
            let recorded = std::fs::read_to_string(path).unwrap_or_default();
            assert!(
                recorded.contains(words),
                "{name} does not tell of {variant}"
            );
            continue;
        }
        let case = cases.iter().find(|case| case.name == *name);
        let case = case.unwrap_or_else(|| panic!("{variant}: no case {name}"));
        let told = case
            .messages
            .iter()
            .any(|message| message.headline.contains(words));
        assert!(told, "{name} does not tell of {variant}");
    }
}
