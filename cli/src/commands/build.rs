//! What only rustc knows: a program that is generated, built and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::{Table, Value};

use crate::args::Table as Asked;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::manifest::{Kind, Package};
use crate::network;
use crate::terminal::{Terminal, write};
use crate::tree::{Disk, Tree as _, normal};

/// The tables of networks, as rustc evaluates them.
pub(crate) fn run(asked: &Asked, terminal: &Terminal) -> Result<()> {
    // `Net<10>` is the network `Net`.
    let names: Vec<String> = asked
        .names
        .iter()
        .map(|name| name.split(['<', ' ']).next().unwrap_or_default())
        .map(|name| name.trim_end_matches("::").to_owned())
        .collect();
    let networks = network::load(&asked.place, &names)?;
    crate::commands::tell(&networks, terminal)?;
    let network = networks.only("`--build`")?;
    let (package, target) = match &network.target {
        Some((package, target)) if target.kind == Kind::Lib => (package, target),
        _ => {
            return Err(Failure::new(format!(
                "`{}` is in no library, and another program cannot use it",
                network.path()
            ))
            .help("move it into the package's `src/lib.rs`, as `pub`"));
        }
    };
    let generics = asked.names.iter().find_map(|name| {
        let start = name.find('<')?;
        name.get(start..)
    });
    if network.generic && generics.is_none() && network.graph.is_none() {
        return Err(Failure::new(format!(
            "`{}` has const generics without defaults",
            network.path()
        ))
        .help(format!("say them: `{}<10>`", network.name)));
    }
    let folder = generated(package)?;
    let path = format!(
        "{}::{}{}",
        target.name,
        network.path(),
        generics.unwrap_or_default()
    );
    fs::create_dir_all(folder.join("src")).map_err(|error| cannot_write(&folder, &error))?;
    store(
        &folder.join("Cargo.toml"),
        &manifest(package, &target.name)?,
    )?;
    store(
        &folder.join("src/main.rs"),
        &program(&path, asked, terminal),
    )?;
    built(&folder)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write `{}`: {error}", path.display()))
}

fn store(path: &Path, text: &str) -> Result<()> {
    // A file that is written anew is built anew.
    if Disk.read(path).is_some_and(|own| own == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| cannot_write(path, &error))
}

/// The folder of the program: in the target folder of the workspace, with its versions.
fn generated(package: &Package) -> Result<PathBuf> {
    let around = package.folder.ancestors();
    let lock = around
        .map(|folder| folder.join("Cargo.lock"))
        .find(|lock| lock.is_file());
    let root = lock
        .as_ref()
        .and_then(|lock| lock.parent())
        .unwrap_or(&package.folder);
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |target| root.join(target));
    let folder = target.join("shapewise").join(&package.name);
    fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    if let Some(lock) = lock {
        let own = folder.join("Cargo.lock");
        if !own.exists() {
            fs::copy(&lock, &own).map_err(|error| cannot_write(&own, &error))?;
        }
    }
    Ok(folder)
}

/// A manifest with the package, and with shapewise as the package has it.
fn manifest(package: &Package, library: &str) -> Result<String> {
    let read =
        |folder: &Path| -> Option<Table> { Disk.read(&folder.join("Cargo.toml"))?.parse().ok() };
    let own = read(&package.folder).unwrap_or_default();
    let is_shapewise = |name: &str, value: &Value| {
        name == "shapewise" || value.get("package").and_then(Value::as_str) == Some("shapewise")
    };
    let dependencies = own.get("dependencies").and_then(Value::as_table);
    let found = dependencies.and_then(|list| {
        let mut named = list.iter();
        named.find(|(name, value)| is_shapewise(name, value))
    });
    let Some((name, value)) = found else {
        return Err(Failure::new(format!(
            "`{}` does not depend on `shapewise`",
            package.name
        )));
    };
    let mut value = value.clone();
    let mut folder = package.folder.clone();
    if value.get("workspace").is_some() {
        let around = package.folder.ancestors().find_map(|folder| {
            let table = read(folder)?;
            let workspace = table.get("workspace")?;
            let value = workspace.get("dependencies")?.get(name)?.clone();
            Some((folder.to_owned(), value))
        });
        let (root, shared) = around
            .ok_or_else(|| Failure::new(format!("the workspace has no dependency `{name}`")))?;
        folder = root;
        value = shared;
    }
    if let Some(Value::String(path)) = value.get("path") {
        let path = normal(&folder.join(path)).display().to_string();
        if let Value::Table(table) = &mut value {
            table.insert("path".to_owned(), Value::String(path));
        }
    }
    if let Value::Table(table) = &mut value {
        table.remove("optional");
        table.insert("package".to_owned(), Value::String("shapewise".to_owned()));
        // The program asks the terminal.
        table.remove("default-features");
    }
    let text = |value: &str| Value::String(value.to_owned());
    let user = Table::from_iter([
        (
            "path".to_owned(),
            text(&package.folder.display().to_string()),
        ),
        ("package".to_owned(), text(&package.name)),
    ]);
    let dependencies = Table::from_iter([
        ("shapewise_report".to_owned(), renamed(value)),
        (library.to_owned(), Value::Table(user)),
    ]);
    let described = Table::from_iter([
        ("name".to_owned(), text("shapewise-generated")),
        ("version".to_owned(), text("0.0.0")),
        ("edition".to_owned(), text("2024")),
    ]);
    let manifest = Table::from_iter([
        ("package".to_owned(), Value::Table(described)),
        ("dependencies".to_owned(), Value::Table(dependencies)),
        ("workspace".to_owned(), Value::Table(Table::new())),
    ]);
    Ok(manifest.to_string())
}

/// A dependency by its version alone, as one that can have another name.
fn renamed(value: Value) -> Value {
    match value {
        Value::String(version) => Value::Table(Table::from_iter([
            ("version".to_owned(), Value::String(version)),
            ("package".to_owned(), Value::String("shapewise".to_owned())),
        ])),
        value => value,
    }
}

/// A program that writes the table of a network.
fn program(path: &str, asked: &Asked, terminal: &Terminal) -> String {
    let layers = if asked.layers { ".layers()" } else { "" };
    let form = &asked.form;
    let written = if form.json {
        ".json()".to_owned()
    } else if form.csv {
        ".csv()".to_owned()
    } else if form.markdown {
        ".markdown()".to_owned()
    } else if form.latex {
        ".latex()".to_owned()
    } else {
        format!(
            ".width({}).colours({})",
            terminal.width(),
            terminal.out().is_on()
        )
    };
    format!(
        "type Asked = {path};\n\nfn main() {{\n    let summary = <Asked as shapewise_report::Network>::\
         summary();\n    let summary = summary.depth({}).batch({}){layers};\n    \
         println!(\"{{}}\", summary{written});\n}}\n",
        asked.depth, asked.batch
    )
}

/// Builds and runs it.
fn built(folder: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        let mut failure = Failure::new("rustc does not evaluate it (above)")
            .help("the network and the modules around it have to be `pub`");
        failure.status = exit::FOUND;
        return Err(failure);
    }
    write(&String::from_utf8_lossy(&output.stdout))
}
