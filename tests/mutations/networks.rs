//! The networks in which mistakes are planted: sources of examples and tests.

use std::fs;
use std::path::Path;

/// The text of one `network!` that stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// The file without its extension.
    pub(crate) name: String,
    /// `(::shapewise)`, then what stands in the braces of `network!`.
    pub(crate) source: String,
}

/// What `shapewise::network!` puts before the tokens.
pub(crate) const PREFIX: &str = "(::shapewise)";

/// All of them, in the order of their names.
pub(crate) fn networks() -> Vec<Network> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut networks = Vec::new();
    for folder in ["examples", "tests/networks"] {
        let files = fs::read_dir(root.join(folder)).expect("a folder");
        for file in files {
            let path = file.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "rs")
                && let Ok(text) = fs::read_to_string(&path)
                && let Some(body) = invocation(&text)
            {
                let stem = path.file_stem().expect("a name").to_string_lossy();
                networks.push(Network {
                    name: format!("{folder}/{stem}"),
                    source: format!("{PREFIX}{body}"),
                });
            }
        }
    }
    networks.sort_by(|a, b| a.name.cmp(&b.name));
    networks
}

/// What stands between the braces of `network!`.
fn invocation(text: &str) -> Option<&str> {
    let (_, body) = text.split_once("\nnetwork! {")?;
    let (body, _) = body.split_once("\n}")?;
    Some(body)
}
