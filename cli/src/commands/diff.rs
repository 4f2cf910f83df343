//! `cargo shapewise diff`

mod pairs;
mod rule;
mod text;

use crate::args::Diff;
use crate::commands;
use crate::failure::{Failure, Result};
use crate::git::Commit;
use crate::network;
use crate::terminal::Terminal;
use crate::tree::Disk;
use pairs::Pair;
use rule::Rule;

/// What changed in every network since a commit.
pub(crate) fn run(asked: &Diff, terminal: &Terminal) -> Result<()> {
    let rules = asked
        .fail_if
        .iter()
        .map(|rule| Rule::read(rule))
        .collect::<Result<Vec<Rule>>>()?;
    let manifest = network::manifest(&asked.place, &Disk)?;
    let folder = manifest.parent().unwrap_or(&manifest);
    let commit = Commit::of(folder, &asked.base, asked.exact)?;
    let packages = network::packages(&asked.place, &Disk)?;
    let now = network::of_packages(&Disk, &asked.place, &packages);
    // A package or workspace that was not there yet had no networks.
    let before = network::packages(&asked.place, &commit).unwrap_or_default();
    let before = network::of_packages(&commit, &asked.place, &before);
    let told = commands::tell(&now, terminal);
    let pairs: Vec<Pair<'_>> = pairs::of(&before.list, &now.list)
        .into_iter()
        .filter(|pair| asked.names.is_empty() || asked.names.iter().any(|n| pair.is_named(n)))
        .collect();
    if let Some(name) = asked
        .names
        .iter()
        .find(|name| !pairs.iter().any(|pair| pair.is_named(name)))
    {
        return Err(Failure::usage(format!(
            "there is no network `{name}`, neither now nor at {}",
            commit.short()
        )));
    }
    let broken: Vec<String> = pairs
        .iter()
        .flat_map(|pair| rules.iter().filter_map(|rule| rule.broken(pair)))
        .collect();
    let base = format!("{} ({})", asked.base, commit.short());
    let text = if asked.json {
        text::json(&pairs)
    } else if asked.markdown {
        text::markdown(&pairs, &base, &broken)
    } else {
        text::terminal(&pairs, &base, terminal)
    };
    terminal.show(&text)?;
    for line in &broken {
        let paint = terminal.messages();
        terminal.tell(&format!("{}: {line}\n", paint.error("error")));
    }
    if broken.is_empty() {
        told
    } else {
        Err(Failure::told())
    }
}
