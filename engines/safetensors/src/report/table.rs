//! The table for the terminal.

use std::fmt::{self, Write as _};

use shapewise_files::Plain;

use crate::dtype::ElementType;
use crate::report::{Finding, Hint, Kind, Report};

/// The most rows of one kind, unless everything is asked for.
const MOST: usize = 12;
/// From how many tensors of another type on they share a row.
const FOLD_TYPES: usize = 4;
/// The widest name, unless everything is asked for.
const WIDEST: usize = 44;
/// What stands between two columns.
const GAP: usize = 2;

const TITLES: [&str; 4] = ["Tensor", "Expected", "Found", "Finding"];

/// The kinds that have rows of their own, and what a number of them is called.
const LISTED: [(Kind, &str); 7] = [
    (Kind::Shape, "of another shape"),
    (Kind::ElementType, "of another type"),
    (Kind::Name, "under another name"),
    (Kind::Square, "square beside transposed ones"),
    (Kind::Pattern, "a pattern without a matrix"),
    (Kind::Missing, "missing"),
    (Kind::Unexpected, "unexpected"),
];

type Row = [String; 4];

/// Writes the table; all of it in the alternate form.
pub(super) fn write(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (name, all, fitting) = (report.network, report.expected, report.fitting);
    let tensors = if all == 1 { "tensor" } else { "tensors" };
    if report.is_ok() {
        write!(
            f,
            "{name}: the checkpoint has all {all} {tensors} of the definition"
        )?;
    } else {
        write!(
            f,
            "{name}: the checkpoint has {fitting} of {all} {tensors} as the definition has them"
        )?;
    }
    f.write_char('\n')?;
    let rows = rows(report, f.alternate());
    if !rows.is_empty() {
        f.write_char('\n')?;
        write_rows(&rows, f)?;
        f.write_char('\n')?;
        write_totals(report, f)?;
    }
    write_harmless(report, f)
}

fn rows(report: &Report, everything: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for (kind, _) in LISTED {
        let findings: Vec<&Finding> = report.of_kind(kind).collect();
        if everything {
            rows.extend(findings.iter().map(|finding| row(finding, usize::MAX)));
        } else {
            let unlisted = if kind == Kind::Unexpected {
                report.unlisted
            } else {
                0
            };
            add_folded(&findings, unlisted, &mut rows);
        }
    }
    if everything && report.unlisted > 0 {
        rows.push(more(report.unlisted));
    }
    rows
}

/// Adds rows for findings of one kind: those that change by one rule share one, and
/// beyond a number of rows the others are only counted.
fn add_folded(findings: &[&Finding], unlisted: usize, rows: &mut Vec<Row>) {
    let (mut left, mut written) = (findings, 0);
    while let [first, ..] = left {
        if written == MOST {
            break;
        }
        // The findings of a layer stand together; so do those of a rule.
        let alike = left
            .iter()
            .take_while(|other| are_alike(first, other))
            .count();
        let folds = match first.kind {
            Kind::Name => alike > 1,
            _ => alike >= FOLD_TYPES,
        };
        let taken = if folds { alike } else { 1 };
        rows.push(if folds {
            folded(first, alike)
        } else {
            row(first, WIDEST)
        });
        left = &left[taken..];
        written += 1;
    }
    if left.len() + unlisted > 0 {
        rows.push(more(left.len() + unlisted));
    }
}

fn are_alike(one: &Finding, other: &Finding) -> bool {
    match one.kind {
        Kind::Name => one.rename == other.rename,
        Kind::ElementType => found_type(one) == found_type(other) && one.rename == other.rename,
        _ => false,
    }
}

fn found_type(finding: &Finding) -> Option<ElementType> {
    finding.found.as_ref().map(|found| found.element_type)
}

/// The row of several findings.
fn folded(first: &Finding, count: usize) -> Row {
    let common = first
        .rename
        .as_ref()
        .map_or("", |rename| rename.to.as_str());
    let name = format!("{}* ({count} tensors)", Plain(common));
    let types = first.kind == Kind::ElementType;
    let type_of = |element_type: Option<ElementType>| match element_type {
        Some(element_type) if types => lower(element_type),
        _ => String::new(),
    };
    [
        name,
        type_of(first.expected.map(|expected| expected.element_type)),
        type_of(found_type(first)),
        note(first),
    ]
}

/// The row of one finding.
fn row(finding: &Finding, widest: usize) -> Row {
    let expected = finding.expected.map(|expected| {
        let shape = expected
            .shape
            .as_slice()
            .iter()
            .map(|extent| *extent as u64);
        describe(shape, expected.element_type)
    });
    let found = finding
        .found
        .as_ref()
        .map(|found| describe(found.shape.iter().copied(), found.element_type));
    let dash = || "-".to_owned();
    [
        shortened(&Plain(&finding.name).to_string(), widest),
        expected.unwrap_or_else(dash),
        found.unwrap_or_else(dash),
        note(finding),
    ]
}

