//! Shapes and the figures of labels, from short texts.

use crate::extents::{Extents, MAX_RANK};
use crate::graph::{Counts, Stage};
use crate::shape::Shape;

/// Extents as papers write them.
///
/// ```
/// use shapewise_core::{Extents, graph::code::extents};
///
/// assert_eq!(extents("11x11"), Extents::new(&[11, 11]));
/// ```
#[must_use]
pub const fn extents(text: &str) -> Extents {
    Figures::new(text).extents()
}

/// A shape as papers write it.
///
/// ```
/// use shapewise_core::{Shape, graph::code::shape};
///
/// assert_eq!(shape("227x227x3"), Shape::new(&[227, 227, 3]));
/// ```
///
/// # Panics
///
/// When it is none: one to five extents, none of them 0.
#[must_use]
pub const fn shape(text: &str) -> Shape {
    Figures::new(text).shape()
}

/// The figures of a label: its layers, input, output, weights, biases, buffers and
/// multiply-accumulates, what it sees, and its effective stride.
///
/// ```
/// use shapewise_core::graph::code::stage;
///
/// let conv1 = stage("conv1", "2 227x227x3 55x55x96 34848 96 0 105415200 11x11 4x4");
/// assert_eq!(conv1.params, 34_944);
/// assert_eq!(conv1.output.to_string(), "55x55x96");
/// ```
///
/// # Panics
///
/// When a shape is none.
#[must_use]
pub const fn stage(name: &'static str, figures: &str) -> Stage {
    let mut figures = Figures::new(figures);
    let layers = figures.extents().at(0);
    let (input, output) = (figures.shape(), figures.shape());
    let counts = Counts {
        weights: figures.count(),
        biases: figures.count(),
        buffers: figures.count(),
        macs: figures.count(),
    };
    Stage::new(name, layers, input, output, counts).seeing(figures.extents(), figures.extents())
}

/// What is left of a text of numbers.
struct Figures<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Figures<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// A number, and what ends it.
    const fn number(&mut self) -> (u64, u8) {
        let mut number = 0;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            self.at += 1;
            if !byte.is_ascii_digit() {
                return (number, byte);
            }
            number = 10 * number + (byte - b'0') as u64;
        }
        (number, b' ')
    }

    const fn count(&mut self) -> u64 {
        self.number().0
    }

    /// Numbers with an `x` between them; none is a `-`.
    const fn extents(&mut self) -> Extents {
        let mut extents = [0; MAX_RANK];
        let mut rank = 0;
        loop {
            let (number, end) = self.number();
            if end == b'-' {
                self.at += 1;
                return Extents::EMPTY;
            }
            #[expect(clippy::cast_possible_truncation, reason = "it was a usize")]
            {
                extents[rank] = number as usize;
            }
            rank += 1;
            if end != b'x' {
                return Extents::new(extents.split_at(rank).0);
            }
        }
    }

    const fn shape(&mut self) -> Shape {
        super::shape_of(self.extents())
    }
}
