//! Edits of a source as the helps of errors word them.
//!
//! A procedural macro cannot offer changes that a tool applies, on stable Rust. What its
//! helps propose is therefore read from their words: `cargo shapewise fix` applies it, and
//! the tests apply all of it and look whether the error is gone.

mod place;

use std::ops::Range;

use place::Edit;

/// The source with a help applied, once for each alternative that it offers; nothing where
/// the help is advice, which no program can follow.
///
/// `place` are the bytes in `source` at which the error stands. The source is that of an
/// invocation, or a part of it with the network: changes elsewhere than at the place are
/// looked for backwards from there.
///
/// ```
/// use shapewise_compiler::edits::apply;
///
/// let source = "struct Net(image: 8x8x1) -> 10 { conv(4, 9x9); flatten, linear(10); }";
/// let place = source.find("9x9").unwrap();
/// let help = "`padding = 1` (=> 2x2x4), or kernel `8x8` (=> 1x1x4)";
/// let edited = apply(source, place..place + 3, help);
/// assert!(edited[0].contains("conv(4, 9x9, padding = 1);"));
/// assert!(edited[1].contains("conv(4, 8x8);"));
/// ```
#[must_use]
pub fn apply(source: &str, place: Range<usize>, help: &str) -> Vec<String> {
    if source.get(place.clone()).is_none() || is_advice(help) {
        return Vec::new();
    }
    let at = Edit {
        source,
        start: place.start,
        end: place.end,
    };
    at.proposed(help)
}

fn one(edited: Option<String>) -> Vec<String> {
    edited.into_iter().collect()
}

/// How helps begin that no program can apply: advice, and patterns to fill in.
const ADVICE: [&str; 52] = [
    "it has no tensors at all",
    "its tensor has the name of the layer itself",
    "`#[tensor(",
    "`=> ?` asks for the shape",
    "`padding = half` keeps the extents in",
    "a network cannot be its own layer",
    "give it the input that it declares",
    "numbers are parameters of a network",
    "what is looked up enters the network",
    "what depends on arguments is a block",
    "write the number, or pass it",
    "a block cannot call itself",
    "a block sees its parameters only",
    "a label can be read below its statement",
    "a label inside of a repeat is read by its copy",
    "make it a network of its own",
    "move it before `struct`",
    "there is a layer for it",
    "a comment begins with",
    "add `",
    "an argument of ",
    "begin the statement with",
    "both ways must have the same shape",
    "branches are merged by",
    "call it `",
    "compare it:",
    "extents are written",
    "give both the same",
    "give each statement a label of its own",
    "give it another name",
    "give the network an input for each kind",
    "give that another name",
    "give this ",
    "give what stands there a statement",
    "give one of them another",
    "it changes no shape",
    "it has",
    "it has `",
    "it is called as",
    "it is written",
    "label each",
    "leave `shared` out",
    "leave it out",
    "leave one of the two out",
    "move it to the end",
    "name the label of one earlier layer",
    "put ",
    "one of them is",
    "the layer of that kind is",
    "values of the network stand before",
    "the layers of a merge stand in branches",
    "what comes in is inferred: leave it out",
];

/// Whether a help is advice, or a pattern to fill in, which no program can apply.
#[must_use]
pub fn is_advice(help: &str) -> bool {
    // `conv takes kernel, ...`: all arguments that there are.
    let lists = help.split_once(" takes `");
    let lists = lists.is_some_and(|(name, _)| shapewise_core::catalogue::find(name).is_some());
    let elsewhere = help.contains("` is an argument of `");
    lists || elsewhere || ADVICE.iter().any(|advice| help.starts_with(advice))
}

/// The first text in backticks.
fn quoted(text: &str) -> Option<&str> {
    next(text).map(|(_, text, _)| text)
}

/// What stands before the next backticks, in them, and after them.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (inside, after) = rest.split_once('`')?;
    Some((before, inside, after))
}

