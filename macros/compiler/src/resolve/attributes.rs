//! Attributes of networks, statements and units.

use proc_macro2::{TokenStream, TokenTree};
use shapewise_core::graph::DType;

use super::expression::Evaluator;
use super::findings::Findings;
use super::value::Val;
use crate::graph::Resolved;
use crate::report::Error;
use crate::suggest::nearest;
use crate::syntax::tree::{Attribute, Attributes};

/// What `allow` and `deny` have of the language's own.
const OWN_LINTS: [&str; 5] = [
    "inexact_stride",
    "unused_value",
    "channels_first",
    super::order::LINT,
    super::unread::LINT,
];

/// What frameworks call the types of the language.
const DTYPES_ELSEWHERE: [(&str, &str); 11] = [
    ("float", "f32"),
    ("float32", "f32"),
    ("fp32", "f32"),
    ("half", "f16"),
    ("float16", "f16"),
    ("fp16", "f16"),
    ("bfloat16", "bf16"),
    ("int8", "i8"),
    ("qint8", "i8"),
    ("uint8", "i8"),
    ("u8", "i8"),
];

/// The attributes that a statement or unit can have.
const OF_STATEMENTS: [&str; 6] = ["doc", "name", "flat", "tensor", "allow", "cfg"];

impl Attributes {
    /// The attribute of that name.
    pub(crate) fn find(&self, name: &str) -> Option<&Attribute> {
        self.list.iter().find(|attribute| attribute.name == name)
    }

    /// Whether `#[allow(lint)]` is among them.
    pub(crate) fn allows(&self, lint: &str) -> bool {
        self.list.iter().any(|attribute| {
            attribute.name == "allow" && attribute.words().iter().any(|word| word == lint)
        })
    }

    /// The doc comments.
    pub(crate) fn docs(&self) -> Vec<TokenStream> {
        self.list
            .iter()
            .filter(|attribute| attribute.name == "doc")
            .map(|attribute| attribute.tokens.clone())
            .collect()
    }

    /// What rustc is to see on the struct: all but those of the language.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Attribute> {
        self.list.iter().filter(|attribute| {
            !(matches!(
                attribute.name.as_str(),
                "dtype" | "doc" | "name" | "flat" | "tensor"
            ) || attribute
                .words()
                .iter()
                .any(|word| OWN_LINTS.contains(&word.as_str())))
        })
    }
}

impl Attribute {
    /// The words in its parentheses: `deny(inexact_stride)`.
    pub(crate) fn words(&self) -> Vec<String> {
        self.rest
            .clone()
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Group(group) => Some(group.stream()),
                _ => None,
            })
            .flatten()
            .filter(|token| matches!(token, TokenTree::Ident(_)))
            .map(|token| token.to_string())
            .collect()
    }

    /// The pairs in its parentheses: `tensor(gate.weight = "router", bias = "offset")`.
    fn pairs(&self) -> Option<Vec<(String, String)>> {
        let mut tokens = self.rest.clone().into_iter();
        let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
            return None;
        };
        let mut pairs = Vec::new();
        let mut tokens = group.stream().into_iter();
        while let Some(first) = tokens.next() {
            let mut name = first.to_string();
            loop {
                match tokens.next()?.to_string().as_str() {
                    "=" => break,
                    "." => name.extend([".", &tokens.next()?.to_string()]),
                    _ => return None,
                }
            }
            pairs.push((name, string(&tokens.next()?.to_string())?));
            if tokens.next().is_some_and(|comma| comma.to_string() != ",") {
                return None;
            }
        }
        (!pairs.is_empty()).then_some(pairs)
    }

    /// The text after `=`: `name = "denselayer{i}"`.
    pub(crate) fn text(&self) -> Option<String> {
        let mut tokens = self.rest.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Punct(equals)), Some(TokenTree::Literal(text)))
                if equals.as_char() == '=' =>
            {
                string(&text.to_string())
            }
            _ => None,
        }
    }
}

