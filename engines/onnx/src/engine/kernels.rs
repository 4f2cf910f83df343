//! The operations that ONNX has an operator for, and those that would take long
//! constants otherwise.

use shapewise_core::Shape;
use shapewise_core::graph::DType;
use shapewise_core::layer::Layer;
use shapewise_core::layer::attention::LocalWindow;
use shapewise_core::layer::recurrent::Cell;
use shapewise_core::layer::shape_ops::Fill;
use shapewise_lower::{
    Along, DeformConv, Dim, Direction, Elements, Engine, Fold, Made, Norm, Operations, Resize,
    Site, Steps, provided,
};

use super::convolution::pads;
use super::recurrent::NO_PROJECTION;
use super::{Onnx, Operand};
use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::element::spacing;
use crate::value::{Value, int, ints, sizes};

impl Onnx {
    /// An operator with attributes on each element.
    fn alike(&mut self, operator: &str, x: Operand, attributes: Attributes) -> Made<Self> {
        let own = x.value.dims.clone();
        let value = self.builder.node(operator, &[&x.value], attributes, own);
        Ok(Operand {
            dims: x.dims,
            ..value.into()
        })
    }

    /// An operator along an axis.
    fn along(&mut self, operator: &str, x: Operand, axis: usize) -> Made<Self> {
        let x = self.solid(x)?;
        let axis = vec![("axis", Attribute::Int(int(axis)?))];
        self.alike(operator, x.into(), axis)
    }

    /// Pixels from or to channels, of blocks of so many.
    fn blocks(
        &mut self,
        operator: &str,
        x: &Value,
        factor: usize,
        more: Attributes,
        extents: [usize; 3],
    ) -> Made<Self> {
        let mut attributes = vec![("blocksize", Attribute::Int(int(factor)?))];
        attributes.extend(more);
        let dims = [&x.dims[..1], &sizes(&extents)].concat();
        Ok(self.builder.node(operator, &[x], attributes, dims).into())
    }
}

impl Engine for Onnx {
    fn supports(&self, layer: &Layer, _inputs: &[Shape]) -> Result<(), String> {
        match layer {
            Layer::Recurrent(layer) if layer.projection.is_some() => Err(NO_PROJECTION.to_owned()),
            _ => Ok(()),
        }
    }

    fn begins(&mut self, site: &Site<'_>) {
        self.begin(site);
    }

    fn ends(&mut self, site: &Site<'_>, results: &mut Vec<Operand>) -> Result<(), Error> {
        *results = self.end(site, std::mem::take(results))?;
        Ok(())
    }

    fn epsilon(&self) -> f64 {
        spacing(self.builder.dtype)
    }

    fn deform_conv(
        &mut self,
        x: Operand,
        offset: Operand,
        mask: Option<Operand>,
        weight: Operand,
        bias: Option<Operand>,
        options: &DeformConv<'_>,
    ) -> Made<Self> {
        self.deformable_convolution([x, offset, weight], bias, mask, options)
    }

    fn adaptive_avg_pool(&mut self, x: Operand, size: &[usize]) -> Made<Self> {
        self.adaptive_means(x, size)
    }

    fn adaptive_max_pool(&mut self, x: Operand, size: &[usize]) -> Made<Self> {
        self.adaptive_maxima(x, size)
    }

    fn unfold(&mut self, x: Operand, axis: usize, patches: Along) -> Made<Self> {
        self.patches(x, axis, patches)
    }

    fn fold(&mut self, x: Operand, options: &Fold<'_>) -> Made<Self> {
        let x = self.solid(x)?;
        // The operator knows images and more; a sequence is an image of height 1.
        let one = usize::from(options.size.len() == 1);
        let with = |value: usize, extents: &[usize]| [&vec![value; one], extents].concat();
        let (image, kernel) = (with(1, options.size), with(1, options.kernel));
        let padding = [&vec![(0, 0); one], options.padding].concat();
        let attributes = vec![
            (
                "dilations",
                Attribute::Ints(ints(&with(1, options.dilation))?),
            ),
            ("pads", Attribute::Ints(pads(&padding)?)),
            ("strides", Attribute::Ints(ints(&with(1, options.stride))?)),
        ];
        let elements: usize = kernel.iter().product();
        let channels = [x.dims[0], Dim::Size(x.size(1) / elements)];
        let dims = [&channels[..], &sizes(&image)].concat();
        let (image, kernel) = (ints(&image)?, ints(&kernel)?);
        let (image, kernel) = (self.builder.list(&image), self.builder.list(&kernel));
        let inputs = [&x, &image, &kernel];
        let y = self.builder.node("Col2Im", &inputs, attributes, dims);
        let dims = [&channels[..], &sizes(options.size)].concat();
        self.reshape(y.into(), &dims)
    }

