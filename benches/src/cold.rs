//! The first build of shapewise.

use crate::workspace::{Result, Workspace, median};

/// Prints CPU seconds and crates.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let mut totals = Vec::new();
    let mut crates = Vec::new();
    for _ in 0..rounds {
        let workspace = Workspace::new("cold")?;
        workspace.of(&["user"])?;
        workspace.package("user", true, "lib.rs")?;
        // What comes from a registry is compiled once: cargo keeps nothing for a second time.
        let cost = workspace.cargo(&["build", "--config", "profile.dev.incremental=false"])?;
        totals.push(cost.total / 1e3);
        crates = cost
            .crates
            .into_iter()
            .filter(|(name, _)| {
                !["user", "-", "___", "build_script_build"].contains(&name.as_str())
            })
            .collect();
    }
    crates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total = median(&totals);
    println!("cold cargo build: {total:.2} s of CPU in all, median of {rounds}");
    println!("{} crates, ms of rustc's CPU:", crates.len());
    for (name, cost) in crates {
        println!("  {name:20} {cost:7.0}");
    }
    Ok(())
}
