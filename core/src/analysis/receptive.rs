//! What part of the network's input each value sees.
//!
//! A position q of a value sees, along an axis of an input, from
//! `first + jump*ceil((times*q + lead) / per)` up to
//! `first + jump*floor((times*q + lead + span) / per) + size - 1`. Every layer
//! keeps that form: windows change `times`, `lead` and `span`, layers with a
//! finer result also `per`; what divides is moved into `first`, `size` and
//! `jump`. Numbers that do not fit 64 bits stay at the largest that does.

use super::Flow;
use crate::extents::Extents;
use crate::graph::Graph;
use crate::layer::receptive::{Along, MAX_AXES, Moved, Reach, Receptive, tracked_axes};

/// What a value sees of one input of the network, along each of its axes: the
/// spatial ones, or the only one of a vector.
///
/// Nothing is clipped at the edges of the input. Of branches that meet, the one
/// that sees most counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The extents of the input along these axes.
    pub input: Extents,
    /// Whether branches met whose positions are not over each other: their
    /// steps or their centres differ.
    pub misaligned: bool,
    axes: [Seen; MAX_AXES],
}

/// What a value sees along one axis of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisField {
    /// How many positions lie between the first and the last that is seen, both
    /// counted; 0 when it sees nothing of the input.
    pub size: usize,
    /// How far apart neighbours look, as a fraction: `(32, 1)`; `(1, 2)` where
    /// the value is finer than the input.
    pub stride: (usize, usize),
    /// How far the first position looks beyond the beginning of the input:
    /// negative when it begins inside.
    pub padding: i64,
    /// Whether it is the whole input, wherever one looks from.
    pub whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Whole,
    Steps(Steps),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Steps {
    first: i64,
    size: i64,
    jump: i64,
    times: i64,
    per: i64,
    lead: i64,
    span: i64,
    /// Which axis of the value moves it.
    moved: Moved,
}

impl Field {
    /// What places hold before [`fields`] fills them.
    pub const NOTHING: Self = Self {
        input: Extents::EMPTY,
        misaligned: false,
        axes: [Seen::Nothing; MAX_AXES],
    };

    /// What an input sees of itself.
    const fn itself(input: Extents) -> Self {
        let mut axes = [Seen::Nothing; MAX_AXES];
        let mut axis = 0;
        while axis < input.len() {
            axes[axis] = Seen::Steps(Steps {
                first: 0,
                size: 1,
                jump: 1,
                times: 1,
                per: 1,
                lead: 0,
                span: 0,
                moved: Moved::By(axis),
            });
            axis += 1;
        }
        Self {
            input,
            misaligned: false,
            axes,
        }
    }

    /// The receptive field: how many positions are seen along each axis.
    #[must_use]
    pub const fn size(&self) -> Extents {
        let mut extents = self.input;
        let mut axis = 0;
        while axis < extents.len() {
            extents = extents.with(axis, self.axis(axis).size);
            axis += 1;
        }
        extents
    }

    /// How far apart neighbours look along each axis, rounded down: 0 where the
    /// value is finer than the input. [`Field::axis`] has the fraction.
    #[must_use]
    pub const fn stride(&self) -> Extents {
        let mut extents = self.input;
        let mut axis = 0;
        while axis < extents.len() {
            let (stride, per) = self.axis(axis).stride;
            extents = extents.with(axis, stride / per);
            axis += 1;
        }
        extents
    }

    /// What is seen along one axis.
    ///
    /// # Panics
    ///
    /// When the input has no such axis.
    #[must_use]
    pub const fn axis(&self, axis: usize) -> AxisField {
        assert!(axis < self.input.len(), "the input has no such axis");
        let extent = self.input.at(axis);
        match self.axes[axis] {
            Seen::Nothing => AxisField {
                size: 0,
                stride: (0, 1),
                padding: 0,
                whole: false,
            },
            Seen::Whole => AxisField {
                size: extent,
                stride: (extent, 1),
                padding: 0,
                whole: true,
            },
            Seen::Steps(steps) => {
                let (times, per) = reduced(steps.jump.saturating_mul(steps.times), steps.per);
                AxisField {
                    size: unsigned(steps.extent()),
                    stride: (unsigned(times), unsigned(per)),
                    padding: steps.begin().saturating_neg(),
                    whole: false,
                }
            }
        }
    }

