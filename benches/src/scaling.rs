//! The cost of a layer in networks of growing size.

use crate::networks::{chain, many, nested, residuals};
use crate::subject;
use crate::workspace::{Result, Workspace, median};

/// Layers of each network.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// Levels of networks in networks.
const LEVELS: [usize; 3] = [1, 5, 10];

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
    let alone = subject::empty("scaling-empty")?;
    let workspace = Workspace::new("scaling")?;
    let mut packages: Vec<&str> = SHAPES.iter().map(|(name, _)| *name).collect();
    packages.push("nested");
    workspace.of(&packages)?;
    for package in packages {
        workspace.package(package, true, "lib.rs")?;
    }
    workspace.cargo(&["check", "--workspace"])?;
    let (mut empty, mut whole) = (Vec::new(), Vec::new());
    let mut costs = vec![Vec::new(); SHAPES.len() * SIZES.len()];
    for (place, &layers) in SIZES.iter().enumerate() {
        for round in 0..=rounds {
            let cost = alone.check("empty", &format!("// {layers} {round}"))?;
            empty.push(cost.own);
            whole.push(cost.total);
            for (shape, (name, text)) in SHAPES.iter().enumerate() {
                if *name == "many" && layers < 100 {
                    continue;
                }
                let text = format!("shapewise::network! {{ {} }}", text(layers, 10 + round));
                let cost = workspace.check(name, &text)?.own;
                if round > 0 {
                    costs[shape * SIZES.len() + place].push(cost);
                }
            }
        }
    }
    let mut levels = LEVELS.map(|_| Vec::new());
    for round in 0..=rounds {
        for (costs, levels) in levels.iter_mut().zip(LEVELS) {
            let cost = workspace.check("nested", &nested(levels, 10 + round))?.own;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    let (empty, whole) = (median(&empty), median(&whole));
    println!(
        "ms of rustc's CPU over an empty crate's {empty:.1}, median of {rounds}; as a share of its \
         whole check, {whole:.1}; us per layer; and us per further layer"
    );
    println!("1,000 layers shall be at most {:.2} of it", 300.0 / 55.0);
    for (shape, (name, _)) in SHAPES.iter().enumerate() {
        // The size before, and its cost.
        let mut before = None;
        for (place, &layers) in SIZES.iter().enumerate() {
            let costs = &costs[shape * SIZES.len() + place];
            if costs.is_empty() {
                continue;
            }
            let over = median(costs) - empty;
            print!(
                "{name:10} {layers:6} {over:9.1} {:7.2} {:8.1}",
                over / whole,
                over * 1e3 / layers as f64
            );
            match before.replace((layers, over)) {
                Some((fewer, less)) => {
                    println!(" {:8.1}", (over - less) * 1e3 / (layers - fewer) as f64);
                }
                None => println!("        -"),
            }
        }
    }
    println!("networks in networks, each used twice: ms over an empty crate's");
    for (costs, levels) in levels.iter().zip(LEVELS) {
        println!("{levels:6} levels {:9.1}", median(costs) - empty);
    }
    Ok(())
}
