//! Tables for the terminal: what their rows are called, how wide they are.

#![allow(uncommon_codepoints, reason = "Hebrew is written with points")]

use shapewise::report::Summary;

/// The names of the rows: their first column.
fn names(summary: &Summary) -> Vec<String> {
    let rows = summary.rows().map(|row| row.short_path().to_string());
    rows.collect()
}

#[test]
fn a_residual_without_a_label_is_called_by_its_sum() {
    let summary = pages::Unlabelled::summary();
    assert_eq!(
        names(&summary),
        [
            "image", "add", "3", "last", "5", "add_2", "7", "mask", "Total"
        ]
    );
    // What reads it says so, too.
    let csv = summary.csv().to_string();
    let relu = csv.lines().find(|line| line.contains(",3,relu,")).unwrap();
    assert!(relu.contains(",add,"), "{relu}");
}

/// The columns of a terminal that a line takes, for the letters used here.
fn width(line: &str) -> usize {
    // Vowels, tones and points stand over and under the letter before.
    let mark = |c: char| {
        matches!(c, '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}')
            || matches!(c, '\u{5B0}'..='\u{5BD}' | '\u{5C1}' | '\u{5C2}')
            || matches!(c, '\u{941}'..='\u{948}' | '\u{94D}')
    };
    line.chars().filter(|c| !mark(*c)).count()
}

shapewise::network! {
    pub struct Scripts(x: 8) -> (y: 4) {
        ชั้นที่หนึ่ง: linear(4);
        שִׁכְבָה: linear(4);
        दूसरी: linear(4);
        слой: linear(4);
        y: linear(4);
    }

    pub struct Keywords(r#type: 8) -> (r#yield: 4) {
        r#fn: linear(4);
        r#match: { r#loop: linear(4); }
        r#yield: linear(4);
    }
}

#[test]
fn marks_over_letters_shift_no_column() {
    let table = Scripts::summary().footer(false).to_string();
    let places: Vec<usize> = table
        .lines()
        .filter_map(|line| Some(width(line.split_once("linear(4)")?.0)))
        .collect();
    assert_eq!(places.len(), 5);
    assert!(places.iter().all(|place| *place == places[0]), "{table}");
}

#[test]
fn keywords_are_names_without_their_prefix() {
    use shapewise::Network as _;
    let graph = Keywords::GRAPH;
    let names: Vec<String> = graph
        .walk()
        .flat_map(|leaf| {
            let node = leaf.node;
            node.tensors()
                .map(|tensor| format!("{}.{}", node.path, tensor.name))
        })
        .collect();
    assert_eq!(
        names,
        [
            "fn.weight",
            "fn.bias",
            "match.loop.weight",
            "match.loop.bias",
            "yield.weight",
            "yield.bias"
        ]
    );
    assert_eq!(
        (graph.inputs(), graph.outputs()[0].0),
        (&["type"][..], "yield")
    );
    assert_eq!(Keywords::stage("match.loop").unwrap().params, 20);
    assert_eq!(Keywords::MATCH_LOOP.params, 20);
    assert!(!Keywords::summary().to_string().contains("r#"));
}

#[test]
fn the_most_memory_at_once_has_a_line() {
    let table = pages::Pyramid::summary().to_string();
    let line = table.lines().find(|line| line.starts_with("Peak memory"));
    let peak = pages::Pyramid::PEAK_ACTIVATION_BYTES;
    let peak = shapewise::report::Bytes(peak).to_string();
    assert!(
        line.unwrap()
            .contains(&format!(", {peak} as f32, at inference during ")),
        "{table}"
    );
}

/// A table is for the terminal in which a program runs: this test runs itself, to see
/// what it makes of the environment.
#[test]
fn the_table_is_as_wide_as_the_terminal_says() {
    const NAME: &str = "the_table_is_as_wide_as_the_terminal_says";
    if std::env::var_os("SHAPEWISE_TABLE").is_some() {
        println!("{}", pages::Pyramid::summary().for_terminal());
        return;
    }
    let widest = |columns: &str| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([NAME, "--exact", "--nocapture", "--test-threads=1"])
            .env("SHAPEWISE_TABLE", "1")
            .env("COLUMNS", columns)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // No terminal, no colours.
        assert!(!text.contains('\x1b'), "{text}");
        let lines = text.lines().filter(|line| line.starts_with('─'));
        lines.map(|line| line.chars().count()).max().unwrap()
    };
    let rule = |columns| {
        let table = pages::Pyramid::summary().width(columns).to_string();
        let rule = table.lines().find(|line| line.starts_with('─')).unwrap();
        rule.chars().count()
    };
    assert_eq!(widest("60"), rule(60));
    assert_eq!(widest("140"), rule(140));
    assert!(rule(60) <= 60 && rule(140) > 100);
    // What is no number of columns says nothing.
    assert_eq!(widest("wide"), rule(100));
    assert_eq!(widest("0"), rule(100));
}
