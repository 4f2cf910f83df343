//! What a change of shape sees of its input.

use crate::extents::{Extents, MAX_RANK};
use crate::layer::receptive::{Along, MAX_AXES, Moved, Reach, Receptive, signed, tracked_axes};
use crate::layer::shape_ops::{Interpolation, ShapeOp, Upsample};
use crate::shape::Shape;

pub(super) const fn receptive(op: &ShapeOp, input: &Shape) -> Receptive {
    match op {
        // A vector stays as it is.
        ShapeOp::Flatten { .. } if input.rank() == 1 => Receptive::SAME,
        ShapeOp::ToSequence if input.rank() == 2 => Receptive::SAME,
        ShapeOp::Flatten { .. }
        | ShapeOp::Reshape { .. }
        | ShapeOp::Fold(_)
        | ShapeOp::IndexSelect(_)
        | ShapeOp::Gather(_)
        | ShapeOp::Expand { .. } => Receptive::Whole,
        ShapeOp::Permute { axes } => permuted(axes, input),
        ShapeOp::ToSequence => Receptive::SAME.moved(Moved::Within(0)),
        ShapeOp::Pad(pad) => Receptive::shifted(&pad.padding.before(), false),
        ShapeOp::Crop { sides } => Receptive::shifted(&sides.before(), true),
        ShapeOp::Roll { shift, reverse } => Receptive::shifted(shift, *reverse),
        ShapeOp::Slice { start, .. } => Receptive::shifted(&along_positions(start, input), true),
        ShapeOp::First | ShapeOp::Last => Receptive::SAME.moved(Moved::Fixed),
        ShapeOp::Unfold(patches) => {
            let seen = Receptive::window(&patches.window);
            if input.rank() > 2 {
                seen.moved(Moved::Within(0))
            } else {
                seen
            }
        }
        // Only a vector has its elements along the axis that is dealt out.
        ShapeOp::ChannelShuffle { .. } | ShapeOp::ChannelSplit(_) => Receptive::per_position(input),
        ShapeOp::PixelShuffle { factor, .. } => {
            Receptive::each([Reach::nearest(1, *factor); MAX_AXES])
        }
        ShapeOp::PixelUnshuffle { factor, .. } => {
            Receptive::each([Reach::block(*factor); MAX_AXES])
        }
        ShapeOp::Upsample(upsample) => upsampled(upsample, input),
    }
}

/// The part of a list per axis that is about positions.
const fn along_positions(list: &Extents, input: &Shape) -> Extents {
    Extents::new(list.as_slice().split_at(tracked_axes(input)).0)
}

/// Positions that stay positions move with their axis; where they become
/// channels, each element of the result sees all of them.
const fn permuted(axes: &Extents, input: &Shape) -> Receptive {
    let tracked = tracked_axes(input);
    let mut along = [Along::itself(0); MAX_AXES];
    let mut place = 0;
    while place < MAX_RANK {
        if place < axes.len() && axes.at(place) < tracked {
            if place >= tracked {
                return Receptive::Whole;
            }
            along[axes.at(place)].moved = Moved::By(place);
        }
        place += 1;
    }
    Receptive::Axes(along)
}

const fn upsampled(upsample: &Upsample, input: &Shape) -> Receptive {
    let spatial = input.spatial();
    let mut reach = [Reach::SAME; MAX_AXES];
    let mut axis = 0;
    while axis < spatial.len() {
        reach[axis] = interpolated(upsample, spatial.at(axis), upsample.size.at(axis));
        axis += 1;
    }
    Receptive::each(reach)
}

/// The elements between which a position lies: `floor` and `ceil` of where its
/// centre is in the input, and for cubics one more at both ends.
const fn interpolated(upsample: &Upsample, from: usize, to: usize) -> Reach {
    let around = match upsample.mode {
        Interpolation::Nearest => return Reach::nearest(from, to),
        Interpolation::Area => return Reach::adaptive(from, to),
        Interpolation::NearestExact => {
            let per = to.saturating_mul(2);
            return Reach::Steps {
                stride: from.saturating_mul(2),
                per,
                span: per - 1,
                lead: signed(per) - 1 - signed(from),
            };
        }
        Interpolation::Bicubic => 1,
        Interpolation::Linear | Interpolation::Bilinear | Interpolation::Trilinear => 0,
    };
    // Where the centre of position q is: (stride*q + ahead) / per.
    let (stride, per, ahead) = if !upsample.align_corners {
        let per = to.saturating_mul(2);
        (from.saturating_mul(2), per, signed(from) - signed(to))
    } else if to > 1 {
        (from - 1, to - 1, 0)
    } else {
        (1, 1, 0)
    };
    let below = (per - 1).saturating_add(around * per);
    Reach::Steps {
        stride,
        per,
        span: below.saturating_mul(2),
        lead: signed(below) - ahead,
    }
}
