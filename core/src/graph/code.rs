//! A network as the macro writes it down: a few literals, from which const
//! evaluation makes the graph when somebody reads it.
//!
//! rustc does the same work for every token of a program, used or not: it parses
//! it, looks its names up, finds its type, checks its borrows. For a literal that
//! is little, however long it is. So the layers are bytes, which cost nothing
//! until the graph is read, and then a few steps of const evaluation each.
//!
//! All is made of numbers ([`Reader`]): seven bits a byte, the lowest first.
//!
//! | Field | Numbers |
//! |:--|:--|
//! | `values` | for each layer's each input, which value |
//! | `layers` | the shapes of the inputs; then for each layer which of the different steps it is, and where that is its first use the step; how many values go in; how many bytes its path has |
//! | `rows` | for each statement the bytes of its label and of its text, its depth, copies, first layer, the one after its last, input, output |
//!
//! A step is the family of its layer and the place in it, the number of results,
//! 1 more than the layer whose weight it shares or 0, how many tensors are
//! renamed, how many arguments were written, how many bytes they take, and each
//! argument: its place in the catalogue (one beyond the last is `in`), a byte for
//! the type of the value, the value. Extents are how many, and each.
//!
//! The texts stand apart in pieces: a reference into a text costs incremental
//! compilation as much as the text is long.

use crate::extents::Extents;
use crate::graph::{Arguments, DType, Graph, Statement, Step, Trace, Tracer};
use crate::layer::subnetwork::Subnetwork;
use crate::layer::{Kind, Layer};
use crate::shape::Shape;

mod figures;
mod reader;
mod writer;

pub use figures::{extents, shape, stage};
pub use reader::Reader;
use reader::Texts;
pub use writer::Writer;

/// The bytes that say what type a value is of.
mod tag {
    pub(super) const NONE: u8 = 0;
    pub(super) const INT: u8 = 1;
    pub(super) const FLOAT: u8 = 2;
    pub(super) const FALSE: u8 = 3;
    pub(super) const TRUE: u8 = 4;
    pub(super) const EXTENTS: u8 = 5;
    pub(super) const SIDES: u8 = 6;
    pub(super) const KEYWORD: u8 = 7;
    pub(super) const RANGE: u8 = 8;
    pub(super) const INPUT: u8 = 9;
}

/// The most bytes that a piece of the texts has, if no single text is longer.
pub const PIECE: usize = 512;

/// A network as literals; the numbers are described [here](self).
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Its name.
    pub name: &'static str,
    /// The type of its numbers.
    pub dtype: DType,
    /// The names of its inputs.
    pub inputs: &'static [&'static str],
    /// Its outputs: their names and values.
    pub outputs: &'static [(&'static str, usize)],
    /// What goes into the layers.
    pub values: &'static [u8],
    /// The layers.
    pub layers: &'static [u8],
    /// Their paths.
    pub paths: &'static [&'static str],
    /// The statements.
    pub rows: &'static [u8],
    /// Their labels and texts.
    pub texts: &'static [&'static str],
}

/// What the macro makes of a network of so many layers, values, inputs of layers
/// and statements: its graph, evaluated when it is used.
///
/// rustc's checks evaluate every constant that they see named, even of a network
/// whose graph nobody reads. Behind a generic function it is not seen.
pub trait Program<
    const NODES: usize,
    const VALUES: usize,
    const INPUTS: usize,
    const STATEMENTS: usize,
>
{
    /// The network.
    const CODE: &'static Code;
    /// What [`parts`] makes of it. It stands in the user's crate, where rustc is
    /// told not to ask whether so long an evaluation ends.
    const PARTS: &'static Parts<NODES, VALUES, STATEMENTS>;
    /// The networks among the layers, in their order.
    const NETWORKS: &'static [&'static Graph] = &[];
    /// The renamed tensors of all steps, in their order.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];
}

/// The lists of a graph.
#[derive(Clone, Copy, Debug)]
pub struct Parts<const NODES: usize, const VALUES: usize, const STATEMENTS: usize> {
    trace: Trace<NODES, VALUES>,
    statements: [Statement; STATEMENTS],
}

/// The graph of a program.
#[must_use]
pub const fn graph_of<
    P: Program<NODES, VALUES, INPUTS, STATEMENTS>,
    const NODES: usize,
    const VALUES: usize,
    const INPUTS: usize,
    const STATEMENTS: usize,
