//! `cargo shapewise lint`

mod allowed;
mod chains;
mod channels;
mod facts;
mod field;
mod finding;
mod windows;

use std::collections::BTreeMap;
use std::path::PathBuf;

use shapewise_compiler::graph::Resolved;

use crate::args::Lint;
use crate::commands;
use crate::diagnostic::{Diagnostic, Severity};
use crate::failure::{Failure, Result};
use crate::json;
use crate::network::{self, Network, Networks};
use crate::suggest;
use crate::terminal::Terminal;
use crate::tree::shown;
use facts::Facts;
use finding::{Finding, LINTS};

/// What works in the networks, and is seldom meant.
pub(crate) fn run(asked: &Lint, terminal: &Terminal) -> Result<()> {
    if asked.list {
        return terminal.show(&finding::listed());
    }
    for name in &asked.allow {
        if !LINTS.iter().any(|lint| lint.name == name) {
            let known = LINTS.iter().map(|lint| lint.name);
            return Err(Failure::usage(format!("there is no lint `{name}`"))
                .help(suggest::among(name, known)));
        }
    }
    let networks = network::load(&asked.place, &asked.names)?;
    let told = commands::tell(&networks, terminal);
    if networks.list.is_empty() {
        return told.and_then(|()| Err(networks.none()));
    }
    let mut found: Vec<(Diagnostic, &'static str)> = Vec::new();
    for network in &networks.list {
        for one in of_network(network, &networks, &asked.allow) {
            // A block is told of once, however many networks call it.
            let known = found.iter().any(|(other, lint)| {
                other.file.path == one.0.file.path && other.range == one.0.range && *lint == one.1
            });
            if !known {
                found.push(one);
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| {
        let key = |one: &Diagnostic| (one.file.path.clone(), one.range.start);
        key(a).cmp(&key(b))
    });
    let text = if asked.json {
        in_json(&found)
    } else {
        let paint = terminal.out();
        let texts: Vec<String> = found
            .iter()
            .map(|(one, _)| format!("{}\n", one.render(paint)))
            .collect();
        let count = match found.len() {
            0 => String::new(),
            1 => "1 warning\n".to_owned(),
            count => format!("{count} warnings\n"),
        };
        format!("{}{count}", texts.concat())
    };
    terminal.show(&text)?;
    commands::tell_of_others(&networks, terminal);
    if found.is_empty() {
        told
    } else {
        Err(Failure::told())
    }
}

/// What is found in a network, each at its place once.
fn of_network(
    network: &Network,
    all: &Networks,
    allowed: &[String],
) -> Vec<(Diagnostic, &'static str)> {
    let Some(resolved) = &network.resolved else {
        return Vec::new();
    };
    let mut merged: BTreeMap<(PathBuf, usize, usize, &str), (Finding, usize)> = BTreeMap::new();
    for finding in findings(resolved, network) {
        let (file, range) = finding.located(&network.invocation);
        let key = (file.path.clone(), range.start, range.end, finding.lint);
        let amount = finding.amount;
        match merged.get_mut(&key) {
            Some((known, times)) => {
                known.amount = known.amount.saturating_add(amount);
                *times += 1;
            }
            None => {
                merged.insert(key, (finding, 1));
            }
        }
    }
    let mut found = Vec::new();
    for (finding, times) in merged.into_values() {
        let (file, range) = finding.located(&network.invocation);
        let lint = finding.lint;
        // What stands in another package is not for this one to change.
        let mut own = all.invocations.iter();
        let Some(own) =
            own.find(|own| own.file.path == file.path && own.range.contains(&range.start))
        else {
            continue;
        };
        let allows = allowed::Allowed::of(own);
        if allowed.iter().any(|name| name == lint) || allows.has(&range, lint) {
            continue;
        }
        let diagnostic = Diagnostic {
            severity: Severity::Warning,
            file,
            range,
            message: finding.message(times),
        };
        found.push((diagnostic, lint));
    }
    found
}

fn findings(resolved: &Resolved, network: &Network) -> Vec<Finding> {
    let facts = Facts::of(resolved);
    let mut found = Vec::new();
    chains::look(&facts, &mut found);
    windows::look(&facts, &mut found);
    channels::look(&facts, &mut found);
    if let Some(graph) = network.graph {
        field::look(&facts, graph, &mut found);
    }
    found
}

fn in_json(found: &[(Diagnostic, &'static str)]) -> String {
    let objects: Vec<String> = found
        .iter()
        .map(|(one, lint)| {
            let (line, column) = one.line_and_column();
            let mut object = json::Object::default();
            object.text("lint", lint);
            object.text("file", &shown(&one.file.path));
            object.value("line", line);
            object.value("column", column);
            object.text("message", &one.message);
            object.finish()
        })
        .collect();
    json::lines(&objects)
}
