//! The tree as text: how tables and messages show what the user wrote.

use std::fmt::{self, Display, Formatter};

use proc_macro2::{TokenStream, TokenTree};

use super::tree::{
    Argument, Block, Call, Expression, ExpressionKind, Merge, NetworkPath, Repeat, Residual,
    Statement, Unit, UnitKind,
};

/// A token as it is written.
pub(super) fn token(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            proc_macro2::Delimiter::Parenthesis => "(".to_owned(),
            proc_macro2::Delimiter::Brace => "{".to_owned(),
            proc_macro2::Delimiter::Bracket => "[".to_owned(),
            proc_macro2::Delimiter::None => tokens(&group.stream()),
        },
        other => other.to_string(),
    }
}

/// Tokens as they are written, without the spaces that the compiler puts in.
pub(crate) fn tokens(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    text.replace(" :: ", "::")
        .replace(" ::", "::")
        .replace(":: ", "::")
        .replace(" (", "(")
        .replace("< ", "<")
        .replace(" <", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
}

fn commas<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl Display for Statement {
    /// The units, without label and expected shape.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            write!(f, "from {from}")?;
            if !self.units.is_empty() {
                f.write_str(", ")?;
            }
        }
        commas(f, &self.units)
    }
}

impl Display for Unit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            UnitKind::Call(call) => write!(f, "{call}"),
            UnitKind::Path(path) => write!(f, "{path}"),
            UnitKind::Custom(path) => write!(f, "custom {path}"),
            UnitKind::Group(_) => f.write_str("{ ... }"),
            UnitKind::Residual(residual) => write!(f, "{residual}"),
            UnitKind::Merge(merge) => write!(f, "{merge}"),
            UnitKind::Repeat(repeat) => write!(f, "{repeat}"),
            UnitKind::If(unit) => write!(f, "if {} {{ ... }}", unit.condition),
        }
    }
}

impl Block {
    /// How it is called, with its defaults: `Norm(channels, kernel = 3x3)`.
    pub fn usage(&self) -> String {
        let parameters = self.parameters.iter();
        let parameters: Vec<String> = parameters
            .map(|parameter| match &parameter.default {
                Some(default) => format!("{} = {default}", parameter.name),
                None => parameter.name.to_string(),
            })
            .collect();
        format!("{}({})", self.name, parameters.join(", "))
    }

    /// Whether other invocations may use it.
    pub fn travels(&self) -> bool {
        !self.visibility.to_string().trim().is_empty()
    }
}

impl Display for NetworkPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&tokens(&self.path))?;
        if !(self.values.is_empty() && self.arguments.is_empty()) {
            f.write_str("(")?;
            commas(f, &self.values)?;
            if !self.values.is_empty() {
                f.write_str(if self.arguments.is_empty() { ";" } else { "; " })?;
            }
            commas(f, &self.arguments)?;
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for Residual {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("residual { ... }")?;
        if self.shortcut.is_some() {
            f.write_str(" shortcut { ... }")?;
        }
        Ok(())
    }
}

impl Display for Merge {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let branches = self.branches.len();
        write!(f, "{} {{ {branches} branches }}", self.call)
    }
}

impl Display for Repeat {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("repeat ")?;
        match self.names.as_slice() {
            [] => {}
            [name] => write!(f, "{name} in ")?,
            names => {
                f.write_str("(")?;
                commas(f, names)?;
                f.write_str(") in ")?;
            }
        }
        write!(f, "{} {{ ", self.count)?;
        match self.body.items.as_slice() {
            [super::tree::Item::Statement(statement)] => write!(f, "{statement} }}"),
            _ => f.write_str("... }"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix, self.name)?;
        if self.parentheses.is_some() && !self.arguments.is_empty() {
            f.write_str("(")?;
            commas(f, &self.arguments)?;
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name} = ")?;
        }
        write!(f, "{}", self.value)?;
        match &self.to {
            Some(to) => write!(f, " -> {to}"),
            None => Ok(()),
        }
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Int(value) => write!(f, "{value}"),
            ExpressionKind::Quantity(_, text) => f.write_str(text),
            ExpressionKind::Float(value) => write!(f, "{value:?}"),
            ExpressionKind::Extents(extents) => {
                for (i, extent) in extents.iter().enumerate() {
                    write!(f, "{}{extent}", if i == 0 { "" } else { "x" })?;
                }
                Ok(())
            }
            ExpressionKind::Bool(value) => write!(f, "{value}"),
            ExpressionKind::Text(text) => write!(f, "\"{text}\""),
            ExpressionKind::Word(name) => write!(f, "{name}"),
            ExpressionKind::Member(value, name) => write!(f, "{value}.{name}"),
            ExpressionKind::Every(value) => write!(f, "{value}.*"),
            ExpressionKind::Copy(value, copy) => write!(f, "{value}.{{{copy}}}"),
            ExpressionKind::Index(value, index) => write!(f, "{}[{index}]", Operand(value)),
            ExpressionKind::List(values) => {
                f.write_str("[")?;
                commas(f, values)?;
                f.write_str("]")
            }
            ExpressionKind::Tuple(values) => {
                f.write_str("(")?;
                commas(f, values)?;
                f.write_str(")")
            }
            ExpressionKind::Range(start, end) => write!(f, "{start}..{end}"),
            ExpressionKind::Negate(value) => write!(f, "-{}", Operand(value)),
            ExpressionKind::Not(value) => write!(f, "!{}", Operand(value)),
            ExpressionKind::Binary(operator, left, right) => {
                write!(
                    f,
                    "{} {} {}",
                    Operand(left),
                    operator.symbol(),
                    Operand(right)
                )
            }
            ExpressionKind::If(condition, then, otherwise) => {
                write!(f, "if {condition} {{ {then} }} else {{ {otherwise} }}")
            }
            ExpressionKind::Call(call) => write!(f, "{call}"),
            ExpressionKind::Path(path) => f.write_str(&tokens(path)),
            ExpressionKind::Rust(code) => write!(f, "{{ {} }}", tokens(code)),
        }
    }
}

impl Expression {
    /// As an operand, in parentheses where it is arithmetic itself.
    pub(crate) fn operand(&self) -> String {
        Operand(self).to_string()
    }
}

/// An operand: in parentheses where it is arithmetic itself.
struct Operand<'a>(&'a Expression);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            ExpressionKind::Binary(..) | ExpressionKind::If(..) => write!(f, "({})", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}
