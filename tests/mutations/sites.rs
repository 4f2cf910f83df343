//! Where mistakes can be planted in a network, and what each of them is.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream};
use shapewise_compiler::report::{Errors, Place};
use shapewise_compiler::syntax;
use shapewise_compiler::syntax::tree::{
    Argument, Body, Call, Expect, Expression, ExpressionKind, File, Item, Statement, Unit, UnitKind,
};

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Another number or kernel in an argument.
    Hyperparameter,
    /// An argument that is gone.
    MissingArgument,
    /// An argument that is there twice.
    DoubledArgument,
    /// A layer or block that is gone.
    MissingLayer,
    /// A layer that is there twice.
    DoubledLayer,
    /// A label instead of another where a value is read.
    WrongLabel,
    /// Another expected shape.
    WrongShape,
    /// A shape without one of its axes.
    MissingAxis,
    /// Another shape of an input or output.
    WrongPort,
    /// No `,`.
    MissingComma,
    /// No `;`.
    MissingSemicolon,
    /// `->` or `=` for `=>`.
    WrongArrow,
    /// A letter missing, doubled or exchanged in the name of a layer or block.
    TypoInLayer,
    /// In the name of an argument.
    TypoInArgument,
    /// Where a label is read.
    TypoInReference,
    /// Where a label is defined.
    TypoInLabel,
    /// Another bound of an assertion.
    WrongBound,
}

/// One mistake: a change of the source.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// What kind of mistake.
    pub(crate) kind: Kind,
    /// What is replaced, in bytes.
    pub(crate) at: Range<usize>,
    /// By what.
    pub(crate) text: String,
    /// Whether no reading of the result is right.
    pub(crate) certain: bool,
    /// The lines at which it can be told.
    pub(crate) lines: Vec<Range<usize>>,
    /// The lines of the network's own body beyond which nothing is known of it,
    /// where it stands there and a shape is declared.
    pub(crate) reach: Option<Range<usize>>,
}

impl Site {
    /// The source with this mistake.
    pub(crate) fn apply(&self, source: &str) -> String {
        let Range { start, end } = self.at;
        format!("{}{}{}", &source[..start], self.text, &source[end..])
    }
}

/// The tree of a source.
pub(crate) fn parse(source: &str) -> Option<(File, Errors)> {
    let tokens: TokenStream = source.parse().ok()?;
    let mut errors = Errors::new();
    let file = syntax::parse(tokens, &mut errors);
    Some((file, errors))
}

fn range(place: Place) -> Range<usize> {
    place.first.byte_range().start..place.last.byte_range().end
}

/// A network or block: its name and the bytes of its body.
#[derive(Clone, Debug)]
struct Owner {
    name: String,
    network: bool,
    header: usize,
    end: usize,
}

/// What the walk over a file collects.
struct Walk<'a> {
    source: &'a str,
    owners: Vec<Owner>,
    /// The bytes of each declared shape.
    claims: Vec<Range<usize>>,
    /// Each call of a block: its name and its bytes.
    calls: Vec<(String, Range<usize>)>,
    /// All labels, by owner.
    labels: Vec<(usize, String)>,
    /// The last statement of each owner.
    last: Vec<Range<usize>>,
    /// The lines of the assertions.
    assertions: Vec<usize>,
    owner: usize,
    sites: Vec<Site>,
}

/// All places of a source where a mistake can be planted.
pub(crate) fn sites(source: &str) -> Vec<Site> {
    let (file, errors) = parse(source).expect("tokens");
    assert!(errors.is_empty());
    let mut walk = Walk {
        source,
        owners: Vec::new(),
        claims: Vec::new(),
        calls: Vec::new(),
        labels: Vec::new(),
        last: Vec::new(),
        assertions: Vec::new(),
        owner: 0,
        sites: Vec::new(),
    };
    let blocks = file.blocks.iter();
    let bodies: Vec<(&Ident, &Body, bool)> = blocks
        .map(|block| (&block.name, &block.body, false))
        .chain(file.networks.iter().map(|net| (&net.name, &net.body, true)))
        .collect();
    for (name, body, network) in &bodies {
        walk.owners.push(Owner {
            name: name.to_string(),
            network: *network,
            header: name.span().byte_range().start,
            end: body.end.byte_range().end,
        });
    }
    // First what the mistakes refer to, then the mistakes.
    for (owner, (_, body, _)) in bodies.iter().enumerate() {
        walk.owner = owner;
        walk.last.push(0..0);
        walk.survey(body);
        let mut statements = body.items.iter().filter_map(|item| match item {
            Item::Statement(statement) => Some(range(statement.place)),
            _ => None,
        });
        walk.last[owner] = statements.next_back().unwrap_or(0..0);
    }
    for (owner, (_, body, _)) in bodies.iter().enumerate() {
        walk.owner = owner;
        walk.body(body);
    }
    for (index, network) in file.networks.iter().enumerate() {
        walk.owner = file.blocks.len() + index;
        let inputs = network.inputs.iter().map(|port| &port.shape);
        let outputs = network.outputs.iter().filter_map(|out| out.shape.as_ref());
        let first = range(Place::at(network.name.span()));
        for shape in inputs.chain(outputs) {
            walk.shape(Kind::WrongPort, shape, first.start, false);
        }
    }
    walk.sites
}

