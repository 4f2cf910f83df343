//! Tables that are not looked up: learned numbers by themselves, and computed ones.

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::{Extents, MAX_RANK};
use crate::formula;
use crate::shape::Shape;
use crate::value::Value;

/// The hyperparameters of `sinusoidal_embedding`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sinusoids {
    /// By what the angles of the pairs are apart.
    pub base: f64,
    /// Whether each sine stands before its cosine.
    pub interleaved: bool,
    /// Whether cosines stand before sines instead.
    pub cosine_first: bool,
    /// The first position.
    pub start: usize,
    /// Whether they are added to the input.
    pub add: bool,
    /// How many there are of each number of the input, where those are the positions.
    pub features: Option<usize>,
}

impl Sinusoids {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let given = if args.has(name!("features")) {
            Some(attempt!(args.int(name!("features"))))
        } else {
            None
        };
        let features = match given {
            Some(features) => features,
            None if input.rank() == 2 => input.features(),
            None => {
                return Err(Error::InputRank {
                    needs: Needs::Words("a sequence where `features` is not written"),
                    input: *input,
                });
            }
        };
        if !features.is_multiple_of(2) {
            return Err(Error::NotMultiple {
                what: "features",
                value: features,
                of: 2,
                because: "sines and cosines",
            });
        }
        Ok(Self {
            base: args.float(name!("base")),
            interleaved: args.bool(name!("interleaved")),
            cosine_first: args.bool(name!("cosine_first")),
            start: attempt!(args.int(name!("start"))),
            add: given.is_none() && args.bool(name!("add")),
            features: given,
        })
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let Some(features) = self.features else {
            return Ok(*input);
        };
        match Shape::from_parts(input.extents(), features) {
            Some(shape) => Ok(shape),
            None => Err(Error::InputRank {
                needs: Needs::Words("numbers on at most 4 axes"),
                input: *input,
            }),
        }
    }
}

/// What an `embedding_bag` makes of its vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BagMode {
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
    /// The largest of each element.
    Max,
}

impl BagMode {
    pub(super) const fn of(args: &Args) -> Self {
        if args.is(name!("mode"), "sum") {
            Self::Sum
        } else if args.is(name!("mode"), "max") {
            Self::Max
        } else {
            Self::Mean
        }
    }
}

/// The extents of a `parameter`.
pub(super) const fn extents(args: &Args) -> Result<Extents, Error> {
    let extents = match args.get(name!("shape")) {
        Value::Extents(extents) => extents,
        _ => Extents::new(&[attempt!(args.int(name!("shape")))]),
    };
    if args.bool(name!("batch_axis")) && extents.len() == MAX_RANK {
        return Err(Error::Excludes {
            argument: "batch_axis",
            other: "shape",
        });
    }
    Ok(extents)
}

pub(super) const fn shape(extents: &Extents) -> Result<Shape, Error> {
    match Shape::from_extents(*extents) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

/// A vector with an element for each position, of a vector for each element.
pub(super) const fn positions(input: &Shape) -> Result<Shape, Error> {
    let count = if input.rank() == 1 {
        Some(input.features() as u64)
    } else {
        input.positions()
    };
    match count {
        #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
        Some(count) if count <= usize::MAX as u64 => Ok(Shape::new(&[count as usize])),
        _ => Err(formula::overflow("the number of positions")),
    }
}
