//! The commands, a module each.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod draw;
pub(crate) mod export;
pub(crate) mod fix;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod lint;
pub(crate) mod list;
pub(crate) mod shell;
pub(crate) mod table;

use crate::failure::{Failure, Result};
use crate::network::Networks;
use crate::terminal::Terminal;

/// Tells what is wrong in the sources; the error says that it was told.
pub(crate) fn tell(networks: &Networks, terminal: &Terminal) -> Result<()> {
    let paint = terminal.messages();
    for problem in &networks.problems {
        terminal.tell(&format!("{}\n", problem.diagnostic.render(paint)));
    }
    if networks.problems.is_empty() {
        Ok(())
    } else {
        Err(Failure::told())
    }
}
