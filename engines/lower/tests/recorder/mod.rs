//! An engine that only records: it knows extents and no elements, and the batch not
//! at all.

use std::rc::{Rc, Weak};

use shapewise_core::{Layer, Shape};
use shapewise_lower::{
    AvgPool, Conv, ConvTranspose, Dim, Elements, Engine, Error, MAX_AXES, Made, MaxPool, Mode,
    Operations, Plan, Route, Run, Site,
};

mod known;
mod memory;

pub(crate) use known::dims_of;
use known::{Known, Misfit, count, fit, misfit, sizes, together};
use memory::Memory;

/// The engine, and what was asked of it.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    /// How many elements all constants have.
    pub(crate) constants: usize,
    /// The operations, each with the layer that it is for.
    pub(crate) operations: Vec<(String, &'static str)>,
    layer: String,
    /// The results of layers so far.
    results: Vec<Weak<()>>,
    /// How many of them there still were as each layer began.
    pub(crate) alive: Vec<usize>,
    pub(crate) memory: Memory,
    /// A layer that is refused.
    refused: Option<&'static str>,
}

impl Recorder {
    fn made(&mut self, operation: &'static str, dims: Vec<Dim>, elements: Elements) -> Made<Self> {
        self.operations.push((self.layer.clone(), operation));
        let (_, batches) = count(&dims);
        match batches <= 1 && !dims.contains(&Dim::Size(0)) && dims.len() <= MAX_AXES {
            true => Ok(Known::new(dims, elements)),
            false => misfit((operation, dims)),
        }
    }

    /// An operation on floats that keeps the extents.
    fn same(&mut self, operation: &'static str, x: Known) -> Made<Self> {
        match x.elements {
            Elements::Float => self.made(operation, x.dims, Elements::Float),
            _ => misfit((operation, x)),
        }
    }

    fn pair(&mut self, operation: &'static str, a: &Known, b: &Known) -> Made<Self> {
        match (a.elements, b.elements) {
            (Elements::Float, Elements::Float) => {
                self.made(operation, together(&a.dims, &b.dims)?, Elements::Float)
            }
            (Elements::Int, Elements::Int) if matches!(operation, "add" | "mul") => {
                self.made(operation, together(&a.dims, &b.dims)?, Elements::Int)
            }
            _ => misfit((operation, a, b)),
        }
    }

    fn comparison(&mut self, operation: &'static str, a: &Known, b: &Known) -> Made<Self> {
        match (a.elements, b.elements) {
            (Elements::Int, Elements::Int) => {
                self.made(operation, together(&a.dims, &b.dims)?, Elements::Bool)
            }
            _ => misfit((operation, a, b)),
        }
    }

    fn reduced(
        &mut self,
        operation: &'static str,
        x: &Known,
        axes: &[usize],
        keep: bool,
    ) -> Made<Self> {
        let mut dims = Vec::new();
        for (axis, dim) in x.dims.iter().enumerate() {
            match (axes.contains(&axis), keep) {
                (true, true) => dims.push(Dim::Size(1)),
                (true, false) => {}
                (false, _) => dims.push(*dim),
            }
        }
        self.made(operation, dims, Elements::Float)
    }

    /// The result of windows with these extents along each axis.
    fn windows(
        &mut self,
        operation: &'static str,
        x: &Known,
        channels: Dim,
        axis: impl Fn(usize, usize) -> Option<usize>,
    ) -> Made<Self> {
        let mut dims = vec![x.dims[0], channels];
        for (place, dim) in x.dims[2..].iter().enumerate() {
            match dim.size().and_then(|extent| axis(place, extent)) {
                Some(extent) => dims.push(Dim::Size(extent)),
                None => return misfit((operation, x)),
            }
        }
        self.made(operation, dims, Elements::Float)
    }
}

impl Operations for Recorder {
    type Value = Known;
    type Error = Misfit;

    fn dims(&self, x: &Known) -> Vec<Dim> {
        x.dims.clone()
    }

    fn elements(&self, x: &Known) -> Elements {
        x.elements
    }

    fn floats(&mut self, values: &[f64], extents: &[usize]) -> Made<Self> {
        self.constants += values.len();
        self.made("floats", sizes(extents), Elements::Float)
    }

    fn ints(&mut self, values: &[i64], extents: &[usize]) -> Made<Self> {
        self.constants += values.len();
        self.made("ints", sizes(extents), Elements::Int)
    }

    fn full(&mut self, extents: &[usize], _value: f64) -> Made<Self> {
        self.made("full", sizes(extents), Elements::Float)
    }

    fn per_sample(&mut self, x: Known, like: &Known) -> Made<Self> {
        let mut dims = x.dims;
        dims[0] = like.dims[0];
        self.made("per_sample", dims, Elements::Float)
    }

    fn bernoulli(&mut self, like: &Known, _p: f64) -> Made<Self> {
        self.made("bernoulli", like.dims.clone(), Elements::Float)
    }

