//! Small networks, written down by hand as the macro writes them.

use shapewise_core::catalogue::Entry;
use shapewise_core::graph::{Statement, Step};
use shapewise_core::{Extents, Value};

mod alexnet;
mod branches;
mod lenet;

pub(crate) use alexnet::ALEXNET;
pub(crate) use branches::{BRANCHES, HOSTILE, RESULTS, SKIP, WIDE};
pub(crate) use lenet::LENET;

type Arguments = &'static [(&'static str, Value)];

/// A layer: what it is, its arguments, which values go in, its path.
const fn step(
    entry: &'static Entry,
    arguments: Arguments,
    inputs: &'static [usize],
    path: &'static str,
) -> Step {
    Step::new(entry, arguments, inputs, 1, path)
}

/// A statement at the outermost level.
pub(crate) const fn line(
    label: &'static str,
    text: &'static str,
    nodes: (usize, usize),
    input: usize,
    output: usize,
) -> Statement {
    Statement {
        label,
        text,
        depth: 0,
        copies: 1,
        nodes,
        input,
        output,
    }
}

const fn inside(depth: usize, statement: Statement) -> Statement {
    Statement { depth, ..statement }
}

const fn int(value: u64) -> Value {
    Value::Int(value)
}

const fn square(extent: usize) -> Value {
    Value::Extents(Extents::new(&[extent, extent]))
}

macro_rules! arguments {
    ($($name:ident = $value:expr),*) => { &[$((stringify!($name), $value)),*] };
}
use arguments;
