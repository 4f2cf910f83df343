//! Statements inside of each other, and where they stand.

use crate::graph::{Form, Graph, Node, Statement};
use crate::report::Summary;

/// Whether the rows of what is inside the statement follow it.
pub(super) fn opened(summary: &Summary, index: usize) -> bool {
    let statements = summary.graph.statements();
    let inside = statements.get(index + 1);
    inside.is_some_and(|inside| inside.depth > statements[index].depth && summary.shows(inside))
}

/// The groups, from the outermost, that contain a layer and were opened.
pub(super) fn groups_of(
    summary: &Summary,
    node: usize,
) -> impl Iterator<Item = (usize, &'static Statement)> + '_ {
    outermost_around(summary.graph, node)
        .filter(|(index, statement)| summary.shows(statement) && opened(summary, *index))
}

/// The statements that contain a layer, from the outermost.
pub(super) fn outermost_around(
    graph: &'static Graph,
    node: usize,
) -> impl Iterator<Item = (usize, &'static Statement)> {
    let statements = graph.statements();
    // They stand in the order of their layers, those inside of others after these.
    let end = statements.partition_point(|statement| statement.nodes.0 <= node);
    let outermost = statements[..end].iter().rposition(|one| one.depth == 0);
    let around = outermost.unwrap_or(0)..end;
    let around = around.map(|index| (index, &statements[index]));
    around.filter(move |(_, one)| (one.nodes.0..one.nodes.1).contains(&node))
}

/// The statement that contains the one at `index`.
pub(super) fn parent(graph: &'static Graph, index: usize) -> Option<usize> {
    let statements = graph.statements();
    if statements[index].depth == 0 {
        return None;
    }
    (0..index)
        .rev()
        .find(|&i| statements[i].depth < statements[index].depth)
}

/// The label of a statement; without one, the path that its layers share beyond
/// that of the statement around it, or else that of one of them: of the last, as the
/// sum of a residual is, where those before have labels or it has a name, else of the
/// first.
pub(super) fn place(graph: &'static Graph, index: usize) -> &'static str {
    let statement = &graph.statements()[index];
    let nodes = &graph.nodes()[statement.nodes.0..statement.nodes.1];
    let ([first, ..], [.., last], "") = (nodes, nodes, statement.label) else {
        return statement.label;
    };
    let outer = parent(graph, index).map_or("", |index| place(graph, index));
    // Paths are compared segment by segment.
    let end_of = |path: &str, start: usize| {
        let rest = path.get(start..).unwrap_or_default();
        rest.find('.').map_or(path.len(), |dot| start + dot)
    };
    let after = |shared: usize| if shared == 0 { 0 } else { shared + 1 };
    let mut shared = 0;
    loop {
        let end = end_of(first.path, after(shared));
        let prefix = &first.path[..end];
        let shares = |node: &Node| {
            let rest = node.path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if end > shared && nodes.iter().all(shares) {
            shared = end;
            continue;
        }
        if shared > outer.len() {
            return &first.path[..shared];
        }
        let numbered = |node: &Node| {
            let segment = after(shared)..end_of(node.path, after(shared));
            let segment = node.path.get(segment).unwrap_or_default();
            segment.bytes().all(|byte| byte.is_ascii_digit())
        };
        let one = match statement.form {
            Form::Structure if !numbered(first) || !numbered(last) => last,
            _ => first,
        };
        return &one.path[..end_of(one.path, after(shared))];
    }
}
