//! In which order PyTorch has the elements of a sequence.
//!
//! A sequence is written length x features. PyTorch has it so behind an embedding, a recurrent
//! layer or attention, N x L x F, and the other way round behind a convolution, N x C x L. Only
//! what takes all elements one after another, `flatten` and `reshape`, tells one from the other.

use super::embedding::Embedding;
use super::merge::Merge;
use super::normalisation::Normalisation;
use super::shape_ops::ShapeOp;
use super::{Layer, shape_ops::Patches};

/// In which order PyTorch has a value's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// There is one order only, as in a vector.
    Any,
    /// N x C x L: channel by channel, as convolutions take and give them. So are images.
    ChannelsFirst,
    /// N x L x F: position by position.
    ChannelsLast,
    /// That is not known: values of both kinds meet, or it is a network's input.
    Unknown,
}

impl Layout {
    /// That of what is made of two values element by element.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, one) | (one, Self::Any) => one,
            (Self::ChannelsFirst, Self::ChannelsFirst) => Self::ChannelsFirst,
            (Self::ChannelsLast, Self::ChannelsLast) => Self::ChannelsLast,
            _ => Self::Unknown,
        }
    }

    /// This one where it is known to be that, or has no order.
    const fn only(self, wanted: Self) -> Self {
        match (self, wanted) {
            (Self::ChannelsFirst, Self::ChannelsFirst) | (Self::Any, Self::ChannelsFirst) => {
                Self::ChannelsFirst
            }
            (Self::ChannelsLast, Self::ChannelsLast) | (Self::Any, Self::ChannelsLast) => {
                Self::ChannelsLast
            }
            _ => Self::Unknown,
        }
    }
}

impl Layer {
    /// How PyTorch has the sequence that comes out, from how it has what goes in.
    ///
    /// ```
    /// use shapewise_core::layer::Layout;
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let signal = [Shape::new(&[64, 8])];
    /// let conv = [("channels", Value::Int(16)), ("kernel", Value::Int(3))];
    /// let conv = Layer::build(layers::conv, &conv, &signal)?;
    /// assert_eq!(conv.layout(&[Layout::ChannelsLast]), Layout::ChannelsFirst);
    /// let lstm = Layer::build(layers::lstm, &[("features", Value::Int(16))], &signal)?;
    /// assert_eq!(lstm.layout(&[Layout::ChannelsFirst]), Layout::ChannelsLast);
    /// let relu = Layer::build(layers::relu, &[], &signal)?;
    /// assert_eq!(relu.layout(&[Layout::ChannelsLast]), Layout::ChannelsLast);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn layout(&self, inputs: &[Layout]) -> Layout {
        let mut all = Layout::Any;
        let mut i = 0;
        while i < inputs.len() {
            all = all.with(inputs[i]);
            i += 1;
        }
        match self {
            Self::Convolution(_) => Layout::ChannelsFirst,
            // Behind these a sequence is as in front of them; a transposition that they need
            // on the way may be taken back or not.
            Self::Pooling(_)
            | Self::Normalisation(
                Normalisation::Batch(_)
                | Normalisation::Group { .. }
                | Normalisation::Instance(_)
                | Normalisation::LocalResponse { .. },
            )
            | Self::ShapeOp(ShapeOp::Upsample(_)) => all.only(Layout::ChannelsFirst),
            Self::Normalisation(
                Normalisation::Layer { .. } | Normalisation::RootMeanSquare { .. },
            ) => all.only(Layout::ChannelsLast),
            Self::Dense(_)
            | Self::Recurrent(_)
            | Self::StateSpace(_)
            | Self::Attention(_)
            | Self::Mixture(_)
            | Self::Merge(Merge::Matmul | Merge::Einsum { .. })
            | Self::ShapeOp(ShapeOp::ToSequence) => Layout::ChannelsLast,
            Self::Embedding(Embedding::Positional { .. } | Embedding::ClassToken { .. }) => {
                all.only(Layout::ChannelsLast)
            }
            Self::Embedding(_) => Layout::ChannelsLast,
            // Vectors, one after another.
            Self::Merge(Merge::Stack) | Self::ShapeOp(ShapeOp::Expand { .. })
                if matches!(all, Layout::Any) =>
            {
                Layout::ChannelsLast
            }
            Self::ShapeOp(
                ShapeOp::Reshape { channels_last, .. }
                | ShapeOp::Unfold(Patches { channels_last, .. })
                | ShapeOp::Fold(Patches { channels_last, .. }),
            ) => match channels_last {
                true => Layout::ChannelsLast,
                false => Layout::ChannelsFirst,
            },
            Self::Subnetwork(_) | Self::CustomLayer(_) => Layout::Unknown,
            _ => all,
        }
    }

    /// The layer with the order in which it takes all elements one after another, where it
    /// does: that of PyTorch's N x L x F for `channels_last`.
    ///
    /// ```
    /// use shapewise_core::layer::Layout;
    /// use shapewise_core::{Layer, Shape, Value, layers};
    ///
    /// let words = [Shape::new(&[12, 64])];
    /// let last = [("order", Value::Keyword("channels_last"))];
    /// let flatten = Layer::build(layers::flatten, &[], &words)?;
    /// assert_eq!(flatten.in_order(true), Some(Layer::build(layers::flatten, &last, &words)?));
    /// let relu = Layer::build(layers::relu, &[], &words)?;
    /// assert_eq!(relu.in_order(true), None);
    /// # Ok::<(), shapewise_core::Error>(())
    /// ```
    #[must_use]
    pub const fn in_order(&self, channels_last: bool) -> Option<Self> {
        match self {
            Self::ShapeOp(ShapeOp::Flatten { .. }) => {
                Some(Self::ShapeOp(ShapeOp::Flatten { channels_last }))
            }
            Self::ShapeOp(ShapeOp::Reshape { shape, .. }) => {
                Some(Self::ShapeOp(ShapeOp::Reshape {
                    shape: *shape,
                    channels_last,
                }))
            }
            _ => None,
        }
    }
}
