//! Networks as layers: the tensors inside are compared, those shared are one.

#![allow(missing_docs, reason = "test networks")]

mod support;

use shapewise::network;
use shapewise_safetensors::{Kind, check_header};
use support::beginning;

network! {
    struct Siamese(left: 6, right: 6) -> (difference: 2) {
        a: Tower;
        b: from right, Tower(shared = a);
        difference: sub(a, b);
    }

    struct Tower(input: 6) -> (features: 2) {
        body: Body;
        head: linear(2);
    }

    struct Body(input: 6) -> (features: 4) {
        fc: linear(4);
    }
}

const TENSORS: [(&str, &str, &[u64]); 4] = [
    ("a.body.fc.weight", "F32", &[4, 6]),
    ("a.body.fc.bias", "F32", &[4]),
    ("a.head.weight", "F32", &[2, 4]),
    ("a.head.bias", "F32", &[2]),
];

#[test]
fn tensors_inside_are_expected() {
    let report = check_header::<Tower>(&beginning(
        &TENSORS.map(|(name, dtype, shape)| (name.strip_prefix("a.").unwrap(), dtype, shape)),
    ));
    let report = report.unwrap();
    assert!(report.is_ok(), "{report}");
    assert_eq!(report.expected(), 4);
}

#[test]
fn a_wrong_shape_inside_is_found() {
    let mut tensors = TENSORS;
    tensors[0].2 = &[4, 7];
    let report = check_header::<Siamese>(&beginning(&tensors)).unwrap();
    let [finding] = report.findings().collect::<Vec<_>>()[..] else {
        panic!("one finding: {report}");
    };
    assert_eq!(finding.kind, Kind::Shape);
    assert_eq!(finding.name, "a.body.fc.weight");
    assert_eq!(finding.layer.as_deref(), Some("a.body.fc"));
}

#[test]
fn a_network_that_shares_needs_no_copies() {
    let report = check_header::<Siamese>(&beginning(&TENSORS)).unwrap();
    assert!(report.is_ok(), "{report}");
}
