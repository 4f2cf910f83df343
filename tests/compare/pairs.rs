//! Which statements `compare` takes for each other: compared with a search among all of
//! them, on random statements, and on more than anybody writes.

use std::collections::HashMap;
use std::thread;

use proptest::prelude::*;
use shapewise::graph::{DType, Form, Graph, Statement, Step, Trace, trace};
use shapewise::report::{Change, Comparison, Difference, Row};
use shapewise::{Shape, layers};

static TRACE: Trace<2, 3> = trace(
    &[Shape::new(&[8])],
    &[
        &Step::new(layers::relu, &[], &[0], 1, "one"),
        &Step::new(layers::tanh, &[], &[1], 1, "two"),
    ],
);

/// A statement: its label, how deep it stands, and which of the layers it has.
type Line = (String, usize, usize);

fn graph(lines: &[Line]) -> &'static Graph {
    // The labels of groups stand before those of what is inside.
    let mut groups: Vec<String> = Vec::new();
    let statements: Vec<Statement> = lines
        .iter()
        .enumerate()
        .map(|(index, (label, depth, layer))| {
            groups.truncate(*depth);
            let mut path = groups.concat();
            path.push_str(label);
            groups.resize(*depth, String::new());
            groups.push(if label.is_empty() {
                String::new()
            } else {
                format!("{label}.")
            });
            Statement {
                label: if label.is_empty() { "" } else { path.leak() },
                text: index.to_string().leak(),
                form: Form::Structure,
                depth: *depth,
                copies: 1,
                nodes: (0, *layer),
                input: 0,
                output: *layer,
            }
        })
        .collect();
    let graph = Graph::new("Net", DType::F32, &["x"], &TRACE, &[("y", 2)]);
    Box::leak(Box::new(graph.with_statements(statements.leak())))
}

/// What stands for a statement's place, written out.
fn places(lines: &[Line]) -> Vec<String> {
    let mut bodies: Vec<(String, String, usize)> = Vec::new();
    let mut places = Vec::new();
    for (label, depth, _) in lines {
        let group = match depth.checked_sub(1) {
            None => String::new(),
            // A statement that is deeper by more than one is of the one before it.
            Some(_) if bodies.len() <= *depth => places.last().cloned().unwrap_or_default(),
            Some(_) => bodies[*depth].0.clone(),
        };
        bodies.truncate(depth + 1);
        while bodies.len() <= *depth {
            bodies.push((group.clone(), String::new(), 0));
        }
        let (group, last, after) = &mut bodies[*depth];
        if label.is_empty() {
            *after += 1;
        } else {
            (*last, *after) = (label.clone(), 0);
        }
        places.push(format!("{group}/{last}+{after}"));
    }
    places
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (
        prop::sample::select(vec!["", "", "a", "b", "c", "d"]),
        0..3_usize,
        1..3_usize,
    );
    prop::collection::vec(line, 0..40).prop_map(|lines| {
        let mut deepest = 0;
        lines
            .into_iter()
            .map(|(label, depth, layer)| {
                let depth = depth.min(deepest);
                deepest = depth + 1;
                (label.to_owned(), depth, layer)
            })
            .collect()
    })
}

/// The number of the statement that a row is of.
fn index(row: &Row) -> usize {
    row.text.parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn statements_are_paired_by_their_places(before in lines(), after in lines()) {
        let comparison = Comparison::new(graph(&before), graph(&after)).depth(9);
        let (old, new) = (places(&before), places(&after));
        let find = |places: &[String], place: &str| places.iter().position(|one| one == place);
        let mut outermost = Vec::new();
        for Difference { change, before: a, after: b, .. } in comparison.differences() {
            let (a, b) = (a.as_ref().map(index), b.as_ref().map(index));
            match (change, a, b) {
                (Change::Removed, Some(a), None) => prop_assert_eq!(find(&new, &old[a]), None),
                (Change::Added, None, Some(b)) => prop_assert_eq!(find(&old, &new[b]), None),
                (Change::Same | Change::Changed, Some(a), Some(b)) => {
                    prop_assert_eq!(find(&old, &new[b]), Some(a));
                    prop_assert_eq!(change == Change::Same, before[a].2 == after[b].2);
                }
                _ => prop_assert!(false, "{change:?} {a:?} {b:?}"),
            }
            outermost.extend(b.filter(|b| after[*b].1 == 0));
        }
        let all: Vec<usize> = (0..after.len()).filter(|index| after[*index].1 == 0).collect();
        prop_assert_eq!(outermost, all);
    }
}

fn many(count: usize, name: &str, inserted: Option<usize>) -> &'static Graph {
    let mut lines: Vec<Line> = (0..count).map(|i| (format!("{name}{i}"), 0, 1)).collect();
    if let Some(place) = inserted {
        lines.insert(place, ("new".to_owned(), 0, 2));
    }
    graph(&lines)
}

#[test]
fn ten_thousand_statements_are_compared_with_others() {
    let run = || {
        let counts = |comparison: Comparison| {
            let mut counts = HashMap::new();
            for difference in comparison.differences() {
                *counts.entry(difference.change.name()).or_insert(0) += 1;
            }
            (
                counts.get("same").copied(),
                counts.get("added").copied(),
                counts.get("removed").copied(),
            )
        };
        let one = many(10_000, "a", None);
        assert_eq!(
            counts(Comparison::new(one, many(10_000, "a", Some(77)))),
            (Some(10_000), Some(1), None)
        );
        let other = many(10_000, "b", None);
        assert_eq!(
            counts(Comparison::new(one, other)),
            (None, Some(10_000), Some(10_000))
        );
        // Without any labels, and with one network that has none.
        let bare: Vec<Line> = (0..10_000).map(|_| (String::new(), 0, 1)).collect();
        let bare = graph(&bare);
        assert_eq!(
            counts(Comparison::new(bare, bare)),
            (Some(10_000), None, None)
        );
        assert!(Comparison::new(one, other).to_string().lines().count() > 20_000);
    };
    let thread = thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(run)
        .unwrap();
    thread.join().unwrap();
}
