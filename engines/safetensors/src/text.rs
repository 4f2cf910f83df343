//! Text from a file, as a terminal may see it.

use std::fmt::{self, Write as _};

/// The most characters of a name that are written.
const LONGEST: usize = 200;

/// A name from a file: control characters, which could move the cursor or change
/// colours, are written as escapes, and the end of a very long one is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain<'a>(pub(crate) &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, c) in self.0.chars().enumerate() {
            if i == LONGEST {
                return f.write_char('…');
            }
            // Everything that does not print is escaped; quotes need not be.
            match c {
                '"' | '\'' | '\\' => f.write_char(c)?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}
