//! Convolutions: published figures, tensor names, the words of formulas and
//! errors, and evaluation at compile time.

use shapewise_core::layer::convolution::Convolution;
use shapewise_core::{Error, Extents, Layer, Shape, Sides, Value, layers};

type Arguments<'a> = &'a [(&'static str, Value)];

fn list(extents: &[usize]) -> Value {
    Value::Extents(Extents::new(extents))
}

fn tensors(layer: &Layer) -> Vec<String> {
    (0..)
        .map_while(|index| layer.tensor(index))
        .map(|tensor| format!("{} {}", tensor.name, tensor.extents))
        .collect()
}

fn explained(layer: &Layer, inputs: &[Shape]) -> String {
    let mut text = String::new();
    layer
        .explain(inputs, &mut text)
        .expect("a string takes everything");
    text
}

#[test]
fn a_depthwise_convolution_is_a_convolution_with_a_group_per_channel() -> Result<(), Error> {
    let image = [Shape::new(&[112, 112, 32])];
    let common = [
        ("kernel", list(&[3, 3])),
        ("padding", Value::Keyword("half")),
        ("bias", Value::Bool(false)),
    ];
    let depthwise = Layer::build(layers::depthwise_conv, &common, &image)?;
    let grouped = [
        &common[..],
        &[("channels", Value::Int(32)), ("groups", Value::Int(32))],
    ]
    .concat();
    let conv = Layer::build(layers::conv, &grouped, &image)?;

    assert_eq!(tensors(&depthwise), ["weight 32x1x3x3"]);
    assert_eq!(tensors(&depthwise), tensors(&conv));
    assert_eq!(depthwise.output(&image, 0), conv.output(&image, 0));
    // MobileNet's first: 112*112*288.
    assert_eq!(depthwise.macs(&image), Ok(3_612_672));
    assert_eq!(conv.macs(&image), Ok(3_612_672));
    Ok(())
}

#[test]
fn a_multiplier_gives_each_channel_several_kernels() -> Result<(), Error> {
    // Keras: DepthwiseConv2D([2, 1], depth_multiplier=3, dilation_rate=3, padding="same").
    let image = [Shape::new(&[8, 1, 9])];
    let arguments = [
        ("kernel", list(&[2, 1])),
        ("multiplier", Value::Int(3)),
        ("dilation", Value::Int(3)),
        ("padding", Value::Keyword("same")),
    ];
    let layer = Layer::build(layers::depthwise_conv, &arguments, &image)?;
    assert_eq!(layer.output(&image, 0)?, Shape::new(&[8, 1, 27]));
    assert_eq!(tensors(&layer), ["weight 27x1x2x1", "bias 27"]);
    Ok(())
}

#[test]
fn a_separable_convolution_has_one_bias() -> Result<(), Error> {
    // Keras: SeparableConv2D(12, [1, 5], depth_multiplier=4).
    let image = [Shape::new(&[20, 19, 1])];
    let arguments = [
        ("channels", Value::Int(12)),
        ("kernel", list(&[1, 5])),
        ("multiplier", Value::Int(4)),
    ];
    let layer = Layer::build(layers::separable_conv, &arguments, &image)?;
    assert_eq!(layer.output(&image, 0)?, Shape::new(&[20, 15, 12]));
    assert_eq!(
        tensors(&layer),
        [
            "depthwise.weight 4x1x1x5",
            "pointwise.weight 12x4x1x1",
            "pointwise.bias 12"
        ]
    );
    let Layer::Convolution(Convolution::Separable(conv)) = layer else {
        panic!("{layer:?}");
    };
    assert!(!conv.depthwise.bias && conv.pointwise().bias);
    assert_eq!(
        explained(&layer, &image),
        "height: floor((20 - 1 + 2*0) / 1) + 1 = 20\n\
         width: floor((19 - 5 + 2*0) / 1) + 1 = 15\n\
         parameters: 1*5*1*4 + 1*1*4*12 + 12 = 80\n\
         MACs: 20*15*68 = 20,400\n"
    );
    Ok(())
}

#[test]
fn a_transposed_convolution_shows_its_formula() -> Result<(), Error> {
    let image = [Shape::new(&[7, 9, 6])];
    let arguments = [
        ("channels", Value::Int(4)),
        ("kernel", list(&[3, 3])),
        ("stride", Value::Int(2)),
        (
            "padding",
            Value::Sides(Sides::new(Extents::new(&[1, 0]), Extents::new(&[1, 1]))),
        ),
        ("output_padding", list(&[1, 0])),
        ("dilation", list(&[1, 2])),
        ("groups", Value::Int(2)),
    ];
    let layer = Layer::build(layers::conv_transpose, &arguments, &image)?;
    assert_eq!(tensors(&layer), ["weight 6x2x3x3", "bias 4"]);
    assert_eq!(
        explained(&layer, &image),
        "height: (7 - 1)*2 - 2*1 + 3 + 1 = 14\n\
         width: (9 - 1)*2 - 0 - 1 + 2*(3 - 1) + 1 = 20\n\
         parameters: 3*3*6*(4/2) + 4 = 112\n\
         MACs: 7*9*108 = 6,804\n"
    );
    Ok(())
}

fn message(layer: Result<Layer, Error>) -> String {
    match layer {
        Ok(layer) => format!("{layer:?} was built"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn errors_show_their_arithmetic() {
    let image = [Shape::new(&[3, 5, 6])];
    let transposed = |arguments: Arguments| {
        let common = [("channels", Value::Int(4)), ("kernel", list(&[3, 3]))];
        message(Layer::build(
            layers::conv_transpose,
            &[&common, arguments].concat(),
            &image,
        ))
    };
    assert_eq!(
        transposed(&[("output_padding", list(&[0, 1]))]),
        "output_padding [0, 1] of the layer is not smaller than stride 1 or dilation 1: \
         output_padding < the larger of stride and dilation, but 1 >= 1 on width"
    );
    assert_eq!(
        transposed(&[("padding", Value::Int(3))]),
        "padding 3 leaves nothing of the 5x7 that the layer makes: \
         the padding of both sides < (input - 1)*stride + dilation*(kernel - 1) + 1 + \
         output_padding, but 6 >= 5 on height"
    );
    let padded = |mode: &'static str, padding: u64| {
        message(Layer::build(
            layers::conv,
            &[
                ("channels", Value::Int(4)),
                ("kernel", list(&[3, 3])),
                ("padding", Value::Int(padding)),
                ("padding_mode", Value::Keyword(mode)),
            ],
            &image,
        ))
    };
    assert_eq!(
        padded("reflect", 3),
        "padding 3 of the layer is more than `padding_mode = reflect` finds in the 3x5 input: \
         padding < input, but 3 >= 3 on height"
    );
    assert_eq!(
        padded("circular", 4),
        "padding 4 of the layer is more than `padding_mode = circular` finds in the 3x5 input: \
         padding <= input, but 4 > 3 on height"
    );
    for (mode, padding) in [
        ("reflect", 2),
        ("circular", 3),
        ("replicate", 9),
        ("zeros", 9),
    ] {
        assert!(padded(mode, padding).ends_with("was built"), "{mode}");
    }
}

/// The rules run in const evaluation too.
#[test]
fn rustc_evaluates_the_rules() {
    const INPUT: &[Shape] = &[Shape::new(&[28, 28, 128])];
    const UP: Shape = match Layer::build(
        layers::conv_transpose,
        &[
            ("channels", Value::Int(64)),
            ("kernel", Value::Extents(Extents::new(&[2, 2]))),
            ("stride", Value::Int(2)),
        ],
        INPUT,
    ) {
        Ok(layer) => match layer.output(INPUT, 0) {
            Ok(shape) => shape,
            Err(error) => error.panic("up"),
        },
        Err(error) => error.panic("up"),
    };
    const SEPARABLE: u64 = match Layer::build(
        layers::separable_conv,
        &[
            ("channels", Value::Int(64)),
            ("kernel", Value::Extents(Extents::new(&[3, 3]))),
        ],
        INPUT,
    ) {
        Ok(layer) => match layer.macs(INPUT) {
            Ok(macs) => macs,
            Err(error) => error.panic("separable"),
        },
        Err(error) => error.panic("separable"),
    };
    assert_eq!(UP, Shape::new(&[56, 56, 64]));
    assert_eq!(SEPARABLE, 26 * 26 * (9 * 128 + 128 * 64));
}
