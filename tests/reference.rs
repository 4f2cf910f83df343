//! The reference's page of layers is the catalogue's own text: this test fails
//! when the page is stale, and `UPDATE=1 cargo test --test reference` writes it
//! anew.

use std::fmt::Write as _;
use std::{env, fs};

use shapewise::Value;
use shapewise::catalogue::{Argument, Entry, FAMILIES, Family, Inputs};
use shapewise::figure::{Figure, Unit};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/reference/layers.md");

const HEAD: &str = "\
Every layer of the language.

This page is written from the [catalogue][catalogue], which is also what the macro reads; \
[`layers`][layers] has a constant for each layer. An argument whose name is followed by `=` is \
written with its name; the names of those before it may be left out. An argument without a default \
must be written. Every layer whose input has channels or features also takes their number before \
`->`, as in `linear(9216 -> 4096)`, and compares it with what comes in.

*Elsewhere* are the names that other frameworks have for a layer. They are no names here: an error \
says which layer is meant.
";

#[test]
fn the_page_of_layers_is_the_catalogues() {
    let page = page();
    if env::var_os("UPDATE").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        written == page,
        "src/reference/layers.md is stale: UPDATE=1 cargo test --test reference"
    );
}

#[test]
fn every_constant_and_every_metric_is_named() {
    let read = |page: &str| {
        let path = format!("{}/src/reference/{page}.md", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).unwrap()
    };
    let (constants, metrics) = (read("results"), read("networks"));
    for figure in Figure::ALL {
        let constant = figure.constant();
        assert!(constants.contains(&format!("`{constant}`")), "{constant}");
        let metric = format!("`{}`", figure.metric());
        let asserted = figure.unit() != Unit::Truth;
        assert!(!asserted || metrics.contains(&metric), "{metric}");
    }
}

/// Where the links lead on GitHub; `src/links.md` says it for rustdoc.
const LINKS: &str = "
[catalogue]: ../../core/src/catalogue.rs
[layers]: ../../core/src/layers.rs
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for family in FAMILIES {
        write_family(&mut page, family);
    }
    page.push_str(LINKS);
    page
}

fn write_family(page: &mut String, family: &Family) {
    let names = family.entries.iter();
    let names: Vec<String> = names
        .map(|entry| format!("[`{0}`](#{0})", entry.name))
        .collect();
    let mut title = family.name.to_owned();
    title[..1].make_ascii_uppercase();
    write!(page, "\n# {title} layers\n\n{}\n", names.join(", ")).unwrap();
    for entry in family.entries {
        write_entry(page, entry);
    }
}

fn write_entry(page: &mut String, entry: &Entry) {
    write!(
        page,
        "\n## {}\n\n```text\n{}\n```\n\n",
        entry.name,
        usage(entry)
    )
    .unwrap();
    // A doc comment's lines begin with the space after its slashes.
    for line in entry.doc.lines() {
        writeln!(page, "{}", line.strip_prefix(' ').unwrap_or(line)).unwrap();
    }
    if !entry.arguments.is_empty() {
        page.push_str("\n| Argument | Takes | Default | Meaning |\n|:--|:--|:--|:--|\n");
        for argument in entry.arguments {
            writeln!(
                page,
                "| `{}`{} | {} | {} | {} |",
                argument.name,
                if argument.positional { "" } else { " =" },
                takes(argument),
                default(argument),
                argument.doc,
            )
            .unwrap();
        }
    }
    if !entry.aliases.is_empty() {
        let aliases: Vec<String> = entry
            .aliases
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        write!(page, "\nElsewhere: {}.\n", aliases.join(", ")).unwrap();
    }
}

/// The call with the arguments that must be written, and that there are others.
fn usage(entry: &Entry) -> String {
    let mut parts = Vec::new();
    if entry
        .arguments
        .iter()
        .any(|argument| argument.accepts.equation)
    {
        return format!("{}(\"lk,km->lm\", a, b)", entry.name);
    }
    if entry.inputs == Inputs::Merge {
        parts.push("a, b".to_owned());
    }
    for argument in entry.arguments.iter().filter(|argument| argument.required) {
        parts.push(match argument.positional {
            true => argument.name.to_owned(),
            false => format!("{} = ...", argument.name),
        });
    }
    if parts.is_empty() {
        return entry.name.to_owned();
    }
    format!("{}({})", entry.name, parts.join(", "))
}

/// What may be written for an argument.
fn takes(argument: &Argument) -> String {
    let accepts = &argument.accepts;
    let mut parts: Vec<String> = Vec::new();
    if accepts.int && !accepts.float {
        parts.push(match argument.least {
            0 => "a whole number".to_owned(),
            least => format!("a whole number from {least} on"),
        });
    }
    if accepts.float {
        parts.push(match argument.range {
            (f64::NEG_INFINITY, f64::INFINITY) => "a number".to_owned(),
            (f64::MIN_POSITIVE, f64::INFINITY) => "a number above 0".to_owned(),
            (least, f64::INFINITY) => format!("a number from {least} on"),
            (least, most) => format!("a number from {least} to {most}"),
        });
    }
    for (accepted, text) in [
        (accepts.extents, "an extent per axis"),
        (accepts.sides, "a pair per axis"),
        (accepts.range, "a range"),
        (accepts.bool, "`true` or `false`"),
        (accepts.value, "a value of the network"),
        (accepts.equation, "an equation"),
    ] {
        if accepted {
            parts.push(text.to_owned());
        }
    }
    parts.extend(accepts.keywords.iter().map(|word| format!("`{word}`")));
    parts.join(", ")
}

fn default(argument: &Argument) -> String {
    match (argument.default, argument.default_doc) {
        _ if argument.required => "-".to_owned(),
        (Value::None, "") => "none".to_owned(),
        (Value::None, words) => words.to_owned(),
        (value, _) => format!("`{value}`"),
    }
}
