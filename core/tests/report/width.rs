//! Tables keep to the width of the terminal.

use crate::support::{ALEXNET, BRANCHES, HOSTILE, LENET, RESULTS, SKIP, WIDE};
use shapewise_core::report::{Column, Summary};

/// The columns that a line takes on a terminal, for the characters used here.
pub(crate) fn width(line: &str) -> usize {
    let wide = |c: &char| matches!(*c, '\u{4E00}'..='\u{9FFF}');
    line.chars().count() + line.chars().filter(wide).count()
}

#[test]
fn no_line_is_longer_than_the_width() {
    for graph in [
        &ALEXNET, &LENET, &BRANCHES, &HOSTILE, &RESULTS, &SKIP, &WIDE,
    ] {
        for most in 0..=160 {
            let narrow = Summary::new(graph).width(most).batch(1_000_000);
            for summary in [
                narrow,
                narrow.depth(3),
                narrow.layers(),
                narrow.columns(Column::ALL),
            ] {
                let table = summary.to_string();
                for line in table.lines() {
                    assert!(width(line) <= most.max(20), "{most}:\n{table}");
                    assert_eq!(line, line.trim_end(), "{most}:\n{table}");
                }
                assert!(table.contains('\n'));
            }
        }
    }
}

#[test]
fn a_single_column_is_cut_too() {
    let params = Summary::new(&LENET).columns(&[Column::Params]).width(20);
    let params = params.titles(&["Everything that is trained"]);
    let table = params.heading(false).footer(false).to_string();
    assert!(
        table.starts_with("Everything that is …\n────────────────────\n"),
        "{table}"
    );
}

#[test]
fn lines_of_the_footer_do_not_part_a_number_from_its_unit() {
    for width in 40..=100 {
        let table = Summary::new(&ALEXNET).width(width).to_string();
        let (_, footer) = table.split_once("\nParameters").unwrap();
        assert!(!footer.contains('…'), "{table}");
        for together in [
            "62,367,776 weights",
            "238 MiB",
            "1.14 G",
            "2.27 G",
            "5.54 MiB",
        ] {
            assert!(table.contains(together), "{together}:\n{table}");
        }
    }
}

#[test]
fn narrow_tables_keep_what_tells_most() {
    let titles = |width| {
        let table = Summary::new(&ALEXNET)
            .width(width)
            .heading(false)
            .to_string();
        let titles = table.lines().next().unwrap().to_owned();
        titles
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        titles(80),
        [
            "Layer", "Units", "Output", "Weights", "Biases", "Params", "MACs"
        ]
    );
    assert_eq!(titles(60), ["Layer", "Units", "Output", "Params", "MACs"]);
    assert_eq!(titles(30), ["Layer", "Output", "Params"]);
    assert_eq!(titles(20), ["Layer", "Params"]);
}

#[test]
fn text_is_cut_with_an_ellipsis() {
    let table = Summary::new(&WIDE).width(50).to_string();
    let lines: Vec<&str> = table.lines().collect();
    // Half of a wide character has no place: the next column stays where it is.
    assert!(lines[5].starts_with("層層層層層層…   線形"), "{table}");
    let (before, _) = lines[2].split_once("Units").unwrap();
    assert_eq!(width(before), width("層層層層層層…   "), "{table}");
}
