//! What part of its input a layer sees.

use crate::extents::Extents;
use crate::formula;
use crate::layer::Window;
use crate::number::gcd;
use crate::shape::Shape;

/// The most axes that positions can be counted along: all but the channels.
pub const MAX_AXES: usize = crate::extents::MAX_RANK - 1;

/// What part of one of its inputs a layer sees from a position of its result.
///
/// The axes are the spatial ones of the input; a vector has its only axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "without an allocator it cannot be boxed"
)]
pub enum Receptive {
    /// The whole input.
    Whole,
    /// Along each axis of the input a part of it. The places of axes that the
    /// input does not have are not read.
    Axes([Along; MAX_AXES]),
}

/// What a layer sees along one axis of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// How far.
    pub reach: Reach,
    /// By what the part that is seen moves.
    pub moved: Moved,
}

/// How far a layer sees along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From end to end.
    Whole,
    /// From position q of the result, the positions of the input from
    /// `ceil((stride*q - lead) / per)` to `floor((stride*q - lead + span) / per)`.
    ///
    /// A window of size k and dilation d has `span = d*(k - 1)`, its padding as
    /// the `lead`, and 1 as `per`; where the result is finer than the input,
    /// `per` is by how much.
    Steps {
        /// How far one step in the result is in the input, `per` times.
        stride: usize,
        /// How many positions of the result one of the input has.
        per: usize,
        /// How far the positions that are seen lie apart, `per` times.
        span: usize,
        /// How far position 0 begins before the input, `per` times.
        lead: i64,
    },
}

/// Which axis of the result moves what is seen along an axis of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// That axis, step by step.
    By(usize),
    /// That axis, together with others, as in a sequence made of an image.
    Within(usize),
    /// None: there is one position.
    Fixed,
}

impl Reach {
    /// The position itself.
    pub const SAME: Self = Self::shifted(0);

    /// The position that is `lead` before.
    pub(super) const fn shifted(lead: i64) -> Self {
        Self::Steps {
            stride: 1,
            per: 1,
            span: 0,
            lead,
        }
    }

    /// What a window sees.
    pub(super) const fn window(window: &formula::Window) -> Self {
        Self::Steps {
            stride: window.stride,
            per: 1,
            span: span(window),
            lead: signed(window.padding.0),
        }
    }

    /// What a window sees from which the input's positions spread over the
    /// result.
    pub(super) const fn spread(window: &formula::Window) -> Self {
        let span = span(window);
        Self::Steps {
            stride: 1,
            per: window.stride,
            span,
            lead: signed(span).saturating_sub(signed(window.padding.0)),
        }
    }

    /// Windows from `floor(i*from/to)` up to `ceil((i + 1)*from/to)`, the last
    /// excluded.
    pub(super) const fn adaptive(from: usize, to: usize) -> Self {
        if to <= 1 {
            return Self::Whole;
        }
        let common = gcd(from, to);
        let (stride, per) = (from / common, to / common);
        Self::Steps {
            stride,
            per,
            span: (stride + per).saturating_sub(2),
            lead: signed(per) - 1,
        }
    }

    /// Blocks of a size, side by side.
    pub(super) const fn block(size: usize) -> Self {
        Self::Steps {
            stride: size,
            per: 1,
            span: size.saturating_sub(1),
            lead: 0,
        }
    }

    /// The element at `floor(i*from/to)`.
    pub(super) const fn nearest(from: usize, to: usize) -> Self {
        let common = gcd(from, to);
        let (stride, per) = (from / common, to / common);
        Self::Steps {
            stride,
            per,
            span: per - 1,
            lead: signed(per) - 1,
        }
    }
}

impl Receptive {
    /// Each position sees the same position of the input.
    pub const SAME: Self = Self::Axes([
        Along::itself(0),
        Along::itself(1),
        Along::itself(2),
        Along::itself(3),
    ]);

    /// The same reach on every axis, and the axes where they were.
    pub(super) const fn each(reach: [Reach; MAX_AXES]) -> Self {
        let mut axes = [Along::itself(0); MAX_AXES];
        let mut axis = 0;
        while axis < MAX_AXES {
            axes[axis] = Along {
                reach: reach[axis],
                moved: Moved::By(axis),
            };
            axis += 1;
        }
        Self::Axes(axes)
    }

    /// A window over the spatial axes.
    pub(super) const fn window(window: &Window) -> Self {
        let mut reach = [Reach::SAME; MAX_AXES];
        let mut axis = 0;
        while axis < window.kernel.len() {
            reach[axis] = Reach::window(&window.axis(axis));
            axis += 1;
        }
        Self::each(reach)
    }

    /// As far before each position as `lead` says; after it where `back` is set.
    pub(super) const fn shifted(lead: &Extents, back: bool) -> Self {
        let mut reach = [Reach::SAME; MAX_AXES];
        let mut axis = 0;
        while axis < MAX_AXES {
            let by = signed(lead.at(axis));
            reach[axis] = Reach::shifted(if back { -by } else { by });
            axis += 1;
        }
        Self::each(reach)
    }

    /// The same with every axis moved by one axis of the result.
    pub(super) const fn moved(self, moved: Moved) -> Self {
        let Self::Axes(mut axes) = self else {
            return self;
        };
        let mut axis = 0;
        while axis < MAX_AXES {
            axes[axis].moved = moved;
            axis += 1;
        }
        Self::Axes(axes)
    }

    /// The position itself, except from end to end along one axis of `input`;
    /// channels, except a vector's, are no such axis.
    pub(super) const fn whole_along(place: usize, input: &Shape) -> Self {
        let mut reach = [Reach::SAME; MAX_AXES];
        if place < tracked_axes(input) {
            reach[place] = Reach::Whole;
        }
        Self::each(reach)
    }

    /// The position itself, with an axis more in front of the result's others.
    /// The only axis of a vector is its channels, which stay the last.
    pub(super) const fn behind_new_axis() -> Self {
        let mut axes = [Along::itself(0); MAX_AXES];
        let mut axis = 0;
        while axis < MAX_AXES {
            axes[axis].moved = Moved::By(axis + 1);
            axis += 1;
        }
        Self::Axes(axes)
    }

    /// What is seen by a layer that mixes the channels of each position: of a
    /// vector, all of it.
    pub(super) const fn per_position(input: &Shape) -> Self {
        if input.rank() == 1 {
            Self::Whole
        } else {
            Self::SAME
        }
    }
}

impl Along {
    /// The position itself, on the same axis.
    pub(super) const fn itself(axis: usize) -> Self {
        Self {
            reach: Reach::SAME,
            moved: Moved::By(axis),
        }
    }
}

/// How many axes of a value positions are counted along.
pub(crate) const fn tracked_axes(shape: &Shape) -> usize {
    if shape.rank() == 1 {
        1
    } else {
        shape.spatial_rank()
    }
}

/// How far the last element of a window is from its first.
const fn span(window: &formula::Window) -> usize {
    match window.reach() {
        Ok(reach) => reach - 1,
        Err(_) => usize::MAX,
    }
}

/// A size as a distance; what does not fit is as far as there is.
pub(crate) const fn signed(size: usize) -> i64 {
    #[expect(clippy::cast_possible_wrap, reason = "compared just before")]
    if size as u64 > i64::MAX as u64 {
        i64::MAX
    } else {
        size as i64
    }
}