    fn reshape(&mut self, x: Known, dims: &[Dim]) -> Made<Self> {
        match count(&x.dims) == count(dims) {
            true => self.made("reshape", dims.to_vec(), x.elements),
            false => misfit((x, dims)),
        }
    }

    fn permute(&mut self, x: Known, order: &[usize]) -> Made<Self> {
        let dims = order.iter().map(|&axis| x.dims[axis]).collect();
        self.made("permute", dims, x.elements)
    }

    fn slice(&mut self, x: Known, axis: usize, start: usize, end: usize) -> Made<Self> {
        let mut dims = x.dims.clone();
        match dims[axis] {
            Dim::Size(extent) if start < end && end <= extent => {
                dims[axis] = Dim::Size(end - start);
            }
            _ => return misfit((x, axis, start, end)),
        }
        self.made("slice", dims, x.elements)
    }

    fn concat(&mut self, values: Vec<Known>, axis: usize) -> Made<Self> {
        let mut dims = values[0].dims.clone();
        let extents: Option<Vec<_>> = values.iter().map(|value| value.dims[axis].size()).collect();
        dims[axis] = Dim::Size(extents.into_iter().flatten().sum());
        let alike = values.iter().all(|value| {
            let mut own = value.dims.clone();
            own[axis] = dims[axis];
            own == dims && value.elements == values[0].elements
        });
        match alike {
            true => self.made("concat", dims, values[0].elements),
            false => misfit(values),
        }
    }

    fn select(&mut self, x: Known, axis: usize, indices: Known) -> Made<Self> {
        let (Elements::Int, [count]) = (indices.elements, indices.dims.as_slice()) else {
            return misfit(indices);
        };
        let mut dims = x.dims;
        dims[axis] = *count;
        self.made("select", dims, x.elements)
    }

    fn pad_constant(&mut self, x: Known, padding: &[(usize, usize)], _value: f64) -> Made<Self> {
        let axes = x.dims.iter().zip(padding);
        let dims = axes.map(|(dim, (before, after))| match dim {
            Dim::Size(extent) => Dim::Size(extent + before + after),
            Dim::Batch => Dim::Batch,
        });
        self.made("pad", dims.collect(), x.elements)
    }

    fn to_float(&mut self, x: Known) -> Made<Self> {
        self.made("to_float", x.dims, Elements::Float)
    }

    fn to_int(&mut self, x: Known) -> Made<Self> {
        self.made("to_int", x.dims, Elements::Int)
    }

    fn exp(&mut self, x: Known) -> Made<Self> {
        self.same("exp", x)
    }

    fn log(&mut self, x: Known) -> Made<Self> {
        self.same("log", x)
    }

    fn sqrt(&mut self, x: Known) -> Made<Self> {
        self.same("sqrt", x)
    }

    fn abs(&mut self, x: Known) -> Made<Self> {
        self.same("abs", x)
    }

    fn sin(&mut self, x: Known) -> Made<Self> {
        self.same("sin", x)
    }

    fn cos(&mut self, x: Known) -> Made<Self> {
        self.same("cos", x)
    }

    fn tanh(&mut self, x: Known) -> Made<Self> {
        self.same("tanh", x)
    }

    fn erf(&mut self, x: Known) -> Made<Self> {
        self.same("erf", x)
    }

    fn add(&mut self, a: Known, b: Known) -> Made<Self> {
        self.pair("add", &a, &b)
    }

    fn sub(&mut self, a: Known, b: Known) -> Made<Self> {
        self.pair("sub", &a, &b)
    }

    fn mul(&mut self, a: Known, b: Known) -> Made<Self> {
        self.pair("mul", &a, &b)
    }

    fn div(&mut self, a: Known, b: Known) -> Made<Self> {
        self.pair("div", &a, &b)
    }

    fn add_scalar(&mut self, x: Known, _value: f64) -> Made<Self> {
        self.same("add", x)
    }

    fn mul_scalar(&mut self, x: Known, _value: f64) -> Made<Self> {
        self.same("mul", x)
    }

    fn pow_scalar(&mut self, x: Known, _exponent: f64) -> Made<Self> {
        self.same("pow", x)
    }

    fn clamp(&mut self, x: Known, _least: f64, _most: f64) -> Made<Self> {
        self.same("clamp", x)
    }

    fn greater_scalar(&mut self, x: Known, _value: f64) -> Made<Self> {
        self.made("greater", x.dims, Elements::Bool)
    }

    fn greater(&mut self, a: Known, b: Known) -> Made<Self> {
        self.comparison("greater", &a, &b)
    }

    fn equal(&mut self, a: Known, b: Known) -> Made<Self> {
        self.comparison("equal", &a, &b)
    }

    fn where_cond(&mut self, truths: Known, a: Known, b: Known) -> Made<Self> {
        let alike = truths.dims == a.dims && a.dims == b.dims && truths.elements == Elements::Bool;
        match alike {
            true => self.same("where", a),
            false => misfit((truths, a, b)),
        }
    }

    fn sum(&mut self, x: Known, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("sum", &x, axes, keep)
    }

    fn mean(&mut self, x: Known, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("mean", &x, axes, keep)
    }