fn more(count: usize) -> Row {
    let mut row = Row::default();
    row[0] = format!("… and {count} more");
    row
}

fn note(finding: &Finding) -> String {
    let mut note = match (finding.kind, finding.hint) {
        (Kind::Shape, Some(Hint::Transposed)) => "transposed".to_owned(),
        (Kind::Shape, Some(Hint::SameElements)) => "other shape, as many elements".to_owned(),
        (Kind::Shape, None) => "other shape".to_owned(),
        (Kind::ElementType, _) => "other type".to_owned(),
        (Kind::Missing, _) => "missing".to_owned(),
        (Kind::Unexpected, _) => "unexpected".to_owned(),
        (Kind::Square, _) => "square: transposed, too?".to_owned(),
        (Kind::Pattern, _) => "matches no matrix".to_owned(),
        _ => String::new(),
    };
    if let Some(rename) = &finding.rename {
        if !note.is_empty() {
            note.push_str("; ");
        }
        let whole = finding.name == rename.to;
        let rest = if whole { "" } else { "*" };
        let (from, to) = (Plain(&rename.from), Plain(&rename.to));
        note.push_str(&format!("rename `{from}{rest}` to `{to}{rest}`"));
    }
    note
}

/// A shape and a type: `64x3x7x7 f32`.
fn describe(shape: impl Iterator<Item = u64>, element_type: ElementType) -> String {
    let extents: Vec<String> = shape.map(|extent| extent.to_string()).collect();
    let shape = match extents.len() {
        0 => "scalar".to_owned(),
        1..=6 => extents.join("x"),
        axes => format!("{}x… ({axes} axes)", extents[..4].join("x")),
    };
    format!("{shape} {}", lower(element_type))
}

fn lower(element_type: ElementType) -> String {
    element_type.name().to_ascii_lowercase()
}

/// The text with its middle left out where it is too long: names differ at both ends.
fn shortened(text: &str, widest: usize) -> String {
    let length = text.chars().count();
    if length <= widest {
        return text.to_owned();
    }
    let (head, tail) = (widest / 3, widest - widest / 3 - 1);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

fn write_rows(rows: &[Row], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut widths = TITLES.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    write_line(&TITLES, &widths, f)?;
    let rule = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    writeln!(f, "{}", "─".repeat(rule))?;
    for row in rows {
        write_line(&row.each_ref().map(String::as_str), &widths, f)?;
    }
    Ok(())
}

/// Writes a line without spaces at its end.
fn write_line(cells: &[&str; 4], widths: &[usize; 4], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut pending = 0;
    for (cell, width) in cells.iter().zip(widths) {
        if !cell.is_empty() {
            write!(f, "{:pending$}{cell}", "")?;
            pending = 0;
        }
        pending += width - cell.chars().count() + GAP;
    }
    f.write_char('\n')
}

fn write_totals(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut separator = "";
    for (kind, text) in LISTED {
        let unlisted = if kind == Kind::Unexpected {
            report.unlisted
        } else {
            0
        };
        let count = report.of_kind(kind).count() + unlisted;
        if count > 0 {
            write!(f, "{separator}{count} {text}")?;
            separator = ", ";
        }
    }
    f.write_char('\n')?;
    if report.is_ok_after_renames() {
        f.write_str("renamed like this, the checkpoint fits\n")?;
    }
    if report.of_kind(Kind::Square).next().is_some() {
        f.write_str("a reading says which matrices are `transposed`, and which `upright`\n")?;
    }
    Ok(())
}

fn write_harmless(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut separator = "harmless: ";
    let leftovers = report.of_kind(Kind::Leftover).count();
    if leftovers > 0 {
        write!(f, "{separator}{leftovers} left over (")?;
        let mut names: Vec<&str> = report
            .of_kind(Kind::Leftover)
            .map(|finding| finding.name.rsplit('.').next().unwrap_or_default())
            .collect();
        names.sort_unstable();
        names.dedup();
        write!(f, "{})", names.join(", "))?;
        separator = ", ";
    }
    for (kind, text) in [
        (Kind::Renamed, "under another name"),
        (Kind::Converted, "of another float type"),
        (Kind::Tied, "there under a name that they are tied to"),
    ] {
        let count = report.of_kind(kind).count();
        if count > 0 {
            write!(f, "{separator}{count} {text}")?;
            separator = ", ";
        }
    }
    if separator == ", " {
        f.write_char('\n')?;
    }
    Ok(())
}
