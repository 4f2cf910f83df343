//! The rows and the table: every cell.

use std::fmt::{self, Write};

use crate::support::{ALEXNET, BRANCHES, LENET, RESULTS, SKIP};
use shapewise_core::Shape;
use shapewise_core::graph::{DType, Graph};
use shapewise_core::report::{Bytes, Column, Grouped, Row, RowKind, Si, Summary};

/// A Markdown table's cells, a list per row, without the line below the titles.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    let rows = rows.filter(|line| !line.starts_with("| ---"));
    rows.map(|line| {
        let inner = line.strip_prefix('|').unwrap().strip_suffix('|').unwrap();
        let mut cells = vec![String::new()];
        let mut before = ' ';
        for character in inner.chars() {
            if character == '|' && before != '\\' {
                cells.push(String::new());
            } else {
                cells.last_mut().unwrap().push(character);
            }
            // A backslash that is escaped escapes nothing.
            before = if before == '\\' { ' ' } else { character };
        }
        cells.iter().map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// `Conv-1`, as the founding article has it.
fn article_name(row: &Row, out: &mut dyn Write) -> fmt::Result {
    let names = [("conv", "Conv"), ("pool", "MaxPool"), ("fc", "FC")];
    match row.kind {
        RowKind::Input => out.write_str("Input Image"),
        RowKind::Output => out.write_str("Output"),
        _ => match names.iter().find(|(start, _)| row.label.starts_with(start)) {
            Some((start, name)) => write!(out, "{name}-{}", &row.label[start.len()..]),
            None => out.write_str(row.label),
        },
    }
}

/// `4096x1`, as the founding article has it.
fn article_shape(shape: &Shape, out: &mut dyn Write) -> fmt::Result {
    match shape.rank() {
        1 => write!(out, "{shape}x1"),
        _ => write!(out, "{shape}"),
    }
}

const ARTICLE: Summary = Summary::new(&ALEXNET)
    .columns(&[
        Column::Layer,
        Column::Output,
        Column::Weights,
        Column::Biases,
        Column::Params,
    ])
    .titles(&["Layer", "Tensor size", "Weights", "Biases", "Parameters"])
    .totals(&[Column::Params])
    .names(article_name)
    .shapes(article_shape)
    .zero("0")
    .output_row(true)
    .heading(false)
    .footer(false);

#[test]
fn the_articles_table() {
    let expected = [
        ["Layer", "Tensor size", "Weights", "Biases", "Parameters"],
        ["Input Image", "227x227x3", "0", "0", "0"],
        ["Conv-1", "55x55x96", "34,848", "96", "34,944"],
        ["MaxPool-1", "27x27x96", "0", "0", "0"],
        ["Conv-2", "27x27x256", "614,400", "256", "614,656"],
        ["MaxPool-2", "13x13x256", "0", "0", "0"],
        ["Conv-3", "13x13x384", "884,736", "384", "885,120"],
        ["Conv-4", "13x13x384", "1,327,104", "384", "1,327,488"],
        ["Conv-5", "13x13x256", "884,736", "256", "884,992"],
        ["MaxPool-3", "6x6x256", "0", "0", "0"],
        ["FC-1", "4096x1", "37,748,736", "4,096", "37,752,832"],
        ["FC-2", "4096x1", "16,777,216", "4,096", "16,781,312"],
        ["FC-3", "1000x1", "4,096,000", "1,000", "4,097,000"],
        ["Output", "1000x1", "0", "0", "0"],
        ["Total", "", "", "", "62,378,344"],
    ];
    assert_eq!(cells(&ARTICLE.markdown().to_string()), expected);

    // The terminal has the same cells, with nothing around them.
    let table = ARTICLE.to_string();
    let lines = table.lines().filter(|line| !line.starts_with('─'));
    let words: Vec<String> = lines.map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(words, expected.map(|row| row.concat().replace(' ', "")));
}

#[test]
fn the_table_for_the_terminal() {
    let expected = "\
AlexNet: image 227x227x3 -> logits 1000

Layer  Units                                Output        Weights  Biases      Params  Share    MACs
────────────────────────────────────────────────────────────────────────────────────────────────────
image  input                                227x227x3
conv1  conv(96, 11x11, stride = 4), relu    55x55x96       34,848      96      34,944   0.1%   105 M
pool1  max_pool(3x3, stride = 2)            27x27x96            -       -           -      -       -
conv2  conv(256, 5x5, padding = 2), relu    27x27x256     614,400     256     614,656   1.0%   448 M
pool2  max_pool(3x3, stride = 2)            13x13x256           -       -           -      -       -
conv3  conv(384, 3x3, padding = 1), relu    13x13x384     884,736     384     885,120   1.4%   150 M
conv4  conv(384, 3x3, padding = 1), relu    13x13x384   1,327,104     384   1,327,488   2.1%   224 M
conv5  conv(256, 3x3, padding = 1), relu    13x13x256     884,736     256     884,992   1.4%   150 M
pool3  max_pool(3x3, stride = 2)            6x6x256             -       -           -      -       -
fc1    flatten, linear(9216 -> 4096), rel…  4096       37,748,736   4,096  37,752,832  60.5%  37.7 M
fc2    linear(4096), relu                   4096       16,777,216   4,096  16,781,312  26.9%  16.8 M
fc3    linear(1000)                         1000        4,096,000   1,000   4,097,000   6.6%  4.10 M
────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                                  62,367,776  10,568  62,378,344   100%  1.14 G

Parameters   62,378,344 = 62,367,776 weights + 10,568 biases, 238 MiB as f32
MACs         1.14 G, 2.27 G FLOPs (one sample)
Activations  1.45 M elements, 5.54 MiB as f32, all results together (one sample)
Peak memory  445 k elements, 1.70 MiB as f32, at inference during conv1 (one sample)
Training     1.07 M elements, 4.53 MiB, kept for the way back (one sample)
Counted      MACs of weight and attention products only; FLOPs = 2 x MACs; buffers are no parameters
";
    assert_eq!(Summary::new(&ALEXNET).to_string(), expected);
}

#[test]
fn lenet() {
    let rows: Vec<Row> = Summary::new(&LENET).input_row(false).rows().collect();
    let params: Vec<u64> = rows.iter().map(|row| row.counts.params()).collect();
    assert_eq!(params, [156, 0, 2_416, 0, 48_120, 10_164, 850, 61_706]);
    let shapes: Vec<String> = rows
        .iter()
        .filter_map(|row| row.output.map(|shape| shape.to_string()))
        .collect();
    assert_eq!(
        shapes,
        [
            "28x28x6", "14x14x6", "10x10x16", "5x5x16", "120", "84", "10"
        ]
    );
    let total = rows.last().unwrap();
    assert_eq!((total.kind, total.output), (RowKind::Total, None));
}

/// Depth, name below its group, and what goes in.
fn outline(summary: Summary) -> Vec<(usize, String, String)> {
    let rows = summary.total_row(false).rows();
    rows.map(|row| {
        let (name, from) = (row.short_path().to_string(), row.connected().to_string());
        (row.depth, name, from)
    })
    .collect()
}

#[test]
fn statements_say_where_their_values_come_from() {
    let summary = Summary::new(&BRANCHES).output_row(true);
    let expected = [
        (0, "image", ""),
        (0, "prior", ""),
        (0, "stem", "image"),
        (0, "stack", "stem"),
        (0, "0", "stack"),
        (0, "joined", "0, stem, prior"),
        (0, "boxes", "joined"),
        (0, "classes", "joined"),
        (0, "boxes", "boxes"),
        (0, "classes", "classes"),
    ];
    assert_eq!(
        outline(summary),
        expected.map(|(d, n, c)| (d, n.to_owned(), c.to_owned()))
    );
    assert!(summary.to_string().contains("Connected to"));
    let skip = Summary::new(&SKIP).to_string();
    assert!(
        skip.contains("Connected to\n") && skip.contains("  act, norm\n"),
        "{skip}"
    );
    assert!(!Summary::new(&ALEXNET).to_string().contains("Connected to"));
}

#[test]
fn a_result_that_no_statement_names_is_called_by_its_layer() {
    let rows = outline(Summary::new(&RESULTS).input_row(false));
    let rows: Vec<&str> = rows.iter().map(|(_, _, from)| from.as_str()).collect();
    assert_eq!(rows, ["x", "memory.hidden"]);
}

#[test]
fn groups_open_to_the_depth_asked_for() {
    let expected = [
        (0, "stem", "image"),
        (1, "0", "image"),
        (1, "1", "stem.0"),
        (0, "stack", "stem"),
        (1, "0.conv", "stem"),
        (0, "0", "stack"),
        (1, "side", "stack"),
        // In the group, but in none of its statements.
        (1, "relu", "0.side"),
        (0, "joined", "0, stem, prior"),
        (0, "boxes", "joined"),
        (0, "classes", "joined"),
    ];
    let summary = Summary::new(&BRANCHES).input_row(false);
    assert_eq!(
        outline(summary.depth(2)),
        expected.map(|(d, n, c)| (d, n.to_owned(), c.to_owned()))
    );
    assert_eq!(outline(summary.depth(9)), outline(summary.depth(2)));
    assert_eq!(outline(summary.depth(0)), outline(summary.depth(1)));

    // What is in an opened group adds up to the group, and the outermost rows to
    // the total.
    let rows: Vec<Row> = summary.depth(2).rows().collect();
    let sum = |rows: &[Row]| rows.iter().map(|row| row.counts.params()).sum::<u64>();
    let outer: Vec<Row> = rows.iter().copied().filter(|row| row.depth == 0).collect();
    let (total, outer) = outer.split_last().unwrap();
    assert_eq!(sum(outer), total.counts.params());
    assert!(rows[0].opened && !rows[1].opened);
    assert_eq!(sum(&rows[1..3]), rows[0].counts.params());
    assert_eq!((rows[3].copies, rows[3].counts.params()), (2, 1_168));
}

#[test]
fn layers_are_written_as_in_a_network() {
    let units = |graph| -> Vec<String> {
        let rows = Summary::new(graph).layers().input_row(false).rows();
        rows.map(|row| row.units().to_string()).collect()
    };
    let alexnet = units(&ALEXNET);
    assert_eq!(alexnet[0], "conv(96, 11x11, stride = 4)");
    assert_eq!(alexnet[1], "relu");
    assert_eq!(alexnet[14], "linear(9216 -> 4096)");
    assert_eq!(alexnet[16], "dropout(0.5)");
    let branches = units(&BRANCHES);
    assert_eq!(branches[0], "conv(8, 3x3, padding = same, bias = false)");
    assert_eq!(branches[9], "add(0.relu, stem.2, prior)");
    // Whatever the order, what is written is a call that means the same.
    assert_eq!(
        branches[11],
        "conv(bias = true, kernel = 1x1, channels = 2)"
    );

    let rows = Summary::new(&BRANCHES).layers().input_row(false).rows();
    let rows: Vec<Row> = rows.collect();
    assert_eq!(rows.len(), BRANCHES.nodes().len() + 1);
    assert_eq!((rows[0].kind, rows[0].label), (RowKind::Layer, "stem.0"));
}

#[test]
fn a_graph_without_statements_shows_its_layers() {
    static BARE: Graph = LENET.with_statements(&[]);
    assert_eq!(
        Summary::new(&BARE).to_string(),
        Summary::new(&BARE).layers().to_string()
    );
    assert_eq!(Summary::new(&BARE).rows().count(), LENET.nodes().len() + 2);
}

#[test]
fn options() {
    let table = Summary::new(&ALEXNET).batch(32).dtype(DType::F16);
    let table = table.zero("none").to_string();
    assert!(
        table.contains("MACs         36.3 G, 72.7 G FLOPs (32 samples)"),
        "{table}"
    );
    assert!(table.contains("119 MiB as f16"), "{table}");
    assert!(table.contains(" none"), "{table}");
    // A batch that is too large for 64 bits is not a number, and no panic.
    let table = Summary::new(&ALEXNET).batch(u64::MAX).to_string();
    assert!(table.contains("overflow"), "{table}");

    let all = Summary::new(&BRANCHES).columns(Column::ALL).width(300);
    let titles = all.titles(&["Art"]).heading(false).to_string();
    let titles = titles.lines().next().unwrap().to_owned();
    assert!(titles.starts_with("Art "), "{titles}");
    for column in &Column::ALL[1..] {
        assert!(titles.contains(column.title()), "{titles}");
    }
    assert!(
        Summary::new(&BRANCHES)
            .to_string()
            .contains("Buffers      16, 32 B as f16")
    );
    assert!(!Summary::new(&ALEXNET).to_string().contains("Buffers"));
    let bare = Summary::new(&LENET).input_row(false).total_row(false);
    assert_eq!(
        bare.heading(false)
            .footer(false)
            .to_string()
            .lines()
            .count(),
        2 + 7
    );
}

#[test]
fn numbers() {
    let si = |number| Si(number).to_string();
    assert_eq!([si(0), si(999), si(1000)], ["0", "999", "1.00 k"]);
    assert_eq!(
        [si(9_994), si(9_995), si(10_000)],
        ["9.99 k", "10.0 k", "10.0 k"]
    );
    assert_eq!([si(99_949), si(99_950)], ["99.9 k", "100 k"]);
    assert_eq!([si(999_499), si(999_500)], ["999 k", "1.00 M"]);
    assert_eq!([si(1_135_256_096), si(u64::MAX)], ["1.14 G", "18.4 E"]);
    let bytes = |number| Bytes(number).to_string();
    assert_eq!(
        [bytes(0), bytes(1023), bytes(1024)],
        ["0 B", "1023 B", "1.00 KiB"]
    );
    assert_eq!(
        [bytes(1_047_552), bytes(1_048_575)],
        ["1023 KiB", "1.00 MiB"]
    );
    assert_eq!(
        [bytes(249_513_376), bytes(u64::MAX)],
        ["238 MiB", "16.0 EiB"]
    );
    assert_eq!(
        format!("{:>8}|{:<9}|{:>7}", Si(1500), Bytes(10), Grouped(1500)),
        "  1.50 k|10 B     |  1,500"
    );
}
