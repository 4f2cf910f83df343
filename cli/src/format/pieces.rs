//! Tokens on a line: the spaces between them, and where a line may end.

use proc_macro2::Delimiter;

use super::Style;
use super::tokens::{Group, Node};

/// A token on a line.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    /// Whether a space stands before it.
    space: bool,
    /// For a comma: how many brackets it is inside of.
    comma: Option<usize>,
}

/// The tokens of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    list: Vec<Piece>,
    depth: usize,
}

/// Words that are no values: a sign after them is a number's, a bracket no call's.
const KEYWORDS: [&str; 14] = [
    "if", "else", "in", "from", "repeat", "residual", "shortcut", "branch", "let", "assert",
    "custom", "use", "as", "pub",
];

impl Pieces {
    /// Adds nodes of one level, from `first` up to `end`.
    pub(super) fn add(&mut self, nodes: &[Node], first: usize, end: usize, source: &str) {
        let mut generics = 0_usize;
        for (i, node) in nodes.iter().enumerate().take(end) {
            let opens = node.is("<") && opens_generics(nodes, i);
            let closes = node.is(">") && generics > 0;
            if i >= first {
                let space = i > first && spaced(nodes, i, generics, opens);
                self.node(node, space, source);
            }
            generics = generics + usize::from(opens) - usize::from(closes);
        }
    }

    fn node(&mut self, node: &Node, space: bool, source: &str) {
        match node {
            Node::Leaf(token) => {
                let comma = (token.text == ",").then_some(self.depth);
                self.list.push(Piece {
                    text: token.text.clone(),
                    space,
                    comma,
                });
            }
            Node::Group(group) if group.delimiter == Delimiter::Brace => {
                // A value of Rust's: as it is written.
                self.push(written(group, source), space);
            }
            Node::Group(group) => {
                self.push(&group.open.text, space);
                self.depth += 1;
                self.add(&group.children, 0, group.children.len(), source);
                self.depth -= 1;
                self.push(&group.close.text, false);
            }
        }
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: &str, space: bool) {
        let space = space && !self.list.is_empty();
        self.list.push(Piece {
            text: text.to_owned(),
            space,
            comma: None,
        });
    }

    /// Adds other pieces, with a space between or none.
    pub(super) fn append(&mut self, mut other: Self, space: bool) {
        if let Some(first) = other.list.first_mut() {
            first.space = space && !self.list.is_empty();
        }
        self.list.append(&mut other.list);
    }

    /// All of it on one line.
    pub(super) fn line(&self) -> String {
        let mut line = String::new();
        for piece in &self.list {
            if piece.space {
                line.push(' ');
            }
            line.push_str(&piece.text);
        }
        line
    }

    /// The lines, of which the first begins at the column `at` and ends before `most`,
    /// and the others begin at `indent`; `after` characters follow the last. A line ends
    /// after a comma, in as few brackets as possible.
    pub(super) fn lines(
        &self,
        at: usize,
        indent: usize,
        after: usize,
        style: Style,
    ) -> Vec<String> {
        let deepest = self.list.iter().filter_map(|piece| piece.comma).max();
        let mut lines = vec![self.line()];
        for depth in 0..=deepest.map_or(0, |depth| depth + 1) {
            let width = |(i, line): (usize, &String)| {
                let begin = if i == 0 { at } else { 0 };
                let end = if i + 1 == lines.len() { after } else { 0 };
                begin + line.chars().count() + end
            };
            if lines
                .iter()
                .enumerate()
                .all(|line| width(line) <= style.width)
            {
                break;
            }
            lines = self.filled(at, indent, depth, after, style);
        }
        lines
    }

    /// As much on each line as there is room for.
    fn filled(
        &self,
        at: usize,
        indent: usize,
        depth: usize,
        after: usize,
        style: Style,
    ) -> Vec<String> {
        let shallowest = self.list.iter().filter_map(|piece| piece.comma).min();
        let mut parts: Vec<(String, usize)> = Vec::new();
        let mut part = String::new();
        for piece in &self.list {
            if piece.space && !part.is_empty() {
                part.push(' ');
            }
            part.push_str(&piece.text);
            if let Some(own) = piece.comma.filter(|own| *own < depth) {
                parts.push((std::mem::take(&mut part), own - shallowest.unwrap_or(own)));
            }
        }
        parts.push((part, 0));
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut room = style.width.saturating_sub(at);
        let mut begin = 0;
        let last = parts.len() - 1;
        for (i, (part, own)) in parts.into_iter().enumerate() {
            let end = if i == last { after } else { 0 };
            let length = line.chars().count() + 1 + part.chars().count() + end;
            if !line.is_empty() && length > room {
                lines.push(std::mem::take(&mut line));
                line = " ".repeat(indent + style.tab * begin);
                room = style.width;
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&part);
            begin = own;
        }
        lines.push(line);
        lines
    }
}

/// A group as it is written.
pub(super) fn written<'s>(group: &Group, source: &'s str) -> &'s str {
    let range = group.open.range.start..group.close.range.end;
    source.get(range).unwrap_or_default()
}

/// Whether `<` begins generics, and compares nothing: `Name::<64>`, `struct Name<..>`.
fn opens_generics(nodes: &[Node], i: usize) -> bool {
    let before = |back: usize| i.checked_sub(back).and_then(|i| nodes.get(i));
    before(1).is_some_and(|one| one.is("::"))
        || before(2).is_some_and(|one| one.is("struct") || one.is("block"))
}

/// Whether a space stands before a node, which is not the first.
fn spaced(nodes: &[Node], i: usize, generics: usize, opens: bool) -> bool {
    let (Some(node), Some(before)) = (nodes.get(i), nodes.get(i - 1)) else {
        return false;
    };
    let tight_before = [",", ";", ":", "::", ".", "..", "..=", "?"];
    let tight_after = ["::", ".", "..", "..=", "#", "$"];
    if opens || tight_after.iter().any(|sign| before.is(sign)) {
        return false;
    }
    if tight_before.iter().any(|sign| node.is(sign)) {
        return false;
    }
    if node.is("!") && before.is_word() && nodes.get(i + 1).is_some_and(|n| !n.is_word()) {
        return false;
    }
    // The signs of generics touch what they hold.
    if generics > 0 && (node.is(">") || before.is("<")) {
        return false;
    }
    if is_sign(nodes, i - 1) {
        return false;
    }
    if let Node::Group(group) = node {
        return match group.delimiter {
            Delimiter::Brace => true,
            // The index of a list touches it.
            Delimiter::Bracket => {
                let list =
                    matches!(before, Node::Group(_)) || is_called(before) && before.is_word();
                !before.is("#") && !before.is("!") && !list
            }
            _ => !is_called(before),
        };
    }
    // The closing sign of generics is followed by the parentheses of a call.
    true
}

/// Whether parentheses after it are those of a call or a declaration.
fn is_called(before: &Node) -> bool {
    let keyword = KEYWORDS
        .iter()
        .any(|word| *word != "pub" && before.is(word));
    before.is_word() && !keyword || before.is(">")
}

/// Whether a node is the sign of what follows it: `-1`, `!flag`, and no operator.
fn is_sign(nodes: &[Node], i: usize) -> bool {
    let signs = ["-", "!", "&"];
    let is = nodes
        .get(i)
        .is_some_and(|node| signs.iter().any(|sign| node.is(sign)));
    if !is {
        return false;
    }
    match i.checked_sub(1).and_then(|i| nodes.get(i)) {
        None => true,
        Some(Node::Group(_)) => false,
        Some(before) => !before.is_word() || KEYWORDS.iter().any(|word| before.is(word)),
    }
}
