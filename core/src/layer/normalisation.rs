//! Normalisations.

use core::fmt;

use crate::catalogue::{Args, name};
use crate::error::Error;
use crate::extents::Extents;
use crate::formula;
use crate::graph::Convention;
use crate::graph::convention::elements;
use crate::layer::{Memory, Receptive, Tensor, attempt};
use crate::report::Grouped;
use crate::shape::Shape;

mod affine;
mod entries;

pub use affine::{Affine, Statistics};
pub use entries::{ENTRIES, names};

/// The kinds of normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `batch_norm`.
    Batch,
    /// `layer_norm`.
    Layer,
    /// `group_norm`.
    Group,
    /// `instance_norm`.
    Instance,
    /// `rms_norm`.
    RootMeanSquare,
    /// `local_response_norm`.
    LocalResponse,
}

/// A normalisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Normalisation {
    /// `batch_norm`, over the batch and the positions.
    Batch(ChannelNorm),
    /// `instance_norm`, over the positions.
    Instance(ChannelNorm),
    /// `layer_norm`.
    Layer {
        /// How many of the last axes are normalised over.
        axes: usize,
        /// What is added to the variance.
        eps: f64,
        /// The learned scale and shift, an element each that is normalised over.
        affine: Affine,
    },
    /// `group_norm`.
    Group {
        /// The number of groups.
        groups: usize,
        /// What is added to the variance.
        eps: f64,
        /// The learned scale and shift per channel.
        affine: Affine,
    },
    /// `rms_norm`.
    RootMeanSquare {
        /// How many of the last axes are normalised over.
        axes: usize,
        /// What is added to the mean square; `None` for the spacing of the
        /// type's numbers at 1.
        eps: Option<f64>,
        /// The learned scale, an element for each that is normalised over.
        affine: Affine,
    },
    /// `local_response_norm`.
    LocalResponse {
        /// The number of neighbouring channels.
        size: usize,
        /// The scale of the sum.
        alpha: f64,
        /// The exponent.
        beta: f64,
        /// What is added to the sum.
        k: f64,
    },
}

/// The hyperparameters of `batch_norm` and `instance_norm`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelNorm {
    /// What is added to the variance.
    pub eps: f64,
    /// The weight of the newest batch in the running statistics.
    pub momentum: f64,
    /// The learned scale and shift per channel.
    pub affine: Affine,
    /// The mean and the variance per channel that are kept for inference.
    pub statistics: Statistics,
}

