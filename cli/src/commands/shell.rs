//! `cargo shapewise completions` and `cargo shapewise man`

use clap::CommandFactory as _;

use crate::args::{Arguments, Completions};
use crate::failure::{Failure, Result};
use crate::terminal::write;

/// What completes the commands in a shell.
pub(crate) fn completions(asked: &Completions) -> Result<()> {
    // Shells complete words by the program that is called.
    let mut command = Arguments::command().bin_name("cargo-shapewise");
    let mut bytes = Vec::new();
    clap_complete::generate(asked.shell, &mut command, "cargo-shapewise", &mut bytes);
    write(&String::from_utf8_lossy(&bytes))
}

/// The man page, of all commands.
pub(crate) fn man() -> Result<()> {
    let failed = |error| Failure::new(format!("cannot write: {error}"));
    let mut bytes = Vec::new();
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    clap_mangen::Man::new(command.clone())
        .render(&mut bytes)
        .map_err(failed)?;
    for subcommand in command.get_subcommands() {
        let man = clap_mangen::Man::new(subcommand.clone());
        let name = format!(".SH \"{}\"\n", subcommand.get_name().to_uppercase());
        bytes.extend(name.as_bytes());
        man.render_description_section(&mut bytes).map_err(failed)?;
        man.render_options_section(&mut bytes).map_err(failed)?;
    }
    write(&String::from_utf8_lossy(&bytes))
}
