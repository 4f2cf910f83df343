//! Pooling: the corners of `ceil_mode`, sizes that do not depend on the input,
//! and the words of formulas and errors.

use shapewise_core::layer::pooling::Pooling;
use shapewise_core::{Error, Extents, Layer, Shape, Sides, Value, layers};

fn list(extents: &[usize]) -> Value {
    Value::Extents(Extents::new(extents))
}

fn explained(layer: &Layer, inputs: &[Shape]) -> String {
    let mut text = String::new();
    layer
        .explain(inputs, &mut text)
        .expect("a string takes everything");
    text
}

fn max_pool(length: usize, kernel: usize, stride: u64, padding: u64) -> Result<String, Error> {
    let input = [Shape::new(&[length, 3])];
    let arguments = [
        ("kernel", list(&[kernel])),
        ("stride", Value::Int(stride)),
        ("padding", Value::Int(padding)),
        ("ceil_mode", Value::Bool(true)),
    ];
    Ok(explained(
        &Layer::build(layers::max_pool, &arguments, &input)?,
        &input,
    ))
}

#[test]
fn ceil_mode_shows_a_sum_that_is_right() -> Result<(), Error> {
    assert_eq!(
        max_pool(6, 3, 2, 0)?,
        "length: ceil((6 - 3 + 2*0) / 2) + 1 = 3\n"
    );
    // The window that would start in the padding at the end is left out.
    assert_eq!(
        max_pool(2, 2, 3, 1)?,
        "length: ceil((2 - 2 + 2*1) / 3) + 1 - 1 = 1\n"
    );
    // A window that is larger than the input by less than the stride.
    assert_eq!(
        max_pool(2, 3, 2, 0)?,
        "length: ceil((2 - 3 + 2*0) / 2) + 1 = 1\n"
    );
    assert!(matches!(
        max_pool(2, 4, 2, 0),
        Err(Error::WindowTooLarge { .. })
    ));
    Ok(())
}

#[test]
fn an_average_over_a_volume_must_fit_without_padding() -> Result<(), Error> {
    let volume = [Shape::new(&[2, 14, 14, 6])];
    let window = |layer, padding| {
        let arguments = [
            ("kernel", list(&[4, 4, 4])),
            ("stride", Value::Int(1)),
            ("padding", padding),
        ];
        Layer::build(layer, &arguments, &volume)
    };
    let sides = Value::Sides(Sides::symmetric(Extents::new(&[2, 1, 2])));
    let error = window(layers::avg_pool, sides).expect_err("PyTorch rejects it too");
    assert_eq!(
        error.to_string(),
        "kernel 4x4x4 of the layer is larger than its 2x14x14 input without padding: \
         input >= kernel for an average over a volume, but 2 < 4 on depth"
    );
    assert!(window(layers::max_pool, sides).is_ok());
    // Keras averages over what there is.
    let same = window(layers::avg_pool, Value::Keyword("same"))?;
    assert_eq!(same.output(&volume, 0)?, volume[0]);
    Ok(())
}

#[test]
fn adaptive_pooling_has_the_size_that_is_asked() -> Result<(), Error> {
    let image = [Shape::new(&[13, 12, 256])];
    for entry in [layers::adaptive_avg_pool, layers::adaptive_max_pool] {
        let layer = Layer::build(entry, &[("size", list(&[6, 6]))], &image)?;
        assert_eq!(layer.output(&image, 0)?, Shape::new(&[6, 6, 256]));
        assert_eq!(
            explained(&layer, &image),
            "height: 6 windows, from floor(i*13/6) to ceil((i + 1)*13/6)\n\
             width: 6 windows of 12/6 = 2\n"
        );
        let error = Layer::build(entry, &[("size", Value::Int(6))], &image);
        assert!(matches!(error, Err(Error::AxisCount { .. })));
    }
    Ok(())
}

#[test]
fn global_pooling_makes_a_vector() -> Result<(), Error> {
    for entry in [layers::global_avg_pool, layers::global_max_pool] {
        for spatial in [&[7][..], &[7, 9], &[7, 9, 3]] {
            let input = [Shape::new(&[spatial, &[512]].concat())];
            let layer = Layer::build(entry, &[], &input)?;
            assert_eq!(layer.output(&input, 0)?, Shape::new(&[512]));
            assert_eq!(layer.macs(&input), Ok(0));
            assert_eq!(layer.tensor(0), None);
        }
        let vector = Layer::build(entry, &[], &[Shape::new(&[512])]);
        assert!(matches!(vector, Err(Error::InputRank { .. })));
    }
    Ok(())
}

#[test]
fn what_does_not_touch_the_shape_is_kept() -> Result<(), Error> {
    let image = [Shape::new(&[8, 8, 4])];
    let kernel = ("kernel", list(&[2, 2]));
    let divisor = ("divisor_override", Value::Int(3));
    let layer = Layer::build(layers::avg_pool, &[kernel, divisor], &image)?;
    let Layer::Pooling(Pooling::Average {
        count_include_pad,
        divisor_override,
        ..
    }) = layer
    else {
        panic!("{layer:?}");
    };
    assert_eq!((count_include_pad, divisor_override), (true, Some(3)));

    let power = |p: f64| {
        Layer::build(
            layers::lp_pool,
            &[kernel, ("norm_type", Value::Float(p))],
            &image,
        )
    };
    let Layer::Pooling(Pooling::Power { norm_type, .. }) = power(2.5)? else {
        panic!("{layer:?}");
    };
    assert_eq!(norm_type.to_bits(), 2.5_f64.to_bits());
    let error = power(0.0).expect_err("there is no root of the order 0");
    assert_eq!(
        error.to_string(),
        "`norm_type` of the layer must be more than 0"
    );
    let missing = Layer::build(layers::lp_pool, &[kernel], &image);
    assert_eq!(
        missing,
        Err(Error::Missing {
            argument: "norm_type"
        })
    );
    Ok(())
}
