//! Windows that attend to themselves, as in Swin transformers and MaxViT.

use super::sequence;
use crate::argument::{Argument, Name, name};
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula::{self, size_product};
use crate::shape::Shape;
use crate::value::Value;

/// The windows of an attention layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalWindow {
    /// The window as written: the table of relative positions is made for it.
    pub size: Extents,
    /// The window that is used: on a volume no larger than the input.
    pub used: Extents,
    /// The input, padded at the end of each axis to whole windows.
    pub padded: Extents,
    /// How far the windows are shifted: 0 along an axis that one window covers.
    pub shift: Extents,
    /// Which positions are a window.
    pub partition: Partition,
    /// What is learned for each head and distance.
    pub position_bias: PositionBias,
    /// The window that the distances of [`PositionBias::Continuous`] are measured by.
    pub scale: Extents,
    /// How the buffers that follow from the window are stored.
    pub buffers: IndexBuffers,
}

/// How the buffer with the place of each pair of positions in the table is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexBuffers {
    /// All pairs in a row.
    Flat,
    /// A row for each query.
    Matrix,
    /// Not at all, nor is what [`PositionBias::Continuous`] reads.
    None,
}

/// Which positions attend to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// Neighbours: a window.
    Window,
    /// Those that are a whole grid's step apart, over all of the input: as many as a window has.
    Grid,
}

/// What is added to the scores for the distance of two positions of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionBias {
    /// Nothing.
    None,
    /// A learned number for each head and distance, in a table.
    Table,
    /// What two linear layers make of the distance, so that windows can become larger.
    Continuous,
}

/// The features between both linear layers of [`PositionBias::Continuous`].
///
/// Source: Swin V2, and all that have its layers.
pub const CONTINUOUS_FEATURES: usize = 512;

/// The arguments that say which positions attend to each other.
pub(super) const ARGUMENTS: [Argument; 3] = [
    Argument::extents(
        "window",
        "extent of the windows that attend to themselves",
        1,
    )
    .default_is("the whole input")
    .aliases(&["window_size"]),
    Argument::extents("shift", "how far the windows are shifted", 0)
        .default(Value::Int(0))
        .aliases(&["shift_size"]),
    Argument::keyword(
        "partition",
        "which positions are a window: neighbours, or those of a grid over the whole input",
        &["window", "grid"],
    )
    .default(Value::Keyword("window"))
    .aliases(&["partition_type"]),
];

impl LocalWindow {
    /// The windows, if `window` is written, with the bias that the layer learns for them.
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Option<Self>, Error> {
        let window = attempt!(Self::places(
            args,
            input,
            &[
                name!("memory"),
                name!("value"),
                name!("add_bias_kv"),
                name!("add_zero_attn"),
                name!("causal"),
                name!("rotary"),
                name!("alibi"),
                name!("mask"),
                name!("sinks"),
            ],
        ));
        let table = args.bool(name!("relative_position_bias"));
        let continuous = args.bool(name!("continuous_position_bias"));
        let Some(mut window) = window else {
            if table || continuous {
                return Err(Error::Requires {
                    argument: if table {
                        "relative_position_bias"
                    } else {
                        "continuous_position_bias"
                    },
                    other: "window",
                });
            }
            return Ok(None);
        };
        if table && continuous {
            return Err(Error::Excludes {
                argument: "continuous_position_bias",
                other: "relative_position_bias",
            });
        }
        window.position_bias = match (table, continuous) {
            (true, _) => PositionBias::Table,
            (_, true) => PositionBias::Continuous,
            _ => PositionBias::None,
        };
        window.buffers = IndexBuffers::build(args, &window.size);
        window.scale = attempt!(args.per_axis_or(name!("pretrained_window"), input, window.size));
        Ok(Some(window))
    }

