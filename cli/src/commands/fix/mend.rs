//! A file whose errors are mended one by one.

use std::path::{Path, PathBuf};

use shapewise_compiler::edits;

use crate::args::Where;
use crate::diagnostic::Diagnostic;
use crate::failure::{Failure, Result};
use crate::network::{self, Networks, Problem};
use crate::tree::{Disk, Tree, shown};

/// A file.
#[derive(Debug)]
pub(super) struct Source {
    /// Where it is.
    pub(super) path: PathBuf,
    before: String,
    text: String,
    /// The headlines of errors that are to stay, and of the next one.
    skipped: Vec<String>,
    upcoming: String,
    /// The texts that it was.
    seen: Vec<String>,
}

/// A change that mends an error.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The help that it comes from.
    pub(super) help: String,
    /// The whole file with it.
    pub(super) text: String,
    /// How many errors there are then.
    left: usize,
}

/// What is wrong in a text.
fn problems(path: &Path, text: &str) -> Vec<Problem> {
    let mut networks = Networks::default();
    let tree = Changed { path, text };
    network::of_file(&tree, &Where::default(), path, &mut networks);
    // What is wrong elsewhere is not mended here.
    networks
        .problems
        .retain(|problem| problem.diagnostic.file.path == path);
    networks.problems
}

/// The files as they are, and one that is to be another.
struct Changed<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Tree for Changed<'_> {
    fn read(&self, path: &Path) -> Option<String> {
        if path == self.path {
            return Some(self.text.to_owned());
        }
        Disk.read(path)
    }

    fn list(&self, folder: &Path) -> Vec<(String, bool)> {
        Disk.list(folder)
    }

    fn has(&self, path: &Path) -> bool {
        path == self.path || Disk.has(path)
    }
}

impl Source {
    pub(super) fn new(path: &Path) -> Result<Self> {
        let text = Disk
            .read(path)
            .ok_or_else(|| Failure::new(format!("cannot read `{}`", shown(path))))?;
        Ok(Self {
            path: path.to_owned(),
            before: text.clone(),
            text,
            skipped: Vec::new(),
            upcoming: String::new(),
            seen: Vec::new(),
        })
    }

    /// The text as it was.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    /// The text as it is now.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How many errors are left.
    pub(super) fn errors(&self) -> usize {
        problems(&self.path, &self.text).len()
    }

    /// What is left.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        let problems = problems(&self.path, &self.text).into_iter();
        problems.map(|problem| problem.diagnostic)
    }

    /// The next error that something mends, and what does.
    pub(super) fn upcoming(&mut self) -> Option<(Diagnostic, Vec<Proposal>)> {
        let problems = problems(&self.path, &self.text);
        for problem in &problems {
            let headline = headline(problem).to_owned();
            if self.skipped.contains(&headline) {
                continue;
            }
            let proposals = self.proposals(problem, &problems);
            if !proposals.is_empty() {
                self.upcoming = headline;
                return Some((problem.diagnostic.clone(), proposals));
            }
        }
        None
    }

    /// Takes a proposal.
    pub(super) fn take(&mut self, proposal: &Proposal) {
        let before = std::mem::replace(&mut self.text, proposal.text.clone());
        self.seen.push(before);
    }

    /// Leaves the next error as it is.
    pub(super) fn skip(&mut self) {
        let skipped = std::mem::take(&mut self.upcoming);
        self.skipped.push(skipped);
    }

    /// The changes after which an error is gone, those first that leave the fewest.
    fn proposals(&self, problem: &Problem, all: &[Problem]) -> Vec<Proposal> {
        let (Some(error), Some(invocation)) = (&problem.error, &problem.invocation) else {
            return Vec::new();
        };
        let inside = &invocation.inside;
        let place = &problem.diagnostic.range;
        let (Some(source), true) = (
            self.text.get(inside.clone()),
            inside.contains(&place.start) && place.end <= inside.end,
        ) else {
            return Vec::new();
        };
        let place = place.start - inside.start..place.end - inside.start;
        let same = |problems: &[Problem]| {
            let same = problems
                .iter()
                .filter(|other| headline(other) == headline(problem));
            same.count()
        };
        let before = same(all);
        let mut proposals: Vec<Proposal> = Vec::new();
        for help in error.helps() {
            for edited in edits::apply(source, place.clone(), help) {
                let mut text = self.text.clone();
                text.replace_range(inside.clone(), &edited);
                let known = proposals.iter().any(|proposal| proposal.text == text);
                // What one change makes and another takes back would go on for ever.
                if known || self.seen.contains(&text) {
                    continue;
                }
                let after = problems(&self.path, &text);
                // An error may have hidden another.
                if after.len() <= all.len() && same(&after) < before {
                    proposals.push(Proposal {
                        help: help.to_owned(),
                        text,
                        left: after.len(),
                    });
                }
            }
        }
        proposals.sort_by_key(|proposal| proposal.left);
        proposals
    }
}

fn headline(problem: &Problem) -> &str {
    let message = &problem.diagnostic.message;
    message.lines().next().unwrap_or_default()
}
