//! What layers keep for the backward pass, against what PyTorch saved of the same functions, to the byte.
//!
//! `tests/crates/numerics/data/kept.json` holds what was measured, `scripts/gen_kept.py` beside it says how.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use shapewise_core::analysis::{Flow, Stored, store};
use shapewise_core::layer::Backward;
use shapewise_numerics::Numerics;

#[test]
fn layers_keep_what_pytorch_does() {
    let text = include_str!("../../../tests/crates/numerics/data/kept.json");
    let measured: Json = serde_json::from_str(text).expect("one object");
    let pass = Backward {
        samples: measured["batch"].as_u64().expect("a batch"),
        ..Backward::eager(4)
    };
    let mut left = measured["kept"].as_object().expect("by name").clone();
    let all = left.len();
    let mut differences = BTreeMap::new();
    for case in Numerics::load().expect("the numbers are there").layers {
        let Some(bytes) = left.remove(&case.id).and_then(|bytes| bytes.as_u64()) else {
            continue;
        };
        let graph = case.graph.expect("a graph");
        let flow = Flow::of(graph);
        let mut places = vec![Stored::NONE; flow.values()];
        let own = store(&flow, &pass, true, &mut places).bytes(&pass);
        if own != bytes {
            differences.insert(case.id, (own, bytes));
        }
    }
    assert!(left.is_empty(), "no layers {:?}", left.keys());
    assert!(all > 100, "only {all} were measured");
    let count = differences.len();
    assert!(
        count == 0,
        "{count} of {all} differ, ours first: {differences:#?}"
    );
}
