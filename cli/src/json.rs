//! JSON, as much of it as the commands write.

use std::fmt::{Display, Write as _};

/// An object, member by member.
#[derive(Debug, Default)]
pub(crate) struct Object {
    text: String,
}

impl Object {
    /// Adds a member whose value is JSON already: a number, a truth value, a list.
    pub(crate) fn value(&mut self, name: &str, value: impl Display) {
        let comma = if self.text.is_empty() { "" } else { ", " };
        let _ = write!(self.text, "{comma}{}: {value}", quoted(name));
    }

    /// Adds a member whose value is a text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.value(name, quoted(value));
    }

    /// The object.
    pub(crate) fn finish(self) -> String {
        format!("{{{}}}", self.text)
    }
}

/// A list of what is JSON already, a line each.
pub(crate) fn lines(values: &[String]) -> String {
    if values.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", values.join(",\n"))
}

/// A list of what is JSON already.
pub(crate) fn list(values: &[String]) -> String {
    format!("[{}]", values.join(", "))
}

/// A text in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{Object, quoted};

    #[test]
    fn texts_are_escaped() {
        assert_eq!(quoted("a \"b\"\n\\\u{1}"), r#""a \"b\"\n\\\u0001""#);
        let mut object = Object::default();
        object.text("name", "A");
        object.value("params", 7);
        assert_eq!(object.finish(), r#"{"name": "A", "params": 7}"#);
    }
}
