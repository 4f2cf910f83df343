//! One mistake in a block shows wherever the block is called: one error.

use shapewise_core::Shape;

use crate::report::Errors;
use crate::syntax::tree::{File, Home, Statement, UnitKind};

/// What is declared after calls of blocks, by the first block that is called.
#[derive(Debug, Default)]
pub(super) struct Common {
    blocks: Vec<Calls>,
}

/// The statements that call a block and declare a shape.
#[derive(Debug)]
struct Calls {
    /// What the block is called.
    block: String,
    /// How many there are.
    declared: usize,
    /// Those that have another shape: the error, and the axes that differ.
    wrong: Vec<(usize, Vec<bool>)>,
}

/// How many calls that fail alike have the block as their cause, even where
/// others do not fail.
const ALIKE: usize = 3;

impl Common {
    /// A statement of the network's own declares a shape; `error` is the error
    /// that is going to be told, where it has another.
    pub(super) fn declared(
        &mut self,
        file: &File,
        statement: &Statement,
        shapes: (&Shape, &Shape),
        error: Option<usize>,
    ) {
        let block = statement.units.iter().find_map(|unit| match &unit.kind {
            UnitKind::Call(call) => file.block(Home::OWN, &call.name.to_string()),
            _ => None,
        });
        let Some(block) = block else { return };
        let same = |calls: &Calls| block.name == calls.block;
        let place = self.blocks.iter().position(same).unwrap_or_else(|| {
            self.blocks.push(Calls {
                block: block.name.to_string(),
                declared: 0,
                wrong: Vec::new(),
            });
            self.blocks.len() - 1
        });
        let calls = &mut self.blocks[place];
        calls.declared += 1;
        if let Some(error) = error {
            let (found, expected) = (shapes.0.as_slice(), shapes.1.as_slice());
            let differ = found.iter().zip(expected).map(|(a, b)| a != b).collect();
            calls.wrong.push((error, differ));
        }
    }

    /// Makes one error of those that have a block as their common cause: all of
    /// its calls fail, or several in the same axes.
    pub(super) fn merge(&mut self, errors: &mut Errors) {
        let mut groups = Vec::new();
        for calls in std::mem::take(&mut self.blocks) {
            let alike = calls.wrong.windows(2).all(|pair| pair[0].1 == pair[1].1);
            let all = calls.wrong.len() == calls.declared;
            if all || alike && calls.wrong.len() >= ALIKE {
                let group: Vec<usize> = calls.wrong.iter().map(|(error, _)| *error).collect();
                groups.push(group);
            }
        }
        errors.merge(&groups);
    }
}
