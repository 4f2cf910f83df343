//! Plants mistakes of each kind wherever the tree has a place for them.

use std::ops::Range;

use proc_macro2::Ident;
use shapewise_compiler::syntax::tree::{
    Argument, Body, Call, Expect, Expression, ExpressionKind, Item, Statement, UnitKind,
};

use super::sites::{Kind, Site, range};
use super::survey::Survey;

/// The walk that plants mistakes in one network or block after the other.
pub(crate) struct Planting<'a> {
    pub(crate) survey: Survey<'a>,
    /// The network or block.
    pub(crate) owner: usize,
    pub(crate) sites: Vec<Site>,
}

impl Planting<'_> {
    fn push(&mut self, kind: Kind, at: Range<usize>, text: &str, from: usize, certain: bool) {
        self.push_label(kind, at, text, from, certain, None);
    }

    fn push_label(
        &mut self,
        kind: Kind,
        at: Range<usize>,
        text: &str,
        from: usize,
        certain: bool,
        label: Option<&Ident>,
    ) {
        let mut lines = Vec::new();
        let local = self.survey.window(self.owner, from, &mut lines);
        if kind == Kind::WrongPort {
            let last = self.survey.last[self.owner].clone();
            lines.push(self.survey.line(last.start)..self.survey.line(last.end) + 1);
        }
        // Told only where all shapes are as declared.
        lines.extend(self.survey.assertions.iter().map(|line| *line..line + 1));
        // Where something is missing, what follows is unexpected.
        let next = self.survey.source[at.end..].find(|c: char| !c.is_whitespace());
        let next = self.survey.line(at.end + next.unwrap_or(0));
        lines.push(next..next + 1);
        let own = self.survey.owners[self.owner].network && label.is_none();
        let reach = lines.first().filter(|_| local && own).cloned();
        if let Some(label) = label.map(ToString::to_string) {
            // Those who read it no longer find it.
            let of = &self.survey.owners[self.owner];
            for (byte, _) in self.survey.source.match_indices(label.as_str()) {
                if (of.header..of.end).contains(&byte) {
                    lines.push(self.survey.line(byte)..self.survey.line(byte) + 1);
                }
            }
        }
        self.sites.push(Site {
            kind,
            at,
            text: text.to_owned(),
            certain,
            lines,
            reach,
        });
    }

    pub(crate) fn body(&mut self, body: &Body) {
        for item in &body.items {
            match item {
                Item::Statement(statement) => self.statement(statement),
                Item::Assertion(assertion) => {
                    if let ExpressionKind::Int(bound) = assertion.bound.kind {
                        let at = range(assertion.bound.place);
                        let from = range(assertion.place).start;
                        self.push(Kind::WrongBound, at, &(bound - 1).to_string(), from, true);
                    }
                }
                Item::Let(_) | Item::Broken(_) => {}
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let whole = range(statement.place);
        let from = whole.start;
        for label in &statement.labels {
            let at = label.span().byte_range();
            for text in typos(&label.to_string()) {
                let kind = Kind::TypoInLabel;
                self.push_label(kind, at.clone(), &text, from, false, Some(label));
            }
        }
        if let Some(expression) = &statement.from {
            self.references(expression, from);
        }
        let units = &statement.units;
        for (i, unit) in units.iter().enumerate() {
            let at = range(unit.place);
            if let Some(next) = units.get(i + 1) {
                let next = range(next.place).start;
                self.push(Kind::MissingComma, at.end..next, " ", from, true);
                self.push(Kind::MissingLayer, at.start..next, "", from, false);
            } else if i > 0 {
                let before = range(units[i - 1].place).end;
                self.push(Kind::MissingLayer, before..at.end, "", from, false);
            }
            if let UnitKind::Call(call) = &unit.kind {
                let twice = format!("{0}, {0}", &self.survey.source[at.clone()]);
                self.push(Kind::DoubledLayer, at, &twice, from, false);
                self.call(call, from);
            }
            match &unit.kind {
                UnitKind::Merge(merge) => self.call(&merge.call, from),
                UnitKind::Repeat(repeat) => self.numbers(&repeat.count, from),
                _ => {}
            }
            for inner in unit.bodies() {
                self.body(inner);
            }
        }
        if let Some(Expect::Shapes(shapes)) = &statement.expect {
            for shape in shapes {
                self.shape(Kind::WrongShape, shape, from, true);
            }
            let arrow = units
                .last()
                .map_or(whole.start, |unit| range(unit.place).end);
            if let Some(offset) = self.survey.source[arrow..].find("=>") {
                let at = arrow + offset..arrow + offset + 2;
                for text in ["->", "="] {
                    self.push(Kind::WrongArrow, at.clone(), text, from, true);
                }
            }
        }
        if self.survey.source[whole.end..].starts_with(';') {
            let at = whole.end..whole.end + 1;
            let braced = self.survey.source[..whole.end].ends_with('}');
            // That of the last statement may be left out.
            let last = self.survey.source[at.end..].trim_start().starts_with('}');
            self.push(
                Kind::MissingSemicolon,
                at.clone(),
                " ",
                from,
                !(braced || last),
            );
            // All of the statement but its line end, so that lines stay.
            if self.survey.line(whole.start) == self.survey.line(whole.end) {
                let label = statement.labels.first();
                let at = whole.start..at.end;
                self.push_label(Kind::MissingLayer, at, "", whole.end + 1, false, label);
            }
        }
    }

    fn call(&mut self, call: &Call, from: usize) {
        let name = call.name.to_string();
        let at = call.name.span().byte_range();
        for text in typos(&name) {
            let known = shapewise::catalogue::find(&text).is_some();
            self.push(Kind::TypoInLayer, at.clone(), &text, from, !known);
        }
        for (i, argument) in call.arguments.iter().enumerate() {
            self.argument(argument, from);
            let at = range(argument.place());
            if let Some(next) = call.arguments.get(i + 1) {
                let next = range(next.place()).start;
                self.push(Kind::MissingComma, at.end..next, " ", from, true);
                self.push(Kind::MissingArgument, at.start..next, "", from, false);
            } else if i > 0 {
                let before = range(call.arguments[i - 1].place()).end;
                self.push(Kind::MissingArgument, before..at.end, "", from, false);
            }
            if argument.name.is_some() {
                let twice = format!("{0}, {0}", &self.survey.source[at.clone()]);
                self.push(Kind::DoubledArgument, at, &twice, from, true);
            }
        }
    }

    fn argument(&mut self, argument: &Argument, from: usize) {
        if let Some(name) = &argument.name {
            for text in typos(&name.to_string()) {
                let at = name.span().byte_range();
                self.push(Kind::TypoInArgument, at, &text, from, true);
            }
        }
        self.numbers(&argument.value, from);
        self.references(&argument.value, from);
    }

    fn numbers(&mut self, value: &Expression, from: usize) {
        let at = range(value.place);
        match &value.kind {
            ExpressionKind::Int(number) => {
                for number in [number + 1, number * 2, number / 2] {
                    let text = number.to_string();
                    self.push(Kind::Hyperparameter, at.clone(), &text, from, false);
                }
            }
            ExpressionKind::Extents(extents) => {
                for add in [1, 2] {
                    let text = joined(extents.iter().map(|extent| extent + add));
                    self.push(Kind::Hyperparameter, at.clone(), &text, from, false);
                }
                self.push(
                    Kind::Hyperparameter,
                    at.clone(),
                    &joined(extents.iter().map(|extent| extent * 20)),
                    from,
                    false,
                );
            }
            ExpressionKind::Binary(_, left, right) => {
                self.numbers(left, from);
                self.numbers(right, from);
            }
            _ => {}
        }
    }

    /// Where labels are read.
    fn references(&mut self, value: &Expression, from: usize) {
        match &value.kind {
            ExpressionKind::Word(word) => {
                let labels = self.survey.labels.clone();
                let owner = self.owner;
                let all = || labels.iter().filter(|(of, _)| *of == owner);
                let name = word.to_string();
                if !all().any(|(_, label)| *label == name) {
                    return;
                }
                let at = word.span().byte_range();
                if let Some((_, other)) = all().find(|(_, label)| *label != name) {
                    self.push(Kind::WrongLabel, at.clone(), other, from, false);
                }
                for text in typos(&name) {
                    let other = all().any(|(_, label)| *label == text);
                    self.push(Kind::TypoInReference, at.clone(), &text, from, !other);
                }
            }
            ExpressionKind::Member(of, name) => {
                self.references(of, from);
                for text in typos(&name.to_string()) {
                    let at = name.span().byte_range();
                    self.push(Kind::TypoInReference, at, &text, from, true);
                }
            }
            ExpressionKind::Copy(of, _) | ExpressionKind::Every(of) => self.references(of, from),
            _ => {}
        }
    }

    pub(crate) fn shape(&mut self, kind: Kind, shape: &Expression, from: usize, certain: bool) {
        let at = range(shape.place);
        match &shape.kind {
            ExpressionKind::Extents(extents) => {
                for axis in 0..extents.len() {
                    let mut other = extents.clone();
                    other[axis] += 1;
                    self.push(kind, at.clone(), &joined(other.into_iter()), from, certain);
                }
                let kind = if kind == Kind::WrongShape {
                    Kind::MissingAxis
                } else {
                    kind
                };
                let less = joined(extents[1..].iter().copied());
                self.push(kind, at, &less, from, certain);
            }
            ExpressionKind::Int(extent) => {
                self.push(kind, at, &(extent + 1).to_string(), from, certain);
            }
            _ => {}
        }
    }
}

fn joined(extents: impl Iterator<Item = usize>) -> String {
    extents
        .map(|extent| extent.to_string())
        .collect::<Vec<_>>()
        .join("x")
}

/// A name with a letter missing, a letter doubled, two letters exchanged.
fn typos(name: &str) -> Vec<String> {
    if name.len() < 3 || !name.is_ascii() {
        return Vec::new();
    }
    let middle = name.len() / 2;
    let (before, after) = name.split_at(middle);
    let (head, last) = name.split_at(name.len() - 1);
    let mut typos = vec![
        format!("{before}{}", &after[1..]),
        format!("{name}{last}"),
        format!(
            "{}{}{}",
            &head[..head.len() - 1],
            last,
            &head[head.len() - 1..]
        ),
    ];
    typos.retain(|typo| typo != name);
    typos
}
