//! Text from a file, as a terminal may see it.

use std::fmt::{self, Write as _};
use std::path::Path;

/// The most characters of a text that are written.
const LONGEST: usize = 200;

/// A text from a file: control characters, which could move the cursor or change
/// colours, are written as escapes, and the end of a very long one is left out.
///
/// ```
/// use shapewise_files::Plain;
///
/// assert_eq!(Plain("fc.weight\r\u{202e}").to_string(), r"fc.weight\r\u{202e}");
/// assert_eq!(Plain(&"x".repeat(1_000_000)).to_string().chars().count(), 201);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, c) in self.0.chars().enumerate() {
            if i == LONGEST {
                return f.write_char('…');
            }
            write_plain(c, f)?;
        }
        Ok(())
    }
}

/// The path of a file, escaped as [`Plain`] does it and never cut: its end tells most.
///
/// ```
/// use shapewise_files::PlainPath;
///
/// assert_eq!(PlainPath("runs/a\nb".as_ref()).to_string(), r"runs/a\nb");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PlainPath<'a>(pub &'a Path);

impl fmt::Display for PlainPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string_lossy();
        text.chars().try_for_each(|c| write_plain(c, f))
    }
}

/// Everything that does not print is escaped; quotes need not be.
fn write_plain(c: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match c {
        '"' | '\'' | '\\' => f.write_char(c),
        _ => write!(f, "{}", c.escape_debug()),
    }
}
