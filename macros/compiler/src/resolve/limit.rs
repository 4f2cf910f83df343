//! How large a network is at least, before it is walked over: a few blocks that call each
//! other are more layers than can ever be made.

use std::collections::BTreeMap;

use super::{MAX_LAYERS, MAX_STEPS, Source};
use crate::report::Error;
use crate::syntax::tree::{Body, Expression, ExpressionKind, Home, Item, Unit, UnitKind};

/// What there is at least of something.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    layers: u64,
    /// Units, and copies.
    steps: u64,
}

impl Size {
    const STEP: Self = Self {
        layers: 0,
        steps: 1,
    };

    fn plus(self, other: Self) -> Self {
        Self {
            layers: self.layers.saturating_add(other.layers),
            steps: self.steps.saturating_add(other.steps),
        }
    }

    fn times(self, count: u64) -> Self {
        Self {
            layers: self.layers.saturating_mul(count),
            steps: self.steps.saturating_mul(count),
        }
    }

    fn least(self, other: Self) -> Self {
        Self {
            layers: self.layers.min(other.layers),
            steps: self.steps.min(other.steps),
        }
    }
}

/// The error for a network that is too large however its conditions and parameters are,
/// at the statement with which it becomes so.
pub(super) fn too_large(source: Source<'_>) -> Option<Error> {
    let mut sizes = Sizes {
        source,
        blocks: BTreeMap::new(),
    };
    let mut size = Size::default();
    for unit in units(&source.network.body) {
        size = size.plus(sizes.unit(Home::OWN, unit));
        let (layers, steps) = (
            size.layers > MAX_LAYERS as u64,
            size.steps >= MAX_STEPS as u64,
        );
        if layers || steps {
            let headline = if layers {
                format!("the network has more than {MAX_LAYERS} layers")
            } else {
                format!("more than {MAX_STEPS} parts and copies of parts are expanded")
            };
            return Some(Error::new(unit.place, headline));
        }
    }
    None
}

fn units(body: &Body) -> impl Iterator<Item = &Unit> {
    body.items.iter().flat_map(|item| match item {
        Item::Statement(statement) => statement.units.as_slice(),
        Item::Let(_) | Item::Assertion(_) | Item::Broken(_) => &[],
    })
}

struct Sizes<'a> {
    source: Source<'a>,
    /// Those of the blocks so far; nothing yet for one that is being looked at.
    blocks: BTreeMap<(Home, String), Size>,
}

impl Sizes<'_> {
    fn body(&mut self, home: Home, body: &Body) -> Size {
        units(body).fold(Size::default(), |size, unit| {
            size.plus(self.unit(home, unit))
        })
    }

    fn unit(&mut self, home: Home, unit: &Unit) -> Size {
        let inside = match &unit.kind {
            UnitKind::Call(call) => self.called(home, &call.name.to_string()),
            UnitKind::Path(_) | UnitKind::Custom(_) => Size::default(),
            UnitKind::Group(body) => self.body(home, body),
            UnitKind::Residual(residual) => self.body(home, &residual.body),
            UnitKind::Merge(merge) => {
                let branches = merge.branches.iter();
                branches.fold(Size::default(), |size, branch| {
                    size.plus(self.body(home, &branch.body))
                })
            }
            UnitKind::Repeat(repeat) => {
                let copy = Size::STEP.plus(self.body(home, &repeat.body));
                copy.times(copies(&repeat.count))
            }
            UnitKind::If(decision) => {
                let otherwise = decision.otherwise.as_ref();
                let otherwise = otherwise.map_or_else(Size::default, |body| self.body(home, body));
                self.body(home, &decision.then).least(otherwise)
            }
        };
        Size::STEP.plus(inside)
    }

    /// A layer, or what a block consists of.
    fn called(&mut self, home: Home, name: &str) -> Size {
        let Some(block) = self.source.file.block(home, name) else {
            // Of a word that is none, the walk tells.
            return Size {
                layers: 1,
                steps: 0,
            };
        };
        let key = (block.home, block.name.to_string());
        if let Some(size) = self.blocks.get(&key) {
            return *size;
        }
        // A block that is part of itself is told of by the walk.
        self.blocks.insert(key.clone(), Size::default());
        let size = self.body(block.home, &block.body);
        self.blocks.insert(key, size);
        size
    }
}

/// How many copies there are at least. Of a count that none can have, the walk tells.
fn copies(count: &Expression) -> u64 {
    let number = |of: &Expression| match of.kind {
        ExpressionKind::Int(number) => number,
        _ => 0,
    };
    let copies = match &count.kind {
        ExpressionKind::List(values) => values.len() as u64,
        ExpressionKind::Range(start, end) if matches!(start.kind, ExpressionKind::Int(_)) => {
            number(end).saturating_sub(number(start))
        }
        _ => number(count),
    };
    if copies > MAX_LAYERS as u64 {
        return 0;
    }
    copies
}
