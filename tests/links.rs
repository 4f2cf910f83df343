//! The pages of the guide and the reference read on GitHub as well as in rustdoc. Their
//! links are labels: each page says where they lead on GitHub, `src/links.md` says it for
//! rustdoc, which takes the first definition that it sees. This test fails where a link
//! leads nowhere; `UPDATE=1 cargo test --test links` writes `src/links.md` anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages that rustdoc shows, too.
fn pages() -> Vec<PathBuf> {
    let files = ["guide", "reference"].map(|folder| {
        let files = fs::read_dir(root().join("src").join(folder)).unwrap();
        files.map(|file| file.unwrap().path())
    });
    let mut pages: Vec<PathBuf> = files.into_iter().flatten().collect();
    pages.sort();
    assert!(pages.len() > 18, "{pages:?}");
    pages
}

/// A page without its code: the text, and what opens each of its blocks of code.
fn parts(page: &Path) -> (String, Vec<String>) {
    let (mut text, mut fences) = (String::new(), Vec::new());
    let mut inside = false;
    for line in fs::read_to_string(page).unwrap().lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            if !inside {
                fences.push(language.to_owned());
            }
            inside = !inside;
        } else if !inside {
            text.push_str(line);
            text.push('\n');
        }
    }
    assert!(
        !inside,
        "a block of code does not end in {}",
        page.display()
    );
    (text, fences)
}

/// Text without what stands in backticks: brackets there are no links.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// The definitions of a page: labels, and where they lead.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    let lines = text.lines().filter(|line| line.starts_with('['));
    lines
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "))
        .collect()
}

/// The labels that a page uses: `[text][label]`.
fn labels(text: &str) -> BTreeSet<&str> {
    let parts = text.split("][").skip(1);
    parts
        .filter_map(|part| Some(part.split_once(']')?.0))
        .collect()
}

/// Where the links of a page lead that stand in it: `[text](target)`.
fn targets(text: &str) -> Vec<&str> {
    let parts = text.split("](").skip(1);
    parts
        .filter_map(|part| Some(part.split_once(')')?.0))
        .collect()
}

/// Whether a page has a heading that is reached by this anchor.
fn has_heading(page: &Path, anchor: &str) -> bool {
    let (text, _) = parts(page);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let slug = |line: &str| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(slug).any(|slug| slug == anchor)
}

/// What is wrong with where a link leads on GitHub.
fn wrong(page: &Path, target: &str) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let found = match file {
        "" => page.to_owned(),
        file => page.parent().unwrap().join(file),
    };
    let dead = !found.exists() || (!anchor.is_empty() && !has_heading(&found, anchor));
    dead.then(|| format!("{}: {target} leads nowhere", page.display()))
}

#[test]
fn links_lead_somewhere_on_github() {
    let mut complaints = Vec::new();
    for page in pages() {
        let (text, _) = parts(&page);
        let name = page.display();
        let defined = definitions(&text);
        let plain = without_code(&text);
        for label in labels(&plain) {
            if !defined.iter().any(|(defined, _)| *defined == label) {
                complaints.push(format!("{name}: [{label}] is not defined"));
            }
        }
        for (label, target) in &defined {
            if !labels(&plain).contains(label) {
                complaints.push(format!("{name}: [{label}] is not used"));
            }
            complaints.extend(wrong(&page, target));
            // What is of Rust stands in the file to which the link leads.
            let name = label.rsplit("::").next().unwrap().trim_end_matches("()");
            let file = page.parent().unwrap().join(target);
            if target.ends_with(".rs") && file.is_file() {
                let module = file.file_stem().unwrap().to_str() == Some(name);
                let text = fs::read_to_string(&file).unwrap();
                if !module && !text.contains(&format!(" {name}")) {
                    complaints.push(format!("{}: {target} has no {name}", page.display()));
                }
            }
        }
        for target in targets(&plain) {
            complaints.extend(wrong(&page, target));
            // A file has another address in rustdoc.
            if !target.starts_with('#') && !target.starts_with("https://") {
                complaints.push(format!("{name}: ({target}) is to be a label"));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn links_lead_somewhere_in_readme() {
    let readme = root().join("README.md");
    let (text, fences) = parts(&readme);
    let links = targets(&text);
    assert!(links.len() > 20, "{links:?}");
    let wrong: Vec<String> = links
        .iter()
        .filter_map(|link| wrong(&readme, link))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        fences.iter().all(|language| !language.is_empty()),
        "{fences:?}"
    );
}

#[test]
fn rustdoc_knows_every_label() {
    let mut lines = BTreeSet::new();
    for page in pages() {
        let (text, _) = parts(&page);
        for (label, target) in definitions(&text) {
            if !target.starts_with("https://") {
                lines.insert(format!("[{label}]: crate::{label}\n"));
            }
        }
    }
    let mut expected: String = lines.into_iter().collect();
    expected.push('\n');
    let path = root().join("src/links.md");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "src/links.md is stale: UPDATE=1 cargo test --test links"
    );
}

#[test]
fn code_has_a_language() {
    for page in pages() {
        let (_, fences) = parts(&page);
        let bare = fences.iter().filter(|language| language.is_empty()).count();
        assert_eq!(
            bare,
            0,
            "blocks of code without a language in {}",
            page.display()
        );
    }
}
