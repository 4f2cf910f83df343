//! Bodies: the statements between braces.

use super::Style;
use super::columns::{self, Row};
use super::layout::Layout;
use super::pieces::Pieces;
use super::tokens::{Comment, Group, Node, Token};

/// The lines of a body's statements; nothing where a statement cannot be laid out.
pub(super) fn lines(group: &Group, source: &str, indent: usize, style: Style) -> Vec<String> {
    let nodes = &group.children;
    let margin = " ".repeat(indent);
    let mut rows = Vec::new();
    let mut first = 0;
    while first < nodes.len() {
        let end = statement(nodes, first);
        let after = nodes.get(end).map_or(&group.close, Node::first);
        let mut row = row(&nodes[first..end], source, indent, style);
        if let Some(comment) = &after.trailing {
            row.trailing = format!(" {comment}");
        }
        rows.push(row);
        first = end;
    }
    let mut lines = columns::lines(rows, indent, style);
    if let (Some(comment), true) = (&trailing_of(group), nodes.is_empty()) {
        lines.push(format!("{margin}{comment}"));
    }
    for comment in &group.close.comments {
        if comment.blank && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(comment_lines(comment, &margin));
    }
    lines
}

/// The comment behind a brace that nothing follows.
fn trailing_of(group: &Group) -> Option<String> {
    group.close.trailing.clone()
}

/// Where the statement ends that begins at `first`.
pub(super) fn statement(nodes: &[Node], first: usize) -> usize {
    let mut start = first;
    while nodes.get(start).is_some_and(Node::is_doc) {
        start += 1;
    }
    let value = nodes
        .get(start)
        .is_some_and(|node| (node.is("let") || node.is("assert")) && !is_label(nodes, start));
    let mut i = start;
    let mut expecting = false;
    while let Some(node) = nodes.get(i) {
        i += 1;
        if node.is(";") {
            return i;
        }
        expecting |= node.is("=>");
        if value || expecting || node.braces().is_none() || !is_body(nodes, i - 1) {
            continue;
        }
        let goes_on = nodes.get(i).is_some_and(|next| {
            let words = [",", "=>", ";", "else", "shortcut"];
            words.iter().any(|word| next.is(word)) && !is_label(nodes, i)
        });
        if !goes_on {
            return i;
        }
    }
    i
}

/// Whether a word is a label: a colon follows.
fn is_label(nodes: &[Node], i: usize) -> bool {
    nodes.get(i + 1).is_some_and(|next| next.is(":"))
}

/// Whether braces hold statements, and no value of Rust's.
pub(super) fn is_body(nodes: &[Node], i: usize) -> bool {
    let Some(before) = i.checked_sub(1).and_then(|i| nodes.get(i)) else {
        return true;
    };
    if ["repeat", "if", "in"].iter().any(|word| before.is(word)) {
        // `repeat {N} { ... }`
        return nodes.get(i + 1).is_none_or(|next| next.braces().is_none());
    }
    match before {
        Node::Group(_) => true,
        Node::Leaf(token) => {
            token.is_word() || token.is_doc() || [":", ",", ";"].contains(&&*token.text)
        }
    }
}

/// A statement, laid out.
fn row(nodes: &[Node], source: &str, indent: usize, style: Style) -> Row {
    let margin = " ".repeat(indent);
    let mut row = Row {
        in_column: true,
        ..Row::default()
    };
    let mut start = above(nodes, source, &margin, &mut row);
    let (inner, end) = match nodes.split_last() {
        Some((last, inner)) if last.is(";") && inner.len() >= start => (inner, ";"),
        _ => (nodes, ""),
    };
    end.clone_into(&mut row.end);
    let Some(first) = nodes.get(start) else {
        row.lines.push(String::new());
        return row;
    };
    if has_comments(&nodes[start..], first.first()) {
        let text = verbatim(&nodes[start..], source, indent);
        row.lines = text;
        row.end = String::new();
        row.in_column = false;
        return row;
    }
    // Attributes on the line of the statement, then the label.
    let mut label = Pieces::default();
    let units = label_end(inner, start);
    while start < units && inner[start].is("#") {
        label.add(inner, start, start + 2, source);
        row.label.push_str(&label.line());
        row.label.push(' ');
        label = Pieces::default();
        start += 2;
    }
    if start < units {
        label.add(inner, start, units, source);
        row.label.push_str(&label.line());
        row.label.push(' ');
    }
    let expects = expectation(inner, units);
    if let Some(expects) = expects {
        let mut expect = Pieces::default();
        expect.add(inner, expects, inner.len(), source);
        row.expect = expect.line();
    }
    let inner_end = expects.unwrap_or(inner.len());
    let at = indent + row.label.chars().count();
    let after = row.end.len()
        + match row.expect.chars().count() {
            0 => 0,
            width => width + 2,
        };
    let layout = Layout {
        source,
        indent,
        style,
    };
    row.lines = layout.lines(&inner[..inner_end], units, at, after);
    row
}

