//! The same networks in candle and in burn.
//!
//! What their check tells is less: types, and no shape and no count.

use crate::networks::{self, Source};
use crate::subject::{self, Subject};
use crate::workspace::{Result, Workspace};

/// Another way to write a network in Rust.
struct Engine {
    name: &'static str,
    /// The lines of a manifest.
    dependencies: &'static str,
    /// The crates whose versions are printed.
    crates: &'static [&'static str],
    /// A network's source.
    text: fn(&str) -> &'static str,
    /// A program that prints the parameters of all.
    count: &'static str,
}

const ENGINES: [Engine; 2] = [
    Engine {
        name: "candle",
        dependencies: "candle-core = { version = \"0.11\", default-features = false }\n\
                       candle-nn = { version = \"0.11\", default-features = false }\n",
        crates: &["candle-core", "candle-nn"],
        text: |network| match network {
            "alexnet" => include_str!("../engines/candle/alexnet.rs"),
            "vgg16" => include_str!("../engines/candle/vgg16.rs"),
            "vit_b_16" => include_str!("../engines/candle/vit_b_16.rs"),
            _ => include_str!("../engines/candle/resnet.rs"),
        },
        count: include_str!("../engines/candle/count.rs"),
    },
    // burn 0.22 calls ndarray deprecated; its models are not generic over the backend.
    Engine {
        name: "burn",
        dependencies: "burn = { version = \"0.22\", default-features = false, \
                       features = [\"std\", \"ndarray\"] }\n",
        crates: &["burn", "burn-ndarray"],
        text: |network| match network {
            "alexnet" => include_str!("../engines/burn/alexnet.rs"),
            "vgg16" => include_str!("../engines/burn/vgg16.rs"),
            "vit_b_16" => include_str!("../engines/burn/vit_b_16.rs"),
            _ => include_str!("../engines/burn/resnet.rs"),
        },
        count: include_str!("../engines/burn/count.rs"),
    },
];

/// What each network has, with 1,000 classes: torchvision's counts, and of AlexNet,
/// which is not torchvision's, the sum by hand.
fn parameters(network: &str) -> Result<usize> {
    match network {
        "alexnet" => Ok(62_378_344),
        "vgg16" => Ok(138_357_544),
        "vit_b_16" => Ok(86_567_656),
        "resnet50" => Ok(25_557_032),
        "resnet152" => Ok(60_192_808),
        _ => Err(format!("nobody has counted the parameters of `{network}`").into()),
    }
}

impl Engine {
    fn package(&self, source: &Source) -> String {
        format!("{}_{}", self.name, source.name)
    }

    fn source(&self, source: &Source, classes: usize) -> String {
        source.fill((self.text)(source.name), classes)
    }

    /// The networks as packages, their dependencies checked.
    fn prepare(&self) -> Result<Workspace> {
        let workspace = Workspace::kept(&format!("engines-{}", self.name))?;
        let packages = networks::ALL.map(|source| self.package(&source));
        let mut members: Vec<&str> = packages.iter().map(String::as_str).collect();
        members.push("count");
        workspace.of(&members)?;
        let mut counted = self.dependencies.to_owned();
        for (source, package) in networks::ALL.iter().zip(&packages) {
            workspace.dependent(package, self.dependencies, "lib.rs")?;
            workspace.write(package, "lib.rs", &self.source(source, 1000))?;
            counted.push_str(&format!("{package} = {{ path = \"../{package}\" }}\n"));
        }
        workspace.dependent("count", &counted, "main.rs")?;
        workspace.write("count", "main.rs", self.count)?;
        let first = !workspace.made("debug").exists();
        let cost = workspace.cargo(&["check", "--workspace"])?;
        let when = if first {
            format!(
                "checked with all dependencies in {:.0} s of CPU",
                cost.total / 1e3
            )
        } else {
            "dependencies checked by an earlier run".to_owned()
        };
        let versions = self.crates.iter().map(|name| workspace.version(name));
        println!(
            "{}: {when}",
            versions.collect::<Result<Vec<_>>>()?.join(", ")
        );
        Ok(workspace)
    }