impl Normalisation {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let channels = Extents::new(&[input.channels()]);
        Ok(match kind {
            Kind::Batch => {
                attempt!(at_most_volume(input));
                Self::Batch(ChannelNorm::build(args, input))
            }
            Kind::Instance => {
                attempt!(at_most_volume(input));
                attempt!(has_positions(input));
                let norm = ChannelNorm::build(args, input);
                // The statistics of one number are no use: its variance is 0.
                if matches!(input.positions(), Some(1)) && !norm.statistics.tracked {
                    return Err(Error::InputRank {
                        needs: "more than one position",
                        input: *input,
                    });
                }
                Self::Instance(norm)
            }
            Kind::Layer => {
                let axes = attempt!(args.int(name!("axes")));
                Self::Layer {
                    axes,
                    eps: args.float(name!("eps")),
                    affine: Affine::build(
                        args,
                        name!("elementwise_affine"),
                        attempt!(last(axes, input)),
                    ),
                }
            }
            Kind::RootMeanSquare => {
                let axes = attempt!(args.int(name!("axes")));
                let normalised = attempt!(last(axes, input));
                let eps = match args.has(name!("eps")) {
                    true => Some(args.float(name!("eps"))),
                    false => None,
                };
                let mut affine = Affine::build(args, name!("elementwise_affine"), normalised);
                affine.weight = args.bool(name!("elementwise_affine"));
                affine.bias = false;
                Self::RootMeanSquare { axes, eps, affine }
            }
            Kind::Group => {
                let groups = attempt!(args.int(name!("groups")));
                if groups == 0 || !input.channels().is_multiple_of(groups) {
                    return Err(Error::NotDivisible {
                        argument: "groups",
                        divisor: groups,
                        what: "channels",
                        value: input.channels(),
                        also: input.channels(),
                    });
                }
                Self::Group {
                    groups,
                    eps: args.float(name!("eps")),
                    affine: Affine::build(args, name!("affine"), channels),
                }
            }
            Kind::LocalResponse => {
                attempt!(has_positions(input));
                Self::LocalResponse {
                    size: attempt!(args.int(name!("size"))),
                    alpha: args.float(name!("alpha")),
                    beta: args.float(name!("beta")),
                    k: args.float(name!("k")),
                }
            }
        })
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    const fn affine(&self) -> Option<&Affine> {
        match self {
            Self::Batch(norm) | Self::Instance(norm) => Some(&norm.affine),
            Self::Layer { affine, .. }
            | Self::Group { affine, .. }
            | Self::RootMeanSquare { affine, .. } => Some(affine),
            Self::LocalResponse { .. } => None,
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let affine = match self.affine() {
            Some(affine) => affine,
            None => return None,
        };
        if index < affine.tensors() {
            return affine.tensor(index);
        }
        match self {
            Self::Batch(norm) | Self::Instance(norm) => {
                norm.statistics.tensor(index - affine.tensors())
            }
            _ => None,
        }
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let weights = match self.affine() {
            Some(affine) => affine.weight,
            None => false,
        } as u64;
        let times = match (convention, self) {
            (Convention::Fvcore, Self::Batch(norm)) if norm.statistics.tracked => 1 + weights,
            (
                Convention::Fvcore,
                Self::Batch(_) | Self::Instance(_) | Self::Layer { .. } | Self::Group { .. },
            ) => 4 + weights,
            (Convention::Ptflops, Self::Batch(_) | Self::Instance(_) | Self::Group { .. }) => {
                1 + weights
            }
            (Convention::Ptflops, Self::Layer { .. }) => 1,
            _ => 0,
        };
        elements(times, &inputs[0])
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            // With the kept statistics, a scale and a shift of each element.
            Self::Batch(norm) if norm.statistics.tracked => Memory::InPlace,
            Self::Instance(norm) if norm.statistics.tracked => Memory::InPlace,
            _ => Memory::Fresh,
        }
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::SAME
    }

    pub(super) fn explain(&self, _inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        if let Some(affine) = self.affine() {
            affine.explain(f)?;
        }
        match self {
            Self::Batch(norm) | Self::Instance(norm) if norm.statistics.tracked => {
                let channels = norm.statistics.channels as u64;
                let both = channels.saturating_mul(2);
                writeln!(f, "buffers: 2*{channels} = {}", Grouped(both))
            }
            _ => Ok(()),
        }
    }
}

impl ChannelNorm {
    const fn build(args: &Args, input: &Shape) -> Self {
        Self {
            eps: args.float(name!("eps")),
            momentum: args.float(name!("momentum")),
            affine: Affine::build(args, name!("affine"), Extents::new(&[input.channels()])),
            statistics: Statistics {
                channels: input.channels(),
                tracked: args.bool(name!("track_running_stats")),
            },
        }
    }
}

/// The frameworks have such layers for up to three spatial axes.
const fn at_most_volume(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() > 3 {
        return Err(Error::InputRank {
            needs: "at most three spatial axes",
            input: *input,
        });
    }
    Ok(())
}

const fn has_positions(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() == 0 {
        return Err(Error::InputRank {
            needs: "a sequence, an image or a volume",
            input: *input,
        });
    }
    Ok(())
}

/// The extents of the last `axes` axes, as PyTorch stores what is learned per
/// element of them.
const fn last(axes: usize, input: &Shape) -> Result<Extents, Error> {
    let rank = input.rank();
    if axes > rank {
        return Err(Error::TooLarge {
            argument: "axes",
            value: axes,
            most: rank,
            what: "the number of axes of the input",
        });
    }
    // PyTorch's images and volumes have their channels first; a part of the
    // axes that ends with the channels exists only where they are last.
    if axes == rank && rank > 2 {
        return Ok(input.channels_first());
    }
    let extents = Extents::new(input.as_slice().split_at(rank - axes).1);
    match extents.product() {
        Some(_) => Ok(extents),
        None => Err(formula::overflow("the number of weights")),
    }
}
