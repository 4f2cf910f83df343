//! Networks that are larger than can be made are refused before they are.

use crate::{graph, messages};

/// Blocks that each call the one before twice.
fn doubling(inner: &str, call: impl Fn(usize) -> String) -> String {
    let blocks: String = (1..=50)
        .map(|block| format!("block B{block}() {{ {} }}\n", call(block - 1)))
        .collect();
    format!(
        "block B0() {{ {inner} }}\n{blocks}
         struct Net(image: 8x8x4) -> (out) {{ relu, B50(); }}"
    )
}

#[test]
fn what_doubles_fifty_times_is_one_error() {
    for call in [
        |block| format!("B{block}(), B{block}();"),
        |block| format!("a: B{block}(); b: B{block}();"),
        |block| format!("repeat 2 {{ B{block}(); }}"),
        |block| format!("residual {{ B{block}(); B{block}(); }}"),
        |block| format!("if true {{ B{block}(), B{block}(); }} else {{ B{block}(), B{block}(); }}"),
    ] {
        let layers = messages(&doubling("relu;", call));
        assert_eq!(layers, ["the network has more than 100000 layers"]);
        let parts = messages(&doubling("if false { relu; }", call));
        assert_eq!(
            parts,
            ["more than 400000 parts and copies of parts are expanded"]
        );
    }
}

#[test]
fn what_depends_on_parameters_is_counted_as_it_is_made() {
    let found = messages(
        "block Row(n) { repeat n { relu; } }
         struct Net(image: 8x8x4) -> (out) { Row(60000), Row(60000), Row(10), relu, tanh; }",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("the network has more than 100000 layers\n"));
}

#[test]
fn what_is_made_is_not_refused() {
    // A branch that is not taken, a block that is not called, the last layer that fits.
    let net = |body: &str| {
        format!(
            "block Large() {{ repeat 60000 {{ relu; }} }}
             block Huge() {{ Large(), Large(); }}
             struct Net(image: 2) -> (out) {{ {body} }}"
        )
    };
    for (body, layers) in [
        ("if false { Huge(); } relu;", 1),
        ("repeat 0 { Huge(); } relu;", 1),
        ("Large(), repeat 40000 { relu; }", 100_000),
    ] {
        assert_eq!(graph(&net(body)).nodes.len(), layers, "{body}");
    }
}
