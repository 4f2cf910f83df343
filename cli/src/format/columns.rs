//! Statements beneath each other: labels and `=>` in columns.

use super::Style;

/// A statement that was laid out, but for its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The lines before it: comments, documentation, attributes.
    pub(super) above: Vec<String>,
    /// Whether a line is empty before those.
    pub(super) blank: bool,
    /// What stands before its units on their line: attributes, then the label with its
    /// colon.
    pub(super) label: String,
    /// Its units: the first line without indentation, the others with.
    pub(super) lines: Vec<String>,
    /// `=> 55x55x96`
    pub(super) expect: String,
    /// `;`
    pub(super) end: String,
    /// The comment after it.
    pub(super) trailing: String,
    /// Whether the label stands in a column with those of its neighbours.
    pub(super) in_column: bool,
}

impl Row {
    fn is_single(&self) -> bool {
        self.lines.len() == 1
    }

    /// How wide it is beside its label.
    fn width(&self) -> usize {
        let expect = match self.expect.chars().count() {
            0 => 0,
            width => width + 2,
        };
        let line = self.lines.first().map_or(0, |line| line.chars().count());
        line + expect + self.end.len()
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// The lines of a body's statements.
pub(super) fn lines(mut rows: Vec<Row>, indent: usize, style: Style) -> Vec<String> {
    align_labels(&mut rows, indent, style);
    align_expectations(&mut rows, indent, style);
    let mut lines = Vec::new();
    let margin = " ".repeat(indent);
    for (i, row) in rows.into_iter().enumerate() {
        if row.blank && i > 0 {
            lines.push(String::new());
        }
        lines.extend(row.above);
        let last = row.lines.len().saturating_sub(1);
        for (j, line) in row.lines.into_iter().enumerate() {
            let mut text = match j {
                0 => format!("{margin}{}{line}", row.label),
                _ => line,
            };
            if j == last {
                text.push_str(&row.expect);
                text.push_str(&row.end);
                text.push_str(&row.trailing);
            }
            lines.push(text);
        }
    }
    lines
}

/// Labels of statements on neighbouring lines: the units begin in one column.
fn align_labels(rows: &mut [Row], indent: usize, style: Style) {
    let mut first = 0;
    while first < rows.len() {
        let mut end = first + 1;
        // What takes several lines, and what comes after an empty one, begins anew.
        while end < rows.len()
            && rows[end - 1].is_single()
            && rows[end].is_single()
            && !rows[end].blank
            && rows[end].above.is_empty()
        {
            end += 1;
        }
        let run = &mut rows[first..end];
        let labelled = |row: &&Row| row.in_column && !row.label.is_empty();
        let column = run
            .iter()
            .filter(labelled)
            .map(|row| chars(&row.label))
            .max();
        let column = column.unwrap_or(0);
        let fits = run
            .iter()
            .filter(labelled)
            .all(|row| indent + column + row.width() <= style.width);
        if fits && run.iter().all(Row::is_single) {
            for row in run
                .iter_mut()
                .filter(|row| row.in_column && !row.label.is_empty())
            {
                let more = column - chars(&row.label);
                row.label.push_str(&" ".repeat(more));
            }
        }
        first = end;
    }
}

/// `=>` in one column in all of a body, as far as there is room.
fn align_expectations(rows: &mut [Row], indent: usize, style: Style) {
    // How long the line is at whose end it stands.
    let before = |row: &Row| match row.lines.as_slice() {
        [one] => indent + chars(&row.label) + chars(one),
        [.., last] => chars(last),
        [] => 0,
    };
    let after = |row: &Row| chars(&row.expect) + row.end.len();
    let expecting: Vec<(usize, usize)> = rows
        .iter()
        .filter(|row| !row.expect.is_empty())
        .map(|row| (before(row), after(row)))
        .collect();
    // The widest line beside whose column all that is in it has room.
    let widths = expecting.iter().map(|(before, _)| *before);
    let column = widths
        .filter(|column| {
            let inside = expecting.iter().filter(|(before, _)| before <= column);
            inside
                .clone()
                .all(|(_, after)| column + 2 + after <= style.width)
        })
        .max();
    for row in rows.iter_mut().filter(|row| !row.expect.is_empty()) {
        let own = before(row);
        let gap = match column {
            Some(column) if own <= column => column + 2 - own,
            _ => 1,
        };
        row.expect.insert_str(0, &" ".repeat(gap));
    }
}
