//! The article's formulas and the layers' rules: the same numbers.

use shapewise_core::formula::{
    conv_biases, conv_output_size, conv_params, conv_transpose_output_size, conv_weights,
    linear_after_conv_params, linear_after_conv_weights, linear_biases, linear_params,
    linear_weights, max_pool_output_size,
};
use shapewise_core::layer::Role;
use shapewise_core::{Counts, Error, Extents, Layer, Shape, Value, layers};

type Arguments = Vec<(&'static str, Value)>;

fn counts(layer: &Layer, input: Shape) -> Counts {
    Counts::of(layer, &[input]).expect("it was built on this input")
}

fn int(value: usize) -> Value {
    Value::Int(value as u64)
}

/// The formula's result is the layer's extent, or both refuse.
fn compare(made: &Result<Layer, Error>, input: Shape, formula: &Result<usize, Error>) {
    let output = made.as_ref().map(|layer| layer.output(&[input], 0));
    match (output, formula) {
        (Ok(Ok(output)), Ok(size)) => assert_eq!(output.spatial().at(0), *size),
        (Err(_), Err(_)) | (Ok(Err(_)), Err(_)) => {}
        (output, formula) => panic!("{output:?}, but {formula:?}"),
    }
}

#[test]
fn sizes_are_those_of_the_layers() {
    let mut compared = 0;
    for input in 1..20 {
        let shape = Shape::new(&[input, 4]);
        for kernel in 1..6 {
            for stride in 1..4 {
                for padding in 0..3 {
                    let window: Arguments = vec![
                        ("kernel", Value::Extents(Extents::new(&[kernel]))),
                        ("stride", int(stride)),
                        ("padding", int(padding)),
                    ];
                    let with = |more: &[(&'static str, Value)]| [&window[..], more].concat();
                    for dilation in 1..3 {
                        let arguments = with(&[("channels", int(4)), ("dilation", int(dilation))]);
                        let size = conv_output_size(input, kernel, stride, padding, dilation);
                        compare(
                            &Layer::build(layers::conv, &arguments, &[shape]),
                            shape,
                            &size,
                        );
                        compared += 1;
                    }
                    let arguments = with(&[("channels", int(4))]);
                    let size = conv_transpose_output_size(input, kernel, stride, padding, 0, 1);
                    let layer = Layer::build(layers::conv_transpose, &arguments, &[shape]);
                    compare(&layer, shape, &size);
                    if padding == 0 {
                        let size = max_pool_output_size(input, kernel, stride);
                        compare(
                            &Layer::build(layers::max_pool, &window, &[shape]),
                            shape,
                            &size,
                        );
                    }
                }
            }
        }
    }
    assert_eq!(compared, 19 * 5 * 3 * 3 * 2);
}

#[test]
fn parameters_are_those_of_the_layers() {
    for channels in [1, 3, 8, 12] {
        let image = Shape::new(&[9, 7, channels]);
        for (out, groups) in [(4, 1), (12, channels)] {
            let mut arguments: Arguments = vec![
                ("channels", int(out)),
                ("kernel", Value::Extents(Extents::new(&[3, 3]))),
            ];
            arguments.push(("groups", int(groups)));
            let Ok(conv) = Layer::build(layers::conv, &arguments, &[image]) else {
                assert_ne!(out % groups, 0, "the groups divide both");
                continue;
            };
            let counts = counts(&conv, image);
            assert_eq!(
                conv_weights(&[3, 3], channels, out, groups),
                Ok(counts.weights)
            );
            assert_eq!(conv_biases(out), counts.biases);
            assert_eq!(
                conv_params(&[3, 3], channels, out, groups),
                Ok(counts.params())
            );
        }
        let flat = Shape::new(&[9 * 7 * channels]);
        let linear = Layer::build(layers::linear, &[("features", int(10))], &[flat]).unwrap();
        let counts = counts(&linear, flat);
        assert_eq!(linear_weights(9 * 7 * channels, 10), Ok(counts.weights));
        assert_eq!(linear_biases(10), counts.biases);
        assert_eq!(linear_params(9 * 7 * channels, 10), Ok(counts.params()));
        assert_eq!(
            linear_after_conv_weights(&[9, 7], channels, 10),
            Ok(counts.weights)
        );
        assert_eq!(
            linear_after_conv_params(&[9, 7], channels, 10),
            Ok(counts.params())
        );
        assert!(matches!(linear.tensor(1), Some(bias) if bias.role == Role::Bias));
    }
}
