//! Changes of shape and activations: what comes out, the words of formulas and
//! errors, evaluation at compile time, and numbers at the edge of the machine.

use shapewise_core::catalogue::Entry;
use shapewise_core::layer::shape_ops::ShapeOp;
use shapewise_core::{Error, Extents, Layer, Shape, Sides, Value, layers};

mod edge;
mod images;

type Arguments<'a> = &'a [(&'static str, Value)];

fn list(extents: &[usize]) -> Value {
    Value::Extents(Extents::new(extents))
}

fn output(entry: &Entry, arguments: Arguments, input: &[usize]) -> Result<String, String> {
    let inputs = [Shape::new(input)];
    let layer = Layer::build(entry, arguments, &inputs).map_err(|error| error.to_string())?;
    let outputs = (0..layer.results()).map(|result| layer.output(&inputs, result));
    let outputs: Result<Vec<Shape>, Error> = outputs.collect();
    let outputs = outputs.map_err(|error| error.to_string())?;
    Ok(outputs
        .iter()
        .map(Shape::to_string)
        .collect::<Vec<_>>()
        .join(" "))
}

fn explained(entry: &Entry, arguments: Arguments, input: &[usize]) -> Result<String, Error> {
    let inputs = [Shape::new(input)];
    let mut text = String::new();
    Layer::build(entry, arguments, &inputs)?
        .explain(&inputs, &mut text)
        .expect("a string takes everything");
    Ok(text)
}

#[track_caller]
fn gives(entry: &Entry, arguments: Arguments, input: &[usize], wanted: &str) {
    assert_eq!(output(entry, arguments, input).as_deref(), Ok(wanted));
}

#[track_caller]
fn fails(entry: &Entry, arguments: Arguments, input: &[usize], wanted: &str) {
    assert_eq!(output(entry, arguments, input), Err(wanted.to_owned()));
}

#[test]
fn the_order_of_elements_and_axes() {
    gives(layers::flatten, &[], &[6, 6, 256], "9216");
    gives(layers::flatten, &[], &[10], "10");
    gives(layers::to_sequence, &[], &[14, 14, 768], "196x768");
    gives(
        layers::reshape,
        &[("shape", list(&[3, 40]))],
        &[4, 6, 5],
        "3x40",
    );
    gives(
        layers::reshape,
        &[("shape", Value::Int(120))],
        &[4, 6, 5],
        "120",
    );
    gives(
        layers::permute,
        &[("axes", list(&[2, 0, 1]))],
        &[4, 6, 5],
        "5x4x6",
    );
    fails(
        layers::reshape,
        &[("shape", list(&[3, 41]))],
        &[4, 6, 5],
        "`shape = 3x41` of the layer makes 123 elements, but its input 4x6x5 has 120",
    );
    fails(
        layers::permute,
        &[("axes", list(&[0, 0, 1]))],
        &[4, 6, 5],
        "`axes` of the layer must name each of the 3 axes of its input 4x6x5 once, not [0, 0, 1]",
    );
    fails(
        layers::permute,
        &[("axes", list(&[1, 0]))],
        &[4, 6, 5],
        "`axes` of the layer must name each of the 3 axes of its input 4x6x5 once, not [1, 0]",
    );
    fails(
        layers::to_sequence,
        &[],
        &[10],
        "the layer takes a sequence, an image or a volume, but its input 10 is a vector",
    );
}

#[test]
fn padding_and_cropping() {
    let uneven = Value::Sides(Sides::new(Extents::new(&[0, 2]), Extents::new(&[1, 1])));
    gives(layers::pad, &[("padding", uneven)], &[4, 6, 5], "5x9x5");
    gives(layers::crop, &[("sides", uneven)], &[4, 6, 5], "3x3x5");
    gives(
        layers::crop,
        &[("size", list(&[3, 4]))],
        &[4, 7, 5],
        "3x4x5",
    );
    let reflect = ("mode", Value::Keyword("reflect"));
    gives(
        layers::pad,
        &[("padding", Value::Int(3)), reflect],
        &[4, 6, 5],
        "10x12x5",
    );
    fails(
        layers::pad,
        &[("padding", Value::Int(4)), reflect],
        &[4, 6, 5],
        "padding 4 of the layer is more than `mode = reflect` finds in the 4x6 input: padding < \
         input, but 4 >= 4 on height",
    );
    let circular = ("mode", Value::Keyword("circular"));
    gives(
        layers::pad,
        &[("padding", Value::Int(4)), circular],
        &[4, 6, 5],
        "12x14x5",
    );
    fails(
        layers::pad,
        &[("padding", Value::Int(5)), circular],
        &[4, 6, 5],
        "padding 5 of the layer is more than `mode = circular` finds in the 4x6 input: padding <= \
         input, but 5 > 4 on height",
    );
    fails(
        layers::crop,
        &[("sides", Value::Int(2))],
        &[4, 6, 5],
        "`sides` of the layer leaves nothing of the height 4 of its input 4x6x5: less than 4 taken \
         away, but 4 >= 4",
    );
    fails(
        layers::crop,
        &[("size", Value::Int(5))],
        &[4, 6, 5],
        "`size = 5` of the layer must be at most 4, the height of the input",
    );
    fails(
        layers::crop,
        &[("size", Value::Int(3)), ("sides", Value::Int(1))],
        &[4, 6, 5],
        "`size` of the layer cannot stand together with `sides`",
    );
    fails(layers::crop, &[], &[4, 6, 5], "the layer needs `size`");
}

#[test]
fn the_centre_is_cropped_with_the_odd_element_at_the_end() -> Result<(), Error> {
    let image = [Shape::new(&[5, 8, 1])];
    let layer = Layer::build(layers::crop, &[("size", list(&[2, 4]))], &image)?;
    let wanted = Sides::new(Extents::new(&[1, 2]), Extents::new(&[2, 2]));
    assert_eq!(layer, Layer::ShapeOp(ShapeOp::Crop { sides: wanted }));
    Ok(())
}

#[test]
fn parts() {
    gives(
        layers::slice,
        &[("channels", Value::Range(1, 3))],
        &[4, 6, 5],
        "4x6x2",
    );
    gives(
        layers::slice,
        &[
            ("height", Value::Range(0, 2)),
            ("width", Value::Range(5, 6)),
        ],
        &[4, 6, 5],
        "2x1x5",
    );
    gives(
        layers::slice,
        &[("length", Value::Range(1, 197))],
        &[197, 768],
        "196x768",
    );
    fails(
        layers::slice,
        &[("channels", Value::Range(0, 6))],
        &[4, 6, 5],
        "`channels` of the layer reaches 6, but its input 4x6x5 has 5 channels",
    );
    fails(
        layers::slice,
        &[("width", Value::Range(3, 3))],
        &[4, 6, 5],
        "`width` of the layer leaves nothing of the width 6 of its input 4x6x5",
    );
    fails(
        layers::slice,
        &[("depth", Value::Range(0, 1))],
        &[4, 6, 5],
        "the layer takes a volume, but its input 4x6x5 is an image",
    );
    gives(layers::first, &[], &[197, 768], "768");
    gives(layers::last, &[], &[197, 768], "768");
    gives(layers::mean, &[], &[7, 7, 512], "512");
    fails(
        layers::first,
        &[],
        &[7, 7, 512],
        "the layer takes a sequence, but its input 7x7x512 is an image",
    );
}

#[test]
fn activations() {
    gives(layers::glu, &[], &[4, 6, 8], "4x6x4");
    gives(
        layers::glu,
        &[("axis", Value::Keyword("width"))],
        &[4, 6, 5],
        "4x3x5",
    );
    fails(
        layers::glu,
        &[],
        &[4, 6, 5],
        "the layer takes a multiple of 2 channels (two halves), but 5 come in: 5 = 2*2 + 1",
    );
    fails(
        layers::softmax,
        &[("axis", Value::Keyword("length"))],
        &[4, 6, 5],
        "`axis = length` is for a sequence, but the layer has an image: 4x6x5",
    );
    let image = [Shape::new(&[4, 6, 8])];
    for (per_channel, slopes) in [(false, 1), (true, 8)] {
        let arguments = [("per_channel", Value::Bool(per_channel))];
        let layer = Layer::build(layers::prelu, &arguments, &image).expect("it fits");
        assert_eq!(
            layer.tensor(0).and_then(|weight| weight.elements()),
            Some(slopes)
        );
        assert_eq!(layer.tensor(1), None);
    }
}

#[test]
fn formulas_are_explained() -> Result<(), Error> {
    let two = Value::Int(2);
    let lines = [
        (
            layers::pad,
            "padding",
            "height: 4 + 2 + 2 = 8\nwidth: 6 + 2 + 2 = 10\n",
        ),
        (layers::channel_split, "parts", "channels: 12 / 2 = 6\n"),
        (
            layers::pixel_shuffle,
            "factor",
            "height: 4 * 2 = 8\nwidth: 6 * 2 = 12\nchannels: 12 / 2^2 = 3\n",
        ),
        (
            layers::pixel_unshuffle,
            "factor",
            "height: 4 / 2 = 2\nwidth: 6 / 2 = 3\nchannels: 12 * 2^2 = 48\n",
        ),
        (
            layers::upsample,
            "scale",
            "height: 4 * 2 = 8\nwidth: 6 * 2 = 12\n",
        ),
    ];
    for (entry, argument, wanted) in lines {
        assert_eq!(explained(entry, &[(argument, two)], &[4, 6, 12])?, wanted);
    }
    assert_eq!(
        explained(layers::flatten, &[], &[6, 6, 256])?,
        "features: 6*6*256 = 9,216\n"
    );
    assert_eq!(
        explained(layers::glu, &[], &[4, 12])?,
        "channels: 12 / 2 = 6\n"
    );
    Ok(())
}

#[test]
fn positions_are_learned_of_everything_but_vectors() {
    for input in [&[10, 8][..], &[6, 5, 8], &[4, 6, 5, 8]] {
        let shape = Shape::new(input).to_string();
        gives(layers::positional_embedding, &[], input, &shape);
    }
    for input in [&[8][..], &[2, 4, 6, 5, 8]] {
        assert!(output(layers::positional_embedding, &[], input).is_err());
    }
}

#[test]
fn what_is_cropped_says_which_axis_is_too_small() {
    for (size, input, axis) in [
        (
            &[11][..],
            &[10, 4][..],
            "at most 10, the length of the input",
        ),
        (&[7, 5], &[6, 5, 4], "at most 6, the height of the input"),
        (&[6, 6], &[6, 5, 4], "at most 5, the width of the input"),
        (
            &[5, 6, 5],
            &[4, 6, 5, 2],
            "at most 4, the depth of the input",
        ),
        (
            &[4, 7, 5],
            &[4, 6, 5, 2],
            "at most 6, the height of the input",
        ),
        (
            &[4, 6, 6],
            &[4, 6, 5, 2],
            "at most 5, the width of the input",
        ),
    ] {
        let error = output(layers::crop, &[("size", list(size))], input).unwrap_err();
        assert!(error.contains(axis), "{error}");
    }
}

#[test]
fn parts_are_explained_by_the_names_of_their_axes() -> Result<(), Error> {
    for (input, named) in [
        (&[9][..], "features"),
        (&[9, 9], "length features"),
        (&[9, 9, 9], "height width channels"),
        (&[9, 9, 9, 9], "depth height width channels"),
    ] {
        let arguments: Vec<(&'static str, Value)> = ["depth", "height", "width", "length"]
            .into_iter()
            .chain(["channels"])
            .filter(|name| named.contains(name) || *name == "channels")
            .map(|name| (name, Value::Range(2, 6)))
            .collect();
        let text = explained(layers::slice, &arguments, input)?;
        let lines: Vec<String> = named
            .split(' ')
            .map(|axis| format!("{axis}: 6 - 2 = 4"))
            .collect();
        for line in lines {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
    Ok(())
}
