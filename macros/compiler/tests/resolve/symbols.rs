//! How documentation shows what only rustc knows.

use crate::graph;

/// A network with two numbers of rustc's.
const TWO: &str = "struct Net<const N: usize, const M: usize>(image: 16x16x8) -> (out) {
    conv(N, 1x1), conv(M, 1x1);
}";

/// How a number is shown that is so much in each world.
fn shown(number: impl Fn(i128, i128) -> i128) -> Option<String> {
    let graph = graph(TWO);
    let symbols = graph.symbols.expect("two numbers of rustc's");
    let worlds = 0..=symbols.worlds.len();
    let found: Vec<i128> = worlds
        .map(|world| match symbols.values(world).as_slice() {
            [n, m] => number(*n, *m),
            values => panic!("{values:?}"),
        })
        .collect();
    assert!(found.len() > 4);
    symbols.express(&found)
}

#[test]
fn numbers_are_expressions_of_what_they_depend_on() {
    let shown = |number: fn(i128, i128) -> i128| shown(number).unwrap();
    assert_eq!(shown(|_, _| 7), "7");
    assert_eq!(shown(|n, _| n), "N");
    assert_eq!(shown(|_, m| m), "M");
    assert_eq!(shown(|n, _| -n), "-N");
    assert_eq!(shown(|n, _| 3 * n), "3*N");
    assert_eq!(shown(|n, _| n + 1), "N + 1");
    assert_eq!(shown(|n, _| n - 1), "N - 1");
    assert_eq!(shown(|_, m| 2 * m - 1_000), "2*M - 1,000");
    assert_eq!(shown(|n, _| n * n), "N^2");
    assert_eq!(shown(|n, _| 9 * n * n + 2 * n + 5), "9*N^2 + 2*N + 5");
    assert_eq!(shown(|n, _| 5 - n * n), "-N^2 + 5");
    assert_eq!(shown(|n, _| n.div_euclid(2)), "N/2");
    assert_eq!(shown(|_, m| m.div_euclid(3)), "M/3");
    assert_eq!(shown(|n, m| n * m), "N*M");
    assert_eq!(shown(|n, m| 9 * n * m), "9*N*M");
    assert_eq!(shown(|n, m| n * n * m), "N^2*M");
    assert_eq!(shown(|n, m| n * m * m), "N*M^2");
    assert_eq!(shown(|n, m| 1_152 * n * n * m * m), "1,152*N^2*M^2");
}

#[test]
fn what_is_no_short_expression_is_not_guessed() {
    assert_eq!(shown(|n, m| n * m + 1), None);
    assert_eq!(shown(|n, m| n + m), None);
    assert_eq!(shown(|n, _| n * n * n), None);
    assert_eq!(shown(|n, _| n / 2 + n / 3), None);
    assert_eq!(shown(|n, m| n.max(m)), None);
}

/// The shapes of the statements, as documentation shows them.
fn shapes(source: &str) -> Vec<String> {
    let graph = graph(source);
    let rows = graph.statements.iter();
    rows.map(|row| graph.values[row.output].display.clone())
        .collect()
}

#[test]
fn shapes_are_shown_with_what_they_depend_on() {
    assert_eq!(
        shapes(
            "struct Net<const N: usize>(image: 16x16x8) -> (out) {
                conv(N, 3x3);
                conv(2 * N, 1x1);
                conv(4, 1x1);
                pad(N);
                max_pool(2x2, stride = 2);
            }"
        ),
        [
            "[14, 14, N]",
            "[14, 14, 2*N]",
            "14x14x4",
            "[2*N + 14, 2*N + 14, 4]",
            "[N + 7, N + 7, 4]"
        ]
    );
    assert_eq!(
        shapes(
            "struct Net<const N: usize>(words: [N, 8]) -> (out) {
                linear(N);
                flatten;
                linear(3);
            }"
        ),
        ["[N, N]", "N^2", "3"]
    );
}

#[test]
fn extents_without_an_expression_are_named_by_their_axis() {
    assert_eq!(
        shapes(
            "struct Net<const N: usize, const K: usize>(image: [N, 16, 8]) -> (out) {
                first: max_pool([K, 3]);
                flat: flatten;
            }"
        ),
        ["[first.height, 5, 8]", "flat.features"]
    );
    assert_eq!(
        shapes("struct Net(image: 16x16x8) -> (out) { inside: other::Net; }"),
        ["inside.output"]
    );
}
