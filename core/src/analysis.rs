//! What follows from a network's graph: how much memory its activations need
//! and where they can lie, what part of the input each value sees, how deep the
//! network is.
//!
//! A network that is a layer is looked into: what is found is what would be found
//! with its layers in its place. An [`Arena`] has places for the values inside of it,
//! too; the lists of [`Liveness`] and [`Fields`] are those of the network's own values.
//!
//! All of it is `const` and needs no allocator. The functions work on a
//! [`Flow`], which is a [`Graph`](crate::Graph) or slices of the same content,
//! and write into slices with a place per value. The types with a number of
//! values ([`Liveness`], [`Arena`], [`Fields`]) bring these along:
//!
//! ```
//! use shapewise_core::analysis::Arena;
//! use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
//! use shapewise_core::{Shape, Value, layers};
//!
//! const TRACE: Trace<3, 4> = trace(
//!     &[Shape::new(&[784])],
//!     &[
//!         &Step::new(layers::linear, &[("features", Value::Int(128))], &[0], 1, "fc1"),
//!         &Step::new(layers::relu, &[], &[1], 1, "relu"),
//!         &Step::new(layers::linear, &[("features", Value::Int(10))], &[2], 1, "fc2"),
//!     ],
//! );
//! const GRAPH: &Graph = &Graph {
//!     name: "Mlp",
//!     dtype: DType::F32,
//!     inputs: &["image"],
//!     values: &TRACE.values,
//!     nodes: &TRACE.nodes,
//!     outputs: &[("digits", 3)],
//!     statements: &[],
//! };
//! const PLAN: Arena<{ GRAPH.values.len() }> = Arena::of(GRAPH);
//! static ACTIVATIONS: [f32; PLAN.size] = [0.0; PLAN.size];
//!
//! assert_eq!(ACTIVATIONS.len(), 784 + 128);
//! // The relu works in place.
//! assert_eq!(PLAN.offset(1), PLAN.offset(2));
//! ```

/// Calls a function that needs a place per value with enough of them.
macro_rules! with_places {
    ($values:expr, $function:ident($($argument:expr),*)) => {
        match $values {
            0..=64 => $function::<64>($($argument),*),
            65..=512 => $function::<512>($($argument),*),
            513..=4096 => $function::<4096>($($argument),*),
            4097..=32768 => $function::<32768>($($argument),*),
            _ => $function::<262_144>($($argument),*),
        }
    };
}

mod arena;
mod depth;
mod flow;
mod inline;
mod liveness;
mod peak;
mod receptive;

pub use arena::{Arena, place};
pub use depth::depth;
pub use flow::{Flow, Link};
pub use liveness::{Life, Liveness, lives, training};
pub use peak::{Peak, each_alive, peak};
pub use receptive::{AxisField, Field, Fields, fields, largest_output};

impl crate::Graph {
    /// The most elements that are alive at once, at inference for one sample.
    ///
    /// # Panics
    ///
    /// When the number does not fit 64 bits, or with more than 262,144 values.
    #[must_use]
    pub const fn peak(&self) -> Peak {
        let flow = Flow::of(self);
        match with_places!(flow.values(), peak_of(&flow)) {
            Ok(peak) => peak,
            Err(error) => error.panic(self.name),
        }
    }

    /// Calls `each` with the elements that are alive while each layer runs, at
    /// inference for one sample.
    ///
    /// # Panics
    ///
    /// As [`Graph::peak`](crate::Graph::peak).
    pub fn each_alive(&self, each: &mut dyn FnMut(u64)) {
        let flow = Flow::of(self);
        match with_places!(flow.values(), each_alive_of(&flow, each)) {
            Ok(()) => {}
            Err(error) => error.panic(self.name),
        }
    }

    /// The elements that training keeps for one sample.
    ///
    /// # Panics
    ///
    /// When the number does not fit 64 bits.
    #[must_use]
    pub const fn training_activations(&self) -> u64 {
        match training(&Flow::of(self)) {
            Ok(elements) => elements,
            Err(error) => error.panic(self.name),
        }
    }

    /// The most weighted layers on any path from an input.
    ///
    /// # Panics
    ///
    /// With more than 262,144 values.
    #[must_use]
    pub const fn depth(&self) -> usize {
        let flow = Flow::of(self);
        with_places!(flow.values(), depth_of(&flow))
    }

    /// What `value` sees of the `input`th input.
    ///
    /// # Panics
    ///
    /// With more than 262,144 values.
    #[must_use]
    pub const fn field(&self, value: usize, input: usize) -> Field {
        let flow = Flow::of(self);
        with_places!(flow.values(), field_of(&flow, value, input))
    }

    /// What the outputs see of the first input: the largest.
    ///
    /// # Panics
    ///
    /// With more than 262,144 values.
    #[must_use]
    pub const fn output_field(&self) -> Field {
        let flow = Flow::of(self);
        with_places!(flow.values(), output_field_of(&flow))
    }
}

const fn peak_of<const N: usize>(flow: &Flow<'_>) -> Result<Peak, crate::Error> {
    let mut places = [Life::NONE; N];
    let places = places.split_at_mut(flow.values()).0;
    lives(flow, places);
    peak(flow, places)
}

fn each_alive_of<const N: usize>(
    flow: &Flow<'_>,
    each: &mut dyn FnMut(u64),
) -> Result<(), crate::Error> {
    let mut places = [Life::NONE; N];
    let places = places.split_at_mut(flow.values()).0;
    lives(flow, places);
    each_alive(flow, places, each)
}

const fn depth_of<const N: usize>(flow: &Flow<'_>) -> usize {
    let mut places = [0; N];
    depth(flow, places.split_at_mut(flow.values()).0)
}

const fn field_of<const N: usize>(flow: &Flow<'_>, value: usize, input: usize) -> Field {
    let mut places = [Field::NOTHING; N];
    let places = places.split_at_mut(flow.values()).0;
    fields(flow, input, places);
    places[value]
}

const fn output_field_of<const N: usize>(flow: &Flow<'_>) -> Field {
    let mut places = [Field::NOTHING; N];
    let places = places.split_at_mut(flow.values()).0;
    if flow.inputs() > 0 {
        fields(flow, 0, places);
    }
    largest_output(flow, places)
}
