//! Comparisons keep to the width of the terminal, whatever is compared.

use crate::support::{ALEXNET, BRANCHES, HOSTILE, LENET, RESULTS, SKIP, WIDE};
use crate::width::width;
use shapewise_core::Graph;
use shapewise_core::report::{Change, Comparison};

static GRAPHS: [&Graph; 7] = [
    &ALEXNET, &LENET, &BRANCHES, &HOSTILE, &RESULTS, &SKIP, &WIDE,
];

#[test]
fn no_line_is_longer_than_the_width() {
    for before in GRAPHS {
        for after in GRAPHS {
            for most in [60, 61, 79, 80, 100, 160] {
                let comparison = Comparison::new(before, after).width(most);
                for comparison in [comparison, comparison.same(true).depth(9)] {
                    let table = comparison.to_string();
                    for line in table.lines() {
                        assert!(width(line) <= most, "{most}:\n{table}");
                        assert_eq!(line, line.trim_end(), "{most}:\n{table}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_statement_is_met_once() {
    for before in GRAPHS {
        for after in GRAPHS {
            let comparison = Comparison::new(before, after).depth(1);
            let mut old = 0;
            let mut new = 0;
            for difference in comparison.differences() {
                old += usize::from(difference.before.is_some());
                new += usize::from(difference.after.is_some());
                if core::ptr::eq(before, after) {
                    assert_eq!(difference.change, Change::Same);
                }
            }
            let outermost = |graph: &Graph| {
                let statements = graph.statements().iter();
                statements.filter(|statement| statement.depth == 0).count()
            };
            assert_eq!((old, new), (outermost(before), outermost(after)));
        }
    }
}

#[test]
fn the_cells_of_markdown_stay_in_their_rows() {
    for before in GRAPHS {
        let comparison = Comparison::new(before, &LENET).same(true);
        let markdown = comparison.markdown().to_string();
        for line in markdown.lines().filter(|line| line.starts_with('|')) {
            let ends = line.replace("\\|", "").matches('|').count();
            assert!(ends == 7 || ends == 5, "{line}");
        }
    }
}
