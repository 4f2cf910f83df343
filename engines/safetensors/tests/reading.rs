//! What is changed on the way: names, floats, matrices that are stored transposed.

#![allow(missing_docs, reason = "test networks")]

mod support;

use shapewise::{Network, network};
use shapewise_safetensors::{Checker, Kind, Reading, Report, Rule};
use support::{Normal, Stack, Tensor, Tied, beginning, beginning_of, listed};

type ResNet18 = shapewise_zoo::resnet::ResNet18;

network! {
    block Layer(width) {
        attn: { c_attn: linear(3 * width); (q, k, v): channel_split(3); add(q, k, v); c_proj: linear(width); }
        mlp: { c_fc: linear(4 * width), gelu; c_proj: linear(width); }
    }

    /// The matrices of GPT-2.
    struct Gpt(tokens: 5) -> 5x40 {
        wte: embedding(40, 8);
        h: repeat 2 { Layer(8); }
        head: linear(40, bias = false);
    }
}

/// The tensors of `Gpt`; of those whose names hold one of these the weight is transposed.
fn gpt(transposed: &[&str], prefix: &str) -> Vec<(String, String, Vec<u64>)> {
    let mut tensors = vec![("wte.weight".to_owned(), vec![40, 8])];
    for layer in 0..2 {
        for (path, rows, columns) in [
            ("attn.c_attn", 24, 8),
            ("attn.c_proj", 8, 8),
            ("mlp.c_fc", 32, 8),
            ("mlp.c_proj", 8, 32),
        ] {
            let path = format!("h.{layer}.{path}");
            let shape = match transposed.iter().any(|part| path.contains(part)) {
                true => vec![columns, rows],
                false => vec![rows, columns],
            };
            tensors.push((format!("{path}.weight"), shape));
            tensors.push((format!("{path}.bias"), vec![rows]));
        }
    }
    tensors.push(("head.weight".to_owned(), vec![40, 8]));
    let tensors = tensors.into_iter();
    tensors
        .map(|(name, shape)| (format!("{prefix}{name}"), "F32".to_owned(), shape))
        .collect()
}

fn report<N: Network>(tensors: &[(String, String, Vec<u64>)], reading: &Reading) -> Report {
    let file = beginning_of(tensors, str::to_owned);
    let checker = Checker::of::<N>().reading(reading.clone());
    checker.header(&file).unwrap()
}

fn kinds(report: &Report) -> Vec<(Kind, &str)> {
    let problems = report.problems();
    problems
        .map(|finding| (finding.kind, &*finding.name))
        .collect()
}

const ALL: &[&str] = &["c_"];
const SQUARE: [(Kind, &str); 2] = [
    (Kind::Square, "h.0.attn.c_proj.weight"),
    (Kind::Square, "h.1.attn.c_proj.weight"),
];

#[test]
fn a_square_matrix_beside_transposed_ones_is_told() {
    let upright = report::<Gpt>(&gpt(&[], ""), &Reading::new());
    assert!(upright.is_ok(), "{upright}");
    let plain = report::<Gpt>(&gpt(ALL, ""), &Reading::new());
    let square: Vec<_> = plain
        .of_kind(Kind::Square)
        .map(|f| (f.kind, &*f.name))
        .collect();
    assert_eq!(square, SQUARE);
    assert_eq!(plain.of_kind(Kind::Shape).count(), 6);
    let table = plain.to_string();
    assert!(
        table.contains("8x8 f32   8x8 f32   square: transposed, too?"),
        "{table}"
    );
    assert!(table.contains("2 square beside transposed ones"), "{table}");
}

#[test]
fn patterns_say_which_matrices_are_transposed() {
    let tensors = gpt(ALL, "");
    let said = report::<Gpt>(&tensors, &Reading::new().transposed(["h.*.c_*"]));
    assert!(said.is_ok() && said.fitting() == said.expected(), "{said}");
    assert!(said.stored("h.1.mlp.c_fc.weight").transposed);
    assert!(said.stored("h.1.attn.c_proj.weight").transposed);
    assert!(!said.stored("h.1.mlp.c_fc.bias").transposed);
    assert!(!said.stored("head.weight").transposed);
    // By names of tensors, too.
    let named = Reading::new().transposed(["h.*.c_*.weight"]);
    assert!(report::<Gpt>(&tensors, &named).is_ok());
    // A pattern that takes in more than it should is seen by what is not square.
    let more = report::<Gpt>(&tensors, &Reading::new().transposed(["*"]));
    let expected = [(Kind::Shape, "wte.weight"), (Kind::Shape, "head.weight")];
    assert_eq!(kinds(&more), expected);
}

/// The nearest matrices decide: those of the other part are stored as PyTorch stores them.
#[test]
fn a_square_matrix_is_as_those_next_to_it() {
    let mlp = report::<Gpt>(&gpt(&["mlp"], ""), &Reading::new().transposed(["*.mlp.*"]));
    assert!(mlp.is_ok(), "{mlp}");
    let some = Reading::new().transposed(["*.c_attn", "*.mlp.*"]);
    let some_report = report::<Gpt>(&gpt(ALL, ""), &some);
    assert_eq!(kinds(&some_report), SQUARE);
    // Which may be right, and can be said.
    let upright = some.upright(["*.attn.c_proj"]);
    let report = report::<Gpt>(&gpt(ALL, ""), &upright);
    assert!(report.is_ok(), "{report}");
    assert!(!report.stored("h.0.attn.c_proj.weight").transposed);
}

