//! What part of the network's input each value sees.

use super::Flow;
use crate::extents::Extents;
use crate::graph::Graph;
use crate::layer::receptive::{MAX_AXES, Receptive, tracked_axes};

mod steps;

use steps::Steps;

/// What a value sees of one input of the network, along each of its axes: the
/// spatial ones, or the only one of a vector.
///
/// Nothing is clipped at the edges of the input. Of branches that meet, the one
/// that sees most counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<const AXES: usize = MAX_AXES> {
    /// Whether branches met whose positions are not over each other: their
    /// steps or their centres differ.
    pub misaligned: bool,
    axes: [Seen; AXES],
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
    /// The input has no such axis.
    Absent,
    Nothing,
    /// All of so many positions.
    Whole(usize),
    Steps(Steps),
}

impl<const AXES: usize> Field<AXES> {
    /// What places hold before [`fields`] fills them.
    pub const NOTHING: Self = Self {
        misaligned: false,
        axes: [Seen::Absent; AXES],
    };

    /// The field along the axes of an input from `first` on, of which nothing is seen,
    /// or of itself.
    const fn of(input: &Extents, first: usize, itself: bool) -> Self {
        let mut field = Self::NOTHING;
        let mut axis = first;
        while axis < input.len() && axis - first < AXES {
            field.axes[axis - first] = if itself {
                Seen::Steps(Steps::itself(axis))
            } else {
                Seen::Nothing
            };
            axis += 1;
        }
        field
    }

    /// How many axes the input has.
    const fn len(&self) -> usize {
        let mut axes = 0;
        while axes < AXES && !matches!(self.axes[axes], Seen::Absent) {
            axes += 1;
        }
        axes
    }

    /// The receptive field: how many positions are seen along each axis.
    #[must_use]
    pub const fn size(&self) -> Extents {
        let mut extents = [0; MAX_AXES];
        let mut axis = 0;
        while axis < self.len() {
            extents[axis] = self.axis(axis).size;
            axis += 1;
        }
        Extents::new(extents.split_at(axis).0)
    }

    /// How far apart neighbours look along each axis, rounded down: 0 where the
    /// value is finer than the input. [`Field::axis`] has the fraction.
    #[must_use]
    pub const fn stride(&self) -> Extents {
        let mut extents = [0; MAX_AXES];
        let mut axis = 0;
        while axis < self.len() {
            let (stride, per) = self.axis(axis).stride;
            extents[axis] = stride / per;
            axis += 1;
        }
        Extents::new(extents.split_at(axis).0)
    }

    /// What is seen along one axis.
    ///
    /// # Panics
    ///
    /// When the input has no such axis.
    #[must_use]
    pub const fn axis(&self, axis: usize) -> AxisField {
        match self.axes[axis] {
            Seen::Absent => panic!("the input has no such axis"),
            Seen::Nothing => AxisField {
                size: 0,
                stride: (0, 1),
                padding: 0,
                whole: false,
            },
            Seen::Whole(extent) => AxisField {
                size: extent,
                stride: (extent, 1),
                padding: 0,
                whole: true,
            },
            Seen::Steps(steps) => {
                let (times, per) = steps.stride();
                AxisField {
                    size: unsigned(steps.extent()),
                    stride: (unsigned(times), unsigned(per)),
                    padding: steps.begin().saturating_neg(),
                    whole: false,
                }
            }
        }
    }

    /// What a layer that reads this field of an input at such places sees.
    const fn through(&self, receptive: &Receptive, input: &Extents, first: usize) -> Self {
        let mut field = *self;
        let mut axis = 0;
        while axis < self.len() {
            let whole = Seen::Whole(input.at(first + axis));
            field.axes[axis] = match (self.axes[axis], receptive) {
                (seen @ (Seen::Absent | Seen::Nothing | Seen::Whole(_)), _) => seen,
                (_, Receptive::Whole) => whole,
                (Seen::Steps(steps), Receptive::Axes(along)) => match steps.through(along) {
                    Some(steps) => Seen::Steps(steps),
                    None => whole,
                },
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
        while axis < self.len() {
            field.axes[axis] = match (self.axes[axis], other.axes[axis]) {
                (Seen::Absent | Seen::Nothing, seen) | (seen, Seen::Absent | Seen::Nothing) => seen,
                (whole @ Seen::Whole(_), _) | (_, whole @ Seen::Whole(_)) => whole,
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

impl Field {
    /// With what is seen along one axis.
    pub(super) const fn set(&mut self, axis: usize, along: Field<1>) {
        self.axes[axis] = along.axes[0];
        self.misaligned = self.misaligned || along.misaligned;
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
    fields_from(flow, input, 0, places);
}

/// The axes that positions of an input are counted along.
pub(super) const fn axes(flow: &Flow<'_>, input: usize) -> Extents {
    let shape = flow.shape(input);
    Extents::new(shape.as_slice().split_at(tracked_axes(shape)).0)
}

/// [`fields`] along the axes from `first` on.
pub(super) const fn fields_from<const AXES: usize>(
    flow: &Flow<'_>,
    input: usize,
    first: usize,
    places: &mut [Field<AXES>],
) {
    assert!(input < flow.inputs(), "the network has no such input");
    let extents = axes(flow, input);
    let mut value = 0;
    while value < flow.inputs() {
        places[value] = Field::of(&extents, first, value == input);
        value += 1;
    }
    let nothing = Field::of(&extents, first, false);
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let gathered = flow.gather(&node);
        let shapes = gathered.split_at(node.inputs()).0;
        let mut field = nothing;
        let mut k = 0;
        while k < node.inputs() {
            let receptive = node.layer().receptive(shapes, k);
            let seen = places[node.input(k)].through(&receptive, &extents, first);
            field = if k == 0 { seen } else { field.join(&seen) };
            k += 1;
        }
        let mut value = node.output();
        while value < node.end() {
            places[value] = field;
            value += 1;
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
pub const fn largest_output<const AXES: usize>(
    flow: &Flow<'_>,
    places: &[Field<AXES>],
) -> Field<AXES> {
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

/// What each of a graph's values sees of one of its inputs; those inside of networks
/// are numbered as [`Leaf`](crate::graph::Leaf) has them.
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
        assert!(
            graph.values_inside() == VALUES,
            "a place for each value, those inside of networks too"
        );
        let mut places = [Field::NOTHING; VALUES];
        fields(&Flow::of(graph), input, &mut places);
        Self { fields: places }
    }

    /// The layers at which branches meet that are not over each other, numbered as
    /// [`Graph::walk`] has them.
    pub fn misaligned(&self, graph: &'static Graph) -> impl Iterator<Item = usize> + '_ {
        let layers = graph.walk().enumerate();
        layers
            .filter(|(_, leaf)| {
                leaf.node.results > 0
                    && self.fields[leaf.output()].misaligned
                    && !leaf.inputs().any(|value| self.fields[value].misaligned)
            })
            .map(|(index, _)| index)
    }
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