    /// What a layer that reads this field at such places sees.
    const fn through(&self, receptive: &Receptive) -> Self {
        let mut field = *self;
        let mut axis = 0;
        while axis < self.input.len() {
            field.axes[axis] = match (self.axes[axis], receptive) {
                (Seen::Nothing, _) => Seen::Nothing,
                (Seen::Whole, _) | (_, Receptive::Whole) => Seen::Whole,
                (Seen::Steps(steps), Receptive::Axes(along)) => steps.through(along),
            };
            axis += 1;
        }
        field
    }

    /// The larger along each axis.
    const fn join(&self, other: &Self) -> Self {
        let mut field = *self;
        field.misaligned = self.misaligned || other.misaligned;
        let mut axis = 0;
        while axis < self.input.len() {
            field.axes[axis] = match (self.axes[axis], other.axes[axis]) {
                (Seen::Nothing, seen) | (seen, Seen::Nothing) => seen,
                (Seen::Whole, _) | (_, Seen::Whole) => Seen::Whole,
                (Seen::Steps(a), Seen::Steps(b)) => {
                    field.misaligned = field.misaligned || !a.is_aligned(&b);
                    if b.extent() > a.extent() {
                        Seen::Steps(b)
                    } else {
                        Seen::Steps(a)
                    }
                }
            };
            axis += 1;
        }
        field
    }
}

impl Steps {
    /// How many positions are seen at most.
    const fn extent(&self) -> i64 {
        self.jump
            .saturating_mul(self.span.div_euclid(self.per))
            .saturating_add(self.size)
    }

    /// The first position that position 0 sees.
    const fn begin(&self) -> i64 {
        self.jump
            .saturating_mul(ceil(self.lead, self.per))
            .saturating_add(self.first)
    }

    const fn through(&self, along: &[Along; MAX_AXES]) -> Seen {
        match self.moved {
            Moved::Fixed => Seen::Steps(*self),
            Moved::By(axis) => match along[axis].reach {
                Reach::Whole => Seen::Whole,
                Reach::Steps {
                    stride,
                    per,
                    span,
                    lead,
                } => {
                    let [stride, per, span] = [int(stride), int(per), int(span)];
                    let seen = self.then(stride, per, span, lead);
                    Seen::Steps(seen.moved(along[axis].moved))
                }
            },
            // Where in the input the neighbours on that axis look is not known.
            Moved::Within(axis) => match along[axis].reach {
                Reach::Steps { span: 0, .. } => Seen::Steps(self.moved(match along[axis].moved {
                    Moved::By(axis) => Moved::Within(axis),
                    other => other,
                })),
                _ => Seen::Whole,
            },
        }
    }

    const fn moved(mut self, moved: Moved) -> Self {
        self.moved = moved;
        self
    }

    /// What is seen from positions that see this from
    /// `ceil((stride*q - before) / per)` to `floor((stride*q - before + span) / per)`.
    ///
    /// Rounding down twice is rounding down once, by the product, unless `times`
    /// stands in between: then this is an upper bound.
    const fn then(&self, stride: i64, per: i64, span: i64, before: i64) -> Self {
        let mut steps = *self;
        steps.times = self.times.saturating_mul(stride);
        steps.per = self.per.saturating_mul(per);
        steps.lead = per
            .saturating_mul(self.lead)
            .saturating_sub(self.times.saturating_mul(before));
        steps.span = per
            .saturating_mul(self.span)
            .saturating_add(self.times.saturating_mul(span));
        steps.normal()
    }

    /// The same with what divides taken out of the fraction.
    const fn normal(mut self) -> Self {
        let (times, per) = reduced(self.times, self.per);
        let common = self.per / per;
        let lead = ceil(self.lead, common);
        let end = self.lead.saturating_add(self.span).div_euclid(common);
        self.times = times;
        self.per = per;
        self.lead = lead;
        self.span = at_least_zero(end.saturating_sub(lead));
        if per == 1 {
            self.first = self.begin();
            self.size = self.extent();
            self.jump = self.jump.saturating_mul(times);
            self.times = 1;
            self.lead = 0;
            self.span = 0;
        }
        self
    }

    /// Whether neighbours look equally far apart in both, around one centre.
    const fn is_aligned(&self, other: &Self) -> bool {
        let a = reduced(self.jump.saturating_mul(self.times), self.per);
        let b = reduced(other.jump.saturating_mul(other.times), other.per);
        let same_axis = match (self.moved, other.moved) {
            (Moved::By(a), Moved::By(b)) | (Moved::Within(a), Moved::Within(b)) => a == b,
            (Moved::Fixed, Moved::Fixed) => true,
            _ => false,
        };
        same_axis
            && a.0 == b.0
            && a.1 == b.1
            && self.centre().saturating_mul(other.per as i128)
                == other.centre().saturating_mul(self.per as i128)
    }

