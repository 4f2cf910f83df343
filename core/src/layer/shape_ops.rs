//! Changes of shape.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family};
use crate::error::Error;
use crate::formula;
use crate::layer::{self, Tensor};
use crate::shape::Shape;
use crate::value::Value;

/// The kinds of shape change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `flatten`.
    Flatten,
}

const ORDER: Argument = Argument::keyword(
    "order",
    "the order of the elements in memory",
    &["channels_first", "channels_last"],
)
.default(Value::Keyword("channels_first"));

family! {
    /// Flattening: all elements as one vector.
    ///
    /// The elements come in the order in which PyTorch has them, channels first, so that published
    /// weights fit; `order = channels_last` is Keras's. No parameters, no MACs.
    ///
    /// Source: PyTorch's `Flatten`, Keras's `Flatten`.
    flatten: layer::Kind::ShapeOp(Kind::Flatten), |entry| entry
        .arguments(&[ORDER]).aliases(&["Flatten"]);
}

/// A change of shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShapeOp {
    /// `flatten`.
    Flatten {
        /// Whether the elements are taken with the channels last.
        channels_last: bool,
    },
}

impl ShapeOp {
    pub(super) const fn build(kind: Kind, args: &Args, _inputs: &[Shape]) -> Result<Self, Error> {
        Ok(match kind {
            Kind::Flatten => Self::Flatten {
                channels_last: args.is("order", "channels_last"),
            },
        })
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Flatten { .. } => match inputs[0].checked_elements() {
                #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
                Some(elements) if elements <= usize::MAX as u64 => {
                    Ok(Shape::new(&[elements as usize]))
                }
                _ => Err(formula::overflow("the number of elements")),
            },
        }
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::Flatten { .. } => {
                f.write_str("features: ")?;
                for (i, extent) in inputs[0].as_slice().iter().enumerate() {
                    write!(f, "{}{extent}", if i == 0 { "" } else { "*" })?;
                }
                match inputs[0].checked_elements() {
                    Some(elements) => writeln!(f, " = {elements}"),
                    None => Ok(()),
                }
            }
        }
    }
}
