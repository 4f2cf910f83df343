//! Blocks that other invocations may use, and the blocks of an invocation without a network.
//!
//! What such a block names of Rust has to be found from everywhere: by a path from its crate
//! on. Networks, constants of the module and `self::` are seen where it is written only.

use std::cell::{Cell, RefCell};

use proc_macro2::{Ident, TokenStream, TokenTree};
use shapewise_core::catalogue;

use super::Builder;
use super::call::network::Known;
use super::symbol::is_constant;
use super::world::World;
use crate::graph::{Choice, Warning};
use crate::report::{Error, Errors, Place};
use crate::syntax::tree::{
    Argument, Block, Body, Call, Expect, Expression, ExpressionKind, File, Item, NetworkPath,
    Statement, Unit, UnitKind,
};

/// What the help is to show before a path.
const CRATE: &str = "crate";

/// What is wrong with the blocks that others may use, and with those of an invocation without
/// a network, of which none tells; and the warnings of these.
pub fn blocks(file: &File) -> (Errors, Vec<Warning>) {
    let mut errors = Errors::new();
    let mut looked: Vec<&Block> = file.own_blocks().filter(|block| block.travels()).collect();
    let mut place = 0;
    while let Some(block) = looked.get(place).copied() {
        place += 1;
        let mut names = Names {
            file,
            block,
            called: Vec::new(),
            errors: &mut errors,
        };
        names.of_block();
        for called in names.called {
            if !looked.iter().any(|other| std::ptr::eq(*other, called)) {
                looked.push(called);
            }
        }
    }
    for import in &file.imports {
        let name = &import.last;
        if import.block.is_none() && catalogue::find(&name.to_string()).is_some() {
            let headline = format!("`{name}` is a layer, and no block");
            let error = Error::new(name.span(), headline);
            errors.push(error.help("a layer is there without a `use`: leave it out"));
        }
    }
    let mut warnings = Vec::new();
    if file.networks.is_empty() && !file.blocks.is_empty() {
        let (found, warned) = alone(file);
        errors.append(found);
        warnings = warned;
    }
    (errors, warnings)
}

/// Looks at the blocks of an invocation without a network, as its first one would.
fn alone(file: &File) -> (Errors, Vec<Warning>) {
    let source = "struct Blocks(input: 1) -> 1 { identity; }".parse();
    let source = crate::syntax::parse(source.unwrap_or_default(), &mut Errors::new());
    let Some(network) = source.networks.first() else {
        return (Errors::new(), Vec::new());
    };
    let (choice, known) = (Choice::numbered(0), Known::default());
    let (atoms, guessed) = (RefCell::default(), Cell::new(false));
    let world = World {
        choice: &choice,
        atoms: &atoms,
        guessed: &guessed,
        known: &known,
    };
    let mut builder = Builder::new(file, network, world, &[]);
    builder
        .names
        .push(super::scope::Frame::of_scope(super::scope::Flow::Unknown));
    builder.all_blocks();
    super::unread::warn_of_blocks(file, &mut builder.draft.graph);
    (builder.findings.errors, builder.draft.graph.warnings)
}

/// The names in a block that others may use.
struct Names<'a, 'e> {
    file: &'a File,
    block: &'a Block,
    /// The blocks that it calls.
    called: Vec<&'a Block>,
    errors: &'e mut Errors,
}