    fn resize(&mut self, x: Operand, options: &Resize<'_>) -> Made<Self> {
        self.resized(x, options)
    }

    fn arange(&mut self, count: usize) -> Made<Self> {
        Ok(self.builder.range(count, 1)?.into())
    }

    fn slices(&mut self, x: Operand, parts: &[(usize, usize, usize)]) -> Made<Self> {
        let x = self.solid(x)?;
        Ok(self.builder.slices(&x, parts)?.into())
    }

    fn at(&mut self, x: Operand, axis: usize, place: usize) -> Made<Self> {
        let x = self.solid(x)?;
        let place = self.builder.integer(place)?;
        Ok(self.builder.gather(&x, &place, axis)?.into())
    }

    fn split(&mut self, x: Operand, axis: usize, sizes: &[usize]) -> Result<Vec<Operand>, Error> {
        let x = self.solid(x)?;
        let parts = self.builder.split(&x, axis, sizes)?;
        Ok(parts.into_iter().map(Operand::from).collect())
    }

    fn pad(&mut self, x: Operand, padding: &[(usize, usize)], fill: Fill) -> Made<Self> {
        let x = self.solid(x)?;
        let (mode, value) = match fill {
            Fill::Constant(value) => ("constant", value),
            Fill::Reflect => ("reflect", 0.0),
            Fill::Replicate => ("edge", 0.0),
            Fill::Circular => ("wrap", 0.0),
        };
        Ok(self.builder.pad(&x, padding, mode, value)?.into())
    }

    fn pixel_shuffle(&mut self, x: Operand, factor: usize, channels_last: bool) -> Made<Self> {
        let x = self.solid(x)?;
        let mode = if channels_last { "DCR" } else { "CRD" };
        let mode = vec![("mode", Attribute::Text(mode))];
        let extents = [
            x.size(1) / factor / factor,
            x.size(2) * factor,
            x.size(3) * factor,
        ];
        self.blocks("DepthToSpace", &x, factor, mode, extents)
    }

    fn pixel_unshuffle(&mut self, x: Operand, factor: usize, channels_last: bool) -> Made<Self> {
        if !channels_last {
            return provided::pixel_unshuffle(self, x, factor, channels_last);
        }
        let x = self.solid(x)?;
        let channels = x.size(1).checked_mul(factor);
        let channels = channels.and_then(|channels| channels.checked_mul(factor));
        let extents = [
            channels.ok_or(Error::Overflow)?,
            x.size(2) / factor,
            x.size(3) / factor,
        ];
        self.blocks("SpaceToDepth", &x, factor, vec![], extents)
    }

    fn embedding(
        &mut self,
        table: Operand,
        indices: Operand,
        _padding: Option<usize>,
    ) -> Made<Self> {
        let (table, mut places) = (self.solid(table)?, self.solid(indices)?);
        if places.elements != Elements::Int {
            places = self.builder.cast(&places, Elements::Int);
        }
        Ok(self.builder.gather(&table, &places, 0)?.into())
    }

    fn linear(&mut self, x: Operand, weight: Operand, bias: Option<Operand>) -> Made<Self> {
        let x = self.solid(x)?;
        if x.rank() == 2 {
            let weight = self.solid(weight)?;
            let dims = vec![x.dims[0], weight.dims[0]];
            let bias = bias.map(|bias| bias.value);
            let inputs: Vec<_> = [&x, &weight].into_iter().chain(&bias).collect();
            let flag = vec![("transB", Attribute::Int(1))];
            return Ok(self.builder.node("Gemm", &inputs, flag, dims).into());
        }
        let weight = self.permute(weight, &[1, 0])?;
        let weight = self.solid(weight)?;
        let product = self.builder.matmul(&x, &weight);
        Ok(match bias {
            Some(bias) => self.builder.binary("Add", &product, &bias.value).into(),
            None => product.into(),
        })
    }

    fn maximum(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Max", &a, &b))
    }

    fn minimum(&mut self, a: Operand, b: Operand) -> Made<Self> {
        Ok(self.both("Min", &a, &b))
    }

    fn triangle(&mut self, x: Operand, diagonal: i64, upper: bool) -> Made<Self> {
        let x = self.solid(x)?;
        let dims = x.dims.clone();
        let diagonal = self.builder.indices(&[diagonal], &[]);
        let side = vec![("upper", Attribute::Int(i64::from(upper)))];
        let inputs = [&x, &diagonal];
        Ok(self.builder.node("Trilu", &inputs, side, dims).into())
    }

    fn relu(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Relu", x))
    }

    fn leaky_relu(&mut self, x: Operand, slope: f64) -> Made<Self> {
        self.alike("LeakyRelu", x, vec![("alpha", Attribute::Float(slope))])
    }

