//! Reports for other programs are well-formed, whatever stands in them.

use std::collections::BTreeSet;

use crate::support::{ALEXNET, BRANCHES, HOSTILE, LENET, RESULTS, SKIP, WIDE, line};
use serde_json::Value;
use shapewise_core::graph::Graph;
use shapewise_core::report::{Column, Summary};

const GRAPHS: [&Graph; 7] = [
    &ALEXNET, &LENET, &BRANCHES, &HOSTILE, &RESULTS, &SKIP, &WIDE,
];

/// Every report of every network, at several depths.
fn summaries() -> impl Iterator<Item = Summary> {
    GRAPHS.into_iter().flat_map(|graph| {
        let summary = Summary::new(graph);
        let all = summary.columns(Column::ALL);
        [
            summary,
            summary.depth(2),
            summary.layers(),
            all.output_row(true),
        ]
    })
}

/// The fields of comma-separated values, by the rules of RFC 4180.
fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        let field = row.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => field.extend(characters.next()),
            '"' => {
                assert!(quoted || field.is_empty(), "a quote within a field: {text}");
                quoted = !quoted;
            }
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            _ => field.push(character),
        }
    }
    assert!(!quoted, "an open quote: {text}");
    assert_eq!(rows.pop(), Some(vec![String::new()]), "no end of line");
    rows
}

#[test]
fn csv_has_the_same_fields_in_every_row() {
    for summary in summaries() {
        let rows = parse_csv(&summary.csv().to_string());
        assert_eq!(rows.len(), 1 + summary.rows().count());
        assert!(rows.iter().all(|row| row.len() == Column::ALL.len()));
    }
}

#[test]
fn csv_keeps_text_and_numbers() {
    let rows = parse_csv(&Summary::new(&HOSTILE).output_row(true).csv().to_string());
    assert_eq!(rows[1][2], "x,\"y\"");
    assert_eq!(rows[2][2], "a|b");
    assert_eq!(rows[2][3], "linear(2), \"|\" `_` \\ {#%&$~^<>} // \u{1}");
    assert_eq!(rows[3][2], "out|\"put\"");
    let columns = &[Column::Layer, Column::Params, Column::Share, Column::Macs];
    let summary = Summary::new(&ALEXNET).columns(columns).titles(&["name"]);
    let rows = parse_csv(&summary.csv().to_string());
    assert_eq!(rows[0], ["name", "params", "share", "macs"]);
    assert_eq!(rows[2], ["conv1", "34944", "0.000560", "105415200"]);
    assert_eq!(rows[9], ["pool3", "0", "0.000000", "0"]);
    assert_eq!(rows[13], ["Total", "62378344", "1.000000", "1135256096"]);
}

#[test]
fn csv_has_no_formulas() {
    static FORMULA: Graph = HOSTILE.with_name("=1+1").with_statements(&[
        line("=cmd|' /C calc'!A0", "@SUM(1)", (0, 1), 0, 1),
        line("+1", "-1", (0, 1), 0, 1),
        line("safe", "\t=1", (0, 1), 0, 1),
        line("a=b", "2 - 1", (0, 1), 0, 1),
    ]);
    let summary = Summary::new(&FORMULA)
        .input_row(false)
        .titles(&["=1", "@2"]);
    let text = summary.csv().to_string();
    let rows = parse_csv(&text);
    let cells: Vec<&str> = rows[1..5]
        .iter()
        .flat_map(|row| [&*row[2], &*row[3]])
        .collect();
    assert_eq!(cells[..2], ["'=cmd|' /C calc'!A0", "'@SUM(1)"]);
    assert_eq!(cells[2..4], ["'+1", "'-1"]);
    assert_eq!(cells[6..], ["a=b", "2 - 1"]);
    assert_eq!(rows[0][..2], ["'=1", "'@2"]);
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    // What has a `'` before it is quoted, and numbers are as they were.
    assert!(text.contains(",\"'+1\",\"'-1\","), "{text}");
    assert_eq!(rows[1].last().map(String::as_str), Some("true"));
}

#[test]
fn csv_ends_with_whether_costs_are_exact() {
    let rows = parse_csv(&Summary::new(&ALEXNET).csv().to_string());
    let last: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.last())
        .map(|field| &**field)
        .collect();
    assert_eq!(last[0], "exact");
    assert!(last[1..].iter().all(|exact| *exact == "true"));
}

