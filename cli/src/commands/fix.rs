//! `cargo shapewise fix`

mod mend;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Fix;
use crate::commands;
use crate::failure::{Failure, Result};
use crate::network;
use crate::terminal::{Paint, Terminal};
use crate::tree::shown;
use mend::{Proposal, Source};

/// Applies what the errors propose. After it the package compiles, or nothing was changed.
pub(crate) fn run(asked: &Fix, terminal: &Terminal) -> Result<()> {
    let networks = network::load(&asked.place, &asked.names)?;
    let files: BTreeSet<PathBuf> = networks
        .problems
        .iter()
        .map(|problem| problem.diagnostic.file.path.clone())
        .filter(|path| {
            let mut own = networks.invocations.iter();
            own.any(|invocation| invocation.file.path == *path)
        })
        .collect();
    let others = networks.problems.iter().map(|problem| &problem.diagnostic);
    for diagnostic in others.filter(|one| !files.contains(&one.file.path)) {
        // A block of another package.
        terminal.tell(&format!("{}\n", diagnostic.render(terminal.messages())));
    }
    if files.is_empty() {
        if networks.list.is_empty() {
            return Err(networks.none());
        }
        if !networks.problems.is_empty() {
            return Err(Failure::told());
        }
        return terminal.show("there is nothing to fix\n");
    }
    if networks
        .problems
        .iter()
        .any(|problem| problem.error.is_none())
    {
        return commands::tell(&networks, terminal);
    }
    if !asked.all && !asked.dry_run && !io::stdin().is_terminal() {
        return Err(Failure::usage("there is no terminal to ask")
            .help("`--all` takes the first help that mends each error, `--dry-run` shows it"));
    }
    let mut sources = Vec::new();
    for path in files {
        let mut source = Source::new(&path)?;
        mend_file(&mut source, asked, terminal)?;
        sources.push(source);
    }
    let left: usize = sources.iter().map(Source::errors).sum();
    if left > 0 {
        for source in &sources {
            for diagnostic in source.diagnostics() {
                terminal.tell(&format!("{}\n", diagnostic.render(terminal.messages())));
            }
        }
        let errors = match left {
            1 => "one error is".to_owned(),
            several => format!("{several} errors are"),
        };
        terminal.tell(&format!(
            "{}: nothing was changed: {errors} left\n",
            terminal.messages().error("error")
        ));
        return Err(Failure::told());
    }
    if asked.dry_run {
        return Ok(());
    }
    write(&sources, asked, &networks, terminal)
}

/// Writes the files, and takes it back where rustc does not accept them.
fn write(
    sources: &[Source],
    asked: &Fix,
    networks: &network::Networks,
    terminal: &Terminal,
) -> Result<()> {
    for (written, source) in sources.iter().enumerate() {
        if let Err(failure) = store(&source.path, source.text()) {
            back(&sources[..=written], terminal);
            return Err(failure);
        }
    }
    if !asked.no_check {
        let manifests: BTreeSet<PathBuf> = networks
            .list
            .iter()
            .filter_map(|network| network.target.as_ref())
            .map(|(package, _)| package.folder.join("Cargo.toml"))
            .collect();
        if io::stderr().is_terminal() && !manifests.is_empty() {
            terminal.tell("asking rustc whether it compiles\n");
        }
        for manifest in manifests {
            if let Err(told) = check(&manifest) {
                back(sources, terminal);
                terminal.tell(&told);
                terminal.tell(&format!(
                    "{}: nothing was changed: rustc finds other errors (above)\n",
                    terminal.messages().error("error")
                ));
                return Err(Failure::told());
            }
        }
    }
    let changed: Vec<String> = sources
        .iter()
        .map(|source| format!("fixed {}\n", shown(&source.path)))
        .collect();
    terminal.show(&changed.concat())
}

/// Writes files as they were. One that cannot be written is told, and is no reason to leave the others.
fn back(sources: &[Source], terminal: &Terminal) {
    for source in sources {
        if let Err(failure) = store(&source.path, source.before()) {
            let error = terminal.messages().error("error");
            terminal.tell(&format!("{error}: {failure}: it keeps what was tried\n"));
        }
    }
}

fn store(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", shown(path))))
}

/// What rustc says of a package, where it does not accept it.
fn check(manifest: &Path) -> std::result::Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--quiet", "--all-targets", "--manifest-path"])
        .arg(manifest)
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(format!("cannot run cargo: {error}\n")),
    }
}

/// Mends one error after the other.
fn mend_file(source: &mut Source, asked: &Fix, terminal: &Terminal) -> Result<()> {
    const MOST: usize = 1_000;
    for _ in 0..MOST {
        let Some((diagnostic, proposals)) = source.upcoming() else {
            break;
        };
        let paint = if asked.all || asked.dry_run {
            terminal.out()
        } else {
            terminal.messages()
        };
        let mut text = diagnostic.render(paint);
        let chosen = if asked.all || asked.dry_run {
            let first = &proposals[0];
            text.push_str(&changes(source, first, paint));
            text.push('\n');
            crate::terminal::write(&text)?;
            Some(0)
        } else {
            for (i, proposal) in proposals.iter().enumerate() {
                text.push_str(&format!("{}. {}\n", i + 1, proposal.help));
                text.push_str(&changes(source, proposal, paint));
            }
            terminal.tell(&text);
            match ask(terminal, proposals.len())? {
                Answer::Take(which) => Some(which),
                Answer::Skip => None,
                Answer::Quit => break,
            }
        };
        match chosen.and_then(|which| proposals.get(which)) {
            Some(proposal) => source.take(proposal),
            None => source.skip(),
        }
    }
    Ok(())
}

enum Answer {
    Take(usize),
    Skip,
    Quit,
}

fn ask(terminal: &Terminal, count: usize) -> Result<Answer> {
    loop {
        let which = match count {
            1 => "[1] apply".to_owned(),
            count => format!("[1-{count}] apply"),
        };
        terminal.tell(&format!("{which}, [s]kip, [q]uit: "));
        let _ = io::stderr().flush();
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        if read.map_err(|error| Failure::new(format!("cannot read: {error}")))? == 0 {
            return Ok(Answer::Quit);
        }
        match line.trim() {
            "s" | "n" => return Ok(Answer::Skip),
            "q" => return Ok(Answer::Quit),
            "y" if count == 1 => return Ok(Answer::Take(0)),
            number => {
                if let Ok(number @ 1..) = number.parse::<usize>()
                    && number <= count
                {
                    return Ok(Answer::Take(number - 1));
                }
            }
        }
    }
}

/// The lines that a proposal changes.
fn changes(source: &Source, proposal: &Proposal, paint: Paint) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        source.text().lines().collect(),
        proposal.text.lines().collect(),
    );
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let pairs = old.iter().rev().zip(new.iter().rev()).take(rest);
    let end = pairs.take_while(|(a, b)| a == b).count();
    let removed = old[start..old.len() - end]
        .iter()
        .map(|line| paint.error(&format!("-{line}")));
    let added = new[start..new.len() - end]
        .iter()
        .map(|line| paint.good(&format!("+{line}")));
    let lines: Vec<String> = removed
        .chain(added)
        .map(|line| format!("{line}\n"))
        .collect();
    lines.concat()
}