/// What a literal of a text says: names of published tensors may have any characters.
fn string(literal: &str) -> Option<String> {
    if literal.contains('\\') || literal.starts_with('r') {
        let literal = syn::parse_str::<syn::LitStr>(literal).ok()?;
        return Some(literal.value());
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.to_owned())
}

/// Reads the attributes of a network.
pub(super) fn of_network(attributes: &Attributes, graph: &mut Resolved, findings: &mut Findings) {
    let mut typed = false;
    for attribute in &attributes.list {
        match attribute.name.as_str() {
            "dtype" if typed => {
                let error = Error::new(attribute.place, "the type is given twice");
                findings.tell(error.help("leave one of the two out"));
            }
            "dtype" => {
                typed = true;
                dtype(attribute, graph, findings);
            }
            "deny" if attribute.words().contains(&"inexact_stride".to_owned()) => {
                graph.deny_inexact_stride = true;
            }
            "flat" | "name" | "tensor" => findings.tell(Error::new(
                attribute.place,
                format!(
                    "`#[{}]` is for statements and units, not networks",
                    attribute.name
                ),
            )),
            _ => {}
        }
    }
}

fn dtype(attribute: &Attribute, graph: &mut Resolved, findings: &mut Findings) {
    let words = attribute.words();
    let found = match words.as_slice() {
        [word] => DType::ALL.iter().find(|(name, _)| name == word),
        _ => None,
    };
    if let Some((_, dtype)) = found {
        graph.dtype = *dtype;
        return;
    }
    let names = DType::ALL.map(|(name, _)| name);
    let list = names.map(|name| format!("`{name}`")).join(", ");
    let error = Error::new(attribute.place, format!("`dtype` takes one of {list}"));
    let meant = words.first().and_then(|word| {
        let elsewhere = DTYPES_ELSEWHERE.iter().find(|(other, _)| other == word);
        elsewhere
            .map(|(_, own)| *own)
            .or_else(|| nearest(word, names))
    });
    findings.tell(error.help(format!("`#[dtype({})]`", meant.unwrap_or("f32"))));
}

impl Findings {
    /// Tells of attributes that something else than a statement or unit cannot have:
    /// `what` is it with its article.
    pub(super) fn check_attributes_of(
        &mut self,
        attributes: &Attributes,
        what: &str,
        known: &[&str],
    ) {
        for attribute in &attributes.list {
            let name = attribute.name.as_str();
            let lint = super::unread::LINT;
            let allows = name == "allow" && attribute.words().iter().all(|word| word == lint);
            if allows || known.contains(&name) {
                continue;
            }
            let error = Error::new(attribute.place, format!("{what} has no attribute `{name}`"));
            self.tell(error.help(match name {
                "allow" => format!("`#[allow({lint})]`"),
                "doc" => "a comment begins with `//`".to_owned(),
                _ => "leave it out".to_owned(),
            }));
        }
    }

    /// Tells of a second name: only one has an effect.
    fn check_twice(&mut self, attributes: &Attributes) {
        if attributes.list.len() < 2 {
            return;
        }
        let mut given = attributes
            .list
            .iter()
            .filter(|attribute| attribute.name == "name");
        if let (Some(_), Some(second)) = (given.next(), given.next()) {
            let error = Error::new(second.place, "`#[name]` is given twice");
            self.tell(error.help("leave one of the two out"));
        }
    }

    /// Tells of attributes that a statement or unit cannot have.
    pub(super) fn check_attributes(&mut self, attributes: &Attributes, statement: bool) {
        self.check_twice(attributes);
        for attribute in &attributes.list {
            let name = attribute.name.as_str();
            if name == "allow" {
                self.check_allowed(attribute);
                continue;
            }
            if OF_STATEMENTS.contains(&name) && name != "cfg" {
                continue;
            }
            let what = if statement { "statement" } else { "unit" };
            let mut error = Error::new(
                attribute.place,
                format!("a {what} has no attribute `{name}`"),
            );
            if matches!(name, "deny" | "dtype") {
                error = error.help(format!("put `#[{name}(...)]` before the network"));
            } else if name == "cfg" {
                error = error
                    .help("put `#[cfg(...)]` before the network: its shapes must not depend on it");
            } else if let Some(near) = nearest(name, OF_STATEMENTS) {
                error = error.help(format!("did you mean `#[{near} {}]`?", attribute.rest));
            }
            self.tell(error);
        }
    }

