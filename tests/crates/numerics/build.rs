//! Writes the networks of the index as Rust: their definitions are text there, and
//! the macro makes graphs of them while this crate compiles. So the networks of
//! another folder, which `SHAPEWISE_NUMERICS` names, are known, too.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-env-changed=SHAPEWISE_NUMERICS");
    let own = || PathBuf::from("data");
    let folder = std::env::var_os("SHAPEWISE_NUMERICS").map_or_else(own, PathBuf::from);
    let index = folder.join("index.json");
    println!("cargo::rerun-if-changed={}", index.display());
    let networks = networks(&index).unwrap_or_default();
    let mut text = String::new();
    let mut list = String::new();
    for (place, (name, definition)) in networks.iter().enumerate() {
        let _ = writeln!(
            text,
            "mod network_{place} {{ use shapewise::network; {definition} }}"
        );
        let _ = write!(
            list,
            "({definition:?}, <network_{place}::{name} as shapewise::Network>::GRAPH), "
        );
    }
    let _ = writeln!(
        text,
        "/// Every definition with the graph that the macro made of it.\n\
         pub(crate) static NETWORKS: [(&str, &shapewise_core::Graph); {}] = [{list}];",
        networks.len()
    );
    let out = std::env::var_os("OUT_DIR").expect("cargo names a folder");
    std::fs::write(Path::new(&out).join("networks.rs"), text).expect("the folder can be written");
}

/// The networks of an index: their names and definitions.
fn networks(index: &Path) -> Option<Vec<(String, String)>> {
    let text = std::fs::read_to_string(index).ok()?;
    let index: Value = serde_json::from_str(&text).ok()?;
    let rows = index["networks"].as_array()?;
    rows.iter()
        .map(|row| {
            let text = |key: &str| Some(row[key].as_str()?.to_owned());
            Some((text("network")?, text("definition")?))
        })
        .collect()
}
