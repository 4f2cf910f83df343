//! Packages that are edited and checked in turn.

use crate::workspace::{Result, Workspace, median};

/// What is compared: a package, and its source when there are so many classes.
pub(crate) struct Subject<'a> {
    /// Where the package is.
    workspace: &'a Workspace,
    package: String,
    text: Box<dyn Fn(usize) -> Result<String> + 'a>,
    own: Vec<f64>,
    total: Vec<f64>,
}

impl<'a> Subject<'a> {
    /// A package that is in the workspace already.
    pub(crate) fn new(
        workspace: &'a Workspace,
        package: String,
        text: impl Fn(usize) -> Result<String> + 'a,
    ) -> Self {
        Self {
            workspace,
            package,
            text: Box::new(text),
            own: Vec::new(),
            total: Vec::new(),
        }
    }

    /// What the rustc of its check costs.
    pub(crate) fn own(&self) -> f64 {
        median(&self.own)
    }

    /// What its check costs, cargo included.
    pub(crate) fn total(&self) -> f64 {
        median(&self.total)
    }
}

/// An empty crate, alone in its workspace: cargo reads no manifest but its.
pub(crate) fn empty(name: &str) -> Result<Workspace> {
    let workspace = Workspace::new(name)?;
    workspace.of(&["empty"])?;
    workspace.package("empty", false, "lib.rs")?;
    workspace.cargo(&["check"])?;
    Ok(workspace)
}

/// The source of an empty crate after an edit.
pub(crate) fn comment(edit: usize) -> Result<String> {
    Ok(format!("// {edit}\n"))
}

/// Checks all of them after an edit, as often as there are rounds.
///
/// In turn, so that a busy moment of the machine meets all alike; a round before
/// fills the caches.
pub(crate) fn measure(subjects: &mut [Subject<'_>], rounds: usize) -> Result<()> {
    for round in 0..=rounds {
        for subject in &mut *subjects {
            let text = (subject.text)(1000 + round)?;
            let cost = subject.workspace.check(&subject.package, &text)?;
            if round > 0 {
                subject.own.push(cost.own);
                subject.total.push(cost.total);
            }
        }
    }
    Ok(())
}

/// The subject that is this package.
pub(crate) fn find<'s, 'a>(subjects: &'s [Subject<'a>], package: &str) -> Result<&'s Subject<'a>> {
    let found = subjects.iter().find(|one| one.package == package);
    found.ok_or_else(|| format!("`{package}` was not measured").into())
}