#[test]
fn a_pattern_without_a_matrix_is_told() {
    for reading in [
        Reading::new().transposed(["*.c_*", "*.c_proj.bias", "h.7.*"]),
        Reading::new()
            .transposed(["*.c_*"])
            .upright(["*.c_proj.bias", "h.7.*"]),
    ] {
        let report = report::<Gpt>(&gpt(ALL, ""), &reading);
        let expected = [(Kind::Pattern, "*.c_proj.bias"), (Kind::Pattern, "h.7.*")];
        assert_eq!(kinds(&report), expected);
        assert!(report.to_string().contains("matches no matrix"), "{report}");
        assert_eq!(report.usable(), report.expected());
    }
}

#[test]
fn renames_are_followed_up_to_a_rule() {
    let tensors = gpt(ALL, "module.");
    let transposed = Reading::new().transposed(["*.c_*"]);
    let named = report::<Gpt>(&tensors, &transposed);
    assert!(!named.is_ok() && named.is_ok_after_renames(), "{named}");
    // What is not followed is looked for under its own name.
    assert_eq!(named.stored("head.weight").name, "head.weight");
    let followed = report::<Gpt>(&tensors, &transposed.renames(Rule::Prefix));
    assert!(followed.is_ok(), "{followed}");
    assert_eq!(followed.of_kind(Kind::Renamed).count(), followed.expected());
    let stored = followed.stored("h.1.attn.c_attn.weight");
    assert_eq!(stored.name, "module.h.1.attn.c_attn.weight");
    assert!(stored.transposed);
    assert!(
        followed.to_string().contains("18 under another name"),
        "{followed}"
    );
}

#[test]
fn a_rule_takes_in_those_that_are_surer() {
    let shape = |number: usize, tensor: &str| match (number, tensor) {
        (4, "weight") => vec![2, 6],
        (4, _) => vec![2],
        (_, "weight") => vec![6, 6],
        _ => vec![6],
    };
    let name = |number: usize, tensor: &str| match number {
        4 => format!("classifier.{tensor}"),
        _ => format!("layers.{}.{tensor}", number + 1),
    };
    let tensors: Vec<_> = (0..5)
        .flat_map(|number| ["weight", "bias"].map(|tensor| (number, tensor)))
        .map(|(number, tensor)| {
            (
                name(number, tensor),
                "F32".to_owned(),
                shape(number, tensor),
            )
        })
        .collect();
    let left = |rule: Rule| {
        let report = report::<Stack>(&tensors, &Reading::new().renames(rule));
        report.problems().count()
    };
    assert_eq!(
        [Rule::Prefix, Rule::Number, Rule::Layer, Rule::Tensor].map(left),
        [10, 2, 0, 0]
    );
}

/// Definitions have no counts of batches; loaders look for them beside the statistics.
#[test]
fn counts_of_batches_go_with_their_normalisation() {
    let tensors: Vec<_> = [
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    ]
    .iter()
    .map(|tensor| {
        let count = *tensor == "num_batches_tracked";
        let shape = if count { vec![] } else { vec![6] };
        let elements = if count { "I64" } else { "F32" };
        (format!("model.norm.{tensor}"), elements.to_owned(), shape)
    })
    .collect();
    let report = report::<Normal>(&tensors, &Reading::new().renames(Rule::Prefix));
    assert!(report.is_ok(), "{report}");
    let stored = report.stored("norm.num_batches_tracked");
    assert_eq!(stored.name, "model.norm.num_batches_tracked");
}

#[test]
fn every_torchvision_name_of_a_wrapper_is_found() {
    let list = listed("resnet18");
    for prefix in ["module.", "model.", "_orig_mod.", "module._orig_mod."] {
        let wrapped: Vec<_> = list
            .iter()
            .map(|(name, elements, shape)| {
                (format!("{prefix}{name}"), elements.clone(), shape.clone())
            })
            .collect();
        let reading = Reading::new().renames(Rule::Prefix);
        let report = report::<ResNet18>(&wrapped, &reading);
        assert!(report.is_ok(), "{report}");
        for (name, ..) in &list {
            assert_eq!(report.stored(name).name, format!("{prefix}{name}"));
        }
    }
}

/// Whichever copy a checkpoint has.
#[test]
fn tied_matrices_are_found_under_the_other_name() {
    let file = |name, shape: &'static [u64]| -> Vec<Tensor<'static>> {
        vec![
            (name, "F32", shape),
            ("middle.weight", "F32", &[16, 16]),
            ("middle.bias", "F32", &[16]),
        ]
    };
    let check = |tensors: &[Tensor<'_>], reading: &Reading| {
        let checker = Checker::of::<Tied>().reading(reading.clone());
        checker.header(&beginning(tensors)).unwrap()
    };
    let report = check(&file("head.weight", &[50, 16]), &Reading::new());
    assert!(report.is_ok(), "{report}");
    let stored = report.stored("embedding.weight");
    assert_eq!((&*stored.name, stored.transposed), ("head.weight", false));
    let reading = Reading::new().transposed(["head"]);
    let report = check(&file("head.weight", &[16, 50]), &reading);
    // The one square matrix has a transposed one next to it.
    assert_eq!(kinds(&report), [(Kind::Square, "middle.weight")]);
    let stored = report.stored("embedding.weight");
    assert_eq!((&*stored.name, stored.transposed), ("head.weight", true));
}
