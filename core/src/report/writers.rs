//! Writers that reports write through: they measure, cut and escape text on its
//! way, so that nothing has to be kept.

use core::fmt::{self, Write};

/// How many columns of a terminal a character takes.
const fn columns_of(character: char) -> usize {
    match character as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1_F300..=0x1_FAFF
        | 0x2_0000..=0x3_FFFD => 2,
        _ => 1,
    }
}

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
