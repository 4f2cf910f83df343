//! A learned bias for each distance of two positions, in buckets.

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::formula;
use crate::layer::{Role, Tensor};
use crate::shape::Shape;

/// The hyperparameters of `relative_position_bias`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelativePositionBias {
    /// The heads, each with a bias of its own.
    pub heads: usize,
    /// The distances that are told apart.
    pub buckets: usize,
    /// The distance from which on all are one bucket.
    pub max_distance: usize,
    /// Whether what comes later has buckets of its own; otherwise it has that of the position itself.
    pub bidirectional: bool,
    /// Which input has the positions of the keys.
    pub keys: usize,
}

impl RelativePositionBias {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        attempt!(super::sequence(&inputs[0]));
        let keys = match args.place(name!("keys")) {
            Some(place) => {
                let (place, keys) = attempt!(super::given(Some(place), "keys", inputs));
                attempt!(super::sequence(keys));
                place
            }
            None => 0,
        };
        let layer = Self {
            heads: attempt!(args.int(name!("heads"))),
            buckets: attempt!(args.int(name!("buckets"))),
            max_distance: attempt!(args.int(name!("max_distance"))),
            bidirectional: args.bool(name!("bidirectional")),
            keys,
        };
        // Half of the buckets of a side are single distances, and the rest reaches further.
        let exact = layer.exact();
        if exact == 0 {
            return Err(Error::TooSmall {
                argument: "buckets",
                least: if layer.bidirectional { 4 } else { 2 },
            });
        }
        if layer.max_distance <= exact {
            return Err(Error::TooSmall {
                argument: "max_distance",
                least: exact as u64 + 1,
            });
        }
        Ok(layer)
    }

    /// The distances of a side that have a bucket each.
    #[must_use]
    pub const fn exact(&self) -> usize {
        self.side() / 2
    }

    /// The buckets of a side.
    #[must_use]
    pub const fn side(&self) -> usize {
        if self.bidirectional {
            self.buckets / 2
        } else {
            self.buckets
        }
    }

    pub(super) const fn output(&self, inputs: &[Shape]) -> Result<Shape, Error> {
        let queries = inputs[0].extents().at(0);
        let keys = inputs[self.keys].extents().at(0);
        match Shape::try_new(&[self.heads, queries, keys]) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        if index > 0 {
            return None;
        }
        Some(Tensor::new(
            "weight",
            &[self.buckets, self.heads],
            Role::Weight,
        ))
    }
}
