//! Edits of a source as a help words them.

use super::cases::Message;

/// The source with a help applied, once for each alternative that it offers.
pub(crate) fn apply(source: &str, message: &Message, help: &str) -> Vec<String> {
    let at = Edit {
        source,
        start: message.start,
        end: message.end,
    };
    if let Some((_, layer)) = help.split_once("write the layer as ") {
        return one(quoted(layer).map(|text| at.instead_of_call(text)));
    }
    if let Some((_, shape)) = help.split_once("declare the input as ") {
        return one(quoted(shape).map(|text| at.with_input(text)));
    }
    if let Some(output) = help.strip_prefix("declare ") {
        let declared = quoted(output).map(|text| at.with_output(text));
        return one(declared)
            .into_iter()
            .chain(at.on_the_way(help))
            .collect();
    }
    if help == "the network declares what comes in: leave it out" {
        return vec![at.instead("")];
    }
    if let Some(text) = help.strip_prefix("replace `?` by ") {
        return one(quoted(text).map(|text| at.instead(text)));
    }
    if let Some(shape) = help.strip_prefix("write `=> ") {
        let expected = shape.split('`').next().map(|text| at.instead(text));
        return one(expected)
            .into_iter()
            .chain(at.on_the_way(help))
            .collect();
    }
    if let Some(text) = help.strip_prefix("did you mean ") {
        return one(quoted(text).map(|text| at.instead(text)));
    }
    let mut edited = Vec::new();
    let mut rest = help;
    while let Some((before, text, after)) = next(rest) {
        rest = after;
        if let Some(end) = after.strip_prefix(" in `") {
            let (call, end) = end.split_once('`').unwrap_or((end, ""));
            edited.extend(at.in_call(call, text));
            rest = end;
        } else if let Some(call) = after.strip_prefix(" before `") {
            let (call, end) = call.split_once('`').unwrap_or((call, ""));
            edited.extend(at.before_call(call, text));
            rest = end;
        } else if let Some(call) = after.strip_prefix(" after `") {
            let (call, end) = call.split_once('`').unwrap_or((call, ""));
            edited.extend(at.after_call(call, text));
            rest = end;
        } else if let Some(call) = after.strip_prefix(" for `") {
            let (call, end) = call.split_once('`').unwrap_or((call, ""));
            edited.extend(at.replaced(call, text));
            rest = end;
        } else if after.starts_with(" before it") || after.starts_with(" where a statement ends") {
            edited.push(at.before(text));
        } else if after.starts_with(" after it") {
            edited.push(at.after(text));
        } else if after.starts_with(" after the body") {
            edited.push(at.after_body(text));
        } else if before.ends_with("write ") || before == " or " && help.starts_with("write ") {
            edited.push(at.instead(text));
        } else if let Some(name) = positional(before) {
            edited.push(at.argument(at.call(), name, text));
        } else if let Some(named) = assignments(text) {
            edited.push(at.set(&named));
        } else {
            edited.push(at.instead(text));
        }
    }
    edited
}

