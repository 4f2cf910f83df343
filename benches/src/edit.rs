//! `cargo check` after an edit of one dimension.

use crate::workspace::{Result, Workspace, median};
use crate::{networks, written};

/// What is compared: a package's name, and its source when there are so many classes.
struct Subject {
    package: String,
    text: Box<dyn Fn(usize) -> Result<String>>,
    costs: Vec<f64>,
}

/// Prints a row per network.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let mut subjects = vec![Subject {
        package: "empty".to_owned(),
        text: Box::new(|classes| Ok(format!("// {classes}\n"))),
        costs: Vec::new(),
    }];
    subjects.push(Subject {
        package: "derives".to_owned(),
        text: Box::new(|classes| Ok(format!("// {classes}\n{}pub struct Net;", written::DERIVED))),
        costs: Vec::new(),
    });
    for source in networks::ALL {
        let mut subject = |suffix: &str, text: Box<dyn Fn(usize) -> Result<String>>| {
            subjects.push(Subject {
                package: format!("{}{suffix}", source.name),
                text,
                costs: Vec::new(),
            });
        };
        let call = move |classes| format!("shapewise::network! {{ {} }}\n", source.items(classes));
        subject("", Box::new(move |classes| Ok(call(classes))));
        subject(
            "_graph",
            Box::new(move |classes| {
                let name = source.type_name;
                let read = "as shapewise::Network>::GRAPH.nodes.len();";
                Ok(format!(
                    "{}pub const N: usize = <{name} {read}\n",
                    call(classes)
                ))
            }),
        );
        subject(
            "_written",
            Box::new(move |classes| written::everything(&source.items(classes))),
        );
        subject(
            "_constants",
            Box::new(move |classes| written::constants(&source.items(classes))),
        );
    }
    let workspace = Workspace::new("edit")?;
    let packages: Vec<&str> = subjects.iter().map(|one| one.package.as_str()).collect();
    workspace.of(&packages)?;
    for subject in &subjects {
        let depends = !["empty", "derives"].contains(&subject.package.as_str());
        workspace.package(&subject.package, depends, "lib.rs")?;
    }
    workspace.cargo(&["check", "--workspace"])?;
    // In turn, so that a busy moment of the machine meets all alike; the first
    // round fills the caches.
    for round in 0..=rounds {
        for subject in &mut subjects {
            let text = (subject.text)(1000 + round)?;
            let cost = workspace.check(&subject.package, &text)?;
            if round > 0 {
                subject.costs.push(cost);
            }
        }
    }
    let cost = |package: &str| {
        let found = subjects.iter().find(|one| one.package == package);
        median(found.map_or(&[], |found| &found.costs))
    };
    let empty = cost("empty");
    println!(
        "cargo check after an edit, ms of rustc's CPU, median of {rounds}; empty {empty:.1}, \
         a struct with derives {:.1} more",
        cost("derives") - empty
    );
    println!(
        "            network   over empty   written out   constants   graph read   x constants"
    );
    for source in networks::ALL {
        let [own, written, constants, graph] = ["", "_written", "_constants", "_graph"]
            .map(|suffix| cost(&format!("{}{suffix}", source.name)));
        println!(
            "{:10} {own:8.1} {:12.1} {:13.1} {:11.1} {:12.1} {:13.2}",
            source.name,
            own - empty,
            written - empty,
            constants - empty,
            graph - empty,
            own / constants,
        );
    }
    Ok(())
}
