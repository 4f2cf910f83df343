//! Names that nothing reads: `let`s, parameters of blocks, const generics.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::graph::{Resolved, Warning};
use crate::syntax::tree::{
    Argument, Attributes, Body, Expect, Expression, ExpressionKind, File, Item, Network, Statement,
    Unit, UnitKind,
};

/// The lint that tells of them.
pub(super) const LINT: &str = "unused_name";

/// Warns of names that nothing reads. Of blocks the first network of the invocation tells.
pub(super) fn warn(file: &File, network: &Network, graph: &mut Resolved) {
    let mut unread = Vec::new();
    if !network.attributes.allows(LINT) {
        in_body(&network.body, &mut unread);
        unread.extend(
            network
                .generics
                .iter()
                .map(|generic| &generic.name)
                .filter(|name| {
                    let ports = network.inputs.iter().map(|port| &port.shape);
                    let outputs = network
                        .outputs
                        .iter()
                        .filter_map(|output| output.shape.as_ref());
                    let mut shapes = ports.chain(outputs);
                    !shapes.any(|shape| reads(shape, name)) && !body_reads(&network.body, name)
                }),
        );
    }
    tell(&unread, graph);
    let first = file.networks.first();
    if first.is_some_and(|first| first.name == network.name) {
        warn_of_blocks(file, graph);
    }
}

/// Warns of names in the blocks of the invocation that nothing reads, and of blocks that a
/// `use` names and nothing calls.
pub(super) fn warn_of_blocks(file: &File, graph: &mut Resolved) {
    let mut unread = Vec::new();
    let told = file
        .own_blocks()
        .filter(|block| !block.attributes.allows(LINT));
    for block in told {
        in_body(&block.body, &mut unread);
        for (place, parameter) in block.parameters.iter().enumerate() {
            let later = block.parameters[place + 1..].iter();
            let mut defaults = later.filter_map(|later| later.default.as_ref());
            let name = &parameter.name;
            if !defaults.any(|default| reads(default, name)) && !body_reads(&block.body, name) {
                unread.push(name);
            }
        }
    }
    let own = file.own_blocks();
    let defaults = own.flat_map(|block| &block.parameters);
    let defaults: Vec<_> = defaults.filter_map(|it| it.default.as_ref()).collect();
    for import in file.imports.iter().filter(|import| import.home.is_own()) {
        let name = &import.name;
        let networks = file.networks.iter().map(|network| &network.body);
        let mut bodies = networks.chain(file.own_blocks().map(|block| &block.body));
        let called = bodies.any(|body| body_reads(body, name))
            || defaults.iter().any(|default| reads(default, name));
        if import.block.is_some() && !called {
            unread.push(name);
        }
    }
    tell(&unread, graph);
}

fn tell(unread: &[&Ident], graph: &mut Resolved) {
    for name in unread {
        let text = name.to_string();
        if !text.starts_with('_') {
            graph.warnings.push(Warning {
                lint: LINT,
                span: name.span(),
                message: format!(
                    "nothing reads `{text}`. A leading underscore or `#[allow({LINT})]` allows it"
                ),
            });
        }
    }
}

/// The `let`s of a body, and of those inside of it, that nothing below them reads.
fn in_body<'a>(body: &'a Body, unread: &mut Vec<&'a Ident>) {
    for (place, item) in body.items.iter().enumerate() {
        match item {
            Item::Let(defined)
                if !defined.attributes.allows(LINT)
                    && !read_below(&body.items[place + 1..], &defined.name) =>
            {
                unread.push(&defined.name);
            }
            Item::Statement(statement) => {
                let bodies = statement.units.iter().flat_map(Unit::bodies);
                for body in bodies {
                    in_body(body, unread);
                }
            }
            _ => {}
        }
    }
}

/// Whether these items read a name, before it is defined anew.
fn read_below(items: &[Item], name: &Ident) -> bool {
    for item in items {
        if item_reads(item, name) {
            return true;
        }
        if matches!(item, Item::Let(again) if again.name == *name) {
            return false;
        }
    }
    false
}

