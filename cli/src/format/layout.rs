//! Statements with bodies: what stands on one line, and what takes several.

use super::Style;
use super::body::{self, has_comments, is_body, statement};
use super::pieces::{Pieces, written};
use super::tokens::{Group, Node};

/// How the units of a statement are laid out.
#[derive(Clone, Copy)]
pub(super) struct Layout<'s> {
    pub(super) source: &'s str,
    pub(super) indent: usize,
    pub(super) style: Style,
}

impl Layout<'_> {
    /// The lines of units, of which the first begins at the column `at` without its
    /// indentation.
    pub(super) fn lines(
        self,
        nodes: &[Node],
        units: usize,
        at: usize,
        after: usize,
    ) -> Vec<String> {
        let lines = self.with_bodies(nodes, units, at, after, false);
        let too_wide = lines.iter().enumerate().any(|(i, line)| {
            let begin = if i == 0 { at } else { 0 };
            let end = if i + 1 == lines.len() { after } else { 0 };
            begin + line.chars().count() + end > self.style.width
        });
        if too_wide {
            return self.with_bodies(nodes, units, at, after, true);
        }
        lines
    }

    /// The lines, all bodies taking several where `open`, else those that do.
    fn with_bodies(
        self,
        nodes: &[Node],
        units: usize,
        at: usize,
        after: usize,
        open: bool,
    ) -> Vec<String> {
        let Style { tab, .. } = self.style;
        let mut lines: Vec<String> = Vec::new();
        let mut pieces = Pieces::default();
        let mut first = units;
        let mut begins = at;
        // What stands on the last line before the pieces: a closing brace.
        let mut closing: Option<String> = None;
        let flush = |pieces: &mut Pieces, lines: &mut Vec<String>, begins: usize, after| {
            let more = self.indent + tab;
            lines.extend(std::mem::take(pieces).lines(begins, more, after, self.style));
        };
        for (i, node) in nodes.iter().enumerate().skip(units) {
            let Some(group) = node.braces().filter(|_| is_body(nodes, i)) else {
                continue;
            };
            self.add(&mut pieces, nodes, first, i, closing.take());
            first = i + 1;
            let inline = inline(group, self.source).filter(|_| !open);
            if let Some(inline) = inline {
                pieces.push(&inline, i > units);
                closing = Some(String::new());
                continue;
            }
            pieces.push("{", i > units);
            flush(&mut pieces, &mut lines, begins, 0);
            if let (Some(comment), Some(line)) = (open_comment(group), lines.last_mut()) {
                line.push_str(&format!(" {comment}"));
            }
            lines.extend(body::lines(
                group,
                self.source,
                self.indent + tab,
                self.style,
            ));
            closing = Some(format!("{}}}", " ".repeat(self.indent)));
            begins = 0;
        }
        self.add(&mut pieces, nodes, first, nodes.len(), closing);
        flush(&mut pieces, &mut lines, begins, after);
        lines
    }

    /// Adds what stands between bodies, after the closing brace of the one before.
    fn add(
        self,
        pieces: &mut Pieces,
        nodes: &[Node],
        first: usize,
        end: usize,
        closing: Option<String>,
    ) {
        let follows = closing.is_some();
        if let Some(closing) = closing.filter(|closing| !closing.is_empty()) {
            pieces.push(&closing, false);
        }
        let mut between = Pieces::default();
        between.add(nodes, first, end, self.source);
        let comma = nodes.get(first).is_some_and(|node| node.is(","));
        pieces.append(between, follows && !comma);
    }
}

/// The comment behind an opening brace.
fn open_comment(group: &Group) -> Option<&String> {
    let first = group.children.first()?;
    first.first().trailing.as_ref()
}

/// A body on one line, where it was written on one.
pub(super) fn inline(group: &Group, source: &str) -> Option<String> {
    if written(group, source).contains('\n') || group.close.trailing.is_some() {
        return None;
    }
    if group.children.is_empty() {
        return group.close.comments.is_empty().then(|| "{}".to_owned());
    }
    let mut text = String::from("{");
    let nodes = &group.children;
    let mut first = 0;
    while first < nodes.len() {
        let end = statement(nodes, first);
        let statement = &nodes[first..end];
        let first_token = statement.first()?.first();
        if !first_token.comments.is_empty() || has_comments(statement, first_token) {
            return None;
        }
        text.push(' ');
        let mut pieces = Pieces::default();
        let mut from = 0;
        let mut follows = false;
        for (i, node) in statement.iter().enumerate() {
            let Some(group) = node.braces().filter(|_| is_body(statement, i)) else {
                continue;
            };
            let mut between = Pieces::default();
            between.add(statement, from, i, source);
            let comma = statement
                .get(from)
                .is_some_and(|node| node.is(",") || node.is(";"));
            pieces.append(between, follows && !comma);
            pieces.push(&inline(group, source)?, true);
            from = i + 1;
            follows = true;
        }
        let mut between = Pieces::default();
        between.add(statement, from, statement.len(), source);
        let tight = statement
            .get(from)
            .is_some_and(|node| node.is(",") || node.is(";"));
        pieces.append(between, follows && !tight);
        text.push_str(&pieces.line());
        first = end;
    }
    text.push_str(" }");
    (!text.contains('\n')).then_some(text)
}
