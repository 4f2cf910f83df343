//! Tokens with what proc-macro2 leaves out: the comments and the lines between them.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token, or a bracket of a group.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// As it is written; an operator of several signs is one.
    pub(super) text: String,
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// The comments before it, but for the one that ends the line before.
    pub(super) comments: Vec<Comment>,
    /// The comment that stands on the same line after the token before it.
    pub(super) trailing: Option<String>,
    /// Whether a line ends between it and what stands before it.
    pub(super) new_line: bool,
    /// Whether a line is empty before it and its comments.
    pub(super) blank: bool,
}

/// A comment on a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// As it is written.
    pub(super) text: String,
    /// Whether a line is empty before it.
    pub(super) blank: bool,
}

/// A token or a group.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A token.
    Leaf(Token),
    /// What stands in brackets.
    Group(Group),
}

/// What stands in brackets.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) delimiter: Delimiter,
    pub(super) open: Token,
    pub(super) children: Vec<Node>,
    /// Its comments are those before the bracket.
    pub(super) close: Token,
}

impl Node {
    /// Its first token.
    pub(super) fn first(&self) -> &Token {
        match self {
            Self::Leaf(token) => token,
            Self::Group(group) => &group.open,
        }
    }

    /// Its last token.
    pub(super) fn last(&self) -> &Token {
        match self {
            Self::Leaf(token) => token,
            Self::Group(group) => &group.close,
        }
    }

    /// Whether it is this token.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Leaf(token) if token.text == text)
    }

    /// The group, where it is one in braces.
    pub(super) fn braces(&self) -> Option<&Group> {
        match self {
            Self::Group(group) if group.delimiter == Delimiter::Brace => Some(group),
            _ => None,
        }
    }

    /// Whether it is a word or a number.
    pub(super) fn is_word(&self) -> bool {
        matches!(self, Self::Leaf(token) if token.is_word())
    }

    /// Whether it is a comment for documentation.
    pub(super) fn is_doc(&self) -> bool {
        matches!(self, Self::Leaf(token) if token.is_doc())
    }
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        let first = self.text.chars().next();
        first.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"' || c == '\'')
    }

    pub(super) fn is_doc(&self) -> bool {
        self.text.starts_with("//") || self.text.starts_with("/*")
    }
}

/// The signs that are one operator together, the longest first.
const OPERATORS: [&str; 14] = [
    "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "..", "//",
];

/// Reads the gaps between tokens as it goes on.
struct Reader<'s> {
    source: &'s str,
    /// Where the last token ended.
    end: usize,
}

/// The tokens of a range as the children of a group around them.
pub(super) fn nodes(source: &str, tokens: &TokenStream, range: &Range<usize>) -> Option<Group> {
    let mut reader = Reader {
        source,
        end: range.start,
    };
    let edge = |at: usize| Token {
        text: String::new(),
        range: at..at,
        comments: Vec::new(),
        trailing: None,
        new_line: false,
        blank: false,
    };
    let open = edge(range.start);
    let children = reader.list(tokens.clone())?;
    let close = reader.token(range.end..range.end)?;
    Some(Group {
        delimiter: Delimiter::None,
        open,
        children,
        close,
    })
}

impl Reader<'_> {
    fn list(&mut self, tokens: TokenStream) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            let range = token.span().byte_range();
            // A comment for documentation is a sign and a group that stand at one place.
            if self.source.get(range.clone())?.starts_with("//")
                || self.source.get(range.clone())?.starts_with("/*")
            {
                nodes.push(Node::Leaf(self.token(range.clone())?));
                while tokens
                    .get(i)
                    .is_some_and(|next| next.span().byte_range().start < range.end)
                {
                    i += 1;
                }
                continue;
            }
            match token {
                TokenTree::Group(group) => {
                    let open = self.token(group.span_open().byte_range())?;
                    let children = self.list(group.stream())?;
                    let close = self.token(group.span_close().byte_range())?;
                    nodes.push(Node::Group(Group {
                        delimiter: group.delimiter(),
                        open,
                        children,
                        close,
                    }));
                    i += 1;
                }
                TokenTree::Punct(_) => {
                    let rest = self.source.get(range.start..)?;
                    let several = OPERATORS.iter().find(|sign| rest.starts_with(**sign));
                    let length = several.map_or(range.len(), |sign| sign.len());
                    nodes.push(Node::Leaf(self.token(range.start..range.start + length)?));
                    let end = range.start + length;
                    while tokens
                        .get(i)
                        .is_some_and(|next| next.span().byte_range().start < end)
                    {
                        i += 1;
                    }
                }
                _ => {
                    nodes.push(Node::Leaf(self.token(range)?));
                    i += 1;
                }
            }
        }
        Some(nodes)
    }

    /// The token at a place, with what stands in the gap before it.
    fn token(&mut self, range: Range<usize>) -> Option<Token> {
        let gap = self.source.get(self.end..range.start)?;
        let mut token = Token {
            text: self.source.get(range.clone())?.trim_end().to_owned(),
            range: range.clone(),
            comments: Vec::new(),
            trailing: None,
            new_line: false,
            blank: false,
        };
        let mut rest = gap;
        let mut lines = 0;
        loop {
            let trimmed = rest.trim_start();
            lines += rest[..rest.len() - trimmed.len()].matches('\n').count();
            token.new_line |= lines > 0;
            rest = trimmed;
            if rest.is_empty() {
                break;
            }
            let length = comment(rest)?;
            let text = rest[..length].trim_end().to_owned();
            let is_first = token.comments.is_empty() && token.trailing.is_none();
            if lines == 0 && is_first && self.end > 0 && text.starts_with("//") {
                token.trailing = Some(text);
            } else {
                let blank = lines > 1;
                token.comments.push(Comment { text, blank });
            }
            rest = &rest[length..];
            lines = 0;
        }
        token.blank = lines > 1;
        self.end = range.end;
        Some(token)
    }
}

/// How long the comment is that a text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// All tokens and comments, in their order.
pub(super) fn words(nodes: &[Node], words: &mut Vec<String>) {
    let token = |token: &Token, words: &mut Vec<String>| {
        words.extend(token.trailing.clone());
        let comments = token.comments.iter();
        words.extend(comments.map(|comment| unindented(&comment.text)));
        words.push(unindented(&token.text));
    };
    for node in nodes {
        match node {
            Node::Leaf(leaf) => token(leaf, words),
            Node::Group(group) => {
                token(&group.open, words);
                self::words(&group.children, words);
                token(&group.close, words);
            }
        }
    }
}

/// A comment without the indentation of its lines.
fn unindented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join("\n")
}
