//! The numbers that stand for what only rustc knows.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use shapewise_compiler::graph::{Atom, Choice};
use shapewise_compiler::report::Place;

use crate::{graph, on_image, outcome};

fn atom(default: Option<i128>, boolean: bool) -> Atom {
    Atom {
        key: "N".to_owned(),
        text: "N".to_owned(),
        tokens: TokenStream::new(),
        place: Place::at(Span::call_site()),
        types: Default::default(),
        generic: true,
        boolean,
        default,
    }
}

fn world(number: usize) -> Choice {
    Choice {
        number,
        chosen: Vec::new(),
    }
}

#[test]
fn atoms_are_sizes_and_differ_in_every_world() {
    let atom = atom(None, false);
    for number in 0..200 {
        let values: BTreeSet<i128> = (0..150)
            .map(|index| world(number).value(index, &atom))
            .collect();
        assert_eq!(values.len(), 150, "in world {number}");
        assert!(values.first() >= Some(&1), "in world {number}");
    }
}

#[test]
fn the_first_worlds_are_a_default_and_its_multiples() {
    let atom = atom(Some(10), false);
    let values = |number| [0, 1, 2, 3].map(|index| world(number).value(index, &atom));
    assert_eq!(values(0), [10, 10, 10, 10]);
    assert_eq!(values(1), [20, 20, 20, 20]);
    assert_eq!(values(2), [40, 40, 40, 40]);
    assert_eq!(values(3), [30, 10, 30, 10]);
    assert_eq!(values(4), [11, 12, 13, 14]);
}

#[test]
fn worlds_without_defaults_are_of_many_kinds() {
    let atom = atom(None, false);
    let values = |number| [0, 1, 2, 3].map(|index| world(number).value(index, &atom));
    assert_eq!(values(0), [64, 32, 96, 128]);
    assert_eq!(values(1), [4, 8, 16, 32], "ascending, powers of two");
    assert_eq!(values(2), [8192, 4096, 2048, 1024], "descending");
    assert_eq!(values(3), [1009, 1013, 1019, 1021], "prime");
    assert_eq!(values(4), [6, 12, 24, 48]);
    assert_eq!(values(5), [12288, 6144, 3072, 1536]);
    assert_eq!(values(6), [3, 5, 7, 9], "odd");
    assert_eq!(values(7), [1, 2, 3, 4], "small");
    assert_eq!(values(8), [24, 23, 22, 21]);
    assert_eq!(values(9), [2018, 2026, 2038, 2042]);
    // From then on numbers with many divisors, in another order in each world.
    let orders: BTreeSet<[i128; 4]> = (10..42).map(values).collect();
    assert_eq!(orders.len(), 32);
}

#[test]
fn truth_values_are_the_default_and_its_opposite() {
    for default in [0, 1] {
        let atom = atom(Some(default), true);
        let first = (0..3).map(|index| world(0).value(index, &atom));
        assert!(first.into_iter().all(|value| value == default));
        for index in 0..3 {
            let values: BTreeSet<i128> = (0..8).map(|n| world(n).value(index, &atom)).collect();
            assert_eq!(values, BTreeSet::from([0, 1]));
        }
    }
}

#[test]
fn what_fits_in_a_few_worlds_is_found() {
    for (generics, body) in [
        // Numbers that divide each other, that are alike, small or large.
        (
            "const N: usize, const M: usize",
            "conv(N, 1x1), conv(M, 1x1, groups = 2), conv({ 6 * N }, 1x1);",
        ),
        ("const K: usize", "conv(4, [K, K]), conv(4, [K, 1]);"),
        (
            "const K: usize, const S: usize",
            "max_pool([K, K], stride = S);",
        ),
        (
            "const G: usize",
            "conv({ 8 * G }, 1x1), group_norm(groups = G), channel_shuffle(groups = G);",
        ),
        (
            "const H: usize",
            "to_sequence, linear({ 12 * H }), attention(heads = H);",
        ),
        ("const C: usize", "slice(channels = 0..C);"),
        // Which fit together in few of the first worlds.
        (
            "const A: usize, const B: usize, const C: usize, const D: usize",
            "conv(8, [A, A]), conv(8, [B, B]), conv(8, [C, C]), max_pool([D, D]), channel_shuffle(groups = A);",
        ),
        (
            "const P: usize",
            "conv(4, 3x3, padding = P), pad(P), crop(sides = P);",
        ),
    ] {
        let net = format!("struct Net<{generics}>(image: 16x16x8) -> (out) {{ {body} }}");
        let graph = graph(&net);
        let symbols = graph.symbols.expect("numbers of rustc's");
        // With as many other worlds as documentation needs to see a rule.
        assert!(
            symbols.worlds.len() >= 3,
            "{body}: {}",
            symbols.worlds.len()
        );
    }
}

#[test]
fn what_fits_in_no_world_is_left_to_rustc() {
    let outcome = outcome(
        "struct Net<const K: usize>(image: 16x16x8) -> (out) {
            conv(4, [{ K + 16 }, 1]), conv(4, [17, 1]);
        }",
    );
    assert!(outcome.lost && outcome.errors.is_empty());
}

