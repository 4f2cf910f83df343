//! Normalisations that ONNX has an operator for.

use shapewise_lower::{Dim, Made, Norm, Operations};

use super::{Onnx, Operand};
use crate::Error;
use crate::builder::Attribute;
use crate::value::{Value, int};

impl Onnx {
    /// What is learned, or as many elements of `value`.
    fn learned(
        &mut self,
        tensor: Option<Operand>,
        value: f64,
        dims: &[Dim],
    ) -> Result<Value, Error> {
        let extents: Vec<_> = dims.iter().map(|dim| dim.size().unwrap_or(1)).collect();
        let tensor = match tensor {
            Some(tensor) => tensor,
            None => self.full(&extents, value)?,
        };
        self.solid(tensor)
    }

    /// The scale and the shift of each channel.
    fn of_channels(&mut self, x: &Value, norm: Norm<Operand>) -> Result<[Value; 2], Error> {
        Ok([
            self.learned(norm.weight, 1.0, &x.dims[1..2])?,
            self.learned(norm.bias, 0.0, &x.dims[1..2])?,
        ])
    }

    pub(super) fn batch_normalised(
        &mut self,
        x: Operand,
        [mean, variance]: [Operand; 2],
        norm: Norm<Operand>,
    ) -> Made<Self> {
        let x = self.solid(x)?;
        let eps = vec![("epsilon", Attribute::Float(norm.eps))];
        let [scale, shift] = self.of_channels(&x, norm)?;
        let (mean, variance) = (self.solid(mean)?, self.solid(variance)?);
        let inputs = [&x, &scale, &shift, &mean, &variance];
        let dims = x.dims.clone();
        Ok(self
            .builder
            .node("BatchNormalization", &inputs, eps, dims)
            .into())
    }

    pub(super) fn instance_normalised(&mut self, x: Operand, norm: Norm<Operand>) -> Made<Self> {
        let x = self.solid(x)?;
        let eps = vec![("epsilon", Attribute::Float(norm.eps))];
        let [scale, shift] = self.of_channels(&x, norm)?;
        let dims = x.dims.clone();
        let inputs = [&x, &scale, &shift];
        Ok(self
            .builder
            .node("InstanceNormalization", &inputs, eps, dims)
            .into())
    }

    pub(super) fn group_normalised(
        &mut self,
        x: Operand,
        groups: usize,
        norm: Norm<Operand>,
    ) -> Made<Self> {
        let dims = x.dims.clone();
        let mut with = dims.clone();
        // The operator wants a position.
        with.extend((dims.len() == 2).then_some(Dim::Size(1)));
        let x = self.reshape(x, &with)?;
        let x = self.solid(x)?;
        let attributes = vec![
            ("num_groups", Attribute::Int(int(groups)?)),
            ("epsilon", Attribute::Float(norm.eps)),
        ];
        let [scale, shift] = self.of_channels(&x, norm)?;
        let inputs = [&x, &scale, &shift];
        let y = self
            .builder
            .node("GroupNormalization", &inputs, attributes, with);
        self.reshape(y.into(), &dims)
    }

    pub(super) fn layer_normalised(
        &mut self,
        x: Operand,
        axes: usize,
        norm: Norm<Operand>,
    ) -> Made<Self> {
        let x = self.solid(x)?;
        let axis = x.rank() - axes;
        let scale = self.learned(norm.weight, 1.0, &x.dims[axis..])?;
        let shift = norm.bias.map(|bias| self.solid(bias)).transpose()?;
        let attributes = vec![
            ("axis", Attribute::Int(int(axis)?)),
            ("epsilon", Attribute::Float(norm.eps)),
        ];
        let inputs: Vec<_> = [&x, &scale].into_iter().chain(&shift).collect();
        let dims = x.dims.clone();
        Ok(self
            .builder
            .node("LayerNormalization", &inputs, attributes, dims)
            .into())
    }

    /// Over odd numbers of channels of images; the operator begins one later than
    /// PyTorch does with an even number.
    pub(super) fn response_normalised(
        &mut self,
        x: Operand,
        size: usize,
        [alpha, beta, k]: [f64; 3],
    ) -> Made<Self> {
        let x = self.solid(x)?;
        let attributes = vec![
            ("size", Attribute::Int(int(size)?)),
            ("alpha", Attribute::Float(alpha)),
            ("beta", Attribute::Float(beta)),
            ("bias", Attribute::Float(k)),
        ];
        let dims = x.dims.clone();
        Ok(self.builder.node("LRN", &[&x], attributes, dims).into())
    }
}