    /// Tells of what `#[allow(...)]` before a statement or unit cannot allow.
    fn check_allowed(&mut self, attribute: &Attribute) {
        const ALLOWED: &str = "unused_value";
        if attribute.words().iter().all(|word| word == ALLOWED) {
            return;
        }
        let headline = format!("only `{ALLOWED}` is allowed here");
        let error = Error::new(attribute.place, headline);
        let whole = attribute
            .words()
            .iter()
            .any(|word| OWN_LINTS.contains(&word.as_str()));
        self.tell(match whole {
            true => error.help("put it before the network"),
            false => error.help(format!("`#[allow({ALLOWED})]`")),
        });
    }

    /// What `#[tensor(own = "other")]` calls some of a layer's tensors.
    pub(super) fn tensor_attribute(&mut self, attributes: &Attributes) -> Vec<(String, String)> {
        let mut renamed = Vec::new();
        for attribute in attributes
            .list
            .iter()
            .filter(|attribute| attribute.name == "tensor")
        {
            match attribute.pairs() {
                Some(pairs) => {
                    for (own, other) in pairs {
                        if renamed.iter().any(|(earlier, _)| *earlier == own) {
                            let headline = format!("the tensor `{own}` is renamed twice");
                            let error = Error::new(attribute.place, headline);
                            self.tell(error.help("leave one of the two out"));
                        } else {
                            renamed.push((own, other));
                        }
                    }
                }
                None => self.tell(
                    Error::new(
                        attribute.place,
                        "`tensor` takes the layer's own name and another one",
                    )
                    .help("`#[tensor(in_proj_weight = \"c_attn.weight\")]`"),
                ),
            }
        }
        renamed
    }
}

impl Evaluator<'_, '_> {
    /// The segment that `#[name = "..."]` gives, its `{i}` filled in.
    pub(super) fn name_attribute(&mut self, attributes: &Attributes) -> Option<String> {
        let attribute = attributes.find("name")?;
        let Some(text) = attribute.text() else {
            self.findings
                .tell(Error::new(attribute.place, "`name` takes a text").help(
                    "`#[name = \"layer{i}\"]`, with the name of an index or parameter in braces",
                ));
            return None;
        };
        let mut segment = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            segment.push_str(before);
            let Some((word, after)) = after.split_once('}') else {
                self.findings.tell(Error::new(
                    attribute.place,
                    "a brace in the name is not closed",
                ));
                return None;
            };
            match self.fill(word.trim()) {
                Some(value) => segment.push_str(&value),
                None => {
                    let error = Error::new(
                        attribute.place,
                        format!(
                            "`{word}` in the name is no index, `let` or parameter with a number"
                        ),
                    );
                    let near = nearest(word.trim(), self.names.all()).map(ToOwned::to_owned);
                    self.findings.tell(match near {
                        Some(near) => error.help(format!("did you mean `{{{near}}}`?")),
                        None => error,
                    });
                    return None;
                }
            }
            rest = after;
        }
        segment.push_str(rest);
        if segment.is_empty() {
            let error = Error::new(attribute.place, "the name is empty");
            self.findings
                .tell(error.help("`#[name = \"layer\"]`, or leave it out"));
            return None;
        }
        Some(segment)
    }

    /// What stands in the place of `{i}`, `{i + 1}`.
    fn fill(&mut self, text: &str) -> Option<String> {
        let tokens: TokenStream = text.parse().ok()?;
        let expression = crate::syntax::value(tokens)?;
        match self.evaluate(&expression) {
            Val::Int(value) => Some(value.to_string()),
            _ => None,
        }
    }
}
