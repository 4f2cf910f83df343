//! The cases: a source with a mistake, and the messages recorded for it.

use std::fs;
use std::path::{Path, PathBuf};

/// One message of a case.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The first line, without `error: `.
    pub(crate) headline: String,
    /// The helps, without `help: `.
    pub(crate) helps: Vec<String>,
    /// Where the underlined text begins, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

/// A source with a mistake.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// `windows/kernel-larger-than-input`
    pub(crate) name: String,
    /// The source.
    pub(crate) source: String,
    /// What is recorded for it.
    pub(crate) messages: Vec<Message>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// The folders, in order.
pub(crate) fn topics() -> Vec<String> {
    let mut topics: Vec<String> = fs::read_dir(root())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| stem(&path))
        .collect();
    topics.sort();
    topics
}

/// All cases whose messages are this library's words.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for topic in topics() {
        if topic == super::OF_RUSTC {
            continue;
        }
        let entries = fs::read_dir(root().join(&topic)).expect("a topic");
        let mut sources: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .collect();
        sources.sort();
        for path in sources {
            let source = fs::read_to_string(&path).expect("a source");
            let recorded = fs::read_to_string(path.with_extension("stderr"));
            let messages = messages(&recorded.expect("recorded messages"), &source);
            let name = format!("{topic}/{}", stem(&path));
            cases.push(Case {
                name,
                source,
                messages,
            });
        }
    }
    cases
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().expect("a name");
    stem.to_string_lossy().into_owned()
}

/// Reads what rustc prints: a headline, facts and helps, then the place and the
/// source with carets below it.
fn messages(recorded: &str, source: &str) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    let (mut row, mut column) = (1, 0);
    let mut in_help = false;
    for line in recorded.lines() {
        if let Some(headline) = line.strip_prefix("error: ") {
            messages.push(Message {
                headline: headline.to_owned(),
                helps: Vec::new(),
                start: 0,
                end: 0,
            });
        }
        let Some(message) = messages.last_mut() else {
            continue;
        };
        let trimmed = line.trim_start();
        let help = trimmed.strip_prefix("help: ");
        // A help of several lines goes on up to the place.
        in_help = help.is_some() || in_help && !trimmed.starts_with("--> ");
        if let Some(help) = help {
            message.helps.push(help.to_owned());
        } else if in_help && let Some(help) = message.helps.last_mut() {
            help.push(' ');
            help.push_str(trimmed);
        } else if let Some(place) = trimmed.strip_prefix("--> ") {
            let mut numbers = place.rsplit(':').map(|number| number.parse().unwrap_or(1));
            column = numbers.next().unwrap_or(1);
            row = numbers.next().unwrap_or(1);
            message.start = offset(source, row, column);
            message.end = message.start;
        } else if let Some((_, carets)) = line.split_once(" | |_")
            && let Some(caret) = carets.find('^')
        {
            // The end of several lines.
            message.end = offset(source, row, caret + 2);
        } else if let Some((_, carets)) = line.split_once(" | ")
            && carets.trim_start().starts_with('^')
            && message.end == message.start
        {
            assert_eq!(carets.find('^'), Some(column - 1), "{recorded}");
            let length = carets
                .trim_start()
                .chars()
                .take_while(|c| *c == '^')
                .count();
            message.end = message.start + length;
        } else if let Some((number, _)) = line.split_once(" | ") {
            row = number.trim().parse().unwrap_or(row);
        }
    }
    messages
}

fn offset(source: &str, row: usize, column: usize) -> usize {
    let before: usize = source
        .split_inclusive('\n')
        .take(row - 1)
        .map(str::len)
        .sum();
    before + column - 1
}
