//! Activations: functions of each element, or over the channels.

use core::fmt;

use crate::catalogue::{Args, Entry, family};
use crate::error::Error;
use crate::layer::{self, Tensor};
use crate::shape::Shape;

/// The kinds of activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `relu`.
    Relu,
    /// `softmax`.
    Softmax,
}

family! {
    /// Rectified linear unit: `max(0, x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ReLU`.
    relu: layer::Kind::Activation(Kind::Relu), |entry| entry
        .aliases(&["ReLU", "Relu"]);

    /// Softmax over the channels (features): positive numbers that add up to 1.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softmax`, over the
    /// channels.
    softmax: layer::Kind::Activation(Kind::Softmax), |entry| entry
        .aliases(&["Softmax"]);
}

/// An activation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `relu`.
    Relu,
    /// `softmax` over the channels.
    Softmax,
}

impl Activation {
    pub(super) const fn build(kind: Kind, _args: &Args, _inputs: &[Shape]) -> Result<Self, Error> {
        Ok(match kind {
            Kind::Relu => Self::Relu,
            Kind::Softmax => Self::Softmax,
        })
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) fn explain(&self, _inputs: &[Shape], _f: &mut dyn fmt::Write) -> fmt::Result {
        Ok(())
    }
}