/// `kernel `, `, or kernel `: an argument that has no name where it stands.
fn positional(before: &str) -> Option<&str> {
    let word = before.strip_suffix(' ')?.rsplit(' ').next()?;
    let name = !matches!(word, "" | "or" | "write" | "and") && !word.contains([',', ')', '(']);
    name.then_some(word)
}

/// `padding = 1`, `stride = 2, padding = 0` as names and values.
fn assignments(text: &str) -> Option<Vec<(&str, &str)>> {
    if text.contains("==") || text.starts_with('#') {
        return None;
    }
    let named: Option<Vec<(&str, &str)>> = split(text)
        .into_iter()
        .map(|part| part.split_once(" = "))
        .collect();
    named.filter(|named| named.iter().all(|(name, _)| name.chars().all(is_word)))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The parts between the commas that stand in no brackets and in no string.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quoted) = (0, 0, false);
    for (i, c) in text.char_indices() {
        quoted ^= c == '"';
        match c {
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

impl Edit<'_> {
    /// The source with each alternative of a help.
    fn proposed(&self, help: &str) -> Vec<String> {
        if let Some((_, layer)) = help.split_once("write the layer as ") {
            return one(quoted(layer).and_then(|text| self.instead_of_call(text)));
        }
        if let Some((_, shape)) = help.split_once("declare the input as ") {
            return one(quoted(shape).and_then(|text| self.with_input(text)));
        }
        if let Some(output) = help.strip_prefix("declare ") {
            let declared = quoted(output).and_then(|text| self.with_output(text));
            return one(declared)
                .into_iter()
                .chain(self.on_the_way(help))
                .collect();
        }
        if help == "the network declares what comes in: leave it out" {
            return vec![self.instead("")];
        }
        if help == "leave the second out" {
            return vec![self.without()];
        }
        if let Some(text) = help.strip_prefix("replace `?` by ") {
            return one(quoted(text).map(|text| self.instead(text)));
        }
        if let Some(shape) = help.strip_prefix("write `=> ") {
            let expected = shape.split('`').next().map(|text| self.instead(text));
            return one(expected)
                .into_iter()
                .chain(self.on_the_way(help))
                .collect();
        }
        if let Some(text) = help.strip_prefix("did you mean ") {
            return one(quoted(text).map(|text| self.instead(text)));
        }
        let mut edited = Vec::new();
        let mut rest = help;
        while let Some((before, text, after)) = next(rest) {
            rest = after;
            if let Some(end) = after.strip_prefix(" in `") {
                let (call, end) = end.split_once('`').unwrap_or((end, ""));
                edited.extend(self.in_call(call, text));
                rest = end;
            } else if let Some(call) = after.strip_prefix(" before `") {
                let (call, end) = call.split_once('`').unwrap_or((call, ""));
                edited.extend(self.before_call(call, text));
                rest = end;
            } else if let Some(call) = after.strip_prefix(" after `") {
                let (call, end) = call.split_once('`').unwrap_or((call, ""));
                edited.extend(self.after_call(call, text));
                rest = end;
            } else if let Some(call) = after.strip_prefix(" for `") {
                let (call, end) = call.split_once('`').unwrap_or((call, ""));
                edited.extend(self.replaced(call, text));
                rest = end;
            } else if after.starts_with(" before it")
                || after.starts_with(" where a statement ends")
            {
                edited.push(self.before(text));
            } else if after.starts_with(" after it") {
                edited.push(self.after(text));
            } else if after.starts_with(" after the body") {
                edited.extend(self.after_body(text));
            } else if before.ends_with("write ") || before == " or " && help.starts_with("write ") {
                edited.push(self.instead(text));
            } else if let Some(name) = positional(before) {
                edited.extend(self.call().and_then(|call| self.argument(call, name, text)));
            } else if let Some(named) = assignments(text) {
                edited.extend(self.set(&named));
            } else {
                edited.push(self.instead(text));
            }
        }
        edited
    }
}
