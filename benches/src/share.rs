//! What shapewise-burn adds to the build of a program that uses burn.

use crate::workspace::{Cost, Result, Workspace, median, root};

const BURN: &str = "burn = { version = \"0.22\", default-features = false, \
                    features = [\"std\", \"flex\", \"autodiff\", \"optim\"] }\n";

/// A program by itself: the first build of it and of all that it depends on.
fn build(name: &str, dependencies: &str, source: &str) -> Result<Cost> {
    let workspace = Workspace::new(&format!("share-{name}"))?;
    workspace.of(&["program"])?;
    workspace.dependent("program", dependencies, "main.rs")?;
    workspace.write("program", "main.rs", source)?;
    // What is downloaded is no part of the build.
    workspace.cargo(&["fetch"])?;
    // What comes from a registry is compiled once: cargo keeps nothing for a second time.
    let cost = workspace.cargo(&["build", "--config", "profile.dev.incremental=false"])?;
    // Two builds of burn are 2 GB.
    std::fs::remove_dir_all(workspace.made(""))?;
    Ok(cost)
}

/// Prints CPU seconds of both, the share, and the crates that only one of them has.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let package =
        |name: &str, path: &str| format!("{name} = {{ path = {:?} }}\n", root().join(path));
    let dependencies = [
        BURN.to_owned(),
        package("shapewise", ""),
        package("shapewise-burn", "engines/burn"),
    ]
    .concat();
    let (mut without, mut with) = (Vec::new(), Vec::new());
    let mut added = Vec::new();
    for _ in 0..rounds {
        let one = build("without", BURN, include_str!("../share/without.rs"))?;
        let other = build("with", &dependencies, include_str!("../share/with.rs"))?;
        without.push(one.total / 1e3);
        with.push(other.total / 1e3);
        added = other
            .crates
            .into_iter()
            .filter(|(name, _)| !one.crates.contains_key(name))
            .collect();
    }
    added.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (without, with) = (median(&without), median(&with));
    println!(
        "first build of a program that uses burn: {without:.1} s of CPU, with shapewise-burn \
         {with:.1}, times {:.3}; median of {rounds}",
        with / without
    );
    let total: f64 = added.iter().map(|(_, cost)| cost / 1e3).sum();
    println!(
        "{} crates are added, {total:.1} s of rustc's CPU, {:.1}% of the build without them; in ms:",
        added.len(),
        100.0 * total / without
    );
    for (name, cost) in added {
        println!("  {name:24} {cost:7.0}");
    }
    Ok(())
}
