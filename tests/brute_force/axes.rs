//! Random windows, an axis at a time, and how to count on one axis.

use proptest::prelude::*;
use shapewise::{Error, Extents, Layer, Shape, Sides, Value, catalogue};

/// One spatial axis of a layer's input, and the window on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    pub(crate) input: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    pub(crate) before: usize,
    pub(crate) after: usize,
    pub(crate) output_padding: usize,
}

/// One to `most` axes of up to `size` elements.
pub(crate) fn axes(most: usize, size: usize) -> impl Strategy<Value = Vec<Axis>> {
    let axis = (
        1..=size,
        1..=4_usize,
        1..=4_usize,
        1..=3_usize,
        0..=3_usize,
        0..=3_usize,
        0..=3_usize,
    );
    let axis = axis.prop_map(
        |(input, kernel, stride, dilation, before, after, output_padding)| Axis {
            input,
            kernel,
            stride,
            dilation,
            before,
            after,
            output_padding,
        },
    );
    proptest::collection::vec(axis, 1..=most)
}

impl Axis {
    /// The elements that the window covers when it starts at `start`, counted
    /// from the first element of the padding.
    pub(crate) fn taps(&self, start: usize) -> impl Iterator<Item = usize> {
        let dilation = self.dilation;
        (0..self.kernel).map(move |tap| start + tap * dilation)
    }

    /// The number of elements with the padding.
    pub(crate) fn padded(&self) -> usize {
        self.before + self.input + self.after
    }

    /// The positions at which all of the window lies inside the padded axis.
    pub(crate) fn positions(&self) -> Vec<usize> {
        (0..self.padded())
            .step_by(self.stride)
            .filter(|start| self.taps(*start).all(|element| element < self.padded()))
            .collect()
    }
}

/// One value for every axis.
pub(crate) fn every(axes: &[Axis], value: impl Fn(&Axis) -> usize) -> Extents {
    Extents::new(&axes.iter().map(value).collect::<Vec<_>>())
}

/// The padding of every axis.
pub(crate) fn padding(axes: &[Axis]) -> Value {
    let (before, after) = (
        every(axes, |axis| axis.before),
        every(axes, |axis| axis.after),
    );
    Value::Sides(Sides::new(before, after))
}

/// The input with these channels.
pub(crate) fn input(axes: &[Axis], channels: usize) -> Shape {
    Shape::from_parts(every(axes, |axis| axis.input), channels).expect("no extent is 0")
}

/// `kernel` and `stride`, and `dilation` where the layer has it.
pub(crate) fn window(axes: &[Axis]) -> Vec<(&'static str, Value)> {
    vec![
        ("kernel", Value::Extents(every(axes, |axis| axis.kernel))),
        ("stride", Value::Extents(every(axes, |axis| axis.stride))),
        (
            "dilation",
            Value::Extents(every(axes, |axis| axis.dilation)),
        ),
    ]
}

/// The layer and its output.
pub(crate) fn build(
    name: &str,
    arguments: &[(&'static str, Value)],
    input: &[Shape],
) -> Result<(Layer, Shape), Error> {
    let entry = catalogue::find(name).expect("the catalogue has the layer");
    for (argument, _) in arguments {
        assert!(entry.argument(argument).is_some(), "{name}: {argument}");
    }
    let layer = Layer::build(entry, arguments, input)?;
    let output = layer.output(input, 0)?;
    Ok((layer, output))
}