#[test]
fn markdown_has_the_same_cells_in_every_row() {
    for summary in summaries() {
        let text = summary.markdown().to_string();
        let rows: Vec<&str> = text.lines().filter(|l| l.starts_with('|')).collect();
        assert_eq!(rows.len(), 2 + summary.rows().count(), "{text}");
        let bars = |row: &&str| {
            row.replace("\\\\", "")
                .replace("\\|", "")
                .matches('|')
                .count()
        };
        let expected = bars(&rows[0]);
        assert!(rows.iter().all(|row| bars(row) == expected), "{text}");
        assert!(
            rows.iter()
                .all(|row| row.matches('`').count() % 2 == 0 || row.contains("\\`")),
            "{text}"
        );
    }
}

#[test]
fn markdown_escapes() {
    let text = Summary::new(&HOSTILE).markdown().to_string();
    assert!(
        text.starts_with("**\\<Net>\"\\|\\*\\&: x,\"y\" 3 -> out\\|\"put\" 2**\n"),
        "{text}"
    );
    assert!(
        text.contains("| a\\|b | `linear(2), \"\\|\" '_' \\ {#%&$~^<>} //"),
        "{text}"
    );
    let text = Summary::new(&BRANCHES).markdown().to_string();
    assert!(text.contains("| stack ×2 | `repeat 2 {"), "{text}");
    assert!(text.contains("- Buffers: 16, 32 B as f16\n"), "{text}");
}

fn json(summary: Summary) -> Value {
    let text = summary.json().to_string();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn json_parses_and_has_every_figure() {
    for summary in summaries() {
        let report = json(summary);
        assert_eq!(report["schema"], "shapewise.summary");
        assert_eq!(report["version"], 1);
        let graph = summary.graph();
        assert_eq!(report["name"], graph.name());
        assert_eq!(report["totals"]["params"], graph.counts().params());
        assert_eq!(report["totals"]["activations"], graph.activations());
        let layers = report["layers"].as_array().unwrap();
        assert_eq!(layers.len(), graph.nodes().len());
        for (layer, node) in layers.iter().zip(graph.nodes()) {
            assert_eq!(layer["path"], node.path);
            assert_eq!(layer["macs"], node.counts.macs);
            assert_eq!(
                layer["tensors"].as_array().unwrap().len(),
                node.tensors().count()
            );
        }
        // Statements that nothing contains add up to the whole.
        let rows = report["rows"].as_array().unwrap();
        let outer = rows.iter().filter(|row| row["depth"] == 0);
        let params: u64 = outer.map(|row| row["params"].as_u64().unwrap()).sum();
        assert_eq!(report["totals"]["params"], params);
    }
}

#[test]
fn json_of_alexnet() {
    let report = json(Summary::new(&ALEXNET).batch(2));
    assert_eq!(
        report["inputs"][0]["shape"],
        serde_json::json!([227, 227, 3])
    );
    assert_eq!(
        report["outputs"][0],
        serde_json::json!({"name": "logits", "value": 20, "shape": [1000]})
    );
    assert_eq!(report["totals"]["macs"], 2 * 1_135_256_096_u64);
    assert_eq!(
        report["rows"][0]["units"],
        "conv(96, 11x11, stride = 4), relu"
    );
    assert_eq!(report["rows"][1]["from"], serde_json::json!([2]));
    assert_eq!(report["rows"][1]["layers"], serde_json::json!([2, 3]));
    let conv1 = &report["layers"][0];
    assert_eq!(
        conv1["arguments"],
        serde_json::json!({"channels": 96, "kernel": [11, 11], "stride": 4})
    );
    assert_eq!(
        conv1["tensors"][0],
        serde_json::json!({"name": "conv1.weight", "shape": [96, 3, 11, 11], "role": "weight"})
    );
    let dropout = &report["layers"][16];
    assert_eq!(dropout["arguments"], serde_json::json!({"p": 0.5}));
}

#[test]
fn json_has_every_result_and_names_tensors_as_pytorch_does() {
    let report = json(Summary::new(&RESULTS));
    let names = |layer: usize| -> Vec<String> {
        let tensors = report["layers"][layer]["tensors"].as_array().unwrap();
        let names = tensors
            .iter()
            .map(|tensor| tensor["name"].as_str().unwrap());
        names.map(str::to_owned).collect()
    };
    assert_eq!(names(0), ["class_token"]);
    assert_eq!(names(1)[0], "memory.weight_ih_l0");
    assert_eq!(names(2), ["head.weight", "head.bias"]);
    // PyTorch's states are layers*directions x features, the batch left out.
    let shapes = serde_json::json!([
        {"value": 2, "shape": [5, 3]},
        {"value": 3, "shape": [1, 3]},
        {"value": 4, "shape": [1, 3]},
    ]);
    assert_eq!(report["layers"][1]["outputs"], shapes);
}

#[test]
fn json_keeps_text_and_says_what_is_too_large() {
    let report = json(Summary::new(&HOSTILE).batch(u64::MAX));
    assert_eq!(report["name"], HOSTILE.name());
    assert_eq!(report["inputs"][0]["name"], HOSTILE.inputs()[0]);
    assert_eq!(report["rows"][0]["label"], "a|b");
    assert_eq!(report["totals"]["macs"], Value::Null);
    assert_eq!(report["totals"]["params"], 8);
}

#[test]
fn latex_escapes_and_closes() {
    for summary in summaries() {
        let text = summary.latex().to_string();
        let rows: Vec<&str> = text.lines().filter(|l| l.ends_with("\\\\")).collect();
        assert_eq!(rows.len(), 1 + summary.rows().count(), "{text}");
        let separators = |row: &&str| row.replace("\\&", "").matches('&').count();
        assert!(
            rows.iter()
                .all(|row| separators(row) == separators(&rows[0])),
            "{text}"
        );
        let plain = text.replace("\\{", "").replace("\\}", "");
        assert_eq!(
            plain.matches('{').count(),
            plain.matches('}').count(),
            "{text}"
        );
    }
    let text = Summary::new(&HOSTILE).latex().to_string();
    let escaped = "\\textbackslash{} \\{\\#\\%\\&\\$\\textasciitilde{}\\textasciicircum{}\\textless{}\\textgreater{}\\}";
    assert!(text.contains(escaped), "{text}");
}

/// What stands between quotes is left out: labels, and nothing but these.
fn without_strings(dot: &str) -> String {
    let mut outside = String::new();
    let mut characters = dot.chars();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => assert!(quoted && characters.next().is_some(), "{dot}"),
            '"' => quoted = !quoted,
            _ if quoted => assert_ne!(character, '\n', "{dot}"),
            _ => outside.push(character),
        }
    }
    assert!(!quoted, "{dot}");
    outside
}

