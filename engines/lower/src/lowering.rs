//! A layer that is being lowered: what it reads, and the tensors that it has.

use std::collections::HashMap;

use shapewise_core::graph::Node;
use shapewise_core::{Extents, Shape};

use crate::dims::{Dim, Elements};
use crate::engine::{Engine, Made, Norm, Operations};
use crate::error::Fault;
use crate::run::{Mode, Update, Weights};

/// What lowering a layer gives.
pub(crate) type Lowered<E, T = <E as Operations>::Value> =
    Result<T, Fault<<E as Operations>::Error>>;

/// A layer in its place, with its inputs.
pub(crate) struct Lowering<'a, E: Engine> {
    pub(crate) engine: &'a mut E,
    pub(crate) path: &'a str,
    pub(crate) node: &'static Node,
    pub(crate) tensors: &'a HashMap<String, usize>,
    pub(crate) weights: &'a mut Weights<'a, E>,
    /// How many samples there are.
    pub(crate) batch: Dim,
    pub(crate) inputs: Vec<E::Value>,
    /// The shapes of the inputs in the notation.
    pub(crate) shapes: &'a [Shape],
    /// The shapes of the results in the notation.
    pub(crate) results: &'a [Shape],
    pub(crate) mode: Mode,
    pub(crate) updates: &'a mut Vec<(usize, Update<E::Value>)>,
}

impl<E: Engine> Lowering<'_, E> {
    /// Whether the network is trained.
    pub(crate) fn training(&self) -> bool {
        self.mode == Mode::Training
    }

    /// The first input, the only one that the layer reads.
    pub(crate) fn input(&mut self) -> E::Value {
        self.inputs.swap_remove(0)
    }

    /// The inputs at these places; the layer reads no others.
    pub(crate) fn inputs<const COUNT: usize>(
        &mut self,
        places: [usize; COUNT],
    ) -> [E::Value; COUNT] {
        let inputs = std::mem::take(&mut self.inputs);
        places.map(|place| inputs[place].clone())
    }

    /// The layer's tensor of that name, if it has one.
    pub(crate) fn tensor(&mut self, name: &str) -> Lowered<E, Option<E::Value>> {
        match self.tensors.get(name) {
            Some(&place) => Ok(Some((self.weights)(self.engine, place)?)),
            None => Ok(None),
        }
    }

    /// A tensor that the layer has by its kind.
    pub(crate) fn weight(&mut self, name: &str) -> Lowered<E> {
        self.tensor(name)?
            .ok_or_else(|| Fault::NoTensor(name.to_owned()))
    }

    /// A buffer of the layer, as an earlier layer of the same run may have left it.
    pub(crate) fn buffer(&mut self, name: &str) -> Lowered<E> {
        let place = self.tensors.get(name);
        let mut updates = self.updates.iter().rev();
        let updated = updates.find_map(|(other, update)| match update {
            Update::Value(value) if Some(other) == place => Some(value.clone()),
            _ => None,
        });
        match updated {
            Some(value) => Ok(value),
            None => self.weight(name),
        }
    }

    /// What a normalisation learns.
    pub(crate) fn norm(&mut self, eps: f64) -> Lowered<E, Norm<E::Value>> {
        Ok(Norm {
            eps,
            weight: self.tensor("weight")?,
            bias: self.tensor("bias")?,
        })
    }

    /// What a buffer of the layer is from now on.
    pub(crate) fn update(&mut self, name: &str, update: Update<E::Value>) {
        if let Some(place) = self.tensors.get(name) {
            self.updates.push((*place, update));
        }
    }

    /// The batch, then these extents.
    pub(crate) fn batched(&self, extents: &[usize]) -> Vec<Dim> {
        let extents = extents.iter().copied().map(Dim::Size);
        [self.batch].into_iter().chain(extents).collect()
    }

    /// The channels first: only sequences are not so already.
    pub(crate) fn channels_first(&mut self, x: E::Value) -> Made<E> {
        match self.engine.dims(&x).len() {
            3 => self.engine.permute(x, &[0, 2, 1]),
            _ => Ok(x),
        }
    }

    /// The opposite of [`Lowering::channels_first`], which is its own.
    pub(crate) fn back_from_channels_first(&mut self, x: E::Value) -> Made<E> {
        self.channels_first(x)
    }

    /// The channels last: only images and beyond are not so already.
    pub(crate) fn channels_last(&mut self, x: E::Value) -> Made<E> {
        let rank = self.engine.dims(&x).len();
        if rank <= 3 {
            return Ok(x);
        }
        let order: Vec<_> = [0].into_iter().chain(2..rank).chain([1]).collect();
        self.engine.permute(x, &order)
    }

    /// The opposite of [`Lowering::channels_last`].
    pub(crate) fn back_from_channels_last(&mut self, x: E::Value) -> Made<E> {
        let rank = self.engine.dims(&x).len();
        if rank <= 3 {
            return Ok(x);
        }
        let order: Vec<_> = [0, rank - 1].into_iter().chain(1..rank - 1).collect();
        self.engine.permute(x, &order)
    }

    /// A tensor with an element per channel, among values of so many axes.
    pub(crate) fn along_channels(&mut self, x: E::Value, rank: usize) -> Made<E> {
        let axis = axis_of_channels(rank);
        crate::compose::along(self.engine, x, axis, rank)
    }

    /// Floats of whatever there is.
    pub(crate) fn float_of(&mut self, x: E::Value) -> Made<E> {
        match self.engine.elements(&x) {
            Elements::Float => Ok(x),
            _ => self.engine.to_float(x),
        }
    }
}

/// The axis of the channels of a value that has so many, the batch with them.
pub(crate) fn axis_of_channels(rank: usize) -> usize {
    if rank > 3 { 1 } else { rank - 1 }
}

/// Where an axis of the notation is in a value; `rank` is that of the notation.
pub(crate) fn axis_of(place: usize, rank: usize) -> usize {
    match place {
        _ if rank <= 2 => place + 1,
        _ if place + 1 == rank => 1,
        _ => place + 2,
    }
}

/// The extents of a value of this shape: the batch, then the notation's order for
/// vectors and sequences, channels first for images and beyond.
pub(crate) fn dims_of(shape: &Shape, batch: Dim) -> Vec<Dim> {
    let extents = match shape.rank() > 2 {
        true => shape.channels_first(),
        false => shape.extents(),
    };
    let extents = extents.as_slice().iter().copied().map(Dim::Size);
    [batch].into_iter().chain(extents).collect()
}

/// Padding per spatial axis as pairs.
pub(crate) fn pairs(sides: &shapewise_core::Sides) -> Vec<(usize, usize)> {
    (0..sides.len()).map(|axis| sides.at(axis)).collect()
}

/// A number that both factors fit in.
pub(crate) fn product<E: Engine>(factors: &[usize]) -> Lowered<E, usize> {
    let mut factors = factors.iter();
    factors
        .try_fold(1usize, |product, factor| product.checked_mul(*factor))
        .ok_or(Fault::Overflow)
}

/// Extents with one more in front.
pub(crate) fn with_front(first: usize, extents: &Extents) -> Vec<usize> {
    [&[first], extents.as_slice()].concat()
}