    /// The windows, if `window` is written; `others` cannot stand together with them.
    ///
    /// Source of padding and shift: torchvision's `shifted_window_attention` (image) and
    /// `shifted_window_attention_3d` with `_get_window_and_shift_size` (volume).
    pub(super) const fn places(
        args: &Args,
        input: &Shape,
        others: &[Name],
    ) -> Result<Option<Self>, Error> {
        if !args.has(name!("window")) {
            attempt!(sequence(input));
            return absent(args, input);
        }
        let axes = input.spatial_rank();
        if axes < 1 || axes > 3 {
            return Err(Error::InputRank {
                needs: Needs::Positions,
                input: *input,
            });
        }
        let mut i = 0;
        while i < others.len() {
            if args.place(others[i]).is_some() || args.bool(others[i]) {
                return Err(excluded(others[i].text));
            }
            i += 1;
        }
        // Of the numbers it is enough that they are there.
        if args.has(name!("sliding_window")) {
            return Err(excluded("sliding_window"));
        }
        if args.has(name!("chunk")) {
            return Err(excluded("chunk"));
        }
        let size = attempt!(args.per_axis(name!("window"), input));
        let grid = args.is(name!("partition"), "grid");
        let mut used = size;
        let mut padded = input.spatial();
        let mut shift = attempt!(args.per_axis(name!("shift"), input));
        let mut axis = 0;
        while axis < axes {
            let extent = input.extents().at(axis);
            if shift.at(axis) >= size.at(axis) {
                return Err(Error::TooLarge {
                    argument: "shift",
                    value: shift.at(axis),
                    most: size.at(axis) - 1,
                    what: "less than the window",
                });
            }
            if grid && shift.at(axis) > 0 {
                return Err(Error::Excludes {
                    argument: "shift",
                    other: "partition = grid",
                });
            }
            if grid && !extent.is_multiple_of(size.at(axis)) {
                return Err(Error::NotDivisible {
                    argument: "window",
                    divisor: size.at(axis),
                    what: along(axis, axes),
                    value: extent,
                    also: extent,
                });
            }
            if axes == 3 && extent <= size.at(axis) {
                used = used.with(axis, extent);
            }
            let whole = attempt!(size_product(
                extent.div_ceil(used.at(axis)),
                used.at(axis),
                "the padded input"
            ));
            padded = padded.with(axis, whole);
            if used.at(axis) >= whole {
                shift = shift.with(axis, 0);
            }
            axis += 1;
        }
        Ok(Some(Self {
            size,
            used,
            padded,
            shift,
            partition: if grid {
                Partition::Grid
            } else {
                Partition::Window
            },
            position_bias: PositionBias::None,
            scale: size,
            buffers: IndexBuffers::Flat,
        }))
    }

    /// One window by itself, for what is learned for its distances.
    pub(super) const fn alone(size: Extents, position_bias: PositionBias) -> Self {
        Self {
            size,
            used: size,
            padded: size,
            shift: Extents::splat(0, size.len()),
            partition: Partition::Window,
            position_bias,
            scale: size,
            buffers: IndexBuffers::Flat,
        }
    }

    /// How many positions there are with the padding.
    pub(super) const fn positions(&self) -> Result<u64, Error> {
        match self.padded.product() {
            Some(positions) => Ok(positions),
            None => Err(formula::overflow("the number of multiply-accumulates")),
        }
    }

    /// How many positions see each other.
    pub(super) const fn seen(&self) -> Result<u64, Error> {
        match self.used.product() {
            Some(positions) => Ok(positions),
            None => Err(formula::overflow("the number of multiply-accumulates")),
        }
    }

    /// [`LocalWindow::seen`], as an extent.
    pub(in crate::layer) const fn side(&self) -> Result<usize, Error> {
        let mut seen = 1;
        let mut axis = 0;
        while axis < self.used.len() {
            seen = attempt!(size_product(
                seen,
                self.used.at(axis),
                "the positions of a window"
            ));
            axis += 1;
        }
        Ok(seen)
    }

