//! What a comparison finds, kind by kind.

mod support;

use shapewise::Network;
use shapewise_safetensors::{Checker, Hint, Kind, Report, Rule, check, check_header};
use small::{Small, SmallHalf};
use support::{Mixed, Normal, Tensor, Tied, Two, Untied, beginning, data};

fn report_of<N: Network>(tensors: &[Tensor<'_>]) -> Report {
    check_header::<N>(&beginning(tensors)).unwrap()
}

fn of_file<N: Network>(name: &str) -> Report {
    check::<N>(&std::fs::read(data(name)).unwrap()).unwrap()
}

fn problems(report: &Report) -> Vec<(Kind, &str)> {
    report
        .problems()
        .map(|finding| (finding.kind, finding.name.as_str()))
        .collect()
}

fn renames(report: &Report) -> Vec<(&str, &str)> {
    report.renames().collect()
}

const TWO: [Tensor<'_>; 4] = [
    ("first.weight", "F32", &[3, 4]),
    ("first.bias", "F32", &[3]),
    ("second.weight", "F32", &[2, 3]),
    ("second.bias", "F32", &[2]),
];

#[test]
fn python_wrote_what_the_definition_has() {
    let report = of_file::<Small>("small.safetensors");
    assert!(report.is_ok());
    assert_eq!(report.harmless().count(), 6);
    assert!(of_file::<SmallHalf>("small_half.safetensors").is_ok());
    assert!(of_file::<Tied>("tied.safetensors").is_ok());
}

#[test]
fn python_wrote_something_else() {
    let report = of_file::<Small>("small_finetuned.safetensors");
    let expected = [
        (Kind::Shape, "fc.weight"),
        (Kind::Missing, "fc.bias"),
        (Kind::Unexpected, "temperature"),
    ];
    assert_eq!(problems(&report), expected);
    let weight = report.mismatched().next().unwrap();
    assert_eq!(weight.layer.as_deref(), Some("fc"));
    assert_eq!(weight.expected.unwrap().shape.as_slice(), [10, 12]);
    assert_eq!(weight.found.as_ref().unwrap().shape, [3, 12]);

    let report = of_file::<Small>("small_wrapped.safetensors");
    assert!(!report.is_ok() && report.is_ok_after_renames());
    assert_eq!(report.renames().count(), 32);
}

#[test]
fn another_type_is_a_mismatch_unless_it_is_allowed() {
    let report = of_file::<Small>("small_half.safetensors");
    assert_eq!(report.of_kind(Kind::ElementType).count(), 32);
    let bytes = std::fs::read(data("small_half.safetensors")).unwrap();
    let report = Checker::of::<Small>()
        .any_float(true)
        .bytes(&bytes)
        .unwrap();
    assert!(report.is_ok());
    assert_eq!(
        (report.of_kind(Kind::Converted).count(), report.fitting()),
        (32, 0)
    );
}

#[test]
fn only_floats_convert() {
    for (name, allowed) in [
        ("F64", true),
        ("F32", true),
        ("F16", true),
        ("BF16", true),
        ("F8_E4M3", false),
        ("I8", false),
        ("I32", false),
        ("BOOL", false),
    ] {
        let mut header = String::from_utf8(beginning(&TWO)[8..].to_vec()).unwrap();
        // The vector of two is the last in the file.
        let bits = shapewise_safetensors::ElementType::from_name(name)
            .unwrap()
            .bits();
        let old = r#""F32","shape":[2],"data_offsets":[84,92]"#;
        assert!(header.contains(old), "{header}");
        let end = 84 + 2 * bits / 8;
        let new = format!(r#""{name}","shape":[2],"data_offsets":[84,{end}]"#);
        header = header.replace(old, &new);
        let file = support::raw(header, 0);
        let strict = check_header::<Two>(&file).unwrap();
        assert_eq!(strict.is_ok(), name == "F32");
        let lenient = Checker::of::<Two>().any_float(true).header(&file).unwrap();
        assert_eq!(lenient.is_ok(), allowed, "{name}");
    }
}

#[test]
fn weights_of_other_frameworks_are_transposed() {
    let mut tensors = TWO;
    tensors[0].2 = &[4, 3];
    let report = report_of::<Two>(&tensors);
    assert_eq!(problems(&report), [(Kind::Shape, "first.weight")]);
    assert_eq!(
        report.mismatched().next().unwrap().hint,
        Some(Hint::Transposed)
    );
}

#[test]
fn a_convolution_may_be_kept_as_a_matrix() {
    let report = report_of::<Mixed>(&[
        ("conv.weight", "F32", &[7, 48]),
        ("conv.bias", "F32", &[7, 1]),
        ("fc.weight", "F32", &[5, 7]),
        ("fc.bias", "F32", &[6]),
    ]);
    let hints: Vec<Option<Hint>> = report.mismatched().map(|finding| finding.hint).collect();
    assert_eq!(
        hints,
        [Some(Hint::SameElements), Some(Hint::SameElements), None]
    );
}

#[test]
fn a_layer_under_another_name_takes_its_bias_along() {
    let mut tensors = TWO;
    (tensors[2].0, tensors[3].0) = ("classifier.weight", "classifier.bias");
    let report = report_of::<Two>(&tensors);
    let expected = [
        ("classifier.weight", "second.weight"),
        ("classifier.bias", "second.bias"),
    ];
    assert_eq!(renames(&report), expected);
    assert!(report.is_ok_after_renames());
    let rename = report.problems().next().unwrap().rename.as_ref().unwrap();
    assert_eq!(
        (&*rename.from, &*rename.to, rename.rule),
        ("classifier.", "second.", Rule::Layer)
    );
}

#[test]
fn tensors_may_have_the_names_of_other_frameworks() {
    let names =
        ["gamma", "beta", "moving_mean", "moving_variance"].map(|own| format!("norm.{own}"));
    let tensors: Vec<Tensor<'_>> = names
        .iter()
        .map(|name| (name.as_str(), "F32", &[6][..]))
        .collect();
    let report = report_of::<Normal>(&tensors);
    let expected = [
        ("norm.gamma", "norm.weight"),
        ("norm.beta", "norm.bias"),
        ("norm.moving_mean", "norm.running_mean"),
        ("norm.moving_variance", "norm.running_var"),
    ];
    assert_eq!(renames(&report), expected);
    assert!(report.is_ok_after_renames(), "{report}");
}

#[test]
fn a_vector_of_the_right_length_is_not_enough() {
    let report = report_of::<Two>(&[TWO[0], ("first.offset", "F32", &[3]), TWO[2], TWO[3]]);
    let expected = [
        (Kind::Missing, "first.bias"),
        (Kind::Unexpected, "first.offset"),
    ];
    assert_eq!(problems(&report), expected);
}

#[test]
fn a_definition_inside_another_has_the_prefix() {
    let names = TWO.map(|(name, ..)| name.strip_prefix("first.").unwrap_or(name));
    let mut tensors = TWO;
    for (tensor, name) in tensors.iter_mut().zip(names) {
        tensor.0 = name;
    }
    let report = report_of::<Two>(&tensors);
    let expected = [("weight", "first.weight"), ("bias", "first.bias")];
    assert_eq!(renames(&report), expected);
    let rename = report.problems().next().unwrap().rename.as_ref().unwrap();
    assert_eq!(
        (&*rename.from, &*rename.to, rename.rule),
        ("", "first.", Rule::Prefix)
    );
}

#[test]
fn of_a_tied_weight_one_copy_is_enough() {
    let middle: [Tensor<'_>; 2] = [
        ("middle.weight", "F32", &[16, 16]),
        ("middle.bias", "F32", &[16]),
    ];
    let owner = ("embedding.weight", "F32", &[50, 16][..]);
    let copy = ("head.weight", "F32", &[50, 16][..]);

    let both = report_of::<Tied>(&[middle[0], middle[1], owner, copy]);
    assert_eq!(both.findings().count(), 0);
    let first = report_of::<Tied>(&[middle[0], middle[1], owner]);
    assert_eq!(first.findings().count(), 0);
    let second = report_of::<Tied>(&[middle[0], middle[1], copy]);
    assert!(second.is_ok());
    let tied = second.findings().next().unwrap();
    assert_eq!((tied.kind, &*tied.name), (Kind::Tied, "embedding.weight"));
    assert_eq!(tied.found.as_ref().unwrap().name, "head.weight");
    let none = report_of::<Tied>(&middle);
    assert_eq!(problems(&none), [(Kind::Missing, "embedding.weight")]);

    let wrong = report_of::<Tied>(&[
        middle[0],
        middle[1],
        owner,
        ("head.weight", "F32", &[50, 8]),
    ]);
    assert_eq!(problems(&wrong), [(Kind::Shape, "head.weight")]);
}

/// The file says that one was dropped when it was saved, being the other.
#[test]
fn what_was_tied_when_it_was_saved_is_found() {
    let report = of_file::<Untied>("tied.safetensors");
    assert!(report.is_ok(), "{report}");
    let tied = report.findings().next().unwrap();
    assert_eq!((tied.kind, &*tied.name), (Kind::Tied, "embedding.weight"));
}

#[test]
fn leftovers_are_harmless_only_when_the_definition_has_them_not() {
    let mut tensors = TWO.to_vec();
    tensors.extend([
        ("first.num_batches_tracked", "I64", &[][..]),
        ("h.0.attn.bias", "F32", &[1, 1, 8, 8][..]),
        ("h.0.attn.masked_bias", "F32", &[][..]),
        ("embeddings.position_ids", "I64", &[1, 512][..]),
        ("rotary.inv_freq", "F32", &[32][..]),
    ]);
    let harmless = report_of::<Two>(&tensors);
    assert!(harmless.is_ok(), "{harmless}");
    assert_eq!(harmless.of_kind(Kind::Leftover).count(), 5);

    tensors.push(("h.0.attn.bias_v", "F32", &[1, 1, 8, 8]));
    tensors.push(("g.attn.bias", "F32", &[8]));
    tensors.push(("f.attn.bias", "F32", &[1, 1, 8, 9]));
    let report = report_of::<Two>(&tensors);
    assert_eq!(report.unexpected().count(), 3);
}

#[test]
fn there_is_an_end_to_what_is_listed() {
    let names: Vec<String> = (0..12_000).map(|number| format!("x{number}")).collect();
    let mut tensors = TWO.to_vec();
    tensors.extend(names.iter().map(|name| (name.as_str(), "F32", &[0][..])));
    let report = report_of::<Two>(&tensors);
    assert!(!report.is_ok() && !report.is_ok_after_renames());
    assert_eq!(
        (report.unexpected().count(), report.unlisted()),
        (10_000, 2_000)
    );
    assert!(report.to_string().contains("12000 unexpected"), "{report}");
}

shapewise::network! {
    struct Windowed(image: 4x4x6) -> (image: 4x4x6) {
        attn: attention(2, window = 2x2, relative_position_bias = true);
        scaled: scale(spatial_axes = true);
    }
}

/// The places in a table are whole numbers, whatever the network's type is; torchvision's
/// layer scale has axes of 1.
#[test]
fn an_index_is_of_whole_numbers() {
    let with = |index| {
        report_of::<Windowed>(&[
            ("attn.relative_position_bias_table", "F32", &[9, 2]),
            ("attn.qkv.weight", "F32", &[18, 6]),
            ("attn.qkv.bias", "F32", &[18]),
            ("attn.proj.weight", "F32", &[6, 6]),
            ("attn.proj.bias", "F32", &[6]),
            ("attn.relative_position_index", index, &[16]),
            ("scaled", "F32", &[6, 1, 1]),
        ])
    };
    assert!(with("I64").is_ok());
    assert_eq!(
        problems(&with("F32")),
        [(Kind::ElementType, "attn.relative_position_index")]
    );
}
