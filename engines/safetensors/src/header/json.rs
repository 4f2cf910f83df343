//! A reader for the part of JSON that a header is made of.
//!
//! It is pulled: the header asks for what must come next, so that whatever else is
//! there is an error at its place, and nothing is kept that is not needed.

use std::borrow::Cow;

use crate::error::ErrorKind;

/// How deep a value that nothing reads may be nested.
const DEEPEST: usize = 64;

/// Text, and how far it has been read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expected<T>(&self, expected: &'static str) -> Result<T, ErrorKind> {
        let at = self.at;
        Err(ErrorKind::Syntax { at, expected })
    }

    /// Passes white space over, and tells where the next value begins.
    pub(super) fn place(&mut self) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.at
    }

    /// Reads a character of JSON's own, if it is the next one.
    pub(super) fn accept(&mut self, byte: u8) -> bool {
        self.place();
        let accepted = self.peek() == Some(byte);
        self.at += usize::from(accepted);
        accepted
    }

    fn require(&mut self, byte: u8, expected: &'static str) -> Result<(), ErrorKind> {
        if self.accept(byte) {
            return Ok(());
        }
        self.expected(expected)
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), ErrorKind> {
        if self.place() == self.text.len() {
            return Ok(());
        }
        self.expected("the end of the header")
    }

    /// Reads an object, each of its values by `value`, which gets the key and its
    /// place.
    pub(super) fn object(
        &mut self,
        expected: &'static str,
        mut value: impl FnMut(&mut Self, Cow<'a, str>, usize) -> Result<(), ErrorKind>,
    ) -> Result<(), ErrorKind> {
        self.require(b'{', expected)?;
        if self.accept(b'}') {
            return Ok(());
        }
        loop {
            let at = self.place();
            let key = self.string("a name in quotes")?;
            self.require(b':', "`:`")?;
            value(self, key, at)?;
            if self.accept(b'}') {
                return Ok(());
            }
            self.require(b',', "`,` or `}`")?;
        }
    }

    /// Reads an array, each of its values by `value`.
    pub(super) fn array(
        &mut self,
        expected: &'static str,
        mut value: impl FnMut(&mut Self) -> Result<(), ErrorKind>,
    ) -> Result<(), ErrorKind> {
        self.require(b'[', expected)?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            value(self)?;
            if self.accept(b']') {
                return Ok(());
            }
            self.require(b',', "`,` or `]`")?;
        }
    }

    /// Reads a number that is whole and not negative.
    pub(super) fn natural(&mut self, expected: &'static str) -> Result<u64, ErrorKind> {
        let start = self.place();
        if self.peek() == Some(b'-') {
            return Err(ErrorKind::NotANatural { at: start });
        }
        let mut value: Option<u64> = Some(0);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value
                .and_then(|value| value.checked_mul(10))
                .and_then(|value| value.checked_add(u64::from(digit - b'0')));
            self.at += 1;
        }
        if self.at == start {
            return self.expected(expected);
        }
        if let Some(b'.' | b'e' | b'E') = self.peek() {
            return Err(ErrorKind::NotANatural { at: start });
        }
        if self.at - start > 1 && self.text.as_bytes()[start] == b'0' {
            self.at = start;
            return self.expected("a number without zeros in front");
        }
        value.ok_or(ErrorKind::NumberTooLarge { at: start })
    }

    /// Reads a string; it is copied only when it holds escapes.
    pub(super) fn string(&mut self, expected: &'static str) -> Result<Cow<'a, str>, ErrorKind> {
        self.require(b'"', expected)?;
        let start = self.at;
        let mut copy: Option<String> = None;
        let mut run = start;
        loop {
            match self.peek() {
                None => return self.expected("the end of the text in quotes"),
                Some(0..0x20) => return self.expected("no control character in quotes"),
                Some(b'"') => break,
                Some(b'\\') => {
                    let copy = copy.get_or_insert_default();
                    copy.push_str(&self.text[run..self.at]);
                    self.at += 1;
                    copy.push(self.escape()?);
                    run = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        let last = &self.text[run..self.at];
        self.at += 1;
        Ok(match copy {
            None => Cow::Borrowed(last),
            Some(mut copy) => {
                copy.push_str(last);
                Cow::Owned(copy)
            }
        })
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, ErrorKind> {
        let Some(byte) = self.peek() else {
            return self.expected("an escape");
        };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return self.expected("an escape"),
        };
        self.at += 1;
        Ok(plain)
    }

    /// Reads the digits of `\u`, and those of the other half of a pair.
    fn unicode(&mut self) -> Result<char, ErrorKind> {
        const PAIR: &str = "both halves of a surrogate pair";
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if first >= 0xDC00 || !self.text[self.at..].starts_with("\\u") {
            return self.expected(PAIR);
        }
        self.at += 2;
        let second = self.hex()?;
        if !(0xDC00..0xE000).contains(&second) {
            return self.expected(PAIR);
        }
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.expected(PAIR),
        }
    }

    fn hex(&mut self) -> Result<u32, ErrorKind> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return self.expected("four hexadecimal digits");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// Passes a value over that nothing reads.
    pub(super) fn skip(&mut self) -> Result<(), ErrorKind> {
        self.skip_nested(0)
    }

    fn skip_nested(&mut self, depth: usize) -> Result<(), ErrorKind> {
        let at = self.place();
        if depth > DEEPEST {
            return Err(ErrorKind::TooDeep { at });
        }
        match self.peek() {
            Some(b'{') => self.object("an object", |reader, _, _| reader.skip_nested(depth + 1)),
            Some(b'[') => self.array("an array", |reader| reader.skip_nested(depth + 1)),
            Some(b'"') => self.string("text").map(drop),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            _ => self.skip_word(),
        }
    }

    /// Passes one of JSON's three words over, if it is there.
    fn skip_word(&mut self) -> Result<(), ErrorKind> {
        for word in ["true", "false", "null"] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(());
            }
        }
        self.expected("a value")
    }

    fn skip_number(&mut self) -> Result<(), ErrorKind> {
        let at = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let first = self.peek();
        let whole = self.skip_digits()?;
        if first == Some(b'0') && whole > 1 {
            return self.expected("a number without zeros in front");
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.skip_digits()?;
        }
        // The format's own reader takes it for a float, and refuses infinite ones.
        match self.text[at..self.at].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err(ErrorKind::NumberTooLarge { at }),
        }
    }

    fn skip_digits(&mut self) -> Result<usize, ErrorKind> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return self.expected("a digit");
        }
        Ok(self.at - start)
    }
}