    fn max(&mut self, x: Known, axes: &[usize], keep: bool) -> Made<Self> {
        self.reduced("max", &x, axes, keep)
    }

    fn matmul(&mut self, a: Known, b: Known) -> Made<Self> {
        let rank = a.dims.len();
        if b.dims.len() != rank || a.dims[rank - 1] != b.dims[rank - 2] {
            return misfit((a, b));
        }
        let mut dims = together(&a.dims[..rank - 2], &b.dims[..rank - 2])?;
        dims.extend([a.dims[rank - 2], b.dims[rank - 1]]);
        self.made("matmul", dims, Elements::Float)
    }

    fn conv(
        &mut self,
        x: Known,
        weight: Known,
        _bias: Option<Known>,
        options: &Conv<'_>,
    ) -> Made<Self> {
        let kernel = weight.dims[2..].to_vec();
        self.windows("conv", &x, weight.dims[0], |axis, extent| {
            let (dilation, stride) = (options.dilation[axis], options.stride[axis]);
            fit(
                extent,
                kernel[axis].size()?,
                dilation,
                stride,
                options.padding[axis],
            )
        })
    }

    fn conv_transpose(
        &mut self,
        x: Known,
        weight: Known,
        _bias: Option<Known>,
        options: &ConvTranspose<'_>,
    ) -> Made<Self> {
        let kernel = weight.dims[2..].to_vec();
        let channels = weight.dims[1]
            .size()
            .map(|each| Dim::Size(each * options.groups));
        self.windows(
            "conv_transpose",
            &x,
            channels.unwrap_or(Dim::Size(0)),
            |axis, extent| {
                let (before, after) = options.padding[axis];
                let span = (extent - 1) * options.stride[axis]
                    + (kernel[axis].size()? - 1) * options.dilation[axis]
                    + 1;
                (span + options.output_padding[axis]).checked_sub(before + after)
            },
        )
    }

    fn max_pool(&mut self, x: Known, options: &MaxPool<'_>) -> Made<Self> {
        let channels = x.dims[1];
        self.windows("max_pool", &x, channels, |axis, extent| {
            let (dilation, stride) = (options.dilation[axis], options.stride[axis]);
            fit(
                extent,
                options.kernel[axis],
                dilation,
                stride,
                options.padding[axis],
            )
        })
    }

    fn avg_pool(&mut self, x: Known, options: &AvgPool<'_>) -> Made<Self> {
        let channels = x.dims[1];
        self.windows("avg_pool", &x, channels, |axis, extent| {
            let stride = options.stride[axis];
            fit(
                extent,
                options.kernel[axis],
                1,
                stride,
                options.padding[axis],
            )
        })
    }
}

impl Engine for Recorder {
    fn supports(&self, layer: &Layer, inputs: &[Shape]) -> Result<(), String> {
        let Some(refused) = self.refused else {
            return Ok(());
        };
        match format!("{layer:?}").contains(refused) {
            true => Err(format!("not on {}", inputs[0])),
            false => Ok(()),
        }
    }

    fn begins(&mut self, site: &Site<'_>) {
        site.path.clone_into(&mut self.layer);
        let alive = self
            .results
            .iter()
            .filter(|result| result.strong_count() > 0);
        self.alive.push(alive.count());
        self.memory.begins();
    }

    fn ends(&mut self, site: &Site<'_>, results: &mut Vec<Known>) -> Result<(), Misfit> {
        *results = self.memory.ends(site, std::mem::take(results));
        let tokens = results.iter().map(|result| Rc::downgrade(&result.token));
        self.results.extend(tokens);
        Ok(())
    }

    fn embedding(&mut self, table: Known, indices: Known, _padding: Option<usize>) -> Made<Self> {
        match indices.elements {
            Elements::Int => {
                let dims = [indices.dims, vec![table.dims[1]]].concat();
                self.made("embedding", dims, Elements::Float)
            }
            _ => misfit((table, indices)),
        }
    }
}

impl Recorder {
    /// An engine that lacks a layer.
    pub(crate) fn without(layer: &'static str) -> Self {
        Self {
            refused: Some(layer),
            ..Self::default()
        }
    }

    /// Runs a network, or as much of it as a route needs, on a batch of any size.
    pub(crate) fn run(
        mut self,
        plan: &Plan<Self>,
        route: &Route,
        mode: Mode,
    ) -> Result<(Self, Run<Known>), Error<Misfit>> {
        let graph = plan.graph();
        let inputs = plan.takes().iter().enumerate();
        let inputs = inputs.map(|(place, elements)| {
            let input = Known::new(dims_of(graph.input(place)), *elements);
            self.memory.input(place, &input);
            input
        });
        let inputs = inputs.collect();
        let mut weights = |_: &mut Self, place: usize| {
            let weight = &plan.weights()[place];
            Ok(Known::new(
                sizes(weight.extents.as_slice()),
                weight.elements,
            ))
        };
        let run = plan.run_to(route, &mut self, &mut weights, inputs, mode)?;
        Ok((self, run))
    }
}
