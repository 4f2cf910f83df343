//! What is written where: colours, the terminal's width, a pager.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use clap::ValueEnum;

use crate::failure::{Failure, Result};

/// When colours are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// Where a terminal shows them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where a command writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    colour: Colour,
    width: Option<usize>,
    pager: bool,
}

impl Terminal {
    /// As the user said.
    pub(crate) fn new(colour: Colour, width: Option<usize>, pager: bool) -> Self {
        Self {
            colour,
            width,
            pager,
        }
    }

    /// How wide a table may be: as said, as `COLUMNS` says, as the terminal is; 100 where
    /// there is none.
    pub(crate) fn width(&self) -> usize {
        let said = || env::var("COLUMNS").ok()?.trim().parse().ok();
        let found = || Some(usize::from(terminal_size::terminal_size()?.0.0));
        let width = self.width.or_else(said).or_else(found);
        width.filter(|width| *width > 0).unwrap_or(100)
    }

    /// Colours for standard output.
    pub(crate) fn out(&self) -> Paint {
        Paint(self.coloured(io::stdout().is_terminal()))
    }

    /// Colours for messages.
    pub(crate) fn messages(&self) -> Paint {
        Paint(self.coloured(io::stderr().is_terminal()))
    }

    fn coloured(&self, terminal: bool) -> bool {
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !unwanted && !dumb,
        }
    }

    /// Writes a text, in a pager where it is longer than the terminal is high.
    pub(crate) fn show(&self, text: &str) -> Result<()> {
        if self.pager && io::stdout().is_terminal() && self.is_long(text) && paged(text) {
            return Ok(());
        }
        write(text)
    }

    fn is_long(&self, text: &str) -> bool {
        terminal_size::terminal_size()
            .is_some_and(|(_, height)| text.lines().count() > usize::from(height.0))
    }

    /// Writes a message to standard error. That nobody reads it is no error.
    pub(crate) fn tell(&self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// Writes to standard output. That its reader has seen enough is no error.
pub(crate) fn write(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write: {error}")))
        }
        _ => Ok(()),
    }
}

/// Shows a text in the user's pager, if there is one.
fn paged(text: &str) -> bool {
    let said = env::var("PAGER").ok().filter(|pager| !pager.is_empty());
    let said = said.unwrap_or_else(|| "less".to_owned());
    let mut words = said.split_whitespace();
    let Some(program) = words.next() else {
        return false;
    };
    if program == "cat" {
        return false;
    }
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        // Colours as they are, no wrapping of wide lines, nothing cleared at the end.
        command.env("LESS", "FRSX");
    }
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    if let Some(mut input) = child.stdin.take() {
        // Its user may leave before the end.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok()
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint(bool);

impl Paint {
    /// Whether there are colours.
    pub(crate) fn is_on(self) -> bool {
        self.0
    }

    fn styled(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// What is wrong; what is removed.
    pub(crate) fn error(self, text: &str) -> String {
        self.styled("1;31", text)
    }

    /// What may not be meant.
    pub(crate) fn warning(self, text: &str) -> String {
        self.styled("1;33", text)
    }

    /// What is good; what is added.
    pub(crate) fn good(self, text: &str) -> String {
        self.styled("32", text)
    }

    /// Numbers and bars beside a source.
    pub(crate) fn frame(self, text: &str) -> String {
        self.styled("1;34", text)
    }

    /// What stands out.
    pub(crate) fn bold(self, text: &str) -> String {
        self.styled("1", text)
    }

    /// What steps back.
    pub(crate) fn dim(self, text: &str) -> String {
        self.styled("2", text)
    }
}
