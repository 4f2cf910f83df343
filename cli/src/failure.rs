//! What keeps a command from doing what it was asked for.

use std::fmt;

use crate::exit;

/// A result of what can fail so.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    helps: Vec<String>,
    /// The status that the program ends with.
    pub(crate) status: u8,
}

impl Failure {
    /// Something that is not as it has to be: a file, a tool, a repository.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            helps: Vec::new(),
            status: exit::CANNOT,
        }
    }

    /// Something that was asked for in a way that has no meaning.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message)
    }

    /// The work was done and is not as it should be; all that is to be said was said.
    pub(crate) fn told() -> Self {
        Self {
            status: exit::FOUND,
            ..Self::new("")
        }
    }

    /// With what to do about it; nothing for an empty text.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        if !help.is_empty() {
            self.helps.push(help);
        }
        self
    }

    /// Whether there is nothing left to say.
    pub(crate) fn is_told(&self) -> bool {
        self.message.is_empty()
    }

    /// What to do about it.
    pub(crate) fn helps(&self) -> &[String] {
        &self.helps
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
