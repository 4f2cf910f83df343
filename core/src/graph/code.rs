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
//! The code begins with the length of its first part. That has
//!
//! - the type of the numbers; how many inputs there are; for each output the length
//!   of its name, and its value; the shapes of the inputs;
//! - for each layer, 1 more than an earlier one with the same step, or 0 and the
//!   step; how many values go in; the length of its path;
//! - for each statement the first of its layers, by the difference to that of the
//!   statement before, and how many they are; its label: 1 more than the layer whose
//!   path that is, or 0 and its length; its text: 1 more than an earlier statement
//!   with the same, or 0 and its length; its [form](super::Form::number); its depth; copies; its input and output, by
//!   the differences to the first layer and the one after the last.
//!
//! The second part is for each layer's each input which value it is, by the
//! difference to the one before: it is read before the first part, so that layers
//! can refer to it.
//!
//! A step is the family of its layer and the place in it, the number of results,
//! 1 more than the layer whose weight it shares or 0, how many tensors are
//! renamed, how many arguments were written, how many bytes they take, and each
//! argument: its place in the catalogue (one beyond the last is `in`), a byte for
//! the type of the value, the value. Extents are how many, and each; an equation
//! how many characters, and each. Of a network
//! follows which one of those among the layers it is.
//!
//! Of a network with numbers that only rustc knows there are the layers and the
//! statements only, without layers of the user's own and without arguments that have such
//! numbers: these are written as expressions, and a layer like an earlier one may have
//! inputs of another shape.
//!
//! The texts stand apart, in the order in which they are read: the name and the
//! names of the inputs each by itself, the others in pieces, since a reference into
//! a text costs incremental compilation as much as the text is long.

use crate::extents::Extents;
use crate::graph::{DType, Graph, Statement, Trace, Tracer};
use crate::shape::Shape;

mod figures;
mod reader;
mod source;
#[cfg(test)]
mod tests;
mod writer;

pub use figures::{extents, shape, stage};
pub use reader::Reader;
use reader::Texts;
pub(super) use source::Source;
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
    pub(super) const EQUATION: u8 = 10;
}

/// The most bytes that a piece of the texts has, if no single text is longer.
pub const PIECE: usize = 512;

/// A network as literals.
pub trait Program {
    /// Its numbers, as they are described [here](self).
    const CODE: &'static [u8];
    /// Its texts.
    const TEXT: &'static [&'static str];
    /// The networks among the layers, each once.
    const NETWORKS: &'static [&'static Graph] = &[];
    /// The renamed tensors of all steps, in their order.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];
}

/// A program of so many layers, values, inputs of layers, statements and outputs.
#[derive(Clone, Copy, Debug)]
pub struct Read<
    P,
    const NODES: usize,
    const VALUES: usize,
    const READS: usize,
    const STATEMENTS: usize,
    const OUTPUTS: usize,
>(P);

impl<
    P: Program,
    const NODES: usize,
    const VALUES: usize,
    const READS: usize,
    const STATEMENTS: usize,
    const OUTPUTS: usize,
> Read<P, NODES, VALUES, READS, STATEMENTS, OUTPUTS>
{
    const READS_OF_LAYERS: &'static [usize; READS] = &reads(P::CODE);
    const PARTS: &'static Parts<NODES, VALUES, STATEMENTS, OUTPUTS> = &Self::parts();
    const GRAPH: &'static Graph = &Self::PARTS.graph(P::NETWORKS);

    /// Reads the lists of the graph, and runs the rules of its layers.
    ///
    /// # Panics
    ///
    /// When the code is not one, or a layer does not fit, which the macro has
    /// checked before.
    #[must_use]
    pub const fn parts() -> Parts<NODES, VALUES, STATEMENTS, OUTPUTS> {
        let mut source = Source::new(P::CODE, P::TEXT, Self::READS_OF_LAYERS, P::RENAMED);
        let name = source.texts.piece();
        let place = source.numbers.number();
        let dtype = DType::ALL[place].1;
        let count = source.numbers.number();
        let inputs = source.texts.pieces(count);
        let outputs = source.outputs();
        let mut tracer = Tracer::new().with_networks(P::NETWORKS);
        let mut i = 0;
        while i < count {
            tracer.input(shape_of(source.numbers.extents()));
            i += 1;
        }
        tracer.source = source;
        let mut node = 0;
        while node < NODES {
            // Those like earlier ones have inputs of the same shapes.
            match tracer.read() {
                (step, None) => tracer.layer(&step, step.path),
                (step, Some(earlier)) => tracer.again(&step, earlier),
            }
            node += 1;
        }
        let statements = tracer.statements();
        let trace = tracer.finish();
        Parts {
            name,
            dtype,
            inputs,
            outputs,
            trace,
            statements,
        }
    }
}

/// The graph of a program of so many layers, values, inputs of layers, statements
/// and outputs.
///
/// rustc's checks evaluate every constant that they see named, even of a network
/// whose graph nobody reads: behind a generic function it is not seen.
#[must_use]
pub const fn graph<
    P: Program,
    const NODES: usize,
    const VALUES: usize,
    const READS: usize,
    const STATEMENTS: usize,
    const OUTPUTS: usize,
>() -> &'static Graph {
    Read::<P, NODES, VALUES, READS, STATEMENTS, OUTPUTS>::GRAPH
}

/// The lists of a graph.
#[derive(Clone, Copy, Debug)]
pub struct Parts<
    const NODES: usize,
    const VALUES: usize,
    const STATEMENTS: usize,
    const OUTPUTS: usize,
> {
    name: &'static str,
    dtype: DType,
    inputs: &'static [&'static str],
    outputs: [(&'static str, usize); OUTPUTS],
    trace: Trace<NODES, VALUES>,
    statements: [Statement; STATEMENTS],
}

impl<const NODES: usize, const VALUES: usize, const STATEMENTS: usize, const OUTPUTS: usize>
    Parts<NODES, VALUES, STATEMENTS, OUTPUTS>
{
    /// The graph of these lists, in which layers are these networks.
    #[must_use]
    pub const fn graph(&'static self, networks: &'static [&'static Graph]) -> Graph {
        let mut graph = Graph::traced(
            networks,
            self.name,
            self.dtype,
            self.inputs,
            &self.trace,
            &self.outputs,
        );
        graph.statements = &self.statements;
        graph
    }
}

/// A program of so many layers that rustc would ask whether its evaluation ends,
/// which it can be told not to in the user's crate only: the parts stand there.
pub trait LongProgram {
    /// The graph of the parts.
    const GRAPH: &'static Graph;
}

/// The graph of a long program.
#[must_use]
pub const fn long_graph<P: LongProgram>() -> &'static Graph {
    P::GRAPH
}

/// The values that go into the layers of a code, of all layers in turn.
#[must_use]
pub const fn reads<const READS: usize>(code: &'static [u8]) -> [usize; READS] {
    let mut reader = Reader::new(code);
    let length = reader.number();
    reader.take(length);
    let mut reads = [0; READS];
    let mut last = 0;
    let mut i = 0;
    while i < READS {
        last = reader.near(last);
        reads[i] = last;
        i += 1;
    }
    reads
}

const fn shape_of(extents: Extents) -> Shape {
    match Shape::from_extents(extents) {
        Some(shape) => shape,
        None => panic!("a shape has 1 to 5 extents, none of them 0"),
    }
}
