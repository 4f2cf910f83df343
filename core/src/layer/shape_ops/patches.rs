//! Patches: `unfold` and `fold`.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Counted, Error, Needs, attempt};
use crate::formula;
use crate::layer::Window;
use crate::layer::explain::{Lines, product};
use crate::layer::shape_ops::{extent, list, order, shape};
use crate::number::Grouped;
use crate::shape::Shape;

/// The hyperparameters of `unfold` and `fold`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patches {
    /// The patch and how it moves over the whole.
    pub window: Window,
    /// The whole: what `unfold` takes and `fold` makes.
    pub whole: Shape,
    /// Whether the channels of an element stand together in a patch.
    pub channels_last: bool,
}

impl Patches {
    /// The patches of the input.
    pub(super) const fn of(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.spatial_rank() < 1 || input.spatial_rank() > 3 {
            return Err(Error::InputRank {
                needs: Needs::Positions,
                input: *input,
            });
        }
        Ok(Self {
            window: attempt!(Window::build(args, input, Some(1))),
            whole: *input,
            channels_last: args.is(name!("order"), "channels_last"),
        })
    }

    /// The patches that the input holds, one per position.
    pub(super) const fn folded(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.spatial_rank() != 1 {
            return Err(Error::InputRank {
                needs: Needs::Sequence,
                input: *input,
            });
        }
        let size = attempt!(list(args, name!("size")));
        let kernel = attempt!(list(args, name!("kernel")));
        let elements = attempt!(extent(kernel.product()));
        if elements == 0 || !input.features().is_multiple_of(elements) {
            return Err(Error::NotMultiple {
                what: "features",
                value: input.features(),
                of: elements,
                because: "the elements of `kernel`",
            });
        }
        let whole = attempt!(shape(Shape::from_parts(size, input.features() / elements)));
        let patches = Self {
            window: attempt!(Window::build(args, &whole, Some(1))),
            whole,
            channels_last: args.is(name!("order"), "channels_last"),
        };
        let count = attempt!(patches.positions());
        if count != input.spatial().at(0) {
            return Err(Error::CountDiffers {
                argument: "size",
                given: size,
                count: count as u64,
                what: Counted::Positions,
                value: input.spatial().at(0) as u64,
                input: *input,
            });
        }
        Ok(patches)
    }

    const fn positions(&self) -> Result<usize, Error> {
        extent(attempt!(self.window.output(&self.whole, false)).product())
    }

    pub(super) const fn unfold(&self, input: &Shape) -> Result<Shape, Error> {
        let positions = attempt!(self.positions());
        let features = match self.window.kernel.product() {
            Some(elements) => elements.checked_mul(input.channels() as u64),
            None => None,
        };
        match features {
            Some(_) => shape(Shape::try_new(&[positions, attempt!(extent(features))])),
            None => Err(formula::overflow("the features of a patch")),
        }
    }

    pub(super) const fn fold(&self) -> Result<Shape, Error> {
        Ok(self.whole)
    }

    /// Writes the positions on each axis, all of them, and the features.
    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        self.window.explain(&self.whole, false, lines)?;
        if let Ok(positions) = self.window.output(&self.whole, false) {
            order::explain_product("positions", positions, lines)?;
        }
        match self.window.kernel.push(input.channels()) {
            Some(factors) => order::explain_product("features", factors, lines),
            None => Ok(()),
        }
    }

    /// Writes the channels: `channels: 75 / (5*5) = 3`.
    pub(super) fn explain_fold(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        let formula = format_args!("{} / ({})", input.features(), product(self.window.kernel));
        let channels = Grouped(self.whole.channels() as u64);
        lines.output("channels", formula, channels)
    }
}