>() -> &'static Graph {
    Read::<P, NODES, VALUES, INPUTS, STATEMENTS>::GRAPH
}

/// Reads the lists of a program's graph, and runs the rules of its layers.
///
/// # Panics
///
/// When the code is not one, or a layer does not fit, which the macro has checked
/// before.
#[must_use]
pub const fn parts<
    P: Program<NODES, VALUES, INPUTS, STATEMENTS>,
    const NODES: usize,
    const VALUES: usize,
    const INPUTS: usize,
    const STATEMENTS: usize,
>() -> Parts<NODES, VALUES, STATEMENTS> {
    let inputs = Read::<P, NODES, VALUES, INPUTS, STATEMENTS>::INPUTS_OF_LAYERS;
    Parts {
        trace: trace(P::CODE, inputs, P::NETWORKS, P::RENAMED),
        statements: statements(P::CODE),
    }
}

/// What is read of a program, in constants: only they can be referred to.
struct Read<
    P,
    const NODES: usize,
    const VALUES: usize,
    const INPUTS: usize,
    const STATEMENTS: usize,
>(P);

impl<
    P: Program<NODES, VALUES, INPUTS, STATEMENTS>,
    const NODES: usize,
    const VALUES: usize,
    const INPUTS: usize,
    const STATEMENTS: usize,
> Read<P, NODES, VALUES, INPUTS, STATEMENTS>
{
    const INPUTS_OF_LAYERS: &'static [usize; INPUTS] = &numbers(P::CODE.values);

    const GRAPH: &'static Graph = &Graph {
        name: P::CODE.name,
        dtype: P::CODE.dtype,
        inputs: P::CODE.inputs,
        values: &P::PARTS.trace.values,
        nodes: &P::PARTS.trace.nodes,
        outputs: P::CODE.outputs,
        statements: &P::PARTS.statements,
    };
}

const fn numbers<const COUNT: usize>(bytes: &'static [u8]) -> [usize; COUNT] {
    let mut reader = Reader::new(bytes);
    let mut numbers = [0; COUNT];
    let mut i = 0;
    while i < COUNT {
        numbers[i] = reader.number();
        i += 1;
    }
    numbers
}

const fn trace<const NODES: usize, const VALUES: usize>(
    code: &'static Code,
    inputs: &'static [usize],
    networks: &'static [&'static Graph],
    renamed: &'static [(&'static str, &'static str)],
) -> Trace<NODES, VALUES> {
    let mut tracer = Tracer::new();
    let mut reader = Reader::new(code.layers);
    let mut paths = Texts::new(code.paths);
    let mut i = 0;
    while i < code.inputs.len() {
        tracer.input(shape_of(reader.extents()));
        i += 1;
    }
    let (mut inputs, mut networks, mut renamed) = (inputs, networks, renamed);
    // Where each different step is first used: they come in order.
    let mut first = [0; NODES];
    let mut different = 0;
    let mut node = 0;
    while node < NODES {
        let which = reader.number();
        let mut step = if which == different {
            let step = step(&mut reader, &mut networks, &mut renamed);
            first[which] = node;
            different += 1;
            step
        } else {
            tracer.step(first[which]).like(first[which])
        };
        (step.inputs, inputs) = inputs.split_at(reader.number());
        step.path = paths.next(reader.number());
        tracer.layer(&step, step.path);
        node += 1;
    }
    tracer.finish()
}

const fn shape_of(extents: Extents) -> Shape {
    match Shape::from_extents(extents) {
        Some(shape) => shape,
        None => panic!("a shape has 1 to 5 extents, none of them 0"),
    }
}

/// The next step, but for what goes in and its path.
const fn step(
    reader: &mut Reader,
    networks: &mut &'static [&'static Graph],
    renamed: &mut &'static [(&'static str, &'static str)],
) -> Step {
    let mut step = Step::EMPTY;
    step.kind = reader.kind();
    step.results = reader.number();
    step.shared = reader.number().checked_sub(1);
    (step.renamed, *renamed) = renamed.split_at(reader.number());
    let count = reader.number();
    let length = reader.number();
    let arguments = reader.take(length);
    step.arguments = Arguments::code(step.kind, count, arguments);
    if let Kind::Subnetwork(_) = step.kind {
        let [network, others @ ..] = *networks else {
            panic!("every network among the layers is listed");
        };
        step.ready = Some(Layer::Subnetwork(Subnetwork::new(network)));
        *networks = others;
    }
    step
}