    /// Builds and runs the program that counts, and compares.
    fn count(&self, workspace: &Workspace) -> Result<()> {
        let output = workspace.cargo(&["run", "--package", "count"])?.output;
        for source in networks::ALL {
            let expected = format!("{} {}", source.name, parameters(source.name)?);
            if !output.lines().any(|line| line == expected) {
                let package = self.package(&source);
                return Err(format!("{package} is another network:\n{output}").into());
            }
        }
        println!("{}: the parameters of all five are right", self.name);
        Ok(())
    }
}

/// The networks in shapewise, each with an assertion of its parameters once.
fn shapewise() -> Result<Workspace> {
    let workspace = Workspace::new("engines-shapewise")?;
    workspace.of(&networks::ALL.map(|source| source.name))?;
    for source in networks::ALL {
        workspace.package(source.name, true, "lib.rs")?;
        let text = format!(
            "{}const _: () = assert!({}::PARAMS == {});\n",
            source.call(1000),
            source.type_name,
            parameters(source.name)?
        );
        workspace.write(source.name, "lib.rs", &text)?;
    }
    workspace.cargo(&["check", "--workspace"])?;
    Ok(workspace)
}

/// The engines that can be had, and the names of the others, of which it is said why.
fn prepared() -> (Vec<(&'static Engine, Workspace)>, Vec<&'static str>) {
    let (mut had, mut missing) = (Vec::new(), Vec::new());
    for engine in &ENGINES {
        match engine.prepare() {
            Ok(workspace) => had.push((engine, workspace)),
            Err(error) => {
                let name = engine.name;
                println!(
                    "{name}: cannot be had, or not be compiled, with this toolchain:\n{error}"
                );
                missing.push(name);
            }
        }
    }
    (had, missing)
}

/// An error when figures of an engine are missing, so that nobody takes them for made.
fn complete(missing: &[&str]) -> Result<()> {
    match missing {
        [] => Ok(()),
        _ => Err(format!("without {}: see above", missing.join(" and ")).into()),
    }
}

/// Prints a row per network.
pub(crate) fn run(rounds: usize) -> Result<()> {
    let alone = subject::empty("engines-empty")?;
    let own = shapewise()?;
    let (engines, missing) = prepared();
    let mut subjects = vec![Subject::new(&alone, "empty".to_owned(), subject::comment)];
    for source in networks::ALL {
        subjects.push(Subject::new(&own, source.name.to_owned(), move |classes| {
            Ok(source.call(classes))
        }));
        for (engine, workspace) in &engines {
            let package = engine.package(&source);
            subjects.push(Subject::new(workspace, package, move |classes| {
                Ok(engine.source(&source, classes))
            }));
        }
    }
    subject::measure(&mut subjects, rounds)?;

    let empty = subject::find(&subjects, "empty")?.own();
    println!(
        "cargo check after an edit, ms of rustc's CPU over an empty crate's {empty:.1}, median of \
         {rounds}; and how many times shapewise's that is"
    );
    print!("{:10} {:>9}", "", "shapewise");
    for (engine, _) in &engines {
        print!(" {:>9} {:>6}", engine.name, "times");
    }
    println!();
    for source in networks::ALL {
        let over =
            |package: &str| -> Result<f64> { Ok(subject::find(&subjects, package)?.own() - empty) };
        let own = over(source.name)?;
        print!("{:10} {own:9.1}", source.name);
        for (engine, _) in &engines {
            let other = over(&engine.package(&source))?;
            print!(" {other:9.1} {:6.2}", other / own);
        }
        println!();
    }
    complete(&missing)
}

/// Builds the networks, and compares their parameters with the published counts.
pub(crate) fn count() -> Result<()> {
    shapewise()?;
    println!("shapewise: the parameters of all five are right");
    let (engines, missing) = prepared();
    for (engine, workspace) in &engines {
        engine.count(workspace)?;
    }
    complete(&missing)
}
