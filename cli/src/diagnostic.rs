//! Errors and warnings as rustc shows them: with the file, the line and what is meant
//! underlined.

use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use crate::source::File;
use crate::terminal::Paint;
use crate::tree::shown;

/// How much is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// It does not compile.
    Error,
    /// It works and may not be meant.
    Warning,
}

/// Something that is told of a place in a source.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    /// How much is wrong.
    pub(crate) severity: Severity,
    /// The file.
    pub(crate) file: Rc<File>,
    /// The place, in bytes.
    pub(crate) range: Range<usize>,
    /// What is told: the first line, then facts, then helps.
    pub(crate) message: String,
}

impl Diagnostic {
    /// The line and the column of the place, both from 1 on.
    pub(crate) fn line_and_column(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.range.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default();
        (line, column.chars().count() + 1)
    }

    /// All of it, as lines for a terminal.
    pub(crate) fn render(&self, paint: Paint) -> String {
        let (word, styled) = match self.severity {
            Severity::Error => ("error", paint.error("error")),
            Severity::Warning => ("warning", paint.warning("warning")),
        };
        let mut text = String::new();
        let indent = " ".repeat(word.len() + 2);
        for (i, line) in self.message.lines().enumerate() {
            let _ = match i {
                0 => writeln!(text, "{styled}{}", paint.bold(&format!(": {line}"))),
                _ => writeln!(text, "{indent}{line}"),
            };
        }
        let (number, column) = self.line_and_column();
        let margin = " ".repeat(number.to_string().len());
        let arrow = paint.frame("-->");
        let path = shown(&self.file.path);
        let _ = writeln!(text, "{margin}{arrow} {path}:{number}:{column}");
        let line = self.file.text.lines().nth(number - 1).unwrap_or_default();
        let bar = paint.frame("|");
        let marked = self
            .file
            .text
            .get(self.range.clone())
            .unwrap_or_default()
            .lines()
            .next()
            .map_or(0, |first| first.chars().count())
            .max(1);
        // A tab is as wide as the terminal likes; here it is four.
        let lead: String = line.chars().take(column - 1).collect();
        let lead = lead.replace('\t', "    ").chars().count();
        let carets = "^".repeat(marked);
        let carets = match self.severity {
            Severity::Error => paint.error(&carets),
            Severity::Warning => paint.warning(&carets),
        };
        let number = paint.frame(&number.to_string());
        let line = line.replace('\t', "    ");
        let _ = writeln!(
            text,
            "{margin} {bar}\n{number} {bar} {line}\n{margin} {bar} {}{carets}",
            " ".repeat(lead)
        );
        text
    }
}
