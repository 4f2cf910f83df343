//! What follows from a network's graph: how much memory its activations need
//! and where they can lie, what part of the input each value sees, how deep the
//! network is.
//!
//! A network that is a layer is looked into: what is found is what would be found
//! with its layers in its place. Values and layers are numbered like that, too, as
//! [`Leaf`](crate::graph::Leaf) and [`Graph::walk`] have them;
//! without such a layer these are the numbers of the [`Graph`].
//!
//! None of it needs an allocator. The functions work on a [`Flow`], which is a graph
//! or slices of the same content, and write into slices with a place per value. They
//! are `const`, as are the types with a number of values ([`Liveness`], [`Arena`],
//! [`Fields`]), which bring these places along. The methods of a graph find places for
//! as many values as it has on the stack, at run time:
//!
//! ```
//! use shapewise_core::analysis::Arena;
//! use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
//! use shapewise_core::{Shape, Value, layers};
//!
//! static TRACE: Trace<3, 4> = trace(
//!     &[Shape::new(&[784])],
//!     &[
//!         &Step::new(layers::linear, &[("features", Value::Int(128))], &[0], 1, "fc1"),
//!         &Step::new(layers::relu, &[], &[1], 1, "relu"),
//!         &Step::new(layers::linear, &[("features", Value::Int(10))], &[2], 1, "fc2"),
//!     ],
//! );
//! static GRAPH: Graph = Graph::new("Mlp", DType::F32, &["image"], &TRACE, &[("digits", 3)]);
//! const PLAN: Arena<{ GRAPH.values().len() }> = Arena::of(&GRAPH);
//! static ACTIVATIONS: [f32; PLAN.size] = [0.0; PLAN.size];
//!
//! assert_eq!(ACTIVATIONS.len(), 784 + 128);
//! // The relu works in place.
//! assert_eq!(PLAN.offset(1), PLAN.offset(2));
//! assert_eq!(GRAPH.peak()?.elements, 784 + 128);
//! # Ok::<(), shapewise_core::Error>(())
//! ```

mod arena;
mod backward;
#[doc(hidden)]
pub mod constant;
mod depth;
mod flow;
mod liveness;
mod peak;
mod places;
mod receptive;
mod skip;

pub use arena::{Arena, place};
pub(crate) use backward::store_in;
pub use backward::{Span, Stored, store};
pub use depth::depth;
pub(crate) use flow::Placed;
pub use flow::{Flow, Link};
pub use liveness::{Life, Liveness, lives};
pub use peak::{Peak, each_alive, peak};
pub use receptive::{AxisField, Field, Fields, fields, largest_output};
pub(crate) use skip::Skip;

use self::peak::peak as peak_in;
use crate::error::Error;
use crate::formula;
use crate::graph::{Graph, Stage, Statement};
use crate::layer::kept::{Amounts, Backward};
pub(crate) use places::with_places;

impl Graph {
    /// The most elements that are alive at once, at inference for one sample.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] when the number does not fit 64 bits;
    /// [`Error::TooManyValues`] with more values than there are places for on the
    /// stack of a thread.
    pub fn peak(&self) -> Result<Peak, Error> {
        let mut found = Err(formula::overflow(liveness::WHAT));
        self.with_lives(&mut |flow, lives| found = peak_in(flow, lives))?;
        found
    }

    /// Bytes of the activations that are alive at once.
    ///
    /// # Errors
    ///
    /// As [`Graph::peak`].
    pub fn peak_bytes(&self) -> Result<u64, Error> {
        let elements = self.peak()?.elements;
        formula::product(elements, self.dtype().bytes(), "the bytes alive at once")
    }

    /// Calls `each` with the elements that are alive while each layer runs, at
    /// inference for one sample, in the order of [`Graph::walk`].
    ///
    /// # Errors
    ///
    /// As [`Graph::peak`].
    pub fn each_alive(&self, each: &mut dyn FnMut(u64)) -> Result<(), Error> {
        let mut found = Ok(());
        self.with_lives(&mut |flow, lives| found = each_alive(flow, lives, each))?;
        found
    }

