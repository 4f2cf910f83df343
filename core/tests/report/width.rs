//! Tables keep to the width of the terminal.

use crate::support::{ALEXNET, BRANCHES, DEEP, HOSTILE, LENET, RESULTS, SKIP, WIDE};
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
fn units_are_cut_with_an_ellipsis_and_names_broken_over_lines() {
    let table = Summary::new(&WIDE).width(60).to_string();
    let cut: Vec<&str> = table.lines().skip(2).collect();
    // Half of a wide character has no place: the next column stays where it is.
    assert_eq!(
        cut[3..5],
        [
            "層層層層層層層層層層層層  線形線形線形線形…   2            8",
            "  層層層"
        ],
        "{cut:?}"
    );
    let (before, _) = cut[0].split_once("Output").unwrap();
    let (beside, _) = cut[3].split_once("2 ").unwrap();
    assert_eq!(width(before), width(beside), "{cut:?}");
}

/// What stands in a table between the rule below its titles and that above its sums.
fn rows(table: &str) -> Vec<&str> {
    let mut parts = table.split("─\n");
    let (_, rows) = (parts.next(), parts.next().unwrap());
    let rows = rows.lines().filter(|line| !line.starts_with('─'));
    rows.collect()
}

#[test]
fn no_two_rows_read_the_same() {
    for most in 20..=120 {
        let summary = Summary::new(&DEEP).layers().width(most).input_row(false);
        let table = summary.to_string();
        let mut names = Vec::<String>::new();
        for line in rows(&table) {
            match line.strip_prefix("  ") {
                // What did not fit into the line above.
                Some(rest) => names.last_mut().unwrap().push_str(rest),
                None => names.push(line.split("  ").next().unwrap().to_owned()),
            }
        }
        let paths: Vec<&str> = DEEP.nodes().iter().map(|node| node.path).collect();
        assert_eq!(names, paths, "{most}:\n{table}");
    }
}

#[test]
fn names_are_broken_at_points_and_units_cut_first() {
    let table = Summary::new(&DEEP).layers().width(60).to_string();
    let (_, rest) = table.split_once("\nencoder.layers.").unwrap();
    assert!(rest.contains("\n  encoder_layer_10.mlp."), "{table}");
    let table = Summary::new(&DEEP).layers().width(100).to_string();
    assert!(
        table.contains("\nencoder.layers.encoder_layer_10.mlp.      linear(64)  64 "),
        "{table}"
    );
}

#[test]
fn colours_take_no_room_and_are_there_only_where_they_are_wanted() {
    let plain = Summary::new(&ALEXNET);
    assert!(!plain.to_string().contains('\x1b'));
    let coloured = plain.colours(true).to_string();
    assert!(coloured.contains("\x1b[36mconv1\x1b[0m"), "{coloured}");
    let mut text = String::new();
    for part in coloured.split("\x1b[") {
        let end = if text.is_empty() {
            0
        } else {
            part.find('m').unwrap() + 1
        };
        text.push_str(&part[end..]);
    }
    assert_eq!(text.replacen("1mAlex", "Alex", 1), plain.to_string());
}
