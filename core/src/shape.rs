//! The shape of a value that flows through a network.

use core::fmt;

use crate::extents::{Extents, MAX_RANK};
use crate::text::{Text, same};

/// The shape of one sample: spatial extents first, channels (features) last,
/// no batch. `227x227x3` is height x width x channels, `128x768` a sequence of
/// 128 positions with 768 features, `1000` a vector.
///
/// The notation says nothing about the order in memory; engines that take
/// channels first use [`Shape::channels_first`].
///
/// ```
/// use shapewise_core::Shape;
///
/// const IMAGE: Shape = Shape::new(&[227, 227, 3]);
/// const PIXELS: usize = IMAGE.height() * IMAGE.width();
///
/// assert_eq!(IMAGE.to_string(), "227x227x3");
/// assert_eq!(PIXELS, 51_529);
/// assert_eq!(IMAGE.elements(), 154_587);
/// assert_eq!(IMAGE.channels_first().as_slice(), [3, 227, 227]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape(Extents);

/// A named axis of a [`Shape`], as `input.height` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The first spatial axis of a volume (rank 4).
    Depth,
    /// The first spatial axis of an image, the second of a volume.
    Height,
    /// The last spatial axis of an image or a volume.
    Width,
    /// The only spatial axis of a sequence (rank 2).
    Length,
    /// The last axis of any shape.
    Channels,
    /// The last axis of any shape: the word for vectors and sequences.
    Features,
}

impl Axis {
    /// Every axis, by its name in the language.
    pub const ALL: [(&'static str, Self); 6] = [
        ("depth", Self::Depth),
        ("height", Self::Height),
        ("width", Self::Width),
        ("length", Self::Length),
        ("channels", Self::Channels),
        ("features", Self::Features),
    ];

    /// The axis of that name.
    #[must_use]
    pub const fn named(name: &str) -> Option<Self> {
        let mut i = 0;
        while i < Self::ALL.len() {
            if same(Self::ALL[i].0, name) {
                return Some(Self::ALL[i].1);
            }
            i += 1;
        }
        None
    }

    /// The inputs that have it, for errors: "an image or a volume".
    pub(crate) const fn found_in(self) -> &'static str {
        match self {
            Self::Depth => "a volume",
            Self::Height | Self::Width => "an image or a volume",
            Self::Length => "a sequence",
            Self::Channels | Self::Features => "any input",
        }
    }
}

/// What a spatial axis is called, by its place among `axes` spatial axes.
#[must_use]
pub const fn axis_name(axis: usize, axes: usize) -> &'static str {
    match (axis, axes) {
        (0, 1) => "length",
        (0, 2) | (1, 3) => "height",
        (1, 2) | (2, 3) => "width",
        (0, 3) => "depth",
        _ => "an axis",
    }
}

/// What the axis at `place` of a value of this rank is called, the last one included.
#[must_use]
pub const fn axis_of_rank(place: usize, rank: usize) -> &'static str {
    match (rank.saturating_sub(1), rank) {
        (last, ..3) if place == last => "features",
        (last, _) if place == last => "channels",
        (spatial, _) => axis_name(place, spatial),
    }
}

