//! `cargo check` after an edit of one dimension.

use crate::subject::{self, Subject};
use crate::workspace::{Result, Workspace};
use crate::{networks, written};

/// At most so much of an empty crate's check, as far as there is a target.
fn target(network: &str) -> Option<f64> {
    match network {
        "alexnet" => Some(15.0 / 55.0),
        "vgg16" | "resnet50" => Some(60.0 / 55.0),
        _ => None,
    }
}

/// Prints a row per network.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let alone = subject::empty("edit-empty")?;
    let workspace = Workspace::new("edit")?;
    let mut packages = Vec::new();
    let empty = Subject::new(&alone, "empty".to_owned(), subject::comment);
    let mut subjects = vec![empty];
    for source in networks::ALL {
        let mut subject = |suffix: &str, text: fn(&networks::Source, usize) -> Result<String>| {
            let package = format!("{}{suffix}", source.name);
            packages.push(package.clone());
            subjects.push(Subject::new(&workspace, package, move |classes| {
                text(&source, classes)
            }));
        };
        subject("", |source, classes| Ok(source.call(classes)));
        subject("_graph", |source, classes| {
            let name = source.type_name;
            let read = "as shapewise::Network>::GRAPH.nodes().len();";
            let call = source.call(classes);
            Ok(format!("{call}pub const N: usize = <{name} {read}\n"))
        });
        subject("_written", |source, classes| {
            written::everything(&source.items(classes))
        });
        subject("_constants", |source, classes| {
            written::constants(&source.items(classes))
        });
    }
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    workspace.of(&packages)?;
    for package in packages {
        workspace.package(package, true, "lib.rs")?;
    }
    workspace.cargo(&["check", "--workspace"])?;
    subject::measure(&mut subjects, rounds)?;

    let empty = subject::find(&subjects, "empty")?;
    let whole = empty.total();
    let over = |package: &str| -> Result<f64> {
        Ok(subject::find(&subjects, package)?.own() - empty.own())
    };
    println!("cargo check after an edit, ms of CPU, median of {rounds}");
    println!(
        "an empty crate: {:.1} of rustc, {whole:.1} with cargo",
        empty.own()
    );
    println!("over the empty crate's rustc, and as a share of its {whole:.1}:");
    println!(
        "                network      written out        constants       graph read  \
         x constants  target"
    );
    for source in networks::ALL {
        print!("{:10}", source.name);
        for suffix in ["", "_written", "_constants", "_graph"] {
            let over = over(&format!("{}{suffix}", source.name))?;
            print!(" {over:9.1} {:6.2}", over / whole);
        }
        let own = subject::find(&subjects, source.name)?.own();
        let constants = subject::find(&subjects, &format!("{}_constants", source.name))?.own();
        print!(" {:12.2}", own / constants);
        match target(source.name) {
            Some(target) => println!(" {target:7.2}"),
            None => println!("       -"),
        }
    }
    Ok(())
}
