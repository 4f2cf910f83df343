//! Writing text into a drawing.

use core::fmt::{self, Write};

use crate::report::writers::{Escaped, OneLine, cut};

/// Where a drawing is written to.
pub(super) type Out<'a> = &'a mut dyn Write;

/// Takes everything: what is measured is not drawn.
pub(super) struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

fn escape(_: char, character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    }
}

/// Writes `text` on one line with what means something in a drawing escaped.
pub(super) fn escaped(text: &dyn fmt::Display, out: Out<'_>) -> fmt::Result {
    write!(OneLine::new(&mut Escaped::new(out, escape)), "{text}")
}

/// Writes a text of at most `most` characters.
pub(super) fn text(
    class: &str,
    (x, y): (usize, usize),
    most: usize,
    content: &dyn fmt::Display,
    out: Out<'_>,
) -> fmt::Result {
    match class {
        "" => write!(out, "<text x=\"{x}\" y=\"{y}\">")?,
        _ => write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">")?,
    }
    let mut escaped = Escaped::new(out, escape);
    cut(most, &mut OneLine::new(&mut escaped), |out| {
        write!(out, "{content}")
    })?;
    out.write_str("</text>")
}

/// Where a text is broken so that its first line has at most `most` characters:
/// at a space, where there is one in its second half.
pub(super) fn broken(text: &str, most: usize) -> (&str, &str) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return (text, "");
    };
    let line = &text[..end];
    match line.rfind(' ') {
        Some(space) if space > end / 2 => (&text[..space], &text[space + 1..]),
        _ => (line, &text[end..]),
    }
}