impl Shape {
    /// What the axis at `place` is called: `height`, `channels`.
    #[must_use]
    pub const fn axis_name(&self, place: usize) -> &'static str {
        axis_of_rank(place, self.rank())
    }

    /// What its last axis is called: `channels`, or `features` of vectors and sequences.
    #[must_use]
    pub const fn last_axis_name(&self) -> &'static str {
        self.axis_name(self.rank() - 1)
    }

    /// The shape with these extents.
    ///
    /// # Panics
    ///
    /// With no extent or more than [`MAX_RANK`], or with an extent of 0.
    #[must_use]
    pub const fn new(extents: &[usize]) -> Self {
        match Self::try_new(extents) {
            Some(shape) => shape,
            None => panic!("a shape has 1 to 5 extents, none of them 0"),
        }
    }

    /// The shape with these extents; `None` with none, more than [`MAX_RANK`],
    /// or one of 0.
    #[must_use]
    pub const fn try_new(extents: &[usize]) -> Option<Self> {
        match Extents::try_new(extents) {
            Some(extents) => Self::from_extents(extents),
            None => None,
        }
    }

    /// The shape with these extents; `None` with none or one of 0.
    #[must_use]
    pub const fn from_extents(extents: Extents) -> Option<Self> {
        if extents.is_empty() || extents.has_zero() {
            return None;
        }
        Some(Self(extents))
    }

    /// The shape with these spatial extents and this many channels; `None`
    /// when it would have more than [`MAX_RANK`] axes or one of 0.
    #[must_use]
    pub const fn from_parts(spatial: Extents, channels: usize) -> Option<Self> {
        match spatial.push(channels) {
            Some(extents) => Self::from_extents(extents),
            None => None,
        }
    }

    /// The number of axes, the batch not counted.
    #[must_use]
    pub const fn rank(&self) -> usize {
        self.0.len
    }

    /// The extents as written: spatial first, channels last.
    #[must_use]
    pub const fn extents(&self) -> Extents {
        self.0
    }

    /// The extents as a slice.
    #[must_use]
    pub const fn as_slice(&self) -> &[usize] {
        self.0.as_slice()
    }

    /// The spatial extents: all but the last.
    #[must_use]
    pub const fn spatial(&self) -> Extents {
        self.0.without_last()
    }

    /// The number of spatial axes: 0 for a vector, 1 for a sequence, 2 for an
    /// image, 3 for a volume.
    #[must_use]
    pub const fn spatial_rank(&self) -> usize {
        self.0.len - 1
    }

    /// The last extent: the channels of an image, the features of a vector.
    #[must_use]
    pub const fn channels(&self) -> usize {
        self.0.last()
    }

    /// The last extent; [`Shape::channels`] by the word for vectors and sequences.
    #[must_use]
    pub const fn features(&self) -> usize {
        self.channels()
    }

    /// The same spatial extents with other channels; `None` for 0 channels.
    #[must_use]
    pub const fn with_channels(&self, channels: usize) -> Option<Self> {
        Self::from_extents(self.0.with(self.rank() - 1, channels))
    }

    /// The extent of a named axis, `None` when the shape has no such axis.
    #[must_use]
    pub const fn axis(&self, axis: Axis) -> Option<usize> {
        match self.place(axis) {
            Some(place) => Some(self.0.at(place)),
            None => None,
        }
    }

    /// The place of a named axis among the extents as written, `None` when the
    /// shape has no such axis.
    #[must_use]
    pub const fn place(&self, axis: Axis) -> Option<usize> {
        Some(match (axis, self.rank()) {
            (Axis::Channels | Axis::Features, rank) => rank - 1,
            (Axis::Length, 2) | (Axis::Height, 3) | (Axis::Depth, 4) => 0,
            (Axis::Width, 3) | (Axis::Height, 4) => 1,
            (Axis::Width, 4) => 2,
            _ => return None,
        })
    }

    const fn required(&self, axis: Axis) -> usize {
        match self.axis(axis) {
            Some(extent) => extent,
            None => panic!("the shape has no axis of that name"),
        }
    }

    /// The height of an image or a volume.
    ///
    /// # Panics
    ///
    /// When the shape is neither; [`Shape::axis`] does not panic.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.required(Axis::Height)
    }

    /// The width of an image or a volume.
    ///
    /// # Panics
    ///
    /// When the shape is neither; [`Shape::axis`] does not panic.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.required(Axis::Width)
    }

    /// The depth of a volume.
    ///
    /// # Panics
    ///
    /// When the shape is no volume; [`Shape::axis`] does not panic.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.required(Axis::Depth)
    }

    /// The length of a sequence.
    ///
    /// # Panics
    ///
    /// When the shape is no sequence; [`Shape::axis`] does not panic.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.required(Axis::Length)
    }

    /// The number of elements of one sample.
    ///
    /// # Panics
    ///
    /// When it does not fit a `usize` of the target.
    #[must_use]
    pub const fn elements(&self) -> usize {
        let elements = self.checked_elements();
        match elements {
            #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
            Some(elements) if elements <= usize::MAX as u64 => elements as usize,
            _ => panic!("the number of elements overflows usize"),
        }
    }

    /// The number of elements of one sample, `None` when it overflows.
    #[must_use]
    pub const fn checked_elements(&self) -> Option<u64> {
        self.0.product()
    }

    /// The number of positions (the product of the spatial extents, 1 for a
    /// vector), `None` when it overflows.
    #[must_use]
    pub const fn positions(&self) -> Option<u64> {
        self.spatial().product()
    }

    /// The extents with the channels in front, as PyTorch lays out a sample.
    #[must_use]
    pub const fn channels_first(&self) -> Extents {
        let mut order = [0; MAX_RANK];
        let rank = self.rank();
        order[0] = self.channels();
        let mut i = 1;
        while i < rank {
            order[i] = self.0.at(i - 1);
            i += 1;
        }
        Extents::new(order.split_at(rank).0)
    }

    /// Whether both shapes are the same: `==` for const contexts.
    #[must_use]
    pub const fn equals(&self, other: &Self) -> bool {
        self.0.equals(&other.0)
    }

    /// What papers call a value of this rank: `vector`, `sequence`, `image`,
    /// `volume`.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        match self.rank() {
            1 => "vector",
            2 => "sequence",
            3 => "image",
            4 => "volume",
            _ => "tensor",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Text {
    /// Adds a shape: `227x227x3`.
    pub const fn shape(&mut self, shape: &Shape) -> &mut Self {
        self.extents(&shape.extents())
    }
}
