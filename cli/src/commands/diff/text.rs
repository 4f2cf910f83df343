//! Differences as text, Markdown and JSON.

use std::fmt::Write as _;

use shapewise_core::Graph;
use shapewise_core::report::{Bytes, Comparison, Grouped, Si};

use super::pairs::{Became, Pair, rows};
use crate::json;
use crate::network::Network;
use crate::terminal::Terminal;

/// The networks that are not the same.
fn changed<'p, 'n>(pairs: &'p [Pair<'n>]) -> Vec<(&'p Pair<'n>, Became)> {
    let pairs = pairs.iter().map(|pair| (pair, pair.became()));
    pairs
        .filter(|(_, became)| *became != Became::Same)
        .collect()
}

/// How many networks are the same, as a sentence.
fn the_same(count: usize) -> String {
    match count {
        1 => "1 network is the same".to_owned(),
        count => format!("{count} networks are the same"),
    }
}

fn comparison(before: &'static Graph, after: &'static Graph) -> Comparison {
    let named = |graph: &Graph, name: &'static str| -> &'static Graph {
        Box::leak(Box::new((*graph).with_name(name)))
    };
    Comparison::new(named(before, "before"), named(after, "now"))
}

/// For the terminal: the tables of each network that changed.
pub(super) fn terminal(pairs: &[Pair<'_>], base: &str, terminal: &Terminal) -> String {
    let paint = terminal.out();
    let mut text = String::new();
    let changed = changed(pairs);
    for (pair, became) in &changed {
        let place = pair.network().map_or_else(String::new, Network::place);
        let word = match became {
            Became::Added => paint.good(became.word()),
            Became::Removed | Became::Wrong => paint.error(became.word()),
            _ => became.word().to_owned(),
        };
        let _ = writeln!(text, "{} {word}, {place}", paint.bold(&pair.path()));
        match (became, pair.graphs()) {
            (Became::Changed, Some((before, after))) => {
                let table = comparison(before, after)
                    .width(terminal.width())
                    .colours(paint.is_on())
                    .to_string();
                // Its heading says less than the line above.
                let table = table.split_once('\n').map_or(&*table, |(_, table)| table);
                let _ = writeln!(text, "{}", table.trim_end());
            }
            (Became::Changed, None) => {
                for (mark, line) in expressions(pair) {
                    let line = format!("{mark} {line}");
                    let line = match mark {
                        '-' => paint.error(&line),
                        _ => paint.good(&line),
                    };
                    let _ = writeln!(text, "{line}");
                }
            }
            (Became::Wrong | Became::Mended, _) => {}
            _ => {
                if let Some(graph) = pair.network().and_then(|network| network.graph) {
                    let counts = graph.counts();
                    let _ = writeln!(
                        text,
                        "{} parameters, {} MACs",
                        Grouped(counts.params()),
                        Si(counts.macs)
                    );
                }
            }
        }
        if *became == Became::Changed {
            let (gone, new) = pair.budgets();
            for budget in gone {
                let _ = writeln!(text, "{}", paint.error(&format!("- assert {budget}")));
            }
            for budget in new {
                let _ = writeln!(text, "{}", paint.good(&format!("+ assert {budget}")));
            }
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{} as at {base}",
        the_same(pairs.len() - changed.len())
    );
    text
}

/// The lines of a network with numbers of rustc's that are not the same.
fn expressions(pair: &Pair<'_>) -> Vec<(char, String)> {
    let (Some(before), Some(after)) = (pair.before, pair.after) else {
        return Vec::new();
    };
    let (before, after) = (rows(before), rows(after));
    let line = |row: &shapewise_compiler::Row| {
        let line = format!(
            "{}: {} => {}, {} parameters, {} MACs",
            row.label, row.units, row.output, row.params, row.macs
        );
        line.replace('`', "").replace(":  =>", ": =>")
    };
    let gone = before.iter().filter(|row| !after.contains(row));
    let new = after.iter().filter(|row| !before.contains(row));
    let gone = gone.map(|row| ('-', line(row)));
    gone.chain(new.map(|row| ('+', line(row)))).collect()
}

/// For a comment: the figures of all that changed, and the tables folded.
pub(super) fn markdown(pairs: &[Pair<'_>], base: &str, broken: &[String]) -> String {
    let changed = changed(pairs);
    let mut text = String::from("### Networks\n\n");
    for line in broken {
        let _ = writeln!(text, "> [!CAUTION]\n> {line}\n");
    }
    if !changed.is_empty() {
        text.push_str(
            "| Network | | Parameters | MACs | Peak memory | Output |\n|:--|:--|--:|--:|--:|:--|\n",
        );
    }
    for (pair, became) in &changed {
        let graph = |network: Option<&Network>| network.and_then(|network| network.graph);
        let (before, after) = (graph(pair.before), graph(pair.after));
        let cell = |figure: &dyn Fn(&Graph) -> Option<u64>, write: &dyn Fn(u64) -> String| {
            let of = |graph: Option<&'static Graph>| graph.and_then(figure);
            change(of(before), of(after), write)
        };
        let output = |graph: Option<&Graph>| {
            let graph = graph?;
            let outputs = (0..graph.outputs().len()).map(|i| graph.output(i).to_string());
            Some(outputs.collect::<Vec<_>>().join(", "))
        };
        let output = match (output(before), output(after)) {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (_, Some(output)) | (Some(output), None) => output,
            _ => String::new(),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {output} |",
            pair.path(),
            became.word(),
            cell(&|graph| Some(graph.counts().params()), &|n| Grouped(n)
                .to_string()),
            cell(&|graph| Some(graph.counts().macs), &|n| Si(n).to_string()),
            cell(&|graph| graph.peak_bytes().ok(), &|n| Bytes(n).to_string()),
        );
    }
    let _ = writeln!(
        text,
        "\n{} as at {base}.",
        the_same(pairs.len() - changed.len())
    );
    for (pair, became) in &changed {
        if *became != Became::Changed {
            continue;
        }
        let _ = writeln!(
            text,
            "\n<details><summary><code>{}</code></summary>\n",
            pair.path().replace('<', "&lt;")
        );
        let (gone, new) = pair.budgets();
        let budgets = gone.iter().map(|budget| format!("- assert {budget}"));
        let mut lines: Vec<String> = budgets
            .chain(new.iter().map(|budget| format!("+ assert {budget}")))
            .collect();
        match pair.graphs() {
            Some((before, after)) => {
                let table = comparison(before, after).markdown().to_string();
                let table = table.split_once("\n\n").map_or(&*table, |(_, table)| table);
                let _ = writeln!(text, "{}\n", table.trim_end());
            }
            None => {
                let expressions = expressions(pair).into_iter();
                let expressions = expressions.map(|(mark, line)| format!("{mark} {line}"));
                lines.splice(0..0, expressions);
            }
        }
        if !lines.is_empty() {
            let _ = writeln!(text, "```diff\n{}\n```\n", lines.join("\n"));
        }
        text.push_str("</details>\n");
    }
    text
}

/// A figure as it was and as it is, with the change in percent.
#[expect(clippy::cast_precision_loss, reason = "a percentage is rough")]
fn change(before: Option<u64>, after: Option<u64>, write: &dyn Fn(u64) -> String) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before == after => write(after),
        (Some(before), Some(after)) => {
            let percent = match before {
                0 => String::new(),
                before => {
                    let change = 100.0 * (after as f64 / before as f64 - 1.0);
                    format!(" ({change:+.1}%)")
                }
            };
            format!("{} → {}{percent}", write(before), write(after))
        }
        (_, Some(one)) | (Some(one), None) => write(one),
        (None, None) => String::new(),
    }
}

/// For programs: an object for each network.
pub(super) fn json(pairs: &[Pair<'_>]) -> String {
    let objects: Vec<String> = pairs
        .iter()
        .map(|pair| {
            let mut object = json::Object::default();
            object.text("network", &pair.path());
            object.text("change", pair.became().word());
            for (name, network) in [("before", pair.before), ("after", pair.after)] {
                if let Some(graph) = network.and_then(|network| network.graph) {
                    let mut figures = json::Object::default();
                    let counts = graph.counts();
                    figures.value("params", counts.params());
                    figures.value("macs", counts.macs);
                    figures.value("param_bytes", graph.param_bytes());
                    figures.value("activations", graph.activations());
                    if let Ok(peak) = graph.peak_bytes() {
                        figures.value("peak_activation_bytes", peak);
                    }
                    object.value(name, figures.finish());
                }
            }
            object.finish()
        })
        .collect();
    json::lines(&objects)
}