const fn statements<const STATEMENTS: usize>(code: &'static Code) -> [Statement; STATEMENTS] {
    let mut statements = [Statement::EMPTY; STATEMENTS];
    let mut reader = Reader::new(code.rows);
    let mut texts = Texts::new(code.texts);
    let mut i = 0;
    while i < STATEMENTS {
        statements[i] = Statement {
            label: texts.next(reader.number()),
            text: texts.next(reader.number()),
            depth: reader.number(),
            copies: reader.number(),
            nodes: (reader.number(), reader.number()),
            input: reader.number(),
            output: reader.number(),
        };
        i += 1;
    }
    statements
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::boxed::Box;
    use std::vec::Vec;

    use super::*;
    use crate::catalogue::{Entry, entries};
    use crate::extents::Sides;
    use crate::layer::Kind;
    use crate::value::Value;

    fn read(write: impl FnOnce(&mut Writer<&mut dyn FnMut(u8)>)) -> Reader {
        let mut bytes = Vec::new();
        write(&mut Writer(&mut |byte| bytes.push(byte)));
        Reader::new(Box::leak(bytes.into_boxed_slice()))
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [
            0,
            1,
            0x7f,
            0x80,
            0x3fff,
            0x4000,
            u64::from(u32::MAX),
            u64::MAX,
        ];
        let mut reader = read(|writer| numbers.iter().for_each(|number| writer.long(*number)));
        for number in numbers {
            assert_eq!(reader.long(), number);
        }
    }

    #[test]
    fn every_kind_is_read_as_it_was_written() {
        for entry in entries() {
            assert_eq!(read(|writer| writer.kind(entry.kind)).kind(), entry.kind);
        }
        let network = crate::layer::subnetwork::ENTRY.kind;
        assert!(matches!(network, Kind::Subnetwork(_)));
        assert_eq!(read(|writer| writer.kind(network)).kind(), network);
    }

    /// Values of every type that an argument can have, whether or not this one does.
    fn values(entry: &Entry, place: usize) -> Vec<Value> {
        let extents = Extents::new(&[0, 300, 7]);
        let mut values = std::vec![
            Value::None,
            Value::Int(96),
            Value::Int(u64::MAX),
            Value::Float(-0.5),
            Value::Float(1e-5),
            Value::Bool(true),
            Value::Bool(false),
            Value::Extents(extents),
            Value::Extents(Extents::EMPTY),
            Value::Sides(Sides::new(extents, Extents::new(&[1, 2, 3]))),
            Value::Range(3, 200),
            Value::Input(1),
        ];
        let argument = entry.arguments.get(place);
        let keywords = argument.map_or(&[][..], |argument| argument.accepts.keywords);
        values.extend(keywords.iter().map(|word| Value::Keyword(word)));
        values
    }

    #[test]
    fn every_argument_is_read_as_it_was_written() {
        for entry in entries() {
            let names = entry.arguments.iter().map(|argument| argument.name);
            for (place, name) in names.chain(["in"]).enumerate() {
                for value in values(entry, place) {
                    let mut reader = read(|writer| writer.argument(entry, name, &value));
                    assert_eq!(reader.argument(entry), (name, value), "{}", entry.name);
                    let arguments = read(|writer| writer.argument(entry, name, &value));
                    let arguments = Arguments::code(entry.kind, 1, arguments);
                    assert!(arguments.iter().eq([(name, value)]), "{}", entry.name);
                }
            }
        }
    }

    #[test]
    fn texts_are_read_across_pieces() {
        let mut texts = Texts::new(&["conv1pool1", "fc", ""]);
        let read = [5, 0, 5, 0, 2, 0].map(|length| texts.next(length));
        assert_eq!(read, ["conv1", "", "pool1", "", "fc", ""]);
    }

    #[test]
    fn figures_are_read_as_they_were_written() {
        let seen = stage("a.b", "1 5 2x3x4 18446744073709551615 0 7 1 - 0x0");
        assert_eq!((seen.name, seen.layers), ("a.b", 1));
        assert_eq!(seen.output, Shape::new(&[2, 3, 4]));
        assert_eq!((seen.weights, seen.buffers), (u64::MAX, 7));
        assert_eq!(seen.receptive_field, Extents::EMPTY);
        assert_eq!(seen.effective_stride, Extents::new(&[0, 0]));
    }
}
