//! What the terminal is like in which a program runs.

use std::env;
use std::fs::File;
use std::io::{IsTerminal as _, stdout};
use std::process::{Command, Stdio};

use super::{Comparison, Summary};

impl Summary {
    /// The table for the terminal in which the program runs: as wide as it is, and with
    /// colours where standard output is a terminal.
    ///
    /// The width is that of [`width`](Self::width) where it was said; else that which
    /// `COLUMNS` names, or which `stty` says of the terminal, since the standard library
    /// cannot ask it; else 100 columns. There are no colours where `NO_COLOR` is set, or
    /// `TERM` is `dumb`.
    ///
    /// ```no_run
    /// # use shapewise_core::report::Summary;
    /// # fn table(summary: Summary) {
    /// println!("{}", summary.for_terminal());
    /// # }
    /// ```
    #[must_use]
    pub fn for_terminal(self) -> Self {
        match self.width.or_else(columns) {
            Some(columns) => self.width(columns),
            None => self,
        }
        .colours(has_colours())
    }
}

impl Comparison {
    /// The comparison for the terminal in which the program runs: with its width and
    /// colours, as [`Summary::for_terminal`] finds them out.
    #[must_use]
    pub fn for_terminal(self) -> Self {
        match self.width.or_else(columns) {
            Some(columns) => self.width(columns),
            None => self,
        }
        .colours(has_colours())
    }
}

/// Whether standard output shows colours, and nothing speaks against them.
fn has_colours() -> bool {
    let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !unwanted && !dumb && stdout().is_terminal()
}

/// How wide the terminal is, where that is known.
fn columns() -> Option<usize> {
    let said = env::var("COLUMNS").ok();
    let said = said.and_then(|columns| columns.trim().parse().ok());
    said.filter(|columns| *columns > 0)
        .or_else(|| stdout().is_terminal().then(asked).flatten())
}

/// What `stty` says of the terminal: its rows and columns.
fn asked() -> Option<usize> {
    if !cfg!(unix) {
        return None;
    }
    let terminal = File::open("/dev/tty").ok()?;
    let output = Command::new("stty")
        .arg("size")
        .stdin(terminal)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let size = str::from_utf8(&output.stdout).ok()?;
    let columns = size.split_whitespace().nth(1)?.parse().ok()?;
    // A terminal that does not know says 0.
    (columns > 0).then_some(columns)
}