fn one(edited: Option<String>) -> Vec<String> {
    edited.into_iter().collect()
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

/// The parts between the commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (i, c) in text.char_indices() {
        match c {
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

/// A place in a source that is to be changed.
#[derive(Clone, Copy)]
struct Edit<'a> {
    source: &'a str,
    start: usize,
    end: usize,
}

impl Edit<'_> {
    fn splice(&self, start: usize, end: usize, text: &str) -> String {
        format!("{}{text}{}", &self.source[..start], &self.source[end..])
    }

    fn instead(&self, text: &str) -> String {
        self.splice(self.start, self.end, text)
    }

    fn before(&self, text: &str) -> String {
        self.splice(self.start, self.start, &format!("{text} "))
    }

    fn after(&self, text: &str) -> String {
        self.splice(self.end, self.end, text)
    }

    /// Behind the braces that follow the underlined word.
    fn after_body(&self, text: &str) -> String {
        let open = self.end + self.source[self.end..].find('{').expect("a body");
        let end = closing(self.source, open) + 1;
        self.splice(end, end, &format!(" {text}"))
    }

    /// The call that is underlined, or in whose parentheses the place is: where
    /// its name begins and where it ends.
    fn call(&self) -> (usize, usize) {
        let (name, open) = match self.enclosing() {
            Some(open) => (open, Some(open)),
            None => {
                let length =
                    self.source[self.start..].find(|c| !is_word(c) && c != '.' && c != ':');
                let end = self.start + length.expect("an end");
                (end, self.source[end..].starts_with('(').then_some(end))
            }
        };
        let before = self.source[..name].rfind(|c| !is_word(c) && c != '.' && c != ':');
        let start = before.map_or(0, |before| before + 1);
        let end = open.map_or(name, |open| closing(self.source, open) + 1);
        (start, end)
    }

    /// The parenthesis that encloses the place, within its statement.
    fn enclosing(&self) -> Option<usize> {
        let mut depth = 0;
        for (i, c) in self.source[..self.start].char_indices().rev() {
            match c {
                ')' => depth += 1,
                '(' if depth > 0 => depth -= 1,
                '(' => return Some(i),
                ';' | '{' | '}' if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn instead_of_call(&self, text: &str) -> String {
        let (start, end) = self.call();
        self.splice(start, end, text)
    }

    /// With this shape for the network's first input.
    fn with_input(&self, shape: &str) -> String {
        let header = self.source.find("struct").expect("a network");
        let start = header + self.source[header..].find(": ").expect("an input") + 2;
        let end = start + self.source[start..].find([',', ')']).expect("an end");
        self.splice(start, end, shape)
    }

    /// With `-> shape` as the network's output.
    fn with_output(&self, output: &str) -> String {
        let start = self.source.find("->").expect("an output");
        let end = start + self.source[start..].find(" {").expect("a body");
        self.splice(start, end, output)
    }

    /// With arguments set in the call at the place.
    fn set(&self, named: &[(&str, &str)]) -> String {
        let (start, _) = self.call();
        self.set_at(start, named)
    }

    fn set_at(&self, call: usize, named: &[(&str, &str)]) -> String {
        let mut edited = self.source.to_owned();
        for (name, value) in named {
            let at = Edit {
                source: &edited,
                ..*self
            };
            edited = at.argument(call_at(&edited, call), name, value);
        }
        edited
    }

    /// With the value of an argument of a call changed or added.
    fn argument(&self, (start, end): (usize, usize), name: &str, value: &str) -> String {
        let text = &self.source[start..end];
        let Some(open) = text.find('(') else {
            return self.splice(end, end, &format!("({name} = {value})"));
        };
        let inside = &text[open + 1..text.len() - 1];
        let mut arguments: Vec<String> = split(inside).into_iter().map(str::to_owned).collect();
        let position = shapewise::catalogue::find(&text[..open]).and_then(|entry| {
            let mut positional = entry
                .arguments
                .iter()
                .filter(|argument| argument.positional);
            positional.position(|argument| argument.name == name)
        });
        let named = arguments
            .iter()
            .position(|argument| argument.starts_with(&format!("{name} = ")));
        match (named, position) {
            (Some(place), _) => arguments[place] = format!("{name} = {value}"),
            (None, Some(place)) if place < arguments.len() => arguments[place] = value.to_owned(),
            _ => arguments.push(format!("{name} = {value}")),
        }
        let call = format!("{}({})", &text[..open], arguments.join(", "));
        self.splice(start, end, &call)
    }

    /// With each of the changes that are proposed behind a first way out.
    fn on_the_way(&self, help: &str) -> Vec<String> {
        let mut edited = Vec::new();
        let mut rest = help.split_once(", or ").map_or("", |(_, rest)| rest);
        while let Some((_, text, after)) = next(rest) {
            rest = after;
            let (change, call) = [" in `", " for `", " before `", " after `"]
                .into_iter()
                .find_map(|word| Some((word, after.strip_prefix(word)?.split_once('`')?)))
                .map_or(("", ""), |(word, (call, end))| {
                    rest = end;
                    (word, call)
                });
            match change {
                " in `" => edited.extend(self.in_call(call, text)),
                " for `" => edited.extend(self.replaced(call, text)),
                " before `" => edited.extend(self.before_call(call, text)),
                " after `" => edited.extend(self.after_call(call, text)),
                _ => {}
            }
        }
        edited
    }

    /// With something before the last call that is written so.
    fn before_call(&self, call: &str, text: &str) -> Option<String> {
        let start = self.source.rfind(call)?;
        Some(self.splice(start, start, &format!("{text} ")))
    }

    /// With something after the last call that is written so.
    fn after_call(&self, call: &str, text: &str) -> Option<String> {
        let end = self.source.rfind(call)? + call.len();
        Some(self.splice(end, end, text))
    }

    /// With another call for the last that is written so.
    fn replaced(&self, call: &str, text: &str) -> Option<String> {
        let start = self.source.rfind(call)?;
        let mut source = self.source.to_owned();
        source.replace_range(start..start + call.len(), text);
        Some(source)
    }

    /// With arguments set in the last call that is written so.
    fn in_call(&self, call: &str, text: &str) -> Option<String> {
        let named = assignments(text)?;
        let start = self.source.rfind(call)?;
        Some(self.set_at(start, &named))
    }
}

/// The call whose name begins at `start`.
fn call_at(source: &str, start: usize) -> (usize, usize) {
    let length = source[start..].find(|c| !is_word(c)).expect("an end");
    let open = start + length;
    if source[open..].starts_with('(') {
        (start, closing(source, open) + 1)
    } else {
        (start, open)
    }
}

/// Where the bracket that opens at `open` closes.
fn closing(source: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in source[open..].char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + i;
        }
    }
    panic!("a bracket that is not closed");
}
