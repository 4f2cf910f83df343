//! Writers that reports write through: they measure, cut and escape text on its
//! way, so that nothing has to be kept.

use core::fmt::{self, Write};

use super::columns::columns_of;

/// Counts the columns of what is written.
struct Measure(usize);

impl Write for Measure {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().map(columns_of).sum::<usize>();
        Ok(())
    }
}

/// How many columns `write` fills.
pub(super) fn width_of(
    write: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> Result<usize, fmt::Error> {
    let mut measure = Measure(0);
    write(&mut measure)?;
    Ok(measure.0)
}

/// Whether any character that `write` writes is one that `search` looks for.
pub(super) fn any(
    search: fn(char) -> bool,
    write: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> Result<bool, fmt::Error> {
    struct Search(fn(char) -> bool, bool);
    impl Write for Search {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.1 = self.1 || text.chars().any(self.0);
            Ok(())
        }
    }
    let mut found = Search(search, false);
    write(&mut found)?;
    Ok(found.1)
}

/// The first character that `write` writes.
pub(super) fn first_of(
    write: impl FnOnce(&mut dyn Write) -> fmt::Result,
) -> Result<Option<char>, fmt::Error> {
    struct First(Option<char>);
    impl Write for First {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.or_else(|| text.chars().next());
            Ok(())
        }
    }
    let mut first = First(None);
    write(&mut first)?;
    Ok(first.0)
}

/// Passes on the first columns only.
struct Cut<'a> {
    out: &'a mut dyn Write,
    left: usize,
    full: bool,
}

impl Write for Cut<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let columns = columns_of(character);
            // A character of two columns may find only one: that one stays free.
            self.full = self.full || columns > self.left;
            if self.full {
                return Ok(());
            }
            self.left -= columns;
            self.out.write_char(character)?;
        }
        Ok(())
    }
}

/// Writes what `write` writes in at most `most` columns, `…` where it is cut.
/// Returns how many columns were filled.
pub(super) fn cut(
    most: usize,
    out: &mut dyn Write,
    write: impl Fn(&mut dyn Write) -> fmt::Result,
) -> Result<usize, fmt::Error> {
    let width = width_of(&write)?;
    if width <= most {
        write(out)?;
        return Ok(width);
    }
    let room = most.saturating_sub(1);
    let mut cut = Cut {
        out,
        left: room,
        full: false,
    };
    write(&mut cut)?;
    let filled = room - cut.left;
    if most > 0 {
        out.write_char('…')?;
    }
    Ok(filled + most.min(1))
}

/// What of a text stands on one of its lines, where it is broken to keep to a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// How many characters stand on the lines before.
    skip: usize,
    /// How many stand on this one.
    take: usize,
    /// The columns that they fill.
    pub(super) columns: usize,
}

impl Piece {
    /// What stands on the first line of at most `most` columns: up to the last `.` in its
    /// second half, where there is one and the rest does not fit.
    pub(super) fn first(
        most: usize,
        write: impl FnOnce(&mut dyn Write) -> fmt::Result,
    ) -> Result<Self, fmt::Error> {
        Self::from(0, most, write)
    }

    /// What stands on the next line; nothing where this was the last.
    pub(super) fn next(
        self,
        most: usize,
        write: impl FnOnce(&mut dyn Write) -> fmt::Result,
    ) -> Result<Option<Self>, fmt::Error> {
        let piece = Self::from(self.skip + self.take, most, write)?;
        Ok((piece.take > 0).then_some(piece))
    }

    fn from(
        skip: usize,
        most: usize,
        write: impl FnOnce(&mut dyn Write) -> fmt::Result,
    ) -> Result<Self, fmt::Error> {
        let mut fit = Fit {
            skip,
            most,
            piece: Self {
                skip,
                take: 0,
                columns: 0,
            },
            dot: None,
            full: false,
        };
        write(&mut fit)?;
        Ok(match fit.dot {
            Some(dot) if fit.full => dot,
            _ => fit.piece,
        })
    }

    /// Writes what stands on the line of what `write` writes.
    pub(super) fn write(
        self,
        out: &mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> fmt::Result,
    ) -> fmt::Result {
        struct Slice<'a>(&'a mut dyn Write, Piece);
        impl Write for Slice<'_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                for character in text.chars() {
                    if self.1.skip > 0 {
                        self.1.skip -= 1;
                    } else if self.1.take > 0 {
                        self.1.take -= 1;
                        self.0.write_char(character)?;
                    }
                }
                Ok(())
            }
        }
        write(&mut Slice(out, self))
    }
}

/// Finds out how much of a text fits.
struct Fit {
    skip: usize,
    most: usize,
    piece: Piece,
    /// What stands before the last `.` in the second half of the line, and it.
    dot: Option<Piece>,
    full: bool,
}

impl Write for Fit {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            let columns = self.piece.columns + columns_of(character);
            // At least one character stands on each line.
            self.full = self.full || (columns > self.most && self.piece.take > 0);
            if self.full {
                return Ok(());
            }
            self.piece.columns = columns;
            self.piece.take += 1;
            if character == '.' && 2 * columns > self.most {
                self.dot = Some(self.piece);
            }
        }
        Ok(())
    }
}

/// Writes `count` times the same character.
pub(super) fn repeat(character: char, count: usize, out: &mut dyn Write) -> fmt::Result {
    for _ in 0..count {
        out.write_char(character)?;
    }
    Ok(())
}

/// Puts everything on one line: each run of white space becomes one space.
pub(super) struct OneLine<'a> {
    pub(super) out: &'a mut dyn Write,
    space: bool,
}

impl<'a> OneLine<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, space: false }
    }
}

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let space = character.is_whitespace();
            if !space {
                self.out.write_char(character)?;
            } else if !self.space {
                self.out.write_char(' ')?;
            }
            self.space = space;
        }
        Ok(())
    }
}

/// Replaces characters on their way, by what `escape` returns for the character
/// before and the character itself.
pub(super) struct Escaped<'a> {
    out: &'a mut dyn Write,
    escape: fn(char, char) -> Option<&'static str>,
    before: char,
}

impl<'a> Escaped<'a> {
    pub(super) fn new(
        out: &'a mut dyn Write,
        escape: fn(char, char) -> Option<&'static str>,
    ) -> Self {
        Self {
            out,
            escape,
            before: ' ',
        }
    }
}

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match (self.escape)(self.before, character) {
                Some(text) => self.out.write_str(text)?,
                None => self.out.write_char(character)?,
            }
            self.before = character;
        }
        Ok(())
    }
}
