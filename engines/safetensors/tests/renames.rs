//! Names that differ by a rule, and those that only look like it.

mod support;

use shapewise::Network;
use shapewise_safetensors::{Kind, Report, Rule, check_header};
use support::{Sequence, Stack, TiedSequence, Two, beginning};

type Owned = (String, Vec<u64>);

fn report_of<N: Network>(tensors: &[Owned]) -> Report {
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(name, shape)| (name.as_str(), "F32", shape.as_slice()))
        .collect();
    check_header::<N>(&beginning(&tensors)).unwrap()
}

/// The tensors of `Stack`, its four layers under these names and of this size.
fn stack(layers: [&str; 4], size: u64) -> Vec<Owned> {
    let layer = |path: &str| {
        let (weight, bias) = (format!("{path}.weight"), format!("{path}.bias"));
        [(weight, vec![size, size]), (bias, vec![size])]
    };
    let mut tensors: Vec<Owned> = layers.into_iter().flat_map(layer).collect();
    tensors.push(("head.weight".to_owned(), vec![2, 6]));
    tensors.push(("head.bias".to_owned(), vec![2]));
    tensors
}

fn rules(report: &Report) -> Vec<(&str, &str, Rule)> {
    let mut rules: Vec<_> = report
        .findings()
        .filter_map(|finding| finding.rename.as_ref())
        .map(|rename| (rename.from.as_str(), rename.to.as_str(), rename.rule))
        .collect();
    rules.dedup();
    rules
}

/// Three of four names are right by chance: all layers move by one.
#[test]
fn numbers_from_one() {
    let report = report_of::<Stack>(&stack(["layers.1", "layers.2", "layers.3", "layers.4"], 6));
    assert!(report.is_ok_after_renames(), "{report}");
    let expected = [
        ("layers.1.", "layers.0.", Rule::Number),
        ("layers.2.", "layers.1.", Rule::Number),
        ("layers.3.", "layers.2.", Rule::Number),
        ("layers.4.", "layers.3.", Rule::Number),
    ];
    assert_eq!(rules(&report), expected);
    assert_eq!(report.renames().count(), 8);
}

#[test]
fn numbers_of_two_digits() {
    let report = report_of::<Stack>(&stack(
        ["layers.00", "layers.01", "layers.02", "layers.03"],
        6,
    ));
    assert!(report.is_ok_after_renames(), "{report}");
    assert_eq!(rules(&report)[3], ("layers.03.", "layers.3.", Rule::Number));
}

#[test]
fn numbers_of_other_layers_are_no_shift() {
    // Nothing fits but the numbers' count.
    let report = report_of::<Stack>(&stack(["layers.5", "layers.6", "layers.7", "layers.8"], 7));
    assert_eq!(rules(&report), []);
    assert_eq!(
        (report.missing().count(), report.unexpected().count()),
        (8, 8)
    );
    // One layer has another tensor.
    let mut tensors = stack(["layers.1", "layers.2", "layers.3", "layers.4"], 6);
    tensors[7].0 = "layers.4.gain".to_owned();
    let report = report_of::<Stack>(&tensors);
    let names = |kind| {
        report
            .of_kind(kind)
            .map(|finding| &*finding.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(Kind::Missing), ["layers.0.bias"]);
    assert_eq!(names(Kind::Unexpected), ["layers.4.gain"]);
}

#[test]
fn counters_do_not_hide_other_numbers() {
    let mut tensors = Vec::new();
    for (place, inputs) in [(0, 3), (2, 2)] {
        tensors.push((format!("features.{place}.weight"), vec![2, inputs, 1, 1]));
        tensors.push((format!("features.{place}.bias"), vec![2]));
        for own in ["weight", "bias", "running_mean", "running_var"] {
            tensors.push((format!("features.{}.{own}", place + 1), vec![2]));
        }
        tensors.push((
            format!("features.{}.num_batches_tracked", place + 1),
            vec![],
        ));
    }
    let report = report_of::<Sequence>(&tensors);
    assert!(report.is_ok_after_renames(), "{report}");
    let expected = [
        ("features.2.", "features.3.", Rule::Number),
        ("features.3.", "features.4.", Rule::Number),
    ];
    assert_eq!(rules(&report), expected);
}

#[test]
fn copies_do_not_hide_other_numbers() {
    let shapes = [
        ("0.weight", vec![50, 16]),
        ("1.weight", vec![16, 16]),
        ("1.bias", vec![16]),
        ("4.weight", vec![50, 16]),
    ];
    let tensors = shapes.map(|(name, shape)| (format!("net.{name}"), shape));
    for tensors in [&tensors[..], &tensors[..3]] {
        let report = report_of::<TiedSequence>(tensors);
        assert!(report.is_ok_after_renames(), "{report}");
        assert_eq!(rules(&report), [("net.1.", "net.2.", Rule::Number)]);
    }
}

#[test]
fn layers_of_one_shape_keep_their_numbers() {
    let names = [
        "blocks.0.proj",
        "blocks.1.proj",
        "blocks.2.proj",
        "blocks.3.proj",
    ];
    let report = report_of::<Stack>(&stack(names, 6));
    assert!(report.is_ok_after_renames(), "{report}");
    assert_eq!(rules(&report).len(), 4);
    for (from, to, rule) in rules(&report) {
        let number = |name: &str| name.split('.').nth(1).unwrap().to_owned();
        assert_eq!((number(from), rule), (number(to), Rule::Layer));
    }
}

#[test]
fn what_may_be_either_is_not_guessed() {
    // One matrix for two layers, then two for two.
    for others in [&["a.weight"][..], &["a.weight", "b.weight"]] {
        let mut tensors = stack(["layers.0", "layers.1", "layers.2", "layers.3"], 6);
        tensors.drain(4..8);
        tensors.extend(others.iter().map(|name| ((*name).to_owned(), vec![6, 6])));
        let report = report_of::<Stack>(&tensors);
        assert_eq!(rules(&report), [], "{report}");
        assert_eq!(
            (report.missing().count(), report.unexpected().count()),
            (4, others.len())
        );
    }
}

#[test]
fn one_tensor_is_no_prefix() {
    let tensors = [
        ("first.weight".to_owned(), vec![3, 4]),
        ("first.bias".to_owned(), vec![3]),
        ("deep.second.weight".to_owned(), vec![2, 3]),
        ("second.bias".to_owned(), vec![2]),
    ];
    let report = report_of::<Two>(&tensors);
    assert_eq!(rules(&report), [("deep.second.", "second.", Rule::Layer)]);
}

#[test]
fn names_of_absurd_length_are_left_alone() {
    for (length, renamed) in [(200, 10), (300, 0)] {
        let prefix = "p".repeat(length);
        let mut tensors = stack(["layers.0", "layers.1", "layers.2", "layers.3"], 6);
        for (name, _) in &mut tensors {
            *name = format!("{prefix}.{name}");
        }
        assert_eq!(report_of::<Stack>(&tensors).renames().count(), renamed);
    }
}

#[test]
fn leftovers_are_nothing_else() {
    let tensors = [
        ("first.weight".to_owned(), vec![3, 4]),
        ("first.bias".to_owned(), vec![3]),
        ("table.position_ids".to_owned(), vec![2, 3]),
        ("second.bias".to_owned(), vec![2]),
    ];
    let report = report_of::<Two>(&tensors);
    assert_eq!(rules(&report), []);
    assert_eq!(
        (
            report.missing().count(),
            report.of_kind(Kind::Leftover).count()
        ),
        (1, 1)
    );
}