impl<'a> Names<'a, '_> {
    fn of_block(&mut self) {
        let block = self.block;
        for parameter in &block.parameters {
            self.values(&parameter.default);
        }
        self.body(&block.body);
    }

    fn body(&mut self, body: &'a Body) {
        for item in &body.items {
            match item {
                Item::Statement(statement) => self.statement(statement),
                Item::Let(defined) => self.value(&defined.value),
                Item::Assertion(_) | Item::Broken(_) => {}
            }
        }
    }

    fn statement(&mut self, statement: &'a Statement) {
        self.values(&statement.from);
        if let Some(Expect::Shapes(shapes)) = &statement.expect {
            self.values(shapes);
        }
        for unit in &statement.units {
            self.unit(unit);
        }
    }

    fn unit(&mut self, unit: &'a Unit) {
        match &unit.kind {
            UnitKind::Call(call) => self.call(call),
            UnitKind::Path(path) | UnitKind::Custom(path) => {
                let NetworkPath {
                    path,
                    values,
                    arguments,
                    ..
                } = path;
                self.path(path, unit.place);
                self.values(values);
                self.arguments(arguments);
            }
            UnitKind::Group(_) => {}
            UnitKind::Residual(residual) => {
                self.values(&residual.condition);
                let shortcut = residual.shortcut.iter();
                self.values(shortcut.filter_map(|(condition, _)| condition.as_ref()));
            }
            UnitKind::Merge(merge) => self.arguments(&merge.call.arguments),
            UnitKind::Repeat(repeat) => self.value(&repeat.count),
            UnitKind::If(decision) => self.value(&decision.condition),
        }
        for body in unit.bodies() {
            self.body(body);
        }
    }

    fn arguments(&mut self, arguments: &'a [Argument]) {
        for argument in arguments {
            self.value(&argument.value);
            self.values(&argument.to);
        }
    }

    fn values(&mut self, values: impl IntoIterator<Item = &'a Expression>) {
        for value in values {
            self.value(value);
        }
    }

    fn value(&mut self, value: &'a Expression) {
        match &value.kind {
            ExpressionKind::Word(word) => self.word(word),
            ExpressionKind::Path(path) => self.path(path, value.place),
            ExpressionKind::Rust(code) => self.code(code),
            ExpressionKind::Call(call) => self.call(call),
            ExpressionKind::Member(value, _)
            | ExpressionKind::Every(value)
            | ExpressionKind::Negate(value)
            | ExpressionKind::Not(value) => self.value(value),
            ExpressionKind::Copy(a, b)
            | ExpressionKind::Index(a, b)
            | ExpressionKind::Range(a, b)
            | ExpressionKind::Binary(_, a, b) => self.values([&**a, &**b]),
            ExpressionKind::If(a, b, c) => self.values([&**a, &**b, &**c]),
            ExpressionKind::List(values) | ExpressionKind::Tuple(values) => self.values(values),
            _ => {}
        }
    }

    fn call(&mut self, call: &'a Call) {
        self.arguments(&call.arguments);
        self.word(&call.name);
    }

    /// A name: of a block, a network or a constant.
    fn word(&mut self, word: &'a Ident) {
        let text = word.to_string();
        if let Some(called) = self.file.block(self.block.home, &text) {
            if called.home.is_own() {
                self.called.push(called);
            }
            return;
        }
        if self
            .file
            .networks
            .iter()
            .any(|network| network.name == text)
        {
            let headline = format!(
                "the network `{text}` is not seen where `{}` is used",
                self.block.name
            );
            let help = format!("call it by its path: `{CRATE}::{text}`, with its modules");
            self.errors
                .push(Error::new(word.span(), headline).help(help));
        } else if is_constant(&text) && !self.is_parameter(word) {
            self.constant(word);
        }
    }

    fn is_parameter(&self, word: &Ident) -> bool {
        let mut parameters = self.block.parameters.iter();
        parameters.any(|parameter| parameter.name == *word)
    }

    fn constant(&mut self, word: &Ident) {
        let headline = format!(
            "the constant `{word}` is not seen where `{}` is used",
            self.block.name
        );
        let help =
            format!("write its path from the crate on, `{CRATE}::{word}`, or make it a parameter");
        self.errors
            .push(Error::new(word.span(), headline).help(help));
    }

    /// A path of Rust's, which has to begin with a crate.
    fn path(&mut self, path: &TokenStream, place: Place) {
        let first = path.clone().into_iter().next();
        let absolute = match &first {
            Some(TokenTree::Punct(_)) => true,
            Some(TokenTree::Ident(word)) => word == "crate" || word == "$crate",
            _ => false,
        };
        if !absolute {
            let shown = path.to_string().replace(' ', "");
            let headline = format!("`{shown}` is not seen where `{}` is used", self.block.name);
            let shown = shown
                .trim_start_matches("self::")
                .trim_start_matches("super::");
            let help = format!(
                "write the path from a crate on: `{CRATE}::{shown}`, or `::other::{shown}`"
            );
            self.errors.push(Error::new(place, headline).help(help));
        }
    }

    /// What stands in braces, as far as constants stand alone in it.
    fn code(&mut self, code: &TokenStream) {
        let mut before = ' ';
        for token in code.clone() {
            match &token {
                TokenTree::Ident(word) if before != ':' && is_constant(&word.to_string()) => {
                    self.constant(word);
                }
                TokenTree::Group(group) => self.code(&group.stream()),
                _ => {}
            }
            before = match token {
                TokenTree::Punct(sign) => sign.as_char(),
                _ => ' ',
            };
        }
    }
}
