//! Layers of the user's own.

use core::fmt;

use crate::entry::{Entry, family};
use crate::error::{Error, Needs, attempt};
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Kept};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::shape::Shape;

family! {
    const fn build(args, inputs) -> CustomLayer;

    /// A layer of one's own: a `const fn` that takes the shape that comes in.
    custom: |entry| entry.weighted(),
        attempt!(CustomLayer::without_function(&inputs[0]));
}

/// What the node of a custom layer is called. The layer itself is called by the
/// path of its function: the catalogue does not list it.
pub const ENTRY: &Entry = names::custom;

/// The most tensors that a custom layer can have.
pub const MAX_TENSORS: usize = 16;

/// The most results that a custom layer can have.
pub const MAX_RESULTS: usize = 4;

/// What a layer of one's own makes of a shape: what a network's `custom` calls.
///
/// What is not said of its costs is unknown: totals are lower bounds then, and
/// are printed with `>=`.
///
/// ```
/// use shapewise_core::layer::Role;
/// use shapewise_core::{Custom, Shape};
///
/// /// Sines and cosines of `frequencies` random directions.
/// const fn fourier(input: Shape, frequencies: usize) -> Custom {
///     let features = input.features();
///     Custom::new(Shape::new(&[2 * frequencies]))
///         .tensor("frequencies", &[frequencies, features], Role::Buffer)
///         .macs((frequencies * features) as u64)
/// }
///
/// const LAYER: Custom = fourier(Shape::new(&[2]), 16);
/// assert_eq!(LAYER.output_shape(), Shape::new(&[32]));
/// assert!(LAYER.is_exact());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Custom {
    outputs: [Shape; MAX_RESULTS],
    results: usize,
    tensors: [Option<Tensor>; MAX_TENSORS],
    count: usize,
    tensors_known: bool,
    macs: Option<u64>,
    kept: u64,
}

impl Custom {
    /// A layer that gives this shape; its costs are unknown.
    #[must_use]
    pub const fn new(output: Shape) -> Self {
        Self {
            outputs: [output; MAX_RESULTS],
            results: 1,
            tensors: [None; MAX_TENSORS],
            count: 0,
            tensors_known: false,
            macs: None,
            kept: 0,
        }
    }

    /// The layer with one result more, of this shape. Its statement has a label for each.
    ///
    /// ```
    /// use shapewise_core::{Custom, Shape};
    ///
    /// /// The mean and the spread of each channel.
    /// const fn moments(input: Shape) -> Custom {
    ///     let channels = Shape::new(&[input.channels()]);
    ///     Custom::new(channels).result(channels).no_tensors().macs(0)
    /// }
    ///
    /// assert_eq!(moments(Shape::new(&[8, 8, 3])).output_shapes().len(), 2);
    /// ```
    ///
    /// # Panics
    ///
    /// With more than [`MAX_RESULTS`].
    #[must_use]
    pub const fn result(mut self, shape: Shape) -> Self {
        assert!(
            self.results < MAX_RESULTS,
            "a custom layer has at most 4 results"
        );
        self.outputs[self.results] = shape;
        self.results += 1;
        self
    }

    /// The layer with one tensor more. All of its tensors are to be said, once one
    /// is.
    ///
    /// # Panics
    ///
    /// With more than [`MAX_TENSORS`].
    #[must_use]
    pub const fn tensor(mut self, name: &'static str, extents: &[usize], role: Role) -> Self {
        assert!(
            self.count < MAX_TENSORS,
            "a custom layer has at most 16 tensors"
        );
        self.tensors[self.count] = Some(Tensor::new(name, extents, role));
        self.count += 1;
        self.tensors_known = true;
        self
    }

    /// The layer without tensors.
    #[must_use]
    pub const fn no_tensors(mut self) -> Self {
        self.tensors_known = true;
        self
    }

    /// The layer with so many multiply-accumulates for one sample.
    #[must_use]
    pub const fn macs(mut self, macs: u64) -> Self {
        self.macs = Some(macs);
        self
    }

    /// The layer with so many elements for one sample that it keeps for the backward pass
    /// besides its input.
    ///
    /// ```
    /// use shapewise_core::{Custom, Shape};
    ///
    /// // An activation that keeps its result, too.
    /// const LAYER: Custom = Custom::new(Shape::new(&[32])).no_tensors().macs(0).keeps(32);
    /// # let _ = LAYER;
    /// ```
    #[must_use]
    pub const fn keeps(mut self, elements: u64) -> Self {
        self.kept = elements;
        self
    }

    /// The shape that it gives, the first of several.
    #[must_use]
    pub const fn output_shape(&self) -> Shape {
        self.outputs[0]
    }

    /// The shapes that it gives.
    #[must_use]
    pub const fn output_shapes(&self) -> &[Shape] {
        self.outputs.split_at(self.results).0
    }

    /// Whether all of its costs are known.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.tensors_known && self.macs.is_some()
    }
}

/// A custom layer in a network. What it costs stands elsewhere, so that it takes
/// no room in every other layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CustomLayer(&'static Custom);

impl CustomLayer {
    /// The layer that a function gave.
    #[must_use]
    pub const fn new(custom: &'static Custom) -> Self {
        Self(custom)
    }

    /// No layer: a function makes it, and no arguments do.
    const fn without_function(input: &Shape) -> Result<Self, Error> {
        Err(Error::InputRank {
            needs: Needs::Words("a function that computes it"),
            input: *input,
        })
    }

    /// What the function gave.
    #[must_use]
    pub const fn custom(&self) -> &'static Custom {
        self.0
    }

    pub(super) const fn results(&self) -> usize {
        self.0.results
    }

    pub(super) const fn output(&self, _inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        if result >= self.0.results {
            return Err(Error::NetworkOutputs {
                network: "",
                gives: self.0.results,
            });
        }
        let output = self.0.outputs[result];
        if output.checked_elements().is_none() {
            return Err(crate::formula::overflow(
                "the number of elements of the output",
            ));
        }
        Ok(output)
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        if index < self.0.count {
            self.0.tensors[index]
        } else {
            None
        }
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(match self.0.macs {
            Some(macs) => macs,
            None => 0,
        })
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        self.macs(inputs)
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    /// Its inputs, and what the function says besides.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let mut kept = Kept::INPUT;
        let mut place = 1;
        while place < inputs.len() {
            kept = kept.input(place);
            place += 1;
        }
        kept.values(pass.count(&[self.0.kept]))
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        // What is inside is not looked at: it may see all.
        Receptive::Whole
    }

    pub(super) fn explain(&self, _inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        lines.tensors("parameters", (0..).map_while(|index| self.tensor(index)))
    }
}
