//! The cost of a layer in networks of growing size.

use crate::networks::{chain, many, residuals};
use crate::workspace::{Result, Workspace, median};

/// Layers of each network.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

type Text = fn(usize, usize) -> String;

/// What is measured: a name, and the source of so many layers and classes.
const SHAPES: [(&str, Text); 4] = [
    ("chain", |layers, classes| chain(layers, classes, false)),
    ("labelled", |layers, classes| chain(layers, classes, true)),
    ("residuals", residuals),
    ("many", |layers, classes| many(layers / 100, classes)),
];

/// Prints a row per size.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let workspace = Workspace::new("scaling")?;
    let mut packages = vec!["empty"];
    packages.extend(SHAPES.iter().map(|(name, _)| *name));
    workspace.of(&packages)?;
    for package in packages {
        workspace.package(package, package != "empty", "lib.rs")?;
    }
    workspace.cargo(&["check", "--workspace"])?;
    let mut empty = Vec::new();
    let mut costs = vec![Vec::new(); SHAPES.len() * SIZES.len()];
    for (place, &layers) in SIZES.iter().enumerate() {
        for round in 0..=rounds {
            let cost = workspace.check("empty", &format!("// {layers} {round}"))?;
            empty.push(cost);
            for (shape, (name, text)) in SHAPES.iter().enumerate() {
                if *name == "many" && layers < 100 {
                    continue;
                }
                let text = format!("shapewise::network! {{ {} }}", text(layers, 10 + round));
                let cost = workspace.check(name, &text)?;
                if round > 0 {
                    costs[shape * SIZES.len() + place].push(cost);
                }
            }
        }
    }
    let empty = median(&empty);
    println!("ms of rustc's CPU over an empty crate, median of {rounds}, and us per layer");
    for (shape, (name, _)) in SHAPES.iter().enumerate() {
        for (place, &layers) in SIZES.iter().enumerate() {
            let costs = &costs[shape * SIZES.len() + place];
            if costs.is_empty() {
                continue;
            }
            let over = median(costs) - empty;
            println!(
                "{name:10} {layers:6} {over:9.1} {:8.1}",
                over * 1e3 / layers as f64
            );
        }
    }
    Ok(())
}
