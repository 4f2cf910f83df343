//! What part of the network's input each value sees.

use super::{Flow, Link};
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
            axes[axis] = Seen::Steps(Steps::itself(axis));
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

    /// What a layer that reads this field at such places sees.
    const fn through(&self, receptive: &Receptive) -> Self {
        let mut field = *self;
        let mut axis = 0;
        while axis < self.input.len() {
            field.axes[axis] = match (self.axes[axis], receptive) {
                (Seen::Nothing, _) => Seen::Nothing,
                (Seen::Whole, _) | (_, Receptive::Whole) => Seen::Whole,
                (Seen::Steps(steps), Receptive::Axes(along)) => match steps.through(along) {
                    Some(steps) => Seen::Steps(steps),
                    None => Seen::Whole,
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
    from_inputs(flow, &nothing, places);
}

/// [`fields`] where the inputs have their fields already.
const fn from_inputs(flow: &Flow<'_>, nothing: &Field, places: &mut [Field]) {
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        if let Some(inner) = &node.inside {
            with_places!(inner.values(), inside(inner, &node, nothing, places));
            i += 1;
            continue;
        }
        let gathered = flow.gather(&node);
        let shapes = gathered.split_at(node.inputs.len()).0;
        let mut field = *nothing;
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

/// Finds out what the results of a network see.
const fn inside<const N: usize>(
    inner: &Flow<'_>,
    node: &Link<'_>,
    nothing: &Field,
    places: &mut [Field],
) {
    let mut own = [*nothing; N];
    let mut k = 0;
    while k < node.inputs.len() {
        own[k] = places[node.inputs[k]];
        k += 1;
    }
    from_inputs(inner, nothing, &mut own);
    let mut result = 0;
    while result < node.results {
        places[node.output + result] = own[inner.output(result)];
        result += 1;
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