fn body_reads(body: &Body, name: &Ident) -> bool {
    body.items.iter().any(|item| item_reads(item, name))
}

fn item_reads(item: &Item, name: &Ident) -> bool {
    match item {
        Item::Statement(statement) => statement_reads(statement, name),
        Item::Assertion(assertion) => {
            let plan = assertion.plan.iter().flatten();
            reads(&assertion.bound, name) || plan.into_iter().any(|given| reads(&given.value, name))
        }
        Item::Let(defined) => reads(&defined.value, name),
        Item::Broken(_) => true,
    }
}

fn statement_reads(statement: &Statement, name: &Ident) -> bool {
    let expected = match &statement.expect {
        Some(Expect::Shapes(shapes)) => shapes.as_slice(),
        _ => &[],
    };
    let mut values = statement.from.iter().chain(expected);
    attributes_read(&statement.attributes, name)
        || values.any(|value| reads(value, name))
        || statement.units.iter().any(|unit| unit_reads(unit, name))
}

fn unit_reads(unit: &Unit, name: &Ident) -> bool {
    let own = match &unit.kind {
        UnitKind::Call(call) => call.name == *name || arguments_read(&call.arguments, name),
        UnitKind::Path(path) | UnitKind::Custom(path) => {
            path.values.iter().any(|value| reads(value, name))
                || arguments_read(&path.arguments, name)
                || tokens_name(&path.path, name)
        }
        UnitKind::Group(_) => false,
        UnitKind::Residual(residual) => {
            let shortcut = residual
                .shortcut
                .iter()
                .filter_map(|(condition, _)| condition.as_ref());
            let mut conditions = residual.condition.iter().chain(shortcut);
            conditions.any(|condition| reads(condition, name))
        }
        UnitKind::Merge(merge) => {
            let mut branches = merge.branches.iter();
            arguments_read(&merge.call.arguments, name)
                || branches.any(|branch| attributes_read(&branch.attributes, name))
        }
        UnitKind::Repeat(repeat) => reads(&repeat.count, name),
        UnitKind::If(conditional) => reads(&conditional.condition, name),
    };
    own || attributes_read(&unit.attributes, name)
        || unit.bodies().into_iter().any(|body| body_reads(body, name))
}

fn arguments_read(arguments: &[Argument], name: &Ident) -> bool {
    arguments.iter().any(|argument| {
        let mut values = [&argument.value].into_iter().chain(&argument.to);
        values.any(|value| reads(value, name))
    })
}

/// Whether `#[name = "layer{i}"]` and the like read a name.
fn attributes_read(attributes: &Attributes, name: &Ident) -> bool {
    let mut attributes = attributes.list.iter();
    attributes.any(|attribute| {
        attribute.name != "doc" && {
            let text = attribute.rest.to_string();
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| name == word)
        }
    })
}

fn tokens_name(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => tokens_name(&group.stream(), name),
        _ => false,
    })
}

/// Whether an expression reads a name.
fn reads(expression: &Expression, name: &Ident) -> bool {
    match &expression.kind {
        ExpressionKind::Word(word) => word == name,
        ExpressionKind::Member(value, _)
        | ExpressionKind::Every(value)
        | ExpressionKind::Negate(value)
        | ExpressionKind::Not(value) => reads(value, name),
        ExpressionKind::Copy(a, b)
        | ExpressionKind::Index(a, b)
        | ExpressionKind::Range(a, b)
        | ExpressionKind::Binary(_, a, b) => reads(a, name) || reads(b, name),
        ExpressionKind::List(values) | ExpressionKind::Tuple(values) => {
            values.iter().any(|value| reads(value, name))
        }
        ExpressionKind::If(a, b, c) => [a, b, c].into_iter().any(|value| reads(value, name)),
        ExpressionKind::Call(call) => call.name == *name || arguments_read(&call.arguments, name),
        ExpressionKind::Path(tokens) | ExpressionKind::Rust(tokens) => tokens_name(tokens, name),
        _ => false,
    }
}
