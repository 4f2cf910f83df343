//! A place in a source, and what can be changed at it.

use shapewise_core::catalogue;

use super::{assignments, is_word, next, split};

/// A place in a source that is to be changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit<'a> {
    pub(super) source: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Edit<'_> {
    /// Where the network begins that the place is in.
    pub(super) fn header(&self) -> Option<usize> {
        let before = self.source.get(..self.end)?;
        before
            .rfind("struct ")
            .or_else(|| self.source.find("struct "))
    }

    /// Where the last call that is written so begins, among those up to the place, or
    /// else of all.
    pub(super) fn written(&self, call: &str) -> Option<usize> {
        let line = self.source[self.end..].find('\n');
        let end = line.map_or(self.source.len(), |line| self.end + line);
        let before = self.source.get(..end)?;
        before.rfind(call).or_else(|| self.source.rfind(call))
    }

    pub(super) fn splice(&self, start: usize, end: usize, text: &str) -> String {
        format!("{}{text}{}", &self.source[..start], &self.source[end..])
    }

    pub(super) fn instead(&self, text: &str) -> String {
        self.splice(self.start, self.end, text)
    }

    /// Without the place, and the comma before it.
    pub(super) fn without(&self) -> String {
        let before = self.source[..self.start].trim_end();
        let start = before.strip_suffix(',').map_or(self.start, str::len);
        self.splice(start, self.end, "")
    }

    pub(super) fn before(&self, text: &str) -> String {
        self.splice(self.start, self.start, &format!("{text} "))
    }

    pub(super) fn after(&self, text: &str) -> String {
        self.splice(self.end, self.end, text)
    }

    /// Behind the braces that follow the underlined word.
    pub(super) fn after_body(&self, text: &str) -> Option<String> {
        let open = self.end + self.source[self.end..].find('{')?;
        let end = closing(self.source, open)? + 1;
        Some(self.splice(end, end, &format!(" {text}")))
    }

    /// The call that is underlined, or in whose parentheses the place is: where
    /// its name begins and where it ends.
    pub(super) fn call(&self) -> Option<(usize, usize)> {
        let (name, open) = match self.enclosing() {
            Some(open) => (open, Some(open)),
            None => {
                let length =
                    self.source[self.start..].find(|c| !is_word(c) && c != '.' && c != ':');
                let end = self.start + length?;
                (end, self.source[end..].starts_with('(').then_some(end))
            }
        };
        let before = self.source[..name].rfind(|c| !is_word(c) && c != '.' && c != ':');
        let start = before.map_or(0, |before| before + 1);
        let end = match open {
            Some(open) => closing(self.source, open)? + 1,
            None => name,
        };
        Some((start, end))
    }

    /// The parenthesis that encloses the place, within its statement.
    pub(super) fn enclosing(&self) -> Option<usize> {
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

    pub(super) fn instead_of_call(&self, text: &str) -> Option<String> {
        let (start, end) = self.call()?;
        Some(self.splice(start, end, text))
    }

    /// With this shape for the network's first input.
    pub(super) fn with_input(&self, shape: &str) -> Option<String> {
        let header = self.header()?;
        let start = header + self.source[header..].find(": ")? + 2;
        let end = start + self.source[start..].find([',', ')'])?;
        Some(self.splice(start, end, shape))
    }

    /// With `-> shape` as the network's output.
    pub(super) fn with_output(&self, output: &str) -> Option<String> {
        let header = self.header()?;
        let start = header + self.source[header..].find("->")?;
        let end = start + self.source[start..].find('{')?;
        let space = if output.ends_with(' ') { "" } else { " " };
        Some(self.splice(start, end, &format!("{output}{space}")))
    }

    /// With arguments set in the call at the place.
    pub(super) fn set(&self, named: &[(&str, &str)]) -> Option<String> {
        let (start, _) = self.call()?;
        self.set_at(start, named)
    }

    pub(super) fn set_at(&self, call: usize, named: &[(&str, &str)]) -> Option<String> {
        let mut edited = self.source.to_owned();
        for (name, value) in named {
            let at = Edit {
                source: &edited,
                ..*self
            };
            edited = at.argument(call_at(&edited, call)?, name, value)?;
        }
        Some(edited)
    }

    /// With the value of an argument of a call changed or added.
    pub(super) fn argument(
        &self,
        (start, end): (usize, usize),
        name: &str,
        value: &str,
    ) -> Option<String> {
        let text = &self.source[start..end];
        let Some(open) = text.find('(') else {
            return Some(self.splice(end, end, &format!("({name} = {value})")));
        };
        let inside = text.get(open + 1..text.len() - 1)?;
        let mut arguments: Vec<String> = split(inside).into_iter().map(str::to_owned).collect();
        let position = catalogue::find(&text[..open]).and_then(|entry| {
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
        Some(self.splice(start, end, &call))
    }

    /// With each of the changes that are proposed behind a first way out.
    pub(super) fn on_the_way(&self, help: &str) -> Vec<String> {
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
    pub(super) fn before_call(&self, call: &str, text: &str) -> Option<String> {
        let start = self.written(call)?;
        Some(self.splice(start, start, &format!("{text} ")))
    }

    /// With something after the last call that is written so.
    pub(super) fn after_call(&self, call: &str, text: &str) -> Option<String> {
        let end = self.written(call)? + call.len();
        Some(self.splice(end, end, text))
    }

    /// With another call for the last that is written so.
    pub(super) fn replaced(&self, call: &str, text: &str) -> Option<String> {
        let start = self.written(call)?;
        let mut source = self.source.to_owned();
        source.replace_range(start..start + call.len(), text);
        Some(source)
    }

    /// With arguments set in the last call that is written so.
    pub(super) fn in_call(&self, call: &str, text: &str) -> Option<String> {
        let named = assignments(text)?;
        let start = self.written(call)?;
        self.set_at(start, &named)
    }
}

/// The call whose name begins at `start`.
fn call_at(source: &str, start: usize) -> Option<(usize, usize)> {
    let length = source[start..].find(|c| !is_word(c))?;
    let open = start + length;
    if source[open..].starts_with('(') {
        Some((start, closing(source, open)? + 1))
    } else {
        Some((start, open))
    }
}

/// Where the bracket that opens at `open` closes.
fn closing(source: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, c) in source[open..].char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(open + i);
        }
    }
    None
}