    fn prelu(&mut self, x: Operand, weight: Operand) -> Made<Self> {
        let x = self.solid(x)?;
        let dims = x.dims.clone();
        let inputs = [&x, &weight.value];
        Ok(self.builder.node("PRelu", &inputs, vec![], dims).into())
    }

    fn elu(&mut self, x: Operand, alpha: f64) -> Made<Self> {
        self.alike("Elu", x, vec![("alpha", Attribute::Float(alpha))])
    }

    fn selu(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Selu", x))
    }

    fn celu(&mut self, x: Operand, alpha: f64) -> Made<Self> {
        // The operator is of single precision only.
        if self.builder.dtype != DType::F32 {
            let y = self.mul_scalar(x, 1.0 / alpha)?;
            let y = self.elu(y, 1.0)?;
            return self.mul_scalar(y, alpha);
        }
        self.alike("Celu", x, vec![("alpha", Attribute::Float(alpha))])
    }

    fn gelu(&mut self, x: Operand, tanh: bool) -> Made<Self> {
        let approximate = if tanh { "tanh" } else { "none" };
        let attributes = vec![("approximate", Attribute::Text(approximate))];
        self.alike("Gelu", x, attributes)
    }

    fn sigmoid(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Sigmoid", x))
    }

    fn mish(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Mish", x))
    }

    fn hard_sigmoid(&mut self, x: Operand) -> Made<Self> {
        let attributes = vec![
            ("alpha", Attribute::Float(1.0 / 6.0)),
            ("beta", Attribute::Float(0.5)),
        ];
        self.alike("HardSigmoid", x, attributes)
    }

    fn hard_swish(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("HardSwish", x))
    }

    #[expect(clippy::float_cmp, reason = "1 is the default, written as such")]
    fn softplus(&mut self, x: Operand, beta: f64, threshold: f64) -> Made<Self> {
        let mut scaled = x.clone();
        if beta != 1.0 {
            scaled = self.mul_scalar(scaled, beta)?;
        }
        let mut y = self.each("Softplus", scaled.clone());
        if beta != 1.0 {
            let beta = self.full(&vec![1; y.dims.len()], beta)?;
            y = self.both("Div", &y, &beta);
        }
        // From 20 on both are the same number in every type.
        if threshold >= 20.0 {
            return Ok(y);
        }
        let above = self.greater_scalar(scaled, threshold)?;
        self.where_cond(above, x, y)
    }

    fn softsign(&mut self, x: Operand) -> Made<Self> {
        Ok(self.each("Softsign", x))
    }

    fn softmax(&mut self, x: Operand, axis: usize) -> Made<Self> {
        self.along("Softmax", x, axis)
    }

    fn log_softmax(&mut self, x: Operand, axis: usize) -> Made<Self> {
        self.along("LogSoftmax", x, axis)
    }

    fn batch_norm(
        &mut self,
        x: Operand,
        mean: Operand,
        variance: Operand,
        norm: Norm<Operand>,
    ) -> Made<Self> {
        self.batch_normalised(x, [mean, variance], norm)
    }

    fn instance_norm(&mut self, x: Operand, norm: Norm<Operand>) -> Made<Self> {
        self.instance_normalised(x, norm)
    }

    fn group_norm(&mut self, x: Operand, groups: usize, norm: Norm<Operand>) -> Made<Self> {
        self.group_normalised(x, groups, norm)
    }

    fn layer_norm(&mut self, x: Operand, axes: usize, norm: Norm<Operand>) -> Made<Self> {
        self.layer_normalised(x, axes, norm)
    }

    fn local_response_norm(&mut self, x: Operand, size: usize, numbers: [f64; 3]) -> Made<Self> {
        // onnxruntime takes no others.
        let [alpha, beta, _] = numbers;
        match x.dims.len() == 4 && !size.is_multiple_of(2) && alpha > 0.0 && beta > 0.0 {
            true => self.response_normalised(x, size, numbers),
            false => provided::local_response_norm(self, x, size, numbers),
        }
    }

    fn relative_position_bias(&mut self, table: Operand, local: &LocalWindow) -> Made<Self> {
        self.position_bias(table, local)
    }

    fn shifted_window_mask(&mut self, local: &LocalWindow) -> Made<Self> {
        self.window_mask(local)
    }

    fn causal_mask(&mut self, queries: usize, keys: usize, seen: usize) -> Made<Self> {
        self.later(queries, keys, seen)
    }

    fn recurrent(
        &mut self,
        x: Operand,
        cell: Cell,
        directions: Vec<Direction<Operand>>,
    ) -> Result<Steps<Operand>, Error> {
        self.all_steps(x, cell, directions)
    }
}
