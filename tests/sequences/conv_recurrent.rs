//! Convolutional recurrent layers: shapes, tensors and counts of published cells.

use shapewise::layer::Backward;
use shapewise::{Error, Layer, Value, layers};

use super::layer::{counts, error, explained, outputs, shape};

const CHANNELS: (&str, Value) = ("channels", Value::Int(64));
const KERNEL: (&str, Value) = ("kernel", Value::Extents(shapewise::Extents::new(&[5, 5])));
const LAST: (&str, Value) = ("return_sequence", Value::Bool(false));

/// `ndrplz/ConvLSTM_pytorch`: `Conv2d(C + N, 4*N, K, padding=K // 2)` in every cell.
#[test]
fn one_convolution_makes_all_gates() {
    let frames = [shape(&[10, 16, 12, 3])];
    assert_eq!(
        outputs("conv_lstm", &[CHANNELS, KERNEL], &frames),
        ["10x16x12x64", "16x12x64", "16x12x64"]
    );
    assert_eq!(
        outputs("conv_lstm", &[CHANNELS, KERNEL, LAST], &frames),
        ["16x12x64", "16x12x64", "16x12x64"]
    );
    let made = counts("conv_lstm", &[CHANNELS, KERNEL], &frames);
    let frame = [
        ("channels", Value::Int(256)),
        KERNEL,
        ("padding", Value::Keyword("half")),
    ];
    let conv = counts("conv", &frame, &[shape(&[16, 12, 67])]);
    assert_eq!(made.params(), conv.params());
    assert_eq!(made.macs, 10 * conv.macs);
    let told = explained("conv_lstm", &[CHANNELS, KERNEL], &frames);
    assert!(told.contains("5*5*(3 + 64)*4*64 + 256 = 429,056"), "{told}");
    let layer = Layer::build(layers::conv_lstm, &[CHANNELS, KERNEL], &frames).expect("a layer");
    let names: Vec<_> = (0..)
        .map_while(|index| layer.tensor(index))
        .map(|tensor| tensor.name.to_string())
        .collect();
    assert_eq!(names, ["conv.weight", "conv.bias"]);
}

/// Measured with `saved_tensors_hooks` on the cell of `tests/crates/numerics/data/scripts`: 16,320 bytes.
#[test]
fn each_frame_keeps_what_its_step_reads() {
    let frames = [shape(&[4, 5, 6, 3])];
    let given = [
        ("channels", Value::Int(2)),
        ("kernel", Value::Extents(shapewise::Extents::new(&[3, 3]))),
    ];
    let layer = Layer::build(layers::conv_lstm, &given, &frames).expect("a layer");
    let pass = Backward {
        samples: 2,
        ..Backward::eager(4)
    };
    let kept = layer.keeps(&frames, &pass);
    assert_eq!((kept.inputs, kept.own.bytes(&pass)), (0, 16_320));
}

#[test]
fn frames_are_images_and_keep_their_size() {
    let image = [shape(&[16, 12, 3])];
    assert!(matches!(
        error("conv_lstm", &[CHANNELS, KERNEL], &image),
        Error::InputRank { .. }
    ));
    let frames = [shape(&[10, 16, 12, 3])];
    let even = [
        CHANNELS,
        ("kernel", Value::Extents(shapewise::Extents::new(&[4, 4]))),
    ];
    assert!(matches!(
        error("conv_lstm", &even, &frames),
        Error::EvenWindow { .. }
    ));
    let volume = Value::Extents(shapewise::Extents::new(&[3, 3, 3]));
    assert!(matches!(
        error("conv_lstm", &[CHANNELS, ("kernel", volume)], &frames),
        Error::AxisCount { .. }
    ));
    let huge = [("channels", Value::Int(1 << 62)), KERNEL];
    assert!(matches!(
        error("conv_lstm", &huge, &frames),
        Error::Overflow { .. }
    ));
}
