//! `cargo shapewise fmt`

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use proc_macro2::TokenStream;
use shapewise_compiler::report::Errors;
use shapewise_compiler::syntax;

use crate::args::{Fmt, Where};
use crate::failure::{Failure, Result};
use crate::format::{self, Style};
use crate::network;
use crate::source::{File, Found, Invocation};
use crate::terminal::{Paint, Terminal, write};
use crate::tree::{Disk, Tree, normal, shown};

/// Formats the invocations in all files, or says which are not formatted.
pub(crate) fn run(asked: &Fmt, terminal: &Terminal) -> Result<()> {
    if asked.names.iter().any(|name| name == "-") {
        return piped();
    }
    let found = found(asked)?;
    let mut told = Ok(());
    for one in &found.unreadable {
        terminal.tell(&format!(
            "{}: {} is left as it is: {}\n",
            terminal.messages().warning("warning"),
            shown(&one.file.path),
            one.message
        ));
        told = Err(Failure::told());
    }
    let mut text = String::new();
    let mut changed = 0;
    for (file, invocations) in by_file(&found.invocations) {
        let formatted = formatted(&file, &invocations, terminal);
        if formatted == file.text {
            continue;
        }
        changed += 1;
        if asked.check {
            text.push_str(&difference(&file, &formatted, terminal.out()));
            continue;
        }
        fs::write(&file.path, formatted).map_err(|error| {
            Failure::new(format!("cannot write `{}`: {error}", shown(&file.path)))
        })?;
        let _ = writeln!(text, "formatted {}", shown(&file.path));
    }
    terminal.show(&text)?;
    if asked.check && changed > 0 {
        return Err(Failure::told());
    }
    told
}

/// From standard input to standard output, as editors call formatters.
fn piped() -> Result<()> {
    let text = std::io::read_to_string(std::io::stdin())
        .map_err(|error| Failure::new(format!("cannot read: {error}")))?;
    let mut found = Found::default();
    found.add_text(Path::new("-"), text.clone(), &Rc::default());
    let text = match by_file(&found.invocations).as_slice() {
        [(file, invocations)] => {
            let style = Style::default();
            rewritten(file, invocations, style, &mut |_| ())
        }
        _ => text,
    };
    write(&text)
}

fn found(asked: &Fmt) -> Result<Found> {
    let mut found = Found::default();
    if !asked.names.is_empty() {
        let here = std::env::current_dir().unwrap_or_default();
        for name in &asked.names {
            if !found.add_alone(&Disk, &normal(&here.join(name)), &Rc::default()) {
                return Err(Failure::new(format!("cannot read `{name}`")));
            }
        }
        return Ok(found);
    }
    // As `cargo fmt`: all that belongs to the package, whether it is built or not.
    let place = Where {
        all_targets: true,
        ..asked.place.clone()
    };
    for package in network::packages(&place, &Disk)? {
        for target in &package.targets {
            found.add(&Disk, &target.path, &Rc::default());
        }
    }
    Ok(found)
}

/// The invocations of each file.
fn by_file(invocations: &[Invocation]) -> Vec<(Rc<File>, Vec<&Invocation>)> {
    let mut files: Vec<(Rc<File>, Vec<&Invocation>)> = Vec::new();
    for invocation in invocations {
        match files
            .iter_mut()
            .find(|(file, _)| Rc::ptr_eq(file, &invocation.file))
        {
            Some((_, list)) => list.push(invocation),
            None => files.push((Rc::clone(&invocation.file), vec![invocation])),
        }
    }
    files
}

/// The text of a file with its invocations formatted.
fn formatted(file: &File, invocations: &[&Invocation], terminal: &Terminal) -> String {
    let style = style(&file.path);
    rewritten(file, invocations, style, &mut |line| {
        terminal.tell(&format!(
            "{}: {}:{line} is left as it is: it has errors, which `cargo shapewise list` tells\n",
            terminal.messages().warning("warning"),
            shown(&file.path)
        ));
    })
}

/// The text with each invocation formatted; `skipped` is told the lines of those that
/// cannot be read.
fn rewritten(
    file: &File,
    invocations: &[&Invocation],
    style: Style,
    skipped: &mut dyn FnMut(usize),
) -> String {
    let mut text = file.text.clone();
    // From the end on, so that places stay where they are.
    for invocation in invocations.iter().rev() {
        if !is_readable(&invocation.tokens) {
            let before = &file.text[..invocation.range.start];
            skipped(before.matches('\n').count() + 1);
            continue;
        }
        let inside = &invocation.inside;
        if let Some(new) = format::format(&file.text, &invocation.tokens, inside, style) {
            text.replace_range(inside.clone(), &new);
        }
    }
    text
}

fn is_readable(tokens: &TokenStream) -> bool {
    let mut errors = Errors::new();
    let file = syntax::parse(network::input(tokens), &mut errors);
    errors.is_empty()
        && file
            .networks
            .iter()
            .all(|network| network.errors.is_empty())
}

/// What the nearest `rustfmt.toml` says.
fn style(path: &Path) -> Style {
    let mut style = Style::default();
    let names = ["rustfmt.toml", ".rustfmt.toml"];
    let mut files = path
        .ancestors()
        .skip(1)
        .flat_map(|folder| names.map(|name| folder.join(name)));
    let Some(text) = files.find_map(|file| Disk.read(&file)) else {
        return style;
    };
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let number = |key: &str| {
        let number = table.get(key)?.as_integer()?;
        usize::try_from(number).ok().filter(|number| *number > 0)
    };
    style.width = number("max_width").unwrap_or(style.width);
    style.tab = number("tab_spaces").unwrap_or(style.tab);
    style
}

/// The lines that are different, as `diff` shows them.
fn difference(file: &File, new: &str, paint: Paint) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (file.text.lines().collect(), new.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let start = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev());
    let end = end.take(rest).take_while(same).count();
    let mut text = format!(
        "{}\n",
        paint.bold(&format!("{}:{}", shown(&file.path), start + 1))
    );
    for line in &old[start..old.len() - end] {
        let _ = writeln!(text, "{}", paint.error(&format!("-{line}")));
    }
    for line in &new[start..new.len() - end] {
        let _ = writeln!(text, "{}", paint.good(&format!("+{line}")));
    }
    text
}
