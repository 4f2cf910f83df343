//! Convolutions whose taps move: what comes beside the image.

use shapewise::layer::{Backward, Receptive};
use shapewise::{Error, Layer, Shape, Value, layers};

use super::layer::{counts, error, explained, outputs, shape};

const KERNEL: (&str, Value) = ("kernel", Value::Extents(shapewise::Extents::new(&[3, 3])));
const CHANNELS: (&str, Value) = ("channels", Value::Int(10));
const OFFSET: (&str, Value) = ("offset", Value::Input(1));
const MASK: (&str, Value) = ("mask", Value::Input(2));
const HALF: (&str, Value) = ("padding", Value::Keyword("half"));

fn inputs(offsets: usize, factors: usize) -> [Shape; 3] {
    [
        shape(&[9, 7, 6]),
        shape(&[9, 7, offsets]),
        shape(&[9, 7, factors]),
    ]
}

#[test]
fn it_counts_as_a_convolution() {
    let plain = counts("conv", &[CHANNELS, KERNEL, HALF], &[shape(&[9, 7, 6])]);
    let given = [CHANNELS, KERNEL, HALF, OFFSET];
    assert_eq!(
        outputs("deformable_conv", &given, &inputs(18, 9)[..2]),
        ["9x7x10"]
    );
    let own = counts("deformable_conv", &given, &inputs(18, 9)[..2]);
    assert_eq!(own, plain);
    let with = [CHANNELS, KERNEL, HALF, OFFSET, MASK];
    assert_eq!(counts("deformable_conv", &with, &inputs(18, 9)), plain);
}

#[test]
fn groups_are_found_by_the_channels_of_the_offsets() {
    let given = [CHANNELS, KERNEL, HALF, OFFSET, MASK];
    assert_eq!(
        outputs("deformable_conv", &given, &inputs(54, 27)),
        ["9x7x10"]
    );
    let told = explained("deformable_conv", &given, &inputs(54, 27));
    assert!(told.contains("offset groups: 54/(2*3*3) = 3"), "{told}");
    // Four groups of six channels.
    let error = error("deformable_conv", &given, &inputs(72, 36));
    assert!(matches!(
        error,
        Error::NotDivisible {
            argument: "offset",
            divisor: 4,
            value: 6,
            ..
        }
    ));
}

#[test]
fn offsets_and_factors_have_the_positions_of_the_output() {
    let strided = [CHANNELS, KERNEL, OFFSET, ("stride", Value::Int(2))];
    let image = shape(&[9, 7, 6]);
    assert_eq!(
        outputs("deformable_conv", &strided, &[image, shape(&[4, 3, 18])]),
        ["4x3x10"]
    );
    let found = error("deformable_conv", &strided, &[image, shape(&[9, 7, 18])]);
    assert!(matches!(
        found,
        Error::ValueShape { argument: "offset", wanted, .. } if wanted == shape(&[4, 3, 18])
    ));
    assert_eq!(found.argument(), Some("offset"));
    let given = [CHANNELS, KERNEL, HALF, OFFSET, MASK];
    assert!(matches!(
        error("deformable_conv", &given, &inputs(36, 9)),
        Error::ValueShape { argument: "mask", wanted, .. } if wanted == shape(&[9, 7, 18])
    ));
    // No multiple of a row and a column for each tap.
    assert!(matches!(
        error("deformable_conv", &given, &inputs(9, 9)),
        Error::ValueShape { argument: "offset", wanted, .. } if wanted == shape(&[9, 7, 18])
    ));
    assert!(matches!(
        error("deformable_conv", &[CHANNELS, KERNEL], &[image]),
        Error::Missing { argument: "offset" }
    ));
    assert!(matches!(
        error(
            "deformable_conv",
            &[CHANNELS, ("kernel", Value::Int(3)), OFFSET],
            &[shape(&[9, 6]), shape(&[9, 6])]
        ),
        Error::InputRank { .. }
    ));
}

/// As torchvision's `DeformConv2d(6, 10, 3, padding=1)` on two samples, measured with
/// `saved_tensors_hooks`.
#[test]
fn it_keeps_what_comes_in_and_what_stands_for_what_does_not() {
    let pass = Backward {
        samples: 2,
        ..Backward::eager(4)
    };
    let kept = |more: &[(&'static str, Value)], inputs: &[Shape]| {
        let given = [&[CHANNELS, KERNEL, HALF, OFFSET], more].concat();
        let layer = Layer::build(layers::deformable_conv, &given, inputs).expect("a layer");
        assert_eq!(layer.receptive(inputs, 0), Receptive::Whole);
        let kept = layer.keeps(inputs, &pass);
        (kept.inputs, kept.own.values)
    };
    let all = inputs(18, 9);
    assert_eq!(kept(&[], &all[..2]), (0b11, 2));
    assert_eq!(kept(&[MASK], &all), (0b111, 0));
    assert_eq!(
        kept(&[MASK, ("bias", Value::Bool(false))], &all),
        (0b111, 10)
    );
}
