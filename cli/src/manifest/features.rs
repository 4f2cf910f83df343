//! Features: which are on.

use std::collections::{BTreeMap, HashSet};

use toml::{Table, Value};

/// The features of a package, and what each brings along.
#[derive(Debug, Default)]
pub(crate) struct Features {
    known: BTreeMap<String, Vec<String>>,
}

/// Which features are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// These.
    pub(crate) names: Vec<String>,
    /// Those of `default`, too.
    pub(crate) default: bool,
    /// All.
    pub(crate) all: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            default: true,
            all: false,
        }
    }
}

impl Features {
    /// Those that a manifest lists, and one for each dependency that may be left out.
    pub(super) fn of(manifest: &Table) -> Self {
        let mut known = BTreeMap::new();
        let mut hidden = HashSet::new();
        let listed = manifest.get("features").and_then(Value::as_table);
        for (name, brings) in listed.into_iter().flatten() {
            let brings = brings.as_array().into_iter().flatten();
            let brings: Vec<String> = brings
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            hidden.extend(
                brings
                    .iter()
                    .filter_map(|one| one.strip_prefix("dep:"))
                    .map(str::to_owned),
            );
            known.insert(name.clone(), brings);
        }
        for table in super::dependencies::tables(manifest) {
            for (name, value) in table {
                let optional = value.get("optional").and_then(Value::as_bool) == Some(true);
                if optional && !hidden.contains(name) {
                    known.entry(name.clone()).or_default();
                }
            }
        }
        Self { known }
    }

    /// Whether there is such a feature.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The names of all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// Those that are on.
    pub(crate) fn on(&self, asked: &Asked) -> HashSet<String> {
        let mut open: Vec<&str> = asked.names.iter().map(String::as_str).collect();
        if asked.default {
            open.push("default");
        }
        if asked.all {
            open.extend(self.names());
        }
        let mut on = HashSet::new();
        while let Some(name) = open.pop() {
            let Some(brings) = self.known.get(name) else {
                // `krate/feature` turns the dependency on.
                if let Some((krate, _)) = name.split_once('/')
                    && !krate.ends_with('?')
                {
                    open.push(krate);
                }
                continue;
            };
            if on.insert(name.to_owned()) {
                open.extend(brings.iter().map(String::as_str));
            }
        }
        on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on() {
        let manifest: Table = "
            [features]
            default = [\"small\"]
            small = []
            large = [\"small\", \"gpu\", \"zoo/all\"]
            hidden = [\"dep:other\"]
            [dependencies]
            gpu = { version = \"1\", optional = true }
            zoo = { version = \"1\", optional = true }
            other = { version = \"1\", optional = true }
        "
        .parse()
        .expect("a manifest");
        let features = Features::of(&manifest);
        let on = |asked: &Asked| {
            let mut on: Vec<String> = features.on(asked).into_iter().collect();
            on.sort();
            on.join(" ")
        };
        let mut asked = Asked::default();
        assert_eq!(on(&asked), "default small");
        asked.default = false;
        assert_eq!(on(&asked), "");
        asked.names.push("large".to_owned());
        assert_eq!(on(&asked), "gpu large small zoo");
        asked.all = true;
        assert_eq!(on(&asked), "default gpu hidden large small zoo");
        assert!(!features.has("other"));
    }
}
