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

/// Tells which networks only rustc knows and why, and which are not built.
pub(crate) fn tell_of_others(networks: &Networks, terminal: &Terminal) {
    let paint = terminal.messages();
    for network in networks.list.iter().filter(|network| network.elsewhere) {
        let why = match network.missing.first() {
            Some(missing) => format!(": {missing}"),
            None => String::new(),
        };
        terminal.tell(&format!(
            "{}: only rustc knows `{}` ({}){why}\n",
            paint.warning("warning"),
            network.path(),
            network.place(),
        ));
    }
    if let Some(note) = networks.note() {
        terminal.tell(&format!("{}: {note}\n", paint.bold("note")));
    }
}