/// Shapes of networks of elsewhere may have any rank, and be alike where a merge wants
/// them to be.
#[test]
fn networks_of_elsewhere_give_whatever_goes_on() {
    for body in [
        "from image, other::Net, linear(10);",
        "from image, other::Net, flatten, linear(10);",
        "from image, other::Net, conv(4, 3);",
        "from image, other::Net, conv(4, 3x3);",
        "from image, other::Net, conv(4, 3x3x3);",
        "from image, other::Net, to_sequence, attention(heads = 2);",
        "from image, other::Net, global_avg_pool, linear(10);",
        "a: from image, other::A; b: from image, other::B; add(a, b);",
        "a: from image, other::A; b: from image, other::B; concat(a, b);",
        "a: from image, other::A; b: from image, other::B; concat(a, b), conv(4, 3x3);",
        "a: from image, other::A; b: from image, other::B; concat(a, b), conv(4, 3);",
        "a: from image, other::A; b: from image, other::B; concat(a, b), conv(4, 1x1x1);",
        "a: from image, other::A; b: from image, other::B; concat(a, b), linear(4);",
        "a: from image, other::A, conv(4, 3x3); b: from image, other::B, conv(4, 3x3); add(a, b);",
        "a: from image, other::A, conv(4, 3); b: from image, other::B, conv(4, 3); concat(a, b);",
        "a: from image, other::A, flatten, linear(4); b: from image, other::B, conv(4, 3x3);
         concat { branch { from a, identity; } branch { from b, global_avg_pool; } }",
        "a: from image, other::A; b: from image, other::B; c: from image, other::C; add(a, b, c);",
        "a: from image, other::A; b: from image, other::B; c: from image, other::C;
         concat(a, b, c), conv(4, 3x3), global_avg_pool, linear(10);",
    ] {
        let net = format!("struct Net(image: 16x16x8) -> (out) {{ {body} }}");
        let symbols = graph(&net).symbols.expect("shapes of rustc's");
        // Enough of them to compare.
        assert_eq!(symbols.worlds.len(), 7, "{body}");
    }
}

#[test]
fn conditions_of_rustcs_are_looked_at_in_rare_worlds_too() {
    let messages = |condition: &str| {
        let outcome = outcome(&on_image(&format!(
            "if {condition} {{ relu; }} conv(N, 1x1);"
        )));
        let messages = outcome.errors.iter().map(|error| error.message());
        messages.collect::<Vec<String>>()
    };
    // The first worlds have other numbers than 16.
    for condition in ["N == 16", "N > 3", "N * 2 < 6"] {
        let found = messages(condition);
        assert!(
            found.len() == 1 && found[0].contains("which layers there are depends on"),
            "{condition}: {found:#?}"
        );
    }
    // As it is computed.
    let nested = messages("min(N + 1, 9) * 2 * 3 - (N - 1) > 7");
    let text = "`(((min(N + 1, 9) * 2) * 3) - (N - 1)) > 7`";
    assert!(nested.len() == 1 && nested[0].contains(text), "{nested:#?}");
    for condition in ["N >= 1", "N + 1 > N", "FLAG"] {
        assert_eq!(messages(condition), [""; 0], "{condition}");
    }
    let decided = graph(&on_image("if FLAG { relu; } relu;"));
    assert_eq!(decided.nodes.len(), 2);
    assert_eq!(
        decided
            .checks
            .iter()
            .filter_map(|check| check.decision())
            .count(),
        1
    );
}

#[test]
fn without_conditions_a_few_worlds_are_enough() {
    let symbols = graph(&on_image("conv(N, 1x1);")).symbols.unwrap();
    assert_eq!(symbols.worlds.len(), 7);
}

#[test]
fn truth_values_of_rustcs_are_what_they_are_in_this_world() {
    let biases = |default: bool, bias: &str| {
        let source = format!(
            "struct Net<const B: bool = {default}>(image: 16x16x8) -> (out) {{
                 conv(4, 1x1, bias = {bias});
             }}"
        );
        graph(&source).nodes[0].counts.biases
    };
    for default in [false, true] {
        let (with, without) = if default { (4, 0) } else { (0, 4) };
        assert_eq!(biases(default, "B"), with);
        assert_eq!(biases(default, "!B"), without);
        assert_eq!(biases(default, "!!B"), with);
    }
}

#[test]
fn the_network_itself_is_known_where_all_numbers_have_defaults() {
    let known = |generics: &str, body: &str| {
        let net = format!("struct Net<{generics}>(image: 16x16x8) -> (out) {{ {body} }}");
        graph(&net).symbols.expect("numbers of rustc's").known
    };
    assert!(known("const N: usize = 8", "conv(N, 1x1);"));
    assert!(!known("const N: usize", "conv(N, 1x1);"));
    assert!(!known(
        "const N: usize = 8, const M: usize",
        "conv(N, 1x1), conv(M, 1x1);"
    ));
    assert!(!known("const N: usize = 8", "conv(N, 1x1), other::Net;"));
    // With its defaults it does not fit.
    assert!(!known("const K: usize = 17", "conv(4, [K, 1]);"));
}

#[test]
fn rustc_looks_at_defaults_where_something_is_left_to_find() {
    let settled = |body: &str, defaults: &str| {
        let source = format!("struct Net<{defaults}>(x: 16) -> (y) {{ {body} }}");
        let symbols = graph(&source).symbols.expect("a number of rustc's");
        symbols.settled
    };
    assert!(settled("linear(N);", "const N: usize = 10"));
    assert!(settled("a: linear(N) => 10;", "const N: usize = 10"));
    // What is expected is so with other numbers; with the default rustc tells of it.
    assert!(!settled("a: linear(N) => 11;", "const N: usize = 10"));
    assert!(!settled(
        "linear(N); assert params <= 200;",
        "const N: usize = 10"
    ));
    assert!(!settled("linear(N);", "const N: usize"));
    assert!(!settled(
        "linear(N), linear(crate::M);",
        "const N: usize = 10"
    ));
    assert!(!settled("linear(N), Elsewhere;", "const N: usize = 10"));
}