    /// How many distances two positions of a window can have: `(2w - 1)*(2w - 1)`.
    pub(in crate::layer) const fn distances(&self) -> Result<usize, Error> {
        let what = "the number of relative positions";
        let mut distances = 1;
        let mut axis = 0;
        while axis < self.size.len() {
            let along = attempt!(size_product(self.size.at(axis), 2, what)) - 1;
            distances = attempt!(size_product(distances, along, what));
            axis += 1;
        }
        Ok(distances)
    }

    /// The extents of the buffer with the place in the table of each pair of
    /// positions: `(w*w)*(w*w)` in a row, or `w*w x w*w`.
    pub(super) const fn index(&self) -> Result<Extents, Error> {
        let what = "the number of relative positions";
        let mut positions = 1;
        let mut axis = 0;
        while axis < self.size.len() {
            positions = attempt!(size_product(positions, self.size.at(axis), what));
            axis += 1;
        }
        let pairs = attempt!(size_product(positions, positions, what));
        if matches!(self.buffers, IndexBuffers::Matrix) {
            return Ok(Extents::new(&[positions, positions]));
        }
        Ok(Extents::new(&[pairs]))
    }

    /// The extents of the buffer with the distances that the linear layers of
    /// [`PositionBias::Continuous`] read: `1 x (2w - 1) x (2w - 1) x 2`.
    pub(super) const fn coordinates(&self) -> Extents {
        let axes = self.size.len();
        let mut extents = [1; 5];
        let mut axis = 0;
        while axis < axes && axis < 3 {
            extents[axis + 1] = self.size.at(axis).saturating_mul(2).saturating_sub(1);
            axis += 1;
        }
        extents[axis + 1] = axes;
        let (written, _) = extents.split_at(axis + 2);
        Extents::new(written)
    }

    /// The multiply-accumulates of both linear layers of [`PositionBias::Continuous`], once for all
    /// samples and windows.
    pub(super) const fn bias_macs(&self, heads: usize) -> Result<u64, Error> {
        if !matches!(self.position_bias, PositionBias::Continuous) {
            return Ok(0);
        }
        let what = "the number of multiply-accumulates";
        let distances = attempt!(self.distances()) as u64;
        let width = attempt!(formula::sum(self.size.len() as u64, heads as u64, what));
        formula::product_of(&[distances, CONTINUOUS_FEATURES as u64, width], what)
    }
}

impl IndexBuffers {
    /// Source of what they are by default: torchvision's `ShiftedWindowAttention`, which flattens the
    /// index, and `ShiftedWindowAttention3d`, which does not.
    pub(super) const fn build(args: &Args, window: &Extents) -> Self {
        let argument = name!("index_buffers");
        if args.is(argument, "none") {
            Self::None
        } else if args.is(argument, "matrix") || !args.has(argument) && window.len() == 3 {
            Self::Matrix
        } else {
            Self::Flat
        }
    }
}

/// What stands along an axis.
const fn along(axis: usize, axes: usize) -> &'static str {
    match (axis, axes) {
        (0, 2) | (1, 3) => "rows",
        (1, 2) | (2, 3) => "columns",
        (0, 3) => "layers",
        _ => "positions",
    }
}

const fn excluded(argument: &'static str) -> Error {
    Error::Excludes {
        argument,
        other: "window",
    }
}

/// Without a window, nothing may be written that is about windows.
const fn absent(args: &Args, input: &Shape) -> Result<Option<LocalWindow>, Error> {
    let shift = attempt!(args.per_axis(name!("shift"), input));
    let argument = if shift.at(0) > 0 {
        "shift"
    } else if args.is(name!("partition"), "grid") {
        "partition"
    } else if args.has(name!("pretrained_window")) {
        "pretrained_window"
    } else {
        return Ok(None);
    };
    Err(Error::Requires {
        argument,
        other: "window",
    })
}
