//! Windows that attend to themselves, as in Swin transformers.

use super::sequence;
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula::{self, size_product};
use crate::shape::Shape;

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
    /// Whether a bias is learned per head and distance.
    pub relative_position_bias: bool,
}

impl LocalWindow {
    /// The windows, if `window` is written.
    ///
    /// Source of padding and shift: torchvision's `shifted_window_attention` (image) and
    /// `shifted_window_attention_3d` with `_get_window_and_shift_size` (volume).
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Option<Self>, Error> {
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
        let others = [
            name!("memory"),
            name!("value"),
            name!("add_bias_kv"),
            name!("add_zero_attn"),
            name!("causal"),
            name!("rotary"),
            name!("alibi"),
            name!("mask"),
            name!("sinks"),
            name!("sliding_window"),
            name!("chunk"),
        ];
        let mut i = 0;
        while i < others.len() {
            // Of the numbers it is enough that they are there.
            let limits = i >= others.len() - 2 && args.has(others[i]);
            if limits || args.place(others[i]).is_some() || args.bool(others[i]) {
                return Err(Error::Excludes {
                    argument: others[i].text,
                    other: "window",
                });
            }
            i += 1;
        }
        let size = attempt!(args.per_axis(name!("window"), input));
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
            relative_position_bias: args.bool(name!("relative_position_bias")),
        }))
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

    /// How many distances two positions of a window can have: `(2w - 1)*(2w - 1)`.
    pub(super) const fn distances(&self) -> Result<usize, Error> {
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
    /// positions: `(w*w)*(w*w)` in a row, on a volume `w*w*w x w*w*w`.
    ///
    /// Source: torchvision's `ShiftedWindowAttention`, which flattens it, and
    /// `ShiftedWindowAttention3d`, which does not.
    pub(super) const fn index(&self) -> Result<Extents, Error> {
        let what = "the number of relative positions";
        let mut positions = 1;
        let mut axis = 0;
        while axis < self.size.len() {
            positions = attempt!(size_product(positions, self.size.at(axis), what));
            axis += 1;
        }
        let pairs = attempt!(size_product(positions, positions, what));
        if self.size.len() == 3 {
            return Ok(Extents::new(&[positions, positions]));
        }
        Ok(Extents::new(&[pairs]))
    }
}

/// Without a window, nothing may be written that is about windows.
const fn absent(args: &Args, input: &Shape) -> Result<Option<LocalWindow>, Error> {
    let shifted = match args.per_axis(name!("shift"), input) {
        Ok(shift) => shift.at(0) > 0,
        Err(error) => return Err(error),
    };
    if shifted || args.bool(name!("relative_position_bias")) {
        return Err(Error::Requires {
            argument: if shifted {
                "shift"
            } else {
                "relative_position_bias"
            },
            other: "window",
        });
    }
    Ok(None)
}
