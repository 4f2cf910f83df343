//! Normalisations.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::Convention;
use crate::layer::convention::elements;
use crate::layer::explain::{Figured, Lines};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;

mod affine;
mod entries;
mod kept;

pub use affine::{Affine, HeadWeights, Statistics};
pub(super) use entries::build;
pub use entries::{ENTRIES, Normalisation, names};

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
    /// Whether nothing of it is learned or kept up to date: all its tensors are buffers.
    pub frozen: bool,
}

impl Normalisation {
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
            return match (affine.tensor(index), self.frozen()) {
                (Some(tensor), true) => Some(Tensor {
                    role: Role::Buffer,
                    ..tensor
                }),
                (tensor, _) => tensor,
            };
        }
        match self {
            Self::Batch(norm) | Self::Instance(norm) => {
                norm.statistics.tensor(index - affine.tensors())
            }
            _ => None,
        }
    }

    const fn frozen(&self) -> bool {
        matches!(self, Self::Batch(ChannelNorm { frozen: true, .. }))
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
            // A product and a sum of tensors, which no tool counts.
            (_, Self::Batch(ChannelNorm { frozen: true, .. })) => 0,
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

    pub(super) fn explain(&self, _inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let frozen = self.frozen();
        if let (Some(affine), false) = (self.affine(), frozen) {
            affine.explain(lines)?;
        }
        match self {
            Self::Batch(norm) | Self::Instance(norm) if norm.statistics.tracked => {
                let channels = norm.statistics.channels as u64;
                let tensors = match frozen {
                    true => 2 + norm.affine.tensors(),
                    false => 2,
                };
                let all = channels.saturating_mul(tensors as u64);
                let formula = format_args!("{tensors}*{channels}");
                lines.tell(Figured::Buffers, "buffers", formula, Grouped(all))
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
            frozen: false,
        }
    }

    /// That of `batch_norm`.
    const fn of_batches(args: &Args, input: &Shape) -> Result<Self, Error> {
        attempt!(at_most_volume(input));
        let mut norm = Self::build(args, input);
        norm.frozen = args.bool(name!("frozen"));
        // What is never updated has statistics, and no momentum.
        if norm.frozen && (!norm.statistics.tracked || args.writes(name!("momentum"))) {
            return Err(Error::Excludes {
                argument: match norm.statistics.tracked {
                    true => "momentum",
                    false => "track_running_stats",
                },
                other: "frozen",
            });
        }
        Ok(norm)
    }

    /// That of `instance_norm`, whose statistics are those of one sample's positions.
    const fn of_instances(args: &Args, input: &Shape) -> Result<Self, Error> {
        attempt!(at_most_volume(input));
        attempt!(has_positions(input));
        let norm = Self::build(args, input);
        // The statistics of one number are no use: its variance is 0.
        if matches!(input.positions(), Some(1)) && !norm.statistics.tracked {
            return Err(Error::InputRank {
                needs: Needs::Words("more than one position"),
                input: *input,
            });
        }
        Ok(norm)
    }
}

/// The number of groups, which divides the channels.
const fn groups(args: &Args, input: &Shape) -> Result<usize, Error> {
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
    Ok(groups)
}

/// The frameworks have such layers for up to three spatial axes.
const fn at_most_volume(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() > 3 {
        return Err(Error::InputRank {
            needs: Needs::Words("at most three spatial axes"),
            input: *input,
        });
    }
    Ok(())
}

const fn has_positions(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() == 0 {
        return Err(Error::InputRank {
            needs: Needs::Positions,
            input: *input,
        });
    }
    Ok(())
}

/// The extents of the last `axes` axes, as PyTorch stores what is learned per
/// element of them.
const fn last(args: &Args, input: &Shape) -> Result<Extents, Error> {
    let axes = attempt!(args.int(name!("axes")));
    let rank = input.rank();
    let heads = attempt!(args.int(name!("heads")));
    if heads > 1 {
        return within_heads(args, axes, heads, input);
    }
    if !matches!(HeadWeights::of(args), HeadWeights::Shared) {
        return Err(Error::Requires {
            argument: "head_weights",
            other: "heads",
        });
    }
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

/// The extents of what is learned for each head.
const fn within_heads(
    args: &Args,
    axes: usize,
    heads: usize,
    input: &Shape,
) -> Result<Extents, Error> {
    if axes != 1 {
        return Err(Error::Excludes {
            argument: "axes",
            other: "heads",
        });
    }
    if !input.channels().is_multiple_of(heads) {
        return Err(Error::NotDivisible {
            argument: "heads",
            divisor: heads,
            what: "features",
            value: input.channels(),
            also: input.channels(),
        });
    }
    let each = input.channels() / heads;
    Ok(match HeadWeights::of(args) {
        HeadWeights::Shared => Extents::new(&[each]),
        HeadWeights::Joined => Extents::new(&[input.channels()]),
        HeadWeights::Separate => Extents::new(&[heads, each]),
    })
}
