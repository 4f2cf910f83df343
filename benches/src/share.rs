//! What shapewise-burn adds to the build of a program that uses burn.

use std::collections::HashMap;

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

/// What a build takes in seconds of CPU, and its crates in milliseconds.
struct Build {
    name: &'static str,
    dependencies: String,
    source: &'static str,
    seconds: Vec<f64>,
    crates: HashMap<String, f64>,
}

/// Prints CPU seconds of burn alone, with a network that counts beside it, and with one that
/// trains in it; what each adds to the one before, and by which crates.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let package =
        |name: &str, path: &str| format!("{name} = {{ path = {:?} }}\n", root().join(path));
    let counts = [BURN, &package("shapewise", "")].concat();
    let trains = [&counts, package("shapewise-burn", "engines/burn").as_str()].concat();
    let program = |name, dependencies: &str, source| Build {
        name,
        dependencies: dependencies.to_owned(),
        source,
        seconds: Vec::new(),
        crates: HashMap::new(),
    };
    let mut builds = [
        program("burn", BURN, include_str!("../share/without.rs")),
        program("shapewise", &counts, include_str!("../share/counts.rs")),
        program("shapewise-burn", &trains, include_str!("../share/with.rs")),
    ];
    for _ in 0..rounds {
        for program in &mut builds {
            let cost = build(program.name, &program.dependencies, program.source)?;
            program.seconds.push(cost.total / 1e3);
            program.crates = cost.crates;
        }
    }
    println!("first build of a program, seconds of CPU, median of {rounds}:");
    for pair in builds.windows(2) {
        if let [before, after] = pair {
            tell(before, after);
        }
    }
    Ok(())
}

/// What a program takes that has a dependency more than another.
fn tell(before: &Build, after: &Build) {
    let (without, with) = (median(&before.seconds), median(&after.seconds));
    println!(
        "  {without:.1}, and with {} {with:.1}, times {:.3}",
        after.name,
        with / without
    );
    let added = after.crates.iter();
    let added = added.filter(|(name, _)| !before.crates.contains_key(*name));
    let mut added: Vec<_> = added.collect();
    added.sort_by(|a, b| b.1.total_cmp(a.1));
    let total: f64 = added.iter().map(|(_, cost)| *cost / 1e3).sum();
    println!(
        "  {} crates are added, {total:.1} s of rustc's CPU, {:.1}% of the build without them; in ms:",
        added.len(),
        100.0 * total / without
    );
    for (name, cost) in added {
        println!("    {name:24} {cost:7.0}");
    }
}