    fn with_lives(&self, then: &mut dyn FnMut(&Flow<'_>, &[Life])) -> Result<(), Error> {
        let flow = Flow::of(self);
        with_places(flow.values(), Life::NONE, &mut |places| {
            lives(&flow, places);
            then(&flow, places);
        })
    }

    /// What training keeps for the backward pass, the network's inputs among it where a layer
    /// needs them. It is what PyTorch keeps where [`Autograd::Eager`](crate::layer::Autograd)
    /// is followed; what a framework takes besides (its context, the workspaces of kernels,
    /// what lies between allocations) is not.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] when the bytes do not fit 64 bits;
    /// [`Error::TooManyValues`] with more values than there are places for on the
    /// stack of a thread.
    ///
    /// ```
    /// # use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
    /// # use shapewise_core::layer::Backward;
    /// # use shapewise_core::{Shape, Value, layers};
    /// static TRACE: Trace<3, 4> = trace(
    ///     &[Shape::new(&[784])],
    ///     &[
    ///         &Step::new(layers::linear, &[("features", Value::Int(128))], &[0], 1, "fc1"),
    ///         &Step::new(layers::relu, &[], &[1], 1, "relu"),
    ///         &Step::new(layers::linear, &[("features", Value::Int(10))], &[2], 1, "fc2"),
    ///     ],
    /// );
    /// static GRAPH: Graph = Graph::new("Mlp", DType::F32, &["image"], &TRACE, &[("digits", 3)]);
    /// // The image, and the result of the relu, which the second linear layer reads.
    /// let kept = GRAPH.kept(&Backward::eager(4))?;
    /// assert_eq!(kept.elements(), 784 + 128);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    pub fn kept(&self, pass: &Backward) -> Result<Amounts, Error> {
        let flow = Flow::of(self);
        let mut found = Amounts::NOTHING;
        with_places(flow.values(), Stored::NONE, &mut |places| {
            found = store(&flow, pass, false, places);
        })?;
        match found.bytes(pass) {
            u64::MAX => Err(formula::overflow("the bytes that training keeps")),
            _ => Ok(found),
        }
    }

    /// The most weighted layers on any path from an input.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyValues`] with more values than there are places for on the
    /// stack of a thread.
    pub fn depth(&self) -> Result<usize, Error> {
        let flow = Flow::of(self);
        let mut found = 0;
        with_places(flow.values(), 0, &mut |places| found = depth(&flow, places))?;
        Ok(found)
    }

    /// What one of the graph's values sees of the `input`th input.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyValues`] with more values than there are places for on the
    /// stack of a thread.
    ///
    /// # Panics
    ///
    /// When there is no such value or no such input.
    pub fn field(&self, value: usize, input: usize) -> Result<Field, Error> {
        let value = self.value_inside(value);
        self.field_of(input, &mut |_, fields| fields[value])
    }

    /// What the outputs see of the first input: the largest.
    ///
    /// # Errors
    ///
    /// As [`Graph::field`].
    pub fn output_field(&self) -> Result<Field, Error> {
        if self.inputs().is_empty() {
            return Ok(Field::NOTHING);
        }
        self.field_of(0, &mut |flow, fields| largest_output(flow, fields))
    }

    /// The field that `choose` takes of those of all values, found axis by axis: so it
    /// needs a part of the places.
    fn field_of(
        &self,
        input: usize,
        choose: &mut dyn FnMut(&Flow<'_>, &[Field<1>]) -> Field<1>,
    ) -> Result<Field, Error> {
        let flow = Flow::of(self);
        let mut field = Field::NOTHING;
        for axis in 0..receptive::axes(&flow, input).len() {
            let mut along = Field::NOTHING;
            with_places(flow.values(), Field::NOTHING, &mut |places| {
                receptive::fields_from(&flow, input, axis, places);
                along = choose(&flow, places);
            })?;
            field.set(axis, along);
        }
        Ok(field)
    }

    /// The figures of the labelled statement at `path`, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Graph::field`].
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`].
    pub fn stage(&self, path: &str) -> Result<Option<Stage>, Error> {
        let statement = self.statement(path);
        statement
            .map(|statement| self.stage_of(statement))
            .transpose()
    }

    /// The figures of a statement.
    ///
    /// # Errors
    ///
    /// As [`Graph::field`].
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`], and when it is no statement of the graph.
    pub fn stage_of(&self, statement: &Statement) -> Result<Stage, Error> {
        let field = if self.inputs().is_empty() {
            Field::NOTHING
        } else {
            self.field(statement.output, 0)?
        };
        Ok(stage_with(self, statement, &field))
    }
}

/// The figures of a statement whose output sees so much.
const fn stage_with(graph: &Graph, statement: &Statement, field: &Field) -> Stage {
    let (first, end) = statement.nodes;
    let counts = match graph.counts_of(first, end) {
        Ok(counts) => counts,
        Err(error) => error.panic(statement.label),
    };
    Stage::new(
        statement.label,
        end - first,
        graph.values()[statement.input],
        graph.values()[statement.output],
        counts,
    )
    .seeing(field.size(), field.stride())
}
