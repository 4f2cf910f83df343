//! `cargo metadata`: where the sources of packages are that no manifest has the path of.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::manifest::Asked;
use crate::tree::normal;

/// What cargo knows.
#[derive(Debug)]
pub(super) struct Metadata {
    /// The packages by their folders: what each depends on, by the names of crates.
    packages: HashMap<PathBuf, HashMap<String, PathBuf>>,
    /// The features that are on.
    features: HashMap<PathBuf, Vec<String>>,
}

impl Metadata {
    /// What cargo says without looking anything up elsewhere, or changing a file.
    pub(super) fn of(manifest: &Path) -> Result<Self, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([
                "metadata",
                "--format-version",
                "1",
                "--frozen",
                "--manifest-path",
            ])
            .arg(manifest)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cargo cannot be run: {error}"))?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            let line = told.lines().find_map(|line| line.strip_prefix("error: "));
            let line = line.unwrap_or("it does not say why");
            return Err(format!(
                "cargo knows no sources yet, `cargo fetch` gets them ({line})"
            ));
        }
        let told: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("cargo's words are not understood: {error}"))?;
        Ok(Self::read(&told))
    }

    fn read(told: &Value) -> Self {
        let list = |value: &'_ Value, key: &str| -> Vec<Value> {
            value
                .get(key)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let text = |value: &Value, key: &str| -> String {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut folders: HashMap<String, PathBuf> = HashMap::new();
        for package in list(told, "packages") {
            let manifest = PathBuf::from(text(&package, "manifest_path"));
            let folder = normal(manifest.parent().unwrap_or(Path::new("")));
            folders.insert(text(&package, "id"), folder);
        }
        let mut metadata = Self {
            packages: HashMap::new(),
            features: HashMap::new(),
        };
        for node in told
            .get("resolve")
            .map_or_else(Vec::new, |it| list(it, "nodes"))
        {
            let Some(folder) = folders.get(&text(&node, "id")) else {
                continue;
            };
            let dependencies = list(&node, "deps").into_iter().filter_map(|dependency| {
                let folder = folders.get(&text(&dependency, "pkg"))?;
                Some((text(&dependency, "name"), folder.clone()))
            });
            metadata
                .packages
                .insert(folder.clone(), dependencies.collect());
            let features = list(&node, "features").into_iter();
            let features = features.filter_map(|one| one.as_str().map(str::to_owned));
            metadata.features.insert(folder.clone(), features.collect());
        }
        metadata
    }

    /// The folder of what a package knows as `krate`, and its features.
    pub(super) fn dependency(&self, folder: &Path, krate: &str) -> Option<(PathBuf, Asked)> {
        let found = self.packages.get(folder)?.get(krate)?;
        let asked = Asked {
            names: self.features.get(found).cloned().unwrap_or_default(),
            default: false,
            all: false,
        };
        Some((found.clone(), asked))
    }
}