    /// Twice the centre of what position 0 sees, times `per`.
    const fn centre(&self) -> i128 {
        let steps = (self.lead as i128 * 2 + self.span as i128).saturating_mul(self.jump as i128);
        let whole = (self.first as i128 * 2 + self.size as i128 - 1) * self.per as i128;
        whole.saturating_add(steps)
    }
}

/// Finds out what each value sees of the `input`th input of the network.
///
/// Recurrent layers, attention, flatten, global pooling, and linear layers on
/// vectors see the whole input. The statistics of normalisations are left
/// aside. `places` has a place per value.
///
/// # Panics
///
/// With fewer places than values, or when there is no such input.
pub const fn fields(flow: &Flow<'_>, input: usize, places: &mut [Field]) {
    assert!(input < flow.inputs(), "the network has no such input");
    let shape = flow.shape(input);
    let extents = Extents::new(shape.as_slice().split_at(tracked_axes(shape)).0);
    let nothing = Field {
        input: extents,
        ..Field::NOTHING
    };
    let mut value = 0;
    while value < flow.inputs() {
        places[value] = if value == input {
            Field::itself(extents)
        } else {
            nothing
        };
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let gathered = flow.gather(&node);
        let shapes = gathered.split_at(node.inputs.len()).0;
        let mut field = nothing;
        let mut k = 0;
        while k < node.inputs.len() {
            let receptive = node.layer.receptive(shapes, k);
            let seen = places[node.inputs[k]].through(&receptive);
            field = if k == 0 { seen } else { field.join(&seen) };
            k += 1;
        }
        let mut result = 0;
        while result < node.results {
            places[node.output + result] = field;
            result += 1;
        }
        i += 1;
    }
}

/// What the outputs see, from what [`fields`] found: the largest along each axis.
///
/// # Panics
///
/// With fewer places than values.
#[must_use]
pub const fn largest_output(flow: &Flow<'_>, places: &[Field]) -> Field {
    if flow.outputs() == 0 {
        return Field::NOTHING;
    }
    let mut field = places[flow.output(0)];
    let mut output = 1;
    while output < flow.outputs() {
        let misaligned = field.misaligned;
        let other = places[flow.output(output)];
        field = field.join(&other);
        // Outputs do not meet.
        field.misaligned = misaligned || other.misaligned;
        output += 1;
    }
    field
}

/// What each of a graph's values sees of one of its inputs.
#[derive(Clone, Copy, Debug)]
pub struct Fields<const VALUES: usize> {
    /// What each value sees.
    pub fields: [Field; VALUES],
}

impl<const VALUES: usize> Fields<VALUES> {
    /// What each of the graph's values sees of its `input`th input.
    ///
    /// # Panics
    ///
    /// With another number of values, or when there is no such input.
    #[must_use]
    pub const fn of(graph: &Graph, input: usize) -> Self {
        assert!(graph.values.len() == VALUES, "a place for each value");
        let mut places = [Field::NOTHING; VALUES];
        fields(&Flow::of(graph), input, &mut places);
        Self { fields: places }
    }

    /// The layers at which branches meet that are not over each other.
    pub fn misaligned<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = usize> + 'a {
        let nodes = graph.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| {
                let before = |value: &usize| self.fields[*value].misaligned;
                node.results > 0
                    && self.fields[node.output].misaligned
                    && !node.inputs.iter().any(before)
            })
            .map(|(index, _)| index)
    }
}

const fn ceil(number: i64, by: i64) -> i64 {
    number.saturating_neg().div_euclid(by).saturating_neg()
}

/// A fraction without common divisors.
const fn reduced(times: i64, per: i64) -> (i64, i64) {
    let (mut a, mut b) = (times, per);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (times / a, per / a)
}

const fn at_least_zero(number: i64) -> i64 {
    if number < 0 { 0 } else { number }
}

/// A size as a signed number, at most the largest.
const fn int(size: usize) -> i64 {
    crate::layer::receptive::signed(size)
}

/// A size that was computed, which is never negative.
const fn unsigned(number: i64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are not negative, and as large as usize allows"
    )]
    if number < 0 {
        0
    } else if number as u64 > usize::MAX as u64 {
        usize::MAX
    } else {
        number as usize
    }
}
