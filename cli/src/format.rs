//! Formats what is inside of `network!`, which rustfmt leaves alone: a statement a line,
//! labels and `=>` in columns, comments where they were.
//!
//! Only white space changes. It works on tokens and knows little of the grammar: what
//! ends a statement, and which braces hold statements. What has comments in the middle
//! of a statement is left as it is, moved to its place.

mod body;
mod columns;
mod header;
mod layout;
mod pieces;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use proc_macro2::TokenStream;

use tokens::Node;

/// How wide a line may be, and how deep a level is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// The most characters of a line.
    pub(crate) width: usize,
    /// The spaces of a level.
    pub(crate) tab: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 100, tab: 4 }
    }
}

/// The text between the brackets of an invocation, formatted; `inside` are its bytes in
/// `source`. Nothing where it is to stay as it is.
pub(crate) fn format(
    source: &str,
    tokens: &TokenStream,
    inside: &Range<usize>,
    style: Style,
) -> Option<String> {
    let text = source.get(inside.clone())?;
    let line = source.get(..inside.start)?.rsplit('\n').next()?;
    let base = line.chars().take_while(|c| *c == ' ').count();
    let one_line = !text.contains('\n');
    if text.trim().is_empty() || one_line && fits(source, inside, style) {
        return None;
    }
    let nodes = tokens::nodes(source, tokens, inside)?;
    let lines = header::items(&nodes, source, base + style.tab, style)?;
    let mut formatted = String::from("\n");
    for line in lines {
        formatted.push_str(line.trim_end());
        formatted.push('\n');
    }
    formatted.push_str(&" ".repeat(base));
    let formatted = if source.contains("\r\n") {
        formatted.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        formatted
    };
    is_same(&nodes.children, &formatted).then_some(formatted)
}

/// Whether the line on which an invocation stands is short enough.
fn fits(source: &str, inside: &Range<usize>, style: Style) -> bool {
    let before = source[..inside.start].rsplit('\n').next();
    let after = source[inside.end..].split('\n').next();
    let parts = [before, source.get(inside.clone()), after];
    let width: usize = parts
        .iter()
        .flatten()
        .map(|part| part.chars().count())
        .sum();
    width <= style.width
}

/// Whether a text has the tokens and the comments of these nodes: nothing else than white
/// space may change.
fn is_same(nodes: &[Node], text: &str) -> bool {
    let Ok(tokens) = text.parse::<TokenStream>() else {
        return false;
    };
    let Some(new) = tokens::nodes(text, &tokens, &(0..text.len())) else {
        return false;
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    tokens::words(nodes, &mut before);
    tokens::words(&new.children, &mut after);
    before == after
}
