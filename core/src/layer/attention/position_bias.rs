//! What windows learn for the distances of their positions, as a layer of its own.

use super::tensors::Of;
use super::window::{IndexBuffers, LocalWindow, PositionBias};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::formula;
use crate::layer::Tensor;
use crate::shape::Shape;

/// The hyperparameters of `window_position_bias`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowPositionBias {
    /// The heads, each with a bias of its own.
    pub heads: usize,
    /// The window whose positions have the distances.
    pub window: LocalWindow,
}

impl WindowPositionBias {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let axes = input.spatial_rank();
        if axes < 1 || axes > 3 {
            return Err(Error::InputRank {
                needs: Needs::Positions,
                input: *input,
            });
        }
        let size = attempt!(args.per_axis(name!("window"), input));
        let mut window = LocalWindow::alone(
            size,
            if args.bool(name!("continuous")) {
                PositionBias::Continuous
            } else {
                PositionBias::Table
            },
        );
        window.scale = attempt!(args.per_axis_or(name!("pretrained_window"), input, size));
        window.buffers = IndexBuffers::build(args, &size);
        attempt!(window.distances());
        attempt!(window.index());
        Ok(Self {
            heads: attempt!(args.int(name!("heads"))),
            window,
        })
    }

    pub(super) const fn output(&self) -> Result<Shape, Error> {
        let positions = attempt!(self.window.side());
        match Shape::try_new(&[self.heads, positions, positions]) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let all = [
            Of::Table,
            Of::First,
            Of::FirstBias,
            Of::Second,
            Of::Coordinates,
            Of::Index,
        ];
        let mut left = index;
        let mut i = 0;
        while i < all.len() {
            if let Some(tensor) = self.window.tensor(self.heads, all[i]) {
                if left == 0 {
                    return Some(tensor);
                }
                left -= 1;
            }
            i += 1;
        }
        None
    }

    pub(super) const fn macs(&self) -> Result<u64, Error> {
        self.window.bias_macs(self.heads)
    }
}
