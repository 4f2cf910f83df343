//! Small networks, written down by hand as the macro writes them.

use shapewise_core::catalogue::Entry;
use shapewise_core::graph::{Form, Statement, Step};
use shapewise_core::{Extents, Value};

mod alexnet;
mod branches;
mod deep;
mod lenet;

pub(crate) use alexnet::ALEXNET;
pub(crate) use branches::{BRANCHES, HOSTILE, RESULTS, SKIP, WIDE};
pub(crate) use deep::DEEP;
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
        form: form(text),
        depth: 0,
        copies: 1,
        nodes,
        input,
        output,
    }
}

/// The form of a statement that is written so.
const fn form(text: &str) -> Form {
    let bytes = text.as_bytes();
    let (mut units, mut open, mut i) = (1, 0, 0);
    while i < bytes.len() {
        match bytes[i] {
            b'{' if i == 0 => return Form::Group,
            b'{' => return Form::Structure,
            b'(' => open += 1,
            b')' => open -= 1,
            b',' if open == 0 => units += 1,
            _ => {}
        }
        i += 1;
    }
    Form::Units(units)
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