#[test]
fn dot_draws_every_edge_between_boxes_that_exist() {
    for summary in summaries() {
        let dot = summary.dot().to_string();
        let text = without_strings(&dot);
        assert_eq!(
            text.matches('{').count(),
            text.matches('}').count(),
            "{dot}"
        );
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let lines: Vec<Vec<String>> = text.lines().map(words).collect();
        let edges = lines
            .iter()
            .filter(|line| line.get(1).is_some_and(|w| w == "->"));
        let boxes: Vec<&String> = lines
            .iter()
            .filter(|line| line.get(1).is_some_and(|word| word.starts_with("[label")))
            .map(|line| &line[0])
            .collect();
        let distinct: BTreeSet<&String> = boxes.iter().copied().collect();
        assert_eq!(boxes.len(), distinct.len(), "{dot}");
        let mut reached = BTreeSet::new();
        for edge in edges {
            assert!(
                distinct.contains(&edge[0]) && distinct.contains(&edge[2]),
                "{dot}"
            );
            reached.insert(&edge[2]);
        }
        // Only inputs have nothing that goes in.
        let inputs = distinct.iter().filter(|id| id.starts_with("input")).count();
        assert_eq!(reached.len() + inputs, distinct.len(), "{dot}");
    }
    let dot = Summary::new(&BRANCHES).depth(2).dot().to_string();
    assert!(dot.contains("    row8 [label=\"relu\\nrelu\"];\n"), "{dot}");
    assert!(
        dot.contains("  row8 -> row9 [label=\"32x32x8\"];\n"),
        "{dot}"
    );
    assert!(
        dot.contains("  row1 -> row9 [label=\"32x32x8\"];\n"),
        "{dot}"
    );
    assert!(
        dot.contains("  input1 -> row9 [label=\"32x32x8\"];\n"),
        "{dot}"
    );
}