/// What stands on lines of its own before a statement: how many of its nodes those are.
pub(super) fn above(nodes: &[Node], source: &str, margin: &str, row: &mut Row) -> usize {
    let mut i = 0;
    let mut is_first = true;
    while let Some(node) = nodes.get(i) {
        let token = node.first();
        let mut blank = token.blank;
        for comment in &token.comments {
            if comment.blank && is_first {
                row.blank = true;
            } else if comment.blank {
                row.above.push(String::new());
            }
            is_first = false;
            row.above.extend(comment_lines(comment, margin));
        }
        if is_first {
            row.blank = blank;
            blank = false;
        }
        let attribute = node.is("#") && nodes.get(i + 1).is_some();
        let own_line = node.is_doc()
            || attribute && nodes.get(i + 2).is_some_and(|next| next.first().new_line);
        if blank && !is_first {
            row.above.push(String::new());
        }
        if !own_line {
            return i;
        }
        is_first = false;
        if attribute {
            let mut pieces = Pieces::default();
            pieces.add(nodes, i, i + 2, source);
            row.above.push(format!("{margin}{}", pieces.line()));
            i += 2;
        } else {
            row.above.push(format!("{margin}{}", token.text));
            i += 1;
        }
    }
    i
}

/// The lines of a comment, the first at the margin and the others moved along.
pub(super) fn comment_lines(comment: &Comment, margin: &str) -> Vec<String> {
    let lines = comment.text.lines().enumerate();
    lines
        .map(|(i, line)| match i {
            0 => format!("{margin}{}", line.trim_end()),
            // The stars of a block of comments stand under each other.
            _ => format!("{margin} {}", line.trim()),
        })
        .collect()
}

/// Whether there are comments within a statement, but for those in its bodies.
pub(super) fn has_comments(nodes: &[Node], first: &Token) -> bool {
    let has = |token: &Token| {
        token.range != first.range && (!token.comments.is_empty() || token.trailing.is_some())
    };
    nodes.iter().enumerate().any(|(i, node)| match node {
        Node::Leaf(token) => has(token) || token.text.contains('\n'),
        Node::Group(group) if node.braces().is_some() && is_body(nodes, i) => has(&group.open),
        Node::Group(group) => {
            let text = has(&group.open) || has(&group.close);
            text || node.braces().is_some()
                && group.open.range.start + 1 < group.close.range.start
                && group_lines(group)
                || has_comments(&group.children, first)
        }
    })
}

/// Whether there are comments within what has no bodies, but before its first token.
pub(super) fn has_inner_comments(nodes: &[Node]) -> bool {
    nodes
        .first()
        .is_some_and(|first| has_comments(nodes, first.first()))
}

/// Whether a value of Rust's takes several lines.
fn group_lines(group: &Group) -> bool {
    let inside = group.children.iter().any(|node| node.first().new_line);
    inside || group.close.new_line
}

/// A statement as it is written, moved to its place.
fn verbatim(nodes: &[Node], source: &str, indent: usize) -> Vec<String> {
    let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else {
        return Vec::new();
    };
    let range = first.first().range.start..last.last().range.end;
    let before = source[..range.start]
        .rsplit('\n')
        .next()
        .unwrap_or_default();
    let column = before.chars().count();
    let text = source.get(range).unwrap_or_default();
    let lines = text.lines().enumerate();
    lines
        .map(|(i, line)| {
            if i == 0 {
                return line.to_owned();
            }
            let own = line.chars().take_while(|c| *c == ' ').count();
            let moved = (own + indent).saturating_sub(column);
            format!("{}{}", " ".repeat(moved), line.trim_start())
        })
        .collect()
}

/// Where the label of a statement ends, with its colon; `start` where there is none.
fn label_end(nodes: &[Node], start: usize) -> usize {
    let mut i = start;
    while nodes.get(i).is_some_and(|node| node.is("#")) {
        i += 2;
    }
    let attributes = i.min(nodes.len());
    let named = match nodes.get(i) {
        Some(Node::Leaf(token)) => token.is_word(),
        Some(Node::Group(group)) => group.delimiter == proc_macro2::Delimiter::Parenthesis,
        None => false,
    };
    if named && nodes.get(i + 1).is_some_and(|node| node.is(":")) {
        return i + 2;
    }
    attributes
}

/// Where `=>` stands.
fn expectation(nodes: &[Node], units: usize) -> Option<usize> {
    (units..nodes.len()).find(|i| nodes[*i].is("=>"))
}