impl Walk<'_> {
    fn line(&self, byte: usize) -> usize {
        line(self.source, byte)
    }

    fn survey(&mut self, body: &Body) {
        for item in &body.items {
            let statement = match item {
                Item::Statement(statement) => statement,
                Item::Assertion(assertion) => {
                    let line = self.line(range(assertion.place).start);
                    self.assertions.push(line);
                    continue;
                }
                Item::Let(_) | Item::Broken(_) => continue,
            };
            for label in &statement.labels {
                self.labels.push((self.owner, label.to_string()));
            }
            for unit in &statement.units {
                if let UnitKind::Call(call) = &unit.kind {
                    self.calls.push((call.name.to_string(), range(unit.place)));
                }
                for inner in bodies(unit) {
                    self.survey(inner);
                }
            }
            if let Some(Expect::Shapes(shapes)) = &statement.expect {
                let places = shapes.iter().map(|shape| range(shape.place));
                self.claims.extend(places);
            }
        }
    }

    /// The lines at which a mistake can be told that stands after `from`: to the
    /// first declared shape; in a block, also after each of its calls. Whether a
    /// shape is declared there.
    fn window(&self, owner: usize, from: usize, lines: &mut Vec<Range<usize>>) -> bool {
        let of = &self.owners[owner];
        let claim = self
            .claims
            .iter()
            .filter(|claim| claim.end > from && claim.end <= of.end && claim.start > of.header)
            .min_by_key(|claim| claim.start);
        let to = claim.map_or(of.end, |claim| claim.end);
        lines.push(self.line(from)..self.line(to) + 1);
        self.called(from..to, lines);
        if claim.is_some() {
            return true;
        }
        if of.network {
            // The output is declared in the header, and compared at the last
            // statement, which may be above one that is gone.
            lines.push(self.line(of.header)..self.line(of.header) + 1);
            lines.push(self.line(from) - 1..self.line(from));
            let last = self.last[owner].clone();
            lines.push(self.line(last.start)..self.line(last.end) + 1);
            return false;
        }
        let mut local = true;
        for (_, call) in self.calls.iter().filter(|(name, _)| *name == of.name) {
            let caller = self
                .owners
                .iter()
                .position(|owner| owner.header < call.start && call.end < owner.end);
            local &= caller.is_some_and(|caller| self.window(caller, call.start, lines));
        }
        local
    }

    /// The lines of the blocks that are called in a part of the source.
    fn called(&self, part: Range<usize>, lines: &mut Vec<Range<usize>>) {
        for (name, call) in &self.calls {
            if !part.contains(&call.start) {
                continue;
            }
            for block in self.owners.iter().filter(|owner| owner.name == *name) {
                lines.push(self.line(block.header)..self.line(block.end) + 1);
                self.called(block.header..block.end, lines);
            }
        }
    }

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
        let local = self.window(self.owner, from, &mut lines);
        if kind == Kind::WrongPort {
            let last = self.last[self.owner].clone();
            lines.push(self.line(last.start)..self.line(last.end) + 1);
        }
        // Told only where all shapes are as declared.
        lines.extend(self.assertions.iter().map(|line| *line..line + 1));
        // Where something is missing, what follows is unexpected.
        let next = self.source[at.end..].find(|c: char| !c.is_whitespace());
        let next = self.line(at.end + next.unwrap_or(0));
        lines.push(next..next + 1);
        let own = self.owners[self.owner].network && label.is_none();
        let reach = lines.first().filter(|_| local && own).cloned();
        if let Some(label) = label.map(ToString::to_string) {
            // Those who read it no longer find it.
            let of = &self.owners[self.owner];
            for (byte, _) in self.source.match_indices(label.as_str()) {
                if (of.header..of.end).contains(&byte) {
                    lines.push(self.line(byte)..self.line(byte) + 1);
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

    fn body(&mut self, body: &Body) {
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
                let twice = format!("{0}, {0}", &self.source[at.clone()]);
                self.push(Kind::DoubledLayer, at, &twice, from, false);
                self.call(call, from);
            }
            match &unit.kind {
                UnitKind::Merge(merge) => self.call(&merge.call, from),
                UnitKind::Repeat(repeat) => self.numbers(&repeat.count, from),
                _ => {}
            }
            for inner in bodies(unit) {
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
            if let Some(offset) = self.source[arrow..].find("=>") {
                let at = arrow + offset..arrow + offset + 2;
                for text in ["->", "="] {
                    self.push(Kind::WrongArrow, at.clone(), text, from, true);
                }
            }
        }
        if self.source[whole.end..].starts_with(';') {
            let at = whole.end..whole.end + 1;
            let braced = self.source[..whole.end].ends_with('}');
            self.push(Kind::MissingSemicolon, at.clone(), " ", from, !braced);
            // All of the statement but its line end, so that lines stay.
            if self.line(whole.start) == self.line(whole.end) {
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
                let twice = format!("{0}, {0}", &self.source[at.clone()]);
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
                let labels = self.labels.clone();
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

    fn shape(&mut self, kind: Kind, shape: &Expression, from: usize, certain: bool) {
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

/// The bodies inside of a unit.
fn bodies(unit: &Unit) -> Vec<&Body> {
    match &unit.kind {
        UnitKind::Group(body) => vec![body],
        UnitKind::Residual(residual) => {
            let shortcut = residual.shortcut.as_ref().map(|(_, body)| body);
            [Some(&residual.body), shortcut]
                .into_iter()
                .flatten()
                .collect()
        }
        UnitKind::Merge(merge) => merge.branches.iter().map(|branch| &branch.body).collect(),
        UnitKind::Repeat(repeat) => vec![&repeat.body],
        UnitKind::If(decision) => [Some(&decision.then), decision.otherwise.as_ref()]
            .into_iter()
            .flatten()
            .collect(),
        UnitKind::Call(_) | UnitKind::Path(_) | UnitKind::Custom(_) => Vec::new(),
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

/// The line, from 1, of a byte.
pub(crate) fn line(source: &str, byte: usize) -> usize {
    source[..byte].matches('\n').count() + 1
}
