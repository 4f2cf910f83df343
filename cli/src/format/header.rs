//! Networks and blocks: what stands before their braces, and the bodies inside.

use super::Style;
use super::body;
use super::columns::Row;
use super::layout;
use super::pieces::Pieces;
use super::tokens::{Group, Node};

/// The lines of all items of an invocation.
pub(super) fn items(
    file: &Group,
    source: &str,
    indent: usize,
    style: Style,
) -> Option<Vec<String>> {
    let nodes = &file.children;
    let margin = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    let mut first = 0;
    while first < nodes.len() {
        let end = item(nodes, first);
        let own = &nodes[first..end];
        let mut row = Row::default();
        let start = body::above(own, source, &margin, &mut row);
        if row.blank && !lines.is_empty() {
            lines.push(String::new());
        }
        // Beside the bracket before it or the item before: a comment of that.
        let trailing = own.first().and_then(|node| node.first().trailing.clone());
        if let (Some(comment), true) = (trailing, lines.is_empty()) {
            lines.push(format!("{margin}{comment}"));
        }
        lines.append(&mut row.above);
        lines.extend(declared(&own[start..], source, indent, style)?);
        let after = nodes.get(end).map_or(&file.close, Node::first);
        if let (Some(comment), Some(line)) = (&after.trailing, lines.last_mut()) {
            line.push_str(&format!(" {comment}"));
        }
        first = end;
    }
    for comment in &file.close.comments {
        if comment.blank && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(body::comment_lines(comment, &margin));
    }
    Some(lines)
}

/// Where the item ends that begins at `first`: with its braces, or a semicolon.
fn item(nodes: &[Node], first: usize) -> usize {
    let ends = |node: &Node| node.is(";") || node.braces().is_some();
    let found = (first..nodes.len()).find(|i| {
        let braces = nodes[*i].braces().is_some();
        // `use path::{One, Other};`
        let path = braces && i.checked_sub(1).is_some_and(|i| nodes[i].is("::"));
        ends(&nodes[*i]) && !path
    });
    found.map_or(nodes.len(), |end| end + 1)
}

/// The lines of an item without what stands above it.
fn declared(nodes: &[Node], source: &str, indent: usize, style: Style) -> Option<Vec<String>> {
    let margin = " ".repeat(indent);
    let Some((last, before)) = nodes.split_last() else {
        return Some(Vec::new());
    };
    let comments = |node: &Node| {
        let token = node.first();
        !token.comments.is_empty() || token.trailing.is_some()
    };
    // A comment in a head stays where it is.
    if nodes.iter().skip(1).any(comments) || body::has_inner_comments(before) {
        return None;
    }
    let mut pieces = Pieces::default();
    pieces.add(nodes, 0, before.len(), source);
    let Some(group) = last.braces() else {
        pieces = Pieces::default();
        pieces.add(nodes, 0, nodes.len(), source);
        return Some(indented(
            pieces.lines(indent, indent + style.tab, 0, style),
            &margin,
        ));
    };
    if let Some(inline) = layout::inline(group, source) {
        let mut whole = pieces.clone();
        whole.push(&inline, true);
        let line = format!("{margin}{}", whole.line());
        if line.chars().count() <= style.width {
            return Some(vec![line]);
        }
    }
    pieces.push("{", true);
    let head = pieces.lines(indent, indent + style.tab, 0, style);
    let mut lines = indented(head, &margin);
    if group.children.is_empty()
        && group.close.comments.is_empty()
        && group.close.trailing.is_none()
    {
        if let Some(line) = lines.last_mut() {
            line.push('}');
        }
        return Some(lines);
    }
    let trailing = group
        .children
        .first()
        .and_then(|node| node.first().trailing.as_ref());
    if let (Some(comment), Some(line)) = (trailing, lines.last_mut()) {
        line.push_str(&format!(" {comment}"));
    }
    lines.extend(body::lines(group, source, indent + style.tab, style));
    lines.push(format!("{margin}}}"));
    Some(lines)
}

/// Lines of which the first has no indentation yet.
fn indented(mut lines: Vec<String>, margin: &str) -> Vec<String> {
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, margin);
    }
    lines
}
